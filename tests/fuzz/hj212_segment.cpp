// fuzzes: hj212
#include "yihong/base/text.hpp"
#include "yihong/hj212/cipher.hpp"
#include "yihong/hj212/segment.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace yihong;
using namespace yihong::hj212;

void check(bool holds)
{
    if (!holds)
        std::abort();
}

bool is_inside(std::string_view part, std::string_view whole)
{
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_fields(std::string_view cp)
{
    std::vector<Field> fields{{"left", "over", ""}};
    parse_data_area(cp, fields);
    for (auto const& field : fields) {
        for (auto const part : {field.code, field.part, field.value})
            check(is_inside(part, cp) && trimmed(part) == part && part.find_first_of(";,") == std::string_view::npos);
        check(field.code.find('-') == std::string_view::npos && find_value(fields, field.code).size() <= cp.size());
        if (auto const time = parse_station_time(field.value); time)
            check(format_qn(*time).starts_with(field.value) && parse_station_time(format_qn(*time)) == *time &&
                  parse_station_time(format_station_time(*time)).has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    check_fields(text);
    static auto const sm4 = Sm4::from_key("0000000000000000").value();
    check(sm4.decrypted(sm4.encrypted(text)) == text);
    auto const segment = parse_segment(text);
    if (!segment) {
        check(is_valid_utf8(segment.error().detail));
        return 0;
    }
    for (auto const part : {segment->qn, segment->st, segment->pw, segment->mn, segment->cp})
        check(is_inside(part, text));
    check(!segment->mn.empty() && segment->cn >= 0 && segment->cn <= 9999 && segment->flag.value_or(0) <= 255);
    check_fields(segment->cp);
    return 0;
}
