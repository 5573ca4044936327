#pragma once

#include "engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <utility>

namespace yihong::store_engines {

/// Level and step of a parameter in units of its last decimal, as medians over the national 4-hourly file of April 2021.
struct Walk {
    int scale;
    double level;
    double step;
};
inline constexpr std::array walks{Walk{1, 160, 1}, Walk{2, 782, 2}, Walk{2, 866, 10}, Walk{1, 4133, 15}, Walk{1, 178, 8},
                                  Walk{2, 268, 6}, Walk{3, 76, 2},  Walk{3, 56, 1},   Walk{2, 214, 2},   Walk{3, 7, 0.5}};

/// The records of the network, hour by hour.
class Network {
public:
    Network()
    {
        for (auto& site : level_)
            for (std::size_t p = 0; p < walks.size(); ++p)
                site[p] = walks[p].level * std::exp(0.5 * normal_(random_));
    }
    /// The next group: `batches_a_group` hours of every site, in order of arrival.
    WriteGroup const& next()
    {
        group_.records.added.clear();
        for (int b = 0; b < batches_a_group; ++b, ++hour_) {
            received_ += 5 + static_cast<std::int64_t>(random_() % 3);
            for (std::uint32_t s = 0; s < site_count; ++s) {
                Record r;
                r.site = s;
                r.interval = IntervalKind::hour;
                r.time = UtcTime{std::chrono::milliseconds{first_hour + hour_ * hour_ms}};
                r.received_at = UtcTime{std::chrono::milliseconds{received_}};
                r.verdict = Verdict{1, static_cast<std::uint8_t>(2 + (level_[s][5] > 400) + (level_[s][6] > 100)), 0};
                for (std::size_t p = 0; p < walks.size(); ++p) {
                    double& v = level_[s][p];
                    v += walks[p].step * std::exp(1.2 * normal_(random_)) * (random_() & 1 ? 1 : -1) + (walks[p].level - v) * 0.002;
                    v = std::max(v, 1.0);
                    r.readings.push_back(
                        {static_cast<ParameterId>(p + 1), Flag{}, Mark::none, true, Decimal{std::llround(v), walks[p].scale}});
                }
                group_.records.added.push_back(std::move(r));
            }
        }
        return group_;
    }

private:
    std::mt19937_64 random_{42};
    std::normal_distribution<double> normal_;
    std::array<std::array<double, walks.size()>, site_count> level_{};
    WriteGroup group_;
    std::int64_t hour_ = 0;
    std::int64_t received_ = first_hour + 100 * 24 * hour_ms;
};

}  // namespace yihong::store_engines
