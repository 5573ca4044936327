#include "yihong/notify/routes.hpp"

#include <fmt/format.h>

namespace yihong::notify {
namespace {

constexpr std::string_view refusals =
    R"("400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"})";
constexpr std::string_view letter_parameters =
    R"("parameters":[{"name":"channel","in":"path","required":true,"schema":{"type":"string"}},{"name":"id","in":"path","required":true,"schema":{"type":"integer"}}])";

std::string operation(std::string_view method, std::string_view summary, std::string_view id, bool open, std::string_view type,
                      std::string_view schema)
{
    return fmt::format(
        R"("{}":{{"tags":["Notifications"],"summary":"{}","operationId":"{}",{}"responses":{{"200":{{"description":"OK","content":{{"{}":{{"schema":{{"type":"{}"}}}}}}}},{}}}}})",
        method, summary, id, open ? "" : R"("security":[{"bearer":[]},{"accessKey":[]}],)", type, schema, refusals);
}

}  // namespace

std::string openapi_paths()
{
    return fmt::format(
        R"("/api/v1/notifications":{{{}}},
"/api/v1/notifications/{{channel}}/dead/{{id}}/replay":{{{},{}}},
"/api/v1/notifications/{{channel}}/dead/{{id}}":{{{},{}}},
"/api/v1/alerts/{{id}}/cap":{{"parameters":[{{"name":"id","in":"path","required":true,"schema":{{"type":"string"}}}}],{}}},
"/api/v1/alerts/cap.atom":{{{}}})",
        operation("get", "channels that alerts are sent to: what waits, was delivered or failed, and the dead letters", "getNotifications",
                  false, "application/json", "object"),
        letter_parameters, operation("post", "send a dead letter again", "replayNotification", false, "application/json", "object"),
        letter_parameters, operation("delete", "drop a dead letter", "dropNotification", false, "application/json", "object"),
        operation("get", "the newest CAP 1.2 message of an alert", "getAlertCap", true, "application/cap+xml", "string"),
        operation("get", "Atom feed of the newest CAP messages", "getCapFeed", true, "application/atom+xml", "string"));
}

}  // namespace yihong::notify
