#pragma once

#include "yihong/base/decimal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihong {

/// The stable number of a parameter (监测因子) from config/standards/parameters.toml. It is what the store keeps,
/// so a number once given is never given again.
using ParameterId = std::uint16_t;

enum class Medium : std::uint8_t { water, air, other };

/// A monitored parameter with its names, code and canonical unit. All values in the program are in that unit.
struct Parameter {
    ParameterId id = 0;
    std::string name;                        ///< ours, e.g. `ammonia_nitrogen`
    std::string name_zh;                     ///< 氨氮
    std::string name_en;
    std::string code;                        ///< HJ 525 / HJ 524, e.g. `w21003`; may be empty
    std::vector<std::string> other_codes;    ///< second codes and those of HJ/T 212-2005
    Medium medium = Medium::water;
    std::string unit;                        ///< canonical unit, e.g. `mg/L`
    int decimals = 2;                        ///< decimals for assessment (修约位数)
    std::string group;                       ///< of items that a station measures in one round (同批测定), e.g. `chemical`; may be empty
    /// ` mg/L` behind a number; nothing where the parameter has no dimension.
    [[nodiscard]] std::string unit_suffix() const { return unit == "dimensionless" ? std::string{} : " " + unit; }
    std::optional<Decimal> minimum;          ///< physically possible range, ends included; outside is refused
    std::optional<Decimal> maximum;
    std::optional<Decimal> emission_maximum; ///< instead of `maximum` where waste water or waste gas is measured; none: the same
    std::optional<Decimal> detection_limit;  ///< of the usual method (方法检出限): what `未检出` without a number stands for
};

/// All parameters, by number, name and code. Immutable.
class ParameterBook {
public:
    ParameterBook() = default;
    /// \pre ids, names and codes are unique (the loader checks it)
    explicit ParameterBook(std::vector<Parameter> parameters);

    [[nodiscard]] std::vector<Parameter> const& all() const noexcept { return parameters_; }
    /// \return null when there is none
    [[nodiscard]] Parameter const* find(ParameterId id) const noexcept;
    /// By our name or any code (case-sensitive). \return null when there is none
    [[nodiscard]] Parameter const* find(std::string_view name_or_code) const noexcept;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
    };
    std::vector<Parameter> parameters_;              // ascending id
    std::vector<std::int32_t> by_id_;                // id → index, -1 for none
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_name_;
};

}  // namespace yihong
