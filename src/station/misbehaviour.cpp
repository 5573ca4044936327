#include "yihong/station/misbehaviour.hpp"

#include "yihong/base/decimal.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace yihong::station {
namespace {

using std::chrono::milliseconds;

constexpr double default_share = 0.1;

struct Share {
    std::string_view name;
    double Misbehaviour::* member;
};
constexpr std::array shares{Share{"bad-crc", &Misbehaviour::bad_crc}, Share{"cut", &Misbehaviour::cut},
                            Share{"no-tail", &Misbehaviour::no_tail}, Share{"garbage", &Misbehaviour::garbage},
                            Share{"duplicates", &Misbehaviour::duplicates}};

struct Span {
    std::string_view name;
    milliseconds Misbehaviour::* member;
    milliseconds usual;
    bool may_be_negative;
};
constexpr std::array spans{Span{"silence", &Misbehaviour::silence, milliseconds{30'000}, false},
                           Span{"drift", &Misbehaviour::drift, milliseconds{120'000}, true},
                           Span{"flood", &Misbehaviour::flood, milliseconds{10'000}, false}};

/// `-120s`, `500ms`: the units that matter to a station.
Result<milliseconds> parse_span(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
    constexpr std::int64_t longest = 1'000'000;
    auto const digits = text.find_first_not_of("+-0123456789");
    auto const count = Decimal::parse(text.substr(0, digits));
    for (auto const& [unit, factor] : units)
        if (count && digits != std::string_view::npos && text.substr(digits) == unit && std::abs(count->mantissa()) <= longest)
            return milliseconds{count->mantissa() * factor};
    return fail(Errc::bad_value, fmt::format("'{}' is not a duration such as 500ms, 30s, 2m", text.substr(0, 40)));
}

Result<void> read_part(std::string_view part, Misbehaviour& into)
{
    auto const colon = part.find(':');
    auto const name = part.substr(0, colon);
    bool const has_value = colon != std::string_view::npos;
    auto const value = has_value ? part.substr(colon + 1) : std::string_view{};
    for (auto const& share : shares) {
        if (name != share.name)
            continue;
        auto const parsed = has_value ? Decimal::parse(value) : Decimal{1, 1};
        if (!parsed || *parsed < Decimal{0, 0} || *parsed > Decimal{1, 0})
            return fail(Errc::bad_value, fmt::format("{}: '{}' is not a share from 0 to 1", name, value.substr(0, 40)));
        into.*share.member = has_value ? parsed->to_double() : default_share;
        return {};
    }
    for (auto const& span : spans) {
        if (name != span.name)
            continue;
        auto const parsed = has_value ? parse_span(value) : span.usual;
        if (!parsed)
            return fail(Errc::bad_value, fmt::format("{}: {}", name, parsed.error().detail));
        if (*parsed < milliseconds{0} && !span.may_be_negative)
            return fail(Errc::bad_value, fmt::format("{}: a negative duration", name));
        into.*span.member = *parsed;
        return {};
    }
    if (name == "wrong-password" && !has_value) {
        into.wrong_password = true;
        return {};
    }
    return fail(Errc::bad_value,
                fmt::format("'{}' is not one of bad-crc, cut, no-tail, garbage, duplicates, silence, drift, flood, wrong-password",
                            part.substr(0, 40)));
}

}  // namespace

Result<Misbehaviour> parse_misbehaviour(std::string_view text)
{
    Misbehaviour misbehaviour;
    for (auto const part : split(text, ','))
        if (auto const read = read_part(trimmed(part), misbehaviour); !read)
            return std::unexpected{read.error()};
    return misbehaviour;
}

}  // namespace yihong::station
