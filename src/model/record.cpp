#include "yihong/model/record.hpp"

#include <algorithm>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 6> interval_names{"realtime", "minute", "hour", "4h", "day", "sample"};
constexpr std::array<std::string_view, 5> status_names{"normal", "maintenance", "calibration", "fault", "stopped"};

template <typename Enum, std::size_t N>
Result<Enum> parse_name(std::string_view text, std::array<std::string_view, N> const& names, std::string_view what)
{
    auto const found = std::ranges::find(names, text);
    if (found != names.end())
        return static_cast<Enum>(found - names.begin());
    std::string detail = std::string{what} + " '" + std::string{text.substr(0, 40)} + "' is none of";
    for (auto const name : names)
        detail += " " + std::string{name};
    return fail(Errc::bad_value, std::move(detail));
}

}  // namespace

std::string_view to_text(IntervalKind kind) noexcept { return interval_names[static_cast<std::size_t>(kind)]; }
Result<IntervalKind> parse_interval_kind(std::string_view text) { return parse_name<IntervalKind>(text, interval_names, "interval"); }

std::chrono::minutes period_length(IntervalKind kind, std::chrono::minutes minute_interval) noexcept
{
    using std::chrono::hours;
    switch (kind) {
    case IntervalKind::minute: return minute_interval;
    case IntervalKind::hour: return hours{1};
    case IntervalKind::four_hours: return hours{4};
    case IntervalKind::day: return hours{24};
    case IntervalKind::realtime:
    case IntervalKind::sample: break;
    }
    return {};
}

std::string_view to_text(StationStatus status) noexcept { return status_names[static_cast<std::size_t>(status)]; }
Result<StationStatus> parse_station_status(std::string_view text) { return parse_name<StationStatus>(text, status_names, "status"); }

Result<Flag> Flag::parse(std::string_view text)
{
    auto const fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    if (text.empty() || text.size() > 2 || !std::ranges::all_of(text, fits))
        return fail(Errc::bad_value, "flag '" + std::string{text.substr(0, 20)} + "' is not one or two letters or digits");
    return text.size() == 1 ? Flag{text[0]} : Flag{text[0], text[1]};
}

Reading const* Record::find(ParameterId parameter) const noexcept
{
    auto const found = std::ranges::lower_bound(readings, parameter, {}, &Reading::parameter);
    return found != readings.end() && found->parameter == parameter ? &*found : nullptr;
}

bool Record::same_content(Record const& other) const noexcept
{
    return site == other.site && interval == other.interval && time == other.time && status == other.status &&
           std::ranges::equal(readings, other.readings, [](Reading const& a, Reading const& b) { return a.same_as(b); });
}

}  // namespace yihong
