#pragma once

#include "yihong/base/time.hpp"
#include "yihong/http/html.hpp"
#include "yihong/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::http {

inline constexpr std::string_view html_type = "text/html; charset=utf-8";

/// A step on the way from the first page to this one.
struct Crumb {
    std::string href;
    std::string text;
};

/// A page of the service as people read it in a browser (网页). All of them have one frame and one style sheet: readable on a telephone, and printed
/// without what only a screen needs (class `screen`).
struct Page {
    std::string root;  ///< `http://host[/prefix]`
    Frame frame = {};  ///< what stands on top of it
    std::string title;  ///< names the thing
    std::string title_en = {};
    std::vector<Crumb> trail = {};  ///< the pages above this one, below the first
    std::optional<UtcTime> as_of = {};  ///< when the newest of what is shown was received or changed
    Html head = {};  ///< more of the head: links
    Html main = {};
    Html foot = {};
};

/// Of a page that answers a request.
[[nodiscard]] Page page_for(Request const& request, std::string title, std::string title_en = {});
[[nodiscard]] std::string html_page(Page const& page);
/// What a browser may do with such a page: no scripts, this one style sheet, forms to us alone.
[[nodiscard]] std::string const& page_policy();
/// A reply with the bytes of a page.
[[nodiscard]] Reply page_reply(std::string html, int status = 200);
/// The mark of the service, as SVG.
[[nodiscard]] std::string_view icon_svg() noexcept;

}  // namespace yihong::http
