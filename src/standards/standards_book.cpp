#include "yihong/standards/standards_book.hpp"

#include <algorithm>

namespace yihong {
namespace {

template <typename Standard>
Standard const* in_force(std::vector<Standard> const& editions, Date date) noexcept
{
    auto const found = std::ranges::find_if(editions, [&](Standard const& s) { return s.edition.in_force_on(date); });
    return found == editions.end() ? nullptr : &*found;
}

template <typename Standard>
Standard const* numbered(std::vector<Standard> const& editions, std::uint8_t number) noexcept
{
    auto const found = std::ranges::find_if(editions, [&](Standard const& s) { return s.edition.number == number; });
    return found == editions.end() ? nullptr : &*found;
}

}  // namespace

bool Edition::in_force_on(Date date) const noexcept
{
    return (!effective_from || *effective_from <= date) && (!effective_to || date <= *effective_to);
}

IaqiColumn const* AqiStandard::column(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(columns, name, &IaqiColumn::name);
    return found == columns.end() ? nullptr : &*found;
}

AirLimit const* AirLimits::find(ParameterId parameter, Averaging averaging) const noexcept
{
    auto const found =
        std::ranges::find_if(limits, [&](AirLimit const& l) { return l.parameter == parameter && l.averaging == averaging; });
    return found == limits.end() ? nullptr : &*found;
}

FactorUnits::Factor const* FactorUnits::find(std::string_view code) const noexcept
{
    auto const found = std::ranges::lower_bound(factors, code, {}, &Factor::code);
    return found == factors.end() || found->code != code ? nullptr : &*found;
}

WaterStandard const* StandardsBook::water(Date date) const noexcept { return in_force(water_, date); }
AqiStandard const* StandardsBook::aqi(Date date) const noexcept { return in_force(aqi_, date); }
AirLimits const* StandardsBook::air_limits(Date date) const noexcept { return in_force(air_limits_, date); }
AirStatistics const* StandardsBook::air_statistics(Date date) const noexcept { return in_force(air_statistics_, date); }
WaterEvaluation const* StandardsBook::water_evaluation(Date date) const noexcept { return in_force(water_evaluation_, date); }
FactorUnits const* StandardsBook::factor_units(Date date) const noexcept { return in_force(factor_units_, date); }
WaterStandard const* StandardsBook::water_edition(std::uint8_t number) const noexcept { return numbered(water_, number); }
AqiStandard const* StandardsBook::aqi_edition(std::uint8_t number) const noexcept { return numbered(aqi_, number); }

Edition const* StandardsBook::edition(std::uint8_t number) const noexcept
{
    auto const among = [&](auto const& editions) -> Edition const* {
        auto const* found = numbered(editions, number);
        return found ? &found->edition : nullptr;
    };
    for (Edition const* found :
         {among(water_), among(aqi_), among(air_limits_), among(air_statistics_), among(water_evaluation_), among(factor_units_)})
        if (found)
            return found;
    return nullptr;
}

}  // namespace yihong
