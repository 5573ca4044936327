#include "messages.hpp"

#include "yihong/state/completeness.hpp"

namespace yihong::forward {
namespace {

using namespace std::chrono_literals;

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
    std::string const system_type =
        speech.forward.system_type.empty() ? std::string{system_type_of(site.kind)} : speech.forward.system_type;
    auto const& factors = system_type == "21" || system_type == "22" ? *units.ours : *units.appendix_b;
    auto const items = hj212::to_items(record, parameters, speech.edition, &factors);
    if (items.empty())
        return {};
    auto areas = hj212::to_data_areas(record.time, items);
    bool const split = areas.size() > 1;
    std::vector<hj212::Outgoing> messages;
    for (auto& area : areas) {
        hj212::Outgoing message;
        message.st = system_type;
        message.cn = hj212::command_of(record.interval);
        message.pw = speech.forward.password;
        message.mn = mn_of(site, speech.forward);
        message.flag = hj212::version_bits(speech.edition) | 1 | (split ? 2 : 0);
        if (split) {
            message.pnum = static_cast<int>(areas.size());
            message.pno = static_cast<int>(messages.size() + 1);
        }
        message.retransmitted =
            speech.edition == hj212::Edition::hj212_2025 && now - (record.time + period_length(record.interval, 10min)) > late_after;
        message.cp = std::move(area);
        messages.push_back(std::move(message));
    }
    return messages;
}

}  // namespace yihong::forward
