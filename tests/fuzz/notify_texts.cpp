// fuzzes: notify
#include "../../src/notify/cap.hpp"
#include "../../src/notify/mail.hpp"
#include "../../src/notify/robots.hpp"
#include "../../src/notify/texts.hpp"
#include "yihong/base/text.hpp"
#include "yihong/notify/dispatcher.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

/// What others send us as answers, and what an event may make of messages.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace yihong;
    using namespace yihong::notify;
    std::string const text{reinterpret_cast<char const*>(data), size};
    for (auto const kind : {ChannelKind::dingtalk, ChannelKind::feishu}) {
        auto const channel = default_channel(kind);
        auto const outcome = robot_outcome({Outcome::Kind::delivered, {}, 200, {}, text}, channel);
        if ((outcome.kind == Outcome::Kind::delivered) != outcome.error.empty() || !is_valid_utf8(outcome.error))
            std::abort();
    }
    (void)parse_dead_letter(text);
    (void)render_template(text, {});
    if (encoded_header(text).find("\n\n") != std::string::npos)
        std::abort();
    auto const event = parse_event(text);
    if (!event)
        return 0;
    auto channel = default_channel(ChannelKind::smtp);
    channel.from = "a@b";
    auto const mail = compose_mail({&*event, 1}, channel, "https://y", event->time);
    for (auto const& [name, value] : mail.headers)
        for (std::size_t at = value.find('\n'); at != std::string::npos; at = value.find('\n', at + 1))
            if (at + 1 >= value.size() || value[at + 1] != ' ')
                std::abort();                          // a header of somebody else's making
    auto const robot = default_channel(ChannelKind::wecom);
    for (auto const& message : robot_messages({&*event, 1}, robot, ""))
        if (robot_body(message, robot, 0).empty())
            std::abort();
    if (!cap_message({&text, 1}, {}))
        std::abort();
    return 0;
}
