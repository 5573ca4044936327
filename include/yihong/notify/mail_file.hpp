#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/channel.hpp"

#include <string>
#include <string_view>

namespace yihong::notify {

/// A file that goes with a letter.
struct Attachment {
    std::string name;  ///< as the reader sees it
    std::string type;  ///< media type
    std::string content;
};

/// One try to send a file by e-mail to the channel's recipients; waits no longer than its timeout. \pre the channel is of SMTP
/// \return why not, without secrets
Result<void> mail_file(Channel const& channel, std::string_view title, std::string_view text, Attachment file);

}  // namespace yihong::notify
