#pragma once

#include "yihong/notify/mail_file.hpp"

#include "sender.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::notify {

/// The one place that speaks to libcurl. Connects only where the address guard allows it (decided on the address that is really
/// connected to), follows no redirect, knows http, https, smtp and smtps, and leaves the environment's proxies alone.
class Curl {
public:
    /// \param channel outlives this
    Curl(Channel const& channel, std::atomic<bool> const* stopping);
    ~Curl();

    struct Answer {
        Outcome::Kind kind = Outcome::Kind::delivered;     ///< delivered here: there is an answer, whatever it says
        std::string error;
        long status = 0;                           ///< of HTTP, or the last reply of SMTP
        std::optional<std::chrono::seconds> retry_after;
        std::string body;                          ///< at most its first 64 KB
    };
    using Headers = std::vector<std::pair<std::string, std::string>>;
    /// \param body none: GET
    Answer http(std::string const& url, Headers const& headers, std::optional<std::string_view> body);

    struct Mail {
        std::string from;
        std::vector<std::string> to;
        Headers headers;                           ///< encoded already
        std::string plain, html;
        std::optional<Attachment> file = {};
    };
    Answer mail(Mail const& mail);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What an HTTP answer means: 2xx delivered; 408, 425, 429, 5xx and redirects may become better; the rest is refused for good.
[[nodiscard]] Outcome outcome_of(Curl::Answer const& answer, Channel const& channel);

}  // namespace yihong::notify
