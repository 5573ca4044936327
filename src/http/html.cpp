#include "yihong/http/html.hpp"

#include "yihong/base/text.hpp"

#include <array>

namespace yihong::http {

Html::Html(std::string_view text) : html_{html_escaped(text)} {}

Html Html::markup(std::string html)
{
    Html made;
    made.html_ = std::move(html);
    return made;
}

Html& Html::operator+=(Html const& more)
{
    html_ += more.html_;
    return *this;
}

Html element(std::string_view name, Html const& inside, Attributes attributes)
{
    std::string out;
    out.reserve(inside.size() + 2 * name.size() + 32);
    out.append("<").append(name);
    for (auto const& [key, value] : attributes)
        if (!value.empty())
            out.append(" ").append(key).append("=\"").append(html_escaped(value)).append("\"");
    out.append(">").append(inside.text()).append("</").append(name).append(">");
    return Html::markup(std::move(out));
}

Html both(std::string_view zh, std::string_view en)
{
    if (en.empty())
        return zh;
    return Html{zh} + " " + element("small", en, {{"lang", "en"}});
}

Html heading(std::string_view zh, std::string_view en) { return element("h2", both(zh, en)); }

Html link(std::string_view href, Html const& inside, Attributes more)
{
    std::string out = "<a href=\"" + html_escaped(href) + "\"";
    for (auto const& [key, value] : more)
        out.append(" ").append(key).append("=\"").append(html_escaped(value)).append("\"");
    return Html::markup(out + ">" + inside.text() + "</a>");
}

Html foreign_link(std::string_view address)
{
    bool const is_web = address.starts_with("https://") || address.starts_with("http://");
    return is_web ? link(address, address, {{"rel", "noopener noreferrer"}}) : Html{address};
}

Html instant(UtcTime time) { return element("time", format_beijing_minute(time), {{"datetime", format_rfc3339(time)}}); }

Html second(std::optional<UtcTime> time)
{
    if (!time)
        return {};
    auto text = format_beijing(*time).substr(0, 19);
    text[10] = ' ';
    return element("time", text, {{"datetime", format_rfc3339(*time)}});
}

Html badge(std::string_view style, Html const& inside) { return element("span", inside, {{"class", "badge " + std::string{style}}}); }

Html class_badge(int water_class, std::string_view label)
{
    constexpr std::array<std::string_view, 6> styles{"c1", "c2", "c3", "c4", "c5", "c6"};
    if (water_class < 1 || water_class > 6)
        return {};
    return badge(styles[static_cast<std::size_t>(water_class - 1)], label);
}

Html cell(Html const& inside) { return element("td", inside); }

Html row(std::initializer_list<Html> cells, std::string_view style)
{
    Html all;
    for (auto const& inside : cells)
        all += cell(inside);
    return element("tr", all, {{"class", style}}) + "\n";
}

Html head_row(std::initializer_list<std::pair<std::string_view, std::string_view>> names)
{
    Html all;
    for (auto const& [zh, en] : names)
        all += element("th", both(zh, en));
    return element("tr", all) + "\n";
}

Html fact(std::string_view zh, std::string_view en, Html const& value)
{
    return value.empty() ? Html{} : element("tr", element("th", both(zh, en)) + cell(value)) + "\n";
}

Html table(Html const& rows, std::string_view style)
{
    return element("div", element("table", rows, {{"class", style}}), {{"class", "wide"}}) + "\n";
}

}  // namespace yihong::http
