#include "archive_format.hpp"

#include "cnemc.hpp"
#include "csv_rows.hpp"
#include "record_fields.hpp"
#include "yihong/base/text.hpp"
#include "yihong/model/value_text.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 9> formats{"readings-csv",     "readings-json",   "readings-ndjson",
                                                  "readings-xlsx",    "cnemc-water-csv", "cnemc-air-csv",
                                                  "cnemc-water-json", "cnemc-air-json",  "cnemc-air-xml"};

}  // namespace

std::string find_format(std::string_view head)
{
    std::string_view text = head.starts_with("\xEF\xBB\xBF") ? head.substr(3) : head;
    text = trimmed(text);
    if (text.starts_with('<'))
        return "cnemc-air-xml";
    if (text.starts_with('{') && (text.find("\"tbody\"") != std::string_view::npos || text.find("\"thead\"") != std::string_view::npos))
        return "cnemc-water-json";
    if ((text.starts_with('[') || text.starts_with('{')) && text.find("\"StationCode\"") != std::string_view::npos &&
        text.find("\"TimePoint") != std::string_view::npos)
        return "cnemc-air-json";
    if (text.starts_with('{') && text.find("}\n{") != std::string_view::npos)
        return "readings-ndjson";
    if (text.starts_with('{') || text.starts_with('['))
        return "readings-json";
    CsvRows rows{head};
    if (!rows.next())
        return {};
    if (CnemcTable::is_water(rows.fields()))
        return "cnemc-water-csv";
    if (CnemcTable::is_air(rows.fields()))
        return "cnemc-air-csv";
    auto const has = [&](std::string_view name) { return std::ranges::find(rows.fields(), name, without_blanks) != rows.fields().end(); };
    return has("site") && has("time") ? "readings-csv" : "";
}

Result<void> check_format(std::string_view format)
{
    if (std::ranges::find(formats, format) != formats.end())
        return {};
    std::string known;
    for (auto const name : formats)
        known += (known.empty() ? "" : ", ") + std::string{name};
    return fail(Errc::unsupported,
                (format.empty() ? "its format was not recognised" : "no format is called " + quote(format)) + "; known are " + known);
}

}  // namespace yihong
