// fuzzes: readings_io
#include "readings_names.hpp"
#include "workbook.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const book = yihong::fuzz::workbook_of(yihong::fuzz::text_of(data, size));
    yihong::fuzz::check(yihong::read_xlsx(book, yihong::fuzz::names()));
    return 0;
}
