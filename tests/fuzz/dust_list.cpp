// fuzzes: readings_io
// A list as CSV, or from `<` on a sheet and its shared texts. What is taken is taken again, alike, from a list that is written of it.
#include "workbook.hpp"

#include "yihong/base/text.hpp"
#include "yihong/readings_io/dust_list.hpp"

#include <cstdint>
#include <cstdlib>

using namespace yihong;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const days = read_dust_list(text.starts_with('<') ? fuzz::workbook_of(text) : std::string{text});
    if (!days) {
        if (days.error().detail.empty())
            std::abort();                                  // refused without a reason
        return 0;
    }
    std::string csv = "city,date,reason,document\n";
    for (auto const& day : *days) {
        append_csv_field(csv, day.place);
        csv += "," + format_date(day.date) + ",";
        append_csv_field(csv, day.reason);
        csv += ",";
        append_csv_field(csv, day.document);
        csv += "\n";
    }
    auto const again = read_dust_list(csv);
    if (!again || again->size() != days->size())
        std::abort();
    for (std::size_t i = 0; i < days->size(); ++i) {
        auto const &one = (*days)[i], &other = (*again)[i];
        if (one.place.empty() || one.place != other.place || one.date != other.date || one.reason != other.reason ||
            one.document != other.document)
            std::abort();
    }
    return 0;
}
