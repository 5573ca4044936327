#pragma once

#include "yihong/base/result.hpp"
#include "yihong/base/time.hpp"
#include "yihong/hj212/segment.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace yihong::gateway {

/// A parameter of a command: its name in JSON, its field in the data area and what it may be.
struct CommandParameter {
    enum class Kind : std::uint8_t {
        time,              ///< RFC 3339 in JSON, Beijing time in the field
        number,            ///< whole, `low` to `high`
        divisor,           ///< a number of minutes that divides the hour
        day_time,          ///< hhmmss
        text,              ///< `low` to `high` letters and digits
        code,              ///< of a factor (w01018) or of an information item (i13004)
        info,              ///< the value of the information item that the parameter before it names: `i13004-Info=…`
        fields             ///< an object of fields as the station's maker names them
    };
    std::string_view name;
    std::string_view field;
    Kind kind = Kind::text;
    bool required = true;
    std::int64_t low = 0, high = 0;
};

/// A command that the host gives a station.
struct CommandSpec {
    enum class Kind : std::uint8_t { request, notice };
    enum class Reach : std::uint8_t {
        data,              ///< reads, or sets how the logger reports
        access,            ///< locks the host out when it goes wrong: password, MN
        instrument         ///< moves an instrument or changes how it measures
    };
    std::string_view name;
    std::string_view title;                        ///< as the standard calls it
    int cn = 0;
    Kind kind = Kind::request;
    Reach reach = Reach::data;
    bool starts_uploads = false;                   ///< what it asks for goes on after the exchange
    std::vector<CommandParameter> parameters{};
    unsigned editions = 0;                         ///< bit of each Edition that has it
    bool offers_key = false;                       ///< its data area is a key that the gateway made

    [[nodiscard]] bool is_in(hj212::Edition edition) const noexcept { return (editions >> static_cast<unsigned>(edition) & 1U) != 0; }
    /// Whether somebody has to say it a second time.
    [[nodiscard]] bool needs_confirmation() const noexcept { return reach != Reach::data; }
};

[[nodiscard]] std::span<CommandSpec const> all_commands();
/// \return Errc::bad_value, naming what there is, when no edition or not this one has it
Result<CommandSpec const*> find_command(std::string_view name, hj212::Edition edition);

struct CommandArgument {
    std::string name;
    std::variant<std::int64_t, std::string, std::vector<std::pair<std::string, std::string>>> value;
};

/// A command with its parameters, ready to be sent.
struct BuiltCommand {
    std::string cp;
    bool appends_clock = false;                    ///< `SystemTime=` of the moment it is sent follows
    std::string parameters_json = "{}";            ///< to be shown; a password is not
    /// The data area of a frame that leaves at `now`.
    [[nodiscard]] std::string data_area(UtcTime now) const;
};

/// \return Errc::missing_field, unknown_field, bad_value or bad_time, naming the parameter
Result<BuiltCommand> build_command(CommandSpec const& spec, std::vector<CommandArgument> const& arguments);

/// Whether the value of a field is a password or a key, which nobody is shown.
[[nodiscard]] bool is_secret_field(std::string_view name) noexcept;

/// What a QnRtn or ExeRtn means, Chinese first. Surface-water stations have their own QnRtn 9 and 99.
[[nodiscard]] std::string_view qn_rtn_text(int code, hj212::Edition edition) noexcept;
[[nodiscard]] std::string_view exe_rtn_text(int code) noexcept;

}  // namespace yihong::gateway
