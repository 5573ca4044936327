#include "yihong/periods/outfall_period.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

std::string days_text(OutfallItem const& item, Parameter const& parameter)
{
    if (item.mean)
        return fmt::format("均值{}{}（应有{}天，有效{}天）", item.mean->to_string(), parameter.unit_suffix(), item.days.size(),
                           item.valid_days);
    return item.days.empty() ? std::string{"没有应传的值"}
                             : fmt::format("有效天数不足，无均值（应有{}天，有效{}天）", item.days.size(), item.valid_days);
}

std::string verdict_text(OutfallItem const& item, Parameter const& parameter)
{
    if (!item.limit)
        return "未设限值，不判定达标";
    auto text = fmt::format("限值{}{}", limit_text(item.limit->limit), parameter.unit_suffix());
    if (!item.limit->standard.empty())
        text += "（" + item.limit->standard + "）";
    if (item.exceeded_days == 0)
        return text + (item.met_days > 0 ? fmt::format("，{}天可判定，全部达标", item.met_days) : std::string{"，没有可判定的日均值"});
    return text + fmt::format("，{}天可判定，超标{}天", item.met_days + item.exceeded_days, item.exceeded_days);
}

std::string worst_text(OutfallItem const& item, Parameter const& parameter)
{
    if (!item.worst)
        return {};
    auto const& day = item.days[*item.worst];
    return fmt::format("；最高日均值{}{}（{}{}）", day.shown->to_string(), parameter.unit_suffix(), format_date(day.date),
                       day.multiple ? "，超" + day.multiple->to_string() + "倍" : "");
}

std::string rates_text(OutfallCounts const& counts)
{
    if (counts.due == 0)
        return {};
    auto text =
        fmt::format("；应传{}，实传{}，有效{}，传输率{}%", counts.due, counts.received, counts.valid, counts.transmission()->to_string());
    if (auto const validity = counts.validity())
        text += "，有效率" + validity->to_string() + "%";
    return text + "，传输有效率" + counts.both()->to_string() + "%";
}

std::string load_text(OutfallItem const& item)
{
    if (!item.load_t)
        return {};
    auto text = "；排放量" + item.load_t->rounded_keeping_nonzero(3).to_string() + "吨";
    if (item.filled_days > 0 && item.filled_load_t)
        text += fmt::format("，补缺{}天后{}吨", item.filled_days, item.filled_load_t->rounded_keeping_nonzero(3).to_string());
    return text;
}

}  // namespace

std::string limit_text(DischargeLimit const& limit)
{
    if (limit.low && limit.high)
        return limit.low->to_string() + "—" + limit.high->to_string();
    if (limit.low)
        return "不低于" + limit.low->to_string();
    return limit.high->to_string() + (limit.cold_high ? "（水温≤12℃为" + limit.cold_high->to_string() + "）" : "");
}

std::string explain(OutfallPeriod const& outlet, OutfallItem const& item, Parameter const& parameter, Period const& period, UtcTime as_of)
{
    auto text = period_label(period) + (as_of < period.end ? "（至今）" : "") + parameter.name_zh + days_text(item, parameter) + "；" +
                verdict_text(item, parameter) + worst_text(item, parameter) + rates_text(item.counts) + load_text(item);
    if (outlet.hours_stopped > 0)
        text += fmt::format("；报备的停运{}小时不计", outlet.hours_stopped);
    if (outlet.hours_without_flow > 0)
        text += fmt::format("；流量为零的{}小时不计", outlet.hours_without_flow);
    return text + "。";
}

}  // namespace yihong
