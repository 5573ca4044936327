#include "yihong/reports/dust_proposals.hpp"

#include "add_records.hpp"

#include <algorithm>
#include <map>

namespace yihong {
namespace {

using namespace std::chrono;

/// The hours of a station, with some before the period to compare with.
class ParticleHours {
public:
    explicit ParticleHours(ParameterBook const& parameters) : pm10_{parameters.find("pm10")}, pm25_{parameters.find("pm25")} {}
    void add(Record const& record)
    {
        if (record.interval != IntervalKind::hour || record.status != StationStatus::normal || !pm10_ || !pm25_)
            return;
        hours_.push_back({record.time, value(record, *pm10_), value(record, *pm25_)});
    }
    [[nodiscard]] std::vector<ParticleHour> const& hours() const noexcept { return hours_; }

private:
    static std::optional<Decimal> value(Record const& record, Parameter const& parameter)
    {
        auto const* reading = record.find(parameter.id);
        return reading && is_valid(*reading) ? std::optional{reading->value} : std::nullopt;
    }
    Parameter const* pm10_;
    Parameter const* pm25_;
    std::vector<ParticleHour> hours_;
};

/// Has somebody said of the station whether there was dust that day?
bool is_decided(MarkBook const& marks, Site const& site, OverlayFacts const& facts, UtcTime day)
{
    return std::ranges::any_of(marks.all(), [&](auto const& mark) {
        return mark->state != PeriodMarkState::withdrawn && mark->touches(day, day + days{1}) && is_of_station(*mark, site, facts);
    });
}

}  // namespace

std::vector<DustProposal> propose_dust(Period const& period, World const& world, ReportRecords const& records)
{
    constexpr hours before{24};
    Period const read{PeriodKind::interval, period.begin - before, period.end};
    std::map<UtcTime, DustProposal> found;
    auto const& all = world.sites->all();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind != SiteKind::air_station)
            continue;
        ParticleHours hours{world.standards->parameters()};
        DataState unused;
        add_records(hours, records.records, all[i].number, read, unused);
        for (auto const& event : dust_events(hours.hours()))
            for (auto day = beijing_midnight(beijing_date(event.begin)); day < event.end; day += days{1})
                if (period.contains(day) && !is_decided(*records.marks, all[i], world.facts[i], day)) {
                    auto& proposal = found[day];
                    proposal.date = beijing_date(day);
                    if (proposal.signs.empty() || proposal.signs.back().station != i)
                        proposal.signs.push_back({i, event});
                }
    }
    std::vector<DustProposal> proposals;
    for (auto& [day, proposal] : found)
        proposals.push_back(std::move(proposal));
    return proposals;
}

}  // namespace yihong
