#pragma once

#include "yihong/evaluate/quality_control.hpp"
#include "yihong/hj212/segment.hpp"
#include "yihong/model/device.hpp"
#include "yihong/standards/standards_book.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihong::hj212 {

/// A factor as a device sends it: value × 10^power is in the parameter's canonical unit.
struct Factor {
    Parameter const* parameter = nullptr;
    int power = 0;
};

/// What a device's factor codes mean, every spelling of a code: HJ 525/524, second codes, those of HJ/T 212-2005, and the
/// current ones without their leading letter. Points into the parameters it was made from.
class FactorTable {
public:
    /// \param units (code or parameter name, unit) that go before the defaults
    /// \param by_appendix values come in the units of HJ 212-2017 Appendix B; otherwise in ours, as surface-water and ambient air stations send them
    /// \return Errc::unknown_parameter, unknown_unit
    static Result<FactorTable> make(StandardsBook const& standards, std::vector<std::pair<std::string, std::string>> const& units,
                                    bool by_appendix);
    /// \return null for a factor that no parameter has
    [[nodiscard]] Factor const* find(std::string_view code) const noexcept;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
    };
    std::unordered_map<std::string, Factor, Hash, std::equal_to<>> factors_;
};

/// The default units of all devices of a standards book, made once and shared by the devices that do not differ.
struct CommonUnits {
    std::shared_ptr<FactorTable const> ours;  ///< ST 21 and 22
    std::shared_ptr<FactorTable const> appendix_b;  ///< all others
    static CommonUnits make(StandardsBook const& standards);
};

/// How a device's data frames are to be read.
struct Dialect {
    bool time_is_end = false;
    std::optional<IntervalKind> hour_data;
    std::chrono::minutes minute_interval{10};
    Flag missing_flag{'U'};
    CommonUnits units;
    Ranges ranges = Ranges::ambient;  ///< by the kind of the device's site
};
/// \return Errc::unknown_parameter, unknown_unit naming the device's key
Result<Dialect> make_dialect(Device const& device, CommonUnits const& common, StandardsBook const& standards);

/// The interval of a data command (2011 real time, 2051 minute, 2061 hour or the 4 h test of a surface-water station, 2031 day).
/// \return nothing for every other command
[[nodiscard]] std::optional<IntervalKind> interval_of(Segment const& segment, Dialect const& dialect) noexcept;

/// What a data frame says.
struct Meaning {
    Record record;  ///< `time` is the instant, or the start of the period; `site` is not set; readings in order of parameter
    std::vector<Failure> refused;  ///< readings that are not in the record, each with its field: no number, or physically impossible
    /// Codes of factors that no parameter has, and `code-part` where a factor came without a value under a part that no edition knows; they stay
    /// in the raw frame.
    std::vector<std::string> unknown;
};

/// The value of a factor is `-Rtd` of real-time data and `-Avg` of a period; `-Min -Max -Cou -Zs…` stay in the raw frame. Parts and codes may have
/// letters of either case. A value is written as `read_value_text` knows it, with its forms of no value and of below detection. Of a parameter sent under two codes the first value counts.
/// The 2061 of a surface-water station is set to the nearest hour. \pre interval_of(segment, dialect)
/// \return Errc::missing_field, bad_time when DataTime cannot be read (real-time data without it take the time of QN)
Result<Meaning> read_data(Segment const& segment, std::vector<Field> const& fields, Dialect const& dialect);

/// The command that carries records of an interval: 2011, 2051, 2061 (hours, and the 4 h test of a water station), 2031. \return 0 for samples
[[nodiscard]] int command_of(IntervalKind interval) noexcept;

/// The items of a record's data area, the way back of `read_data`: `w01018-Avg=40.1,w01018-Flag=N`. A reading without value is `--`; one that came
/// without flag (U) goes on without. A state of the whole station becomes the flag of its normal values (M, C, D, F): HJ 212 has no other
/// place for it. Left out are parameters without a code. HJ/T 212-2005 has codes of its own.
/// \param factors the units to send in; null: ours
[[nodiscard]] std::vector<std::string> to_items(Record const& record, ParameterBook const& parameters, Edition edition,
                                                FactorTable const* factors);

}  // namespace yihong::hj212
