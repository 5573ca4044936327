#include "yihong/http/handlers.hpp"

#include <span>
#include <vector>

namespace yihong::http {

Reply json_reply(std::string body, int status) { return make_reply(status, std::string{json_type}, std::move(body)); }

void audit(Request const& request, std::string_view action, std::initializer_list<log::Field> more)
{
    // fields only refer to their text
    std::string_view const who = request.principal.name.empty() ? std::string_view{"anonymous"} : std::string_view{request.principal.name};
    std::vector<log::Field> fields{{"action", action}, {"who", who}, {"from", request.peer}};
    fields.insert(fields.end(), more.begin(), more.end());
    log::info("audit", std::span<log::Field const>{fields});
}

}  // namespace yihong::http
