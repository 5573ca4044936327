#include "cnemc.hpp"

#include "yihong/base/text.hpp"

#include <pugixml.hpp>

#include <algorithm>

namespace yihong {
namespace {

/// Without its namespace prefix.
std::string_view local_name(pugi::xml_node node)
{
    std::string_view const name = node.name();
    return name.substr(name.find(':') + 1);
}

void append_station(AirTable& table, pugi::xml_node station)
{
    for (pugi::xml_node const child : station.children()) {
        std::string_view const text = trimmed(child.child_value());
        table.set(local_name(child), text == "&mdash;" ? "—" : text);   // an HTML entity that XML does not know
    }
    table.end_row();
}

struct StationWalker : pugi::xml_tree_walker {
    AirTable table;
    bool for_each(pugi::xml_node& node) override
    {
        if (local_name(node) == "AQIDataPublishLive")
            append_station(table, node);
        return true;
    }
};

}  // namespace

Result<std::string> air_xml_to_csv(std::string_view xml)
{
    pugi::xml_document document;
    auto const parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed) {
        auto const before = xml.substr(0, static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0)));
        auto const line = std::ranges::count(before, '\n') + 1;
        auto const column = before.size() - (before.rfind('\n') + 1) + 1;
        return fail(Errc::bad_syntax, "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + parsed.description());
    }
    StationWalker walker;
    document.traverse(walker);
    if (walker.table.rows() == 0)
        return fail(Errc::missing_field, "no element AQIDataPublishLive");
    return std::move(walker.table).take();
}

}  // namespace yihong
