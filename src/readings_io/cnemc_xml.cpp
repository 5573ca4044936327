#include "cnemc.hpp"

#include "yihong/base/text.hpp"

#include <pugixml.hpp>

#include <algorithm>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 24> columns{"timepoint",        "stationcode", "longitude", "latitude", "area",      "positionname",
                                                   "primarypollutant", "quality",     "aqi",       "pm10",     "pm10_24h",  "pm2_5",
                                                   "pm2_5_24h",        "o3",          "o3_24h",    "o3_8h",    "o3_8h_24h", "no2",
                                                   "no2_24h",          "so2",         "so2_24h",   "co",       "co_24h",    "ispublish"};

/// Without its namespace prefix.
std::string_view local_name(pugi::xml_node node)
{
    std::string_view const name = node.name();
    return name.substr(name.find(':') + 1);
}

void append_station(std::string& csv, pugi::xml_node station)
{
    std::array<std::string_view, columns.size()> cells{};
    for (pugi::xml_node const child : station.children()) {
        std::string name{local_name(child)};
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        auto const column = std::ranges::find(columns, name);
        if (column == columns.end())
            continue;
        std::string_view const text = trimmed(child.child_value());
        cells[static_cast<std::size_t>(column - columns.begin())] =
            text == "&mdash;" ? "—" : text;   // an HTML entity that XML does not know
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0)
            csv += ',';
        append_csv_field(csv, cells[i]);
    }
    csv += '\n';
}

struct StationWalker : pugi::xml_tree_walker {
    std::string csv;
    std::size_t stations = 0;
    bool for_each(pugi::xml_node& node) override
    {
        if (local_name(node) == "AQIDataPublishLive") {
            append_station(csv, node);
            ++stations;
        }
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
    for (std::size_t i = 0; i < columns.size(); ++i)
        walker.csv.append(i > 0 ? "," : "").append(columns[i]);
    walker.csv += '\n';
    document.traverse(walker);
    if (walker.stations == 0)
        return fail(Errc::missing_field, "no element AQIDataPublishLive");
    return std::move(walker.csv);
}

}  // namespace yihong
