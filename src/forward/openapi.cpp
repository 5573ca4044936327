#include "yihong/forward/routes.hpp"

namespace yihong::forward {

std::string_view openapi_paths() noexcept
{
    return R"("/api/v1/forwards":{"get":{"tags":["Forwards"],"summary":"higher platforms that data are passed on to: what waits, the last answer, the last error","operationId":"getForwards","security":[{"bearer":[]},{"accessKey":[]}],
"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object"}}}},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}})";
}

}  // namespace yihong::forward
