#include "yihong/periods/dust_events.hpp"

#include <algorithm>
#include <cmath>

namespace yihong {
namespace {

using namespace std::chrono;

constexpr double high = 150;
constexpr double twice = 2;
constexpr double half = 0.5;
constexpr double back_within = 1.1;
constexpr int least_hours = 3;
constexpr hours look_back{6};
constexpr days longest{3};

/// What came before an hour.
struct Before {
    double pm10 = 0;
    std::optional<double> share;  ///< of PM2.5 in PM10
};

std::optional<Before> before(std::span<ParticleHour const> all, std::size_t at)
{
    double sum = 0, of_both = 0, fine = 0;
    int count = 0, both = 0;
    for (auto i = at; i-- > 0 && all[at].time - all[i].time <= look_back;) {
        if (!all[i].pm10)
            continue;
        ++count;
        sum += all[i].pm10->to_double();
        if (!all[i].pm25)
            continue;
        ++both;
        of_both += all[i].pm10->to_double();
        fine += all[i].pm25->to_double();
    }
    if (count < least_hours)
        return std::nullopt;
    return Before{sum / count, both >= least_hours && of_both > 0 ? std::optional{fine / of_both} : std::nullopt};
}

bool begins(ParticleHour const& hour, Before const& then)
{
    double const pm10 = hour.pm10->to_double();
    if (pm10 <= high)
        return false;
    bool const has_coarser = hour.pm25 && then.share && hour.pm25->to_double() / pm10 <= half * *then.share;
    return pm10 >= twice * then.pm10 || has_coarser;
}

}  // namespace

std::vector<DustEvent> dust_events(std::span<ParticleHour const> all)
{
    std::vector<DustEvent> events;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const then = all[i].pm10 ? before(all, i) : std::nullopt;
        if (!then || !begins(all[i], *then))
            continue;
        DustEvent event{all[i].time, all[i].time + hours{1}, Decimal{std::llround(then->pm10), 0}, *all[i].pm10, all[i].time};
        for (; i < all.size() && all[i].time - event.begin < longest; ++i) {
            if (!all[i].pm10)
                continue;
            if (all[i].pm10->to_double() <= back_within * then->pm10)
                break;
            event.end = all[i].time + hours{1};
            if (*all[i].pm10 > event.highest) {
                event.highest = *all[i].pm10;
                event.highest_at = all[i].time;
            }
        }
        events.push_back(event);
        --i;  // the hour that ended it may begin another
    }
    return events;
}

}  // namespace yihong
