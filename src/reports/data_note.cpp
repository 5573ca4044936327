#include "data_note.hpp"

#include <fmt/format.h>

namespace yihong {

std::string data_note(DataState const& data, UtcTime as_of)
{
    return fmt::format("数据状态：读取记录{}条，最后一条收到于{}；应有数量计算至{}（北京时间）。", data.records,
                       data.last_received ? format_beijing_minute(*data.last_received) : "--", format_beijing_minute(as_of));
}

std::string compared_with(Period const& period, std::optional<Period> const& base)
{
    if (!base)
        return {};
    auto const name = base == year_before(period) ? std::string{"上年同期"}
                      : base == previous(period)  ? "上一时段"
                                                  : fmt::format("{}年同期", year_of(*base));
    return fmt::format("{}（{}）", name, period_label(*base));
}

}  // namespace yihong
