#pragma once

#include "yihong/base/time.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace yihong::http {

/// A piece of HTML that is safe to stand in a page. Text becomes one by being escaped, so that a name of a station or a note of a person can never
/// be markup; what the program writes itself becomes one by `markup`.
class Html {
public:
    Html() = default;
    Html(std::string_view text);
    Html(std::string const& text) : Html{std::string_view{text}} {}
    Html(char const* text) : Html{std::string_view{text}} {}

    /// As it is. \param html written by the program, with nothing in it that came from outside
    static Html markup(std::string html);

    Html& operator+=(Html const& more);
    friend Html operator+(Html left, Html const& right) { return std::move(left += right); }

    [[nodiscard]] std::string const& text() const noexcept { return html_; }
    [[nodiscard]] bool empty() const noexcept { return html_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return html_.size(); }

private:
    std::string html_;
};

/// Names and values; values are escaped.
using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

[[nodiscard]] Html element(std::string_view name, Html const& inside, Attributes attributes = {});
/// Chinese, with English small beside it.
[[nodiscard]] Html both(std::string_view zh, std::string_view en);
[[nodiscard]] Html heading(std::string_view zh, std::string_view en);
/// \param href an address of ours; what people gave goes through `foreign_link`
[[nodiscard]] Html link(std::string_view href, Html const& inside, Attributes more = {});
/// A web address that somebody gave, as a link; whatever else it may be, as text.
[[nodiscard]] Html foreign_link(std::string_view address);
/// `2025-11-06 20:00` in Beijing time, the instant itself beside it for machines.
[[nodiscard]] Html instant(UtcTime time);
/// The same to the second; nothing for none.
[[nodiscard]] Html second(std::optional<UtcTime> time);

/// Words in a small frame, with a class of the style sheet: `c1` to `c6` a water class, `q1` to `q6` a level of the AQI, `high` `alert` `notice` a severity.
[[nodiscard]] Html badge(std::string_view style, Html const& inside);
/// Ⅰ … 劣Ⅴ as a badge, never as a colour alone. \param label of the class \return nothing for class 0
[[nodiscard]] Html class_badge(int water_class, std::string_view label);

[[nodiscard]] Html cell(Html const& inside);
[[nodiscard]] Html row(std::initializer_list<Html> cells, std::string_view style = {});
/// The row of headings: Chinese and English of each column.
[[nodiscard]] Html head_row(std::initializer_list<std::pair<std::string_view, std::string_view>> names);
/// A row of facts: what, and its value. \return nothing where the value is empty
[[nodiscard]] Html fact(std::string_view zh, std::string_view en, Html const& value);
/// A table in a frame that scrolls by itself, so that the page never does.
[[nodiscard]] Html table(Html const& rows, std::string_view style = {});

}  // namespace yihong::http
