#include "messages.hpp"

namespace yihong::forward {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours late_after{1};            // 一泓 default; the standard only says that old data are marked

int command_of(IntervalKind interval) noexcept
{
    switch (interval) {
    case IntervalKind::realtime: return hj212::cn::real_time;
    case IntervalKind::minute: return hj212::cn::minute;
    case IntervalKind::day: return hj212::cn::day;
    default: return hj212::cn::hour;                   // the 4 h test of a water station is its 2061
    }
}

std::chrono::milliseconds length_of(IntervalKind interval) noexcept
{
    switch (interval) {
    case IntervalKind::minute: return 10min;
    case IntervalKind::hour: return 1h;
    case IntervalKind::four_hours: return 4h;
    case IntervalKind::day: return 24h;
    default: return 0ms;
    }
}

std::string_view system_type_of(SiteKind kind) noexcept
{
    switch (kind) {
    case SiteKind::water_section:
    case SiteKind::lake_section: return "21";
    case SiteKind::air_station: return "22";
    case SiteKind::outfall:
    case SiteKind::wastewater_plant: break;
    }
    return "32";
}

std::string mn_of(Site const& site, Forward const& forward)
{
    for (auto const& [id, mn] : forward.mns)
        if (id == site.id)
            return mn;
    return site.mn.empty() ? site.id : site.mn;
}

}  // namespace

std::vector<hj212::Outgoing> to_messages(Record const& record, Site const& site, Speech const& speech, ParameterBook const& parameters,
                                         hj212::CommonUnits const& units, UtcTime now)
{
    std::string const system_type = speech.forward.system_type.empty() ? std::string{system_type_of(site.kind)} : speech.forward.system_type;
    auto const& factors = system_type == "21" || system_type == "22" ? *units.ours : *units.appendix_b;
    std::string_view const part = record.interval == IntervalKind::realtime ? "-Rtd=" : "-Avg=";
    std::vector<std::string> items;
    for (auto const& reading : record.readings) {
        auto const* parameter = parameters.find(reading.parameter);
        if (!parameter || parameter->code.empty())
            continue;
        std::string item = parameter->code;
        item += part;
        if (reading.has_value) {
            auto const* factor = factors.find(parameter->code);
            auto const value = reading.value.scaled_by_power_of_ten(factor ? -factor->power : 0);
            if (!value)
                continue;
            value->append_to(item);
        } else {
            item += "--";
        }
        if (reading.flag != Flag{'U'})                 // U is ours: it came without flag, and so it goes on
            item.append(",").append(parameter->code).append("-Flag=").append(reading.flag.text());
        items.push_back(std::move(item));
    }
    if (items.empty())
        return {};
    auto areas = hj212::to_data_areas(record.time, items);
    bool const split = areas.size() > 1;
    std::vector<hj212::Outgoing> messages;
    for (auto& area : areas) {
        hj212::Outgoing message;
        message.st = system_type;
        message.cn = command_of(record.interval);
        message.pw = speech.forward.password;
        message.mn = mn_of(site, speech.forward);
        message.flag = hj212::version_bits(speech.edition) | 1 | (split ? 2 : 0);
        if (split) {
            message.pnum = static_cast<int>(areas.size());
            message.pno = static_cast<int>(messages.size() + 1);
        }
        message.retransmitted = speech.edition == hj212::Edition::hj212_2025 && now - (record.time + length_of(record.interval)) > late_after;
        message.cp = std::move(area);
        messages.push_back(std::move(message));
    }
    return messages;
}

}  // namespace yihong::forward
