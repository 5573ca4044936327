#include "yihong/http/route_tables.hpp"

#include <algorithm>
#include <vector>

namespace yihong::http {
namespace {

/// Text in a cell: a bar would end it.
std::string cell(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (c == '|')
            out += '\\';
        out += c;
    }
    return out;
}

std::string in_both(Text const& text) { return cell(text.zh) + "<br>" + cell(text.en); }

std::string route_of(Declaration const& declaration)
{
    return "`" + std::string{to_text(declaration.method)} + " " + declaration.path + "`";
}

/// `integer 1–1000 (100)`, `open, closed`
std::string values_of(Schema const& schema)
{
    std::string out;
    for (auto const& value : schema.values)
        out += (out.empty() ? "`" : " `") + value + "`";
    if (out.empty() && !schema.format.empty())
        out = schema.format;
    if (out.empty() && schema.type != "string")
        out = schema.type;
    if (schema.minimum && schema.maximum)
        out += " " + std::to_string(*schema.minimum) + "–" + std::to_string(*schema.maximum);
    else if (schema.minimum)
        out += " ≥ " + std::to_string(*schema.minimum);
    if (!schema.default_value.empty())
        out += " (" + schema.default_value + ")";
    if (schema.list)
        out += out.empty() ? "a,b" : ", …";
    return out;
}

}  // namespace

std::string route_tables(std::span<Declaration const> declarations)
{
    std::vector<std::string> tags;
    for (auto const& declaration : declarations)
        if (std::ranges::find(tags, declaration.tag) == tags.end())
            tags.push_back(declaration.tag);
    std::string routes = "| 路径 route | 权限 scope | 说明 |\n| --- | --- | --- |\n";
    std::string parameters = "| 路径 route | 参数 parameter | 取值 values | 说明 |\n| --- | --- | --- | --- |\n";
    for (auto const& tag : tags) {
        for (auto const& declaration : declarations) {
            if (declaration.tag != tag)
                continue;
            routes += "| " + route_of(declaration) + " | " + std::string{to_text(declaration.scope)} + " | " +
                      in_both(declaration.summary) + " |\n";
            std::string shown = route_of(declaration);
            for (auto const& parameter : declaration.parameters) {
                bool const is_plain_form = parameter.name == "f" && parameter.schema.values.size() == 1;
                if (parameter.place == Place::path || is_plain_form)
                    continue;
                auto const mark = parameter.place == Place::header ? " (header)" : parameter.required ? " *" : "";
                parameters += "| " + shown + " | `" + parameter.name + "`" + mark + " | " + cell(values_of(parameter.schema)) + " | " +
                              in_both(parameter.text) + " |\n";
                shown.clear();
            }
        }
    }
    return routes + "\n" + parameters;
}

}  // namespace yihong::http
