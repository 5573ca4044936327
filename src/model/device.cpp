#include "yihong/model/device.hpp"

#include <array>

namespace yihong {

std::string_view to_text(CrcForm form) noexcept
{
    constexpr std::array<std::string_view, 3> names{"hj212", "modbus", "modbus-swapped"};
    return names[static_cast<std::size_t>(form)];
}

Result<CrcForm> parse_crc_form(std::string_view text)
{
    for (auto const form : {CrcForm::hj212, CrcForm::modbus, CrcForm::modbus_swapped})
        if (text == to_text(form))
            return form;
    return fail(Errc::bad_value, "'" + std::string{text.substr(0, 40)} + "' is not one of hj212, modbus, modbus-swapped");
}

}  // namespace yihong
