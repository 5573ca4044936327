#include "stations.hpp"

#include "yihong/base/text.hpp"

#include "addresses.hpp"
#include "values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace yihong {
namespace {

constexpr std::array data_times{std::pair{std::string_view{"begin"}, false}, std::pair{std::string_view{"end"}, true}};
constexpr std::array hour_data_kinds{std::pair{std::string_view{"hour"}, IntervalKind::hour},
                                     std::pair{std::string_view{"4h"}, IntervalKind::four_hours}};

constexpr std::array editions{std::pair{std::string_view{"2005"}, "2005"}, std::pair{std::string_view{"2017"}, "2017"},
                              std::pair{std::string_view{"2025"}, "2025"}, std::pair{std::string_view{"surface-water"}, "surface-water"}};

bool is_printable(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Result<std::string> mn_from(std::string_view text)
{
    if (text.empty() || text.size() > 64 || !is_printable(text) || text.find_first_of(" ;,=&#") != std::string_view::npos)
        return fail(Errc::bad_value, "must be 1 to 64 printable ASCII characters without blanks and ; , = & #");
    return std::string{text};
}

/// A frame's fields lose the blanks at their ends. The message does not repeat the secret; neither does that of the key.
Result<std::string> password_from(std::string_view text)
{
    if (text.empty() || text.size() > 64 || !is_printable(text) || text.find_first_of(";,&") != std::string_view::npos ||
        trimmed(text) != text)
        return fail(Errc::bad_value, "must be 1 to 64 printable ASCII characters without ; , & and blanks at its ends");
    return std::string{text};
}

Result<std::string> sm4_key_from(std::string_view text)
{
    bool const is_hex = text.size() == 32 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (!is_hex && (text.size() != 16 || !is_printable(text)))
        return fail(Errc::bad_value, "must be 16 characters or 32 hexadecimal digits");
    return std::string{text};
}

Result<std::chrono::minutes> minute_interval_from(std::string_view text)
{
    auto const value = duration_between<std::chrono::minutes>(std::chrono::minutes{1}, std::chrono::minutes{60})(text);
    return value ? value : fail(value.error().code, value.error().detail + "; it is whole minutes, 1m to 60m");
}

bool is_system_type(std::string_view text) noexcept
{
    auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    return text.size() == 2 && std::ranges::all_of(text, fits);
}

void read_system_types(TableReader& device, std::vector<std::string>& to)
{
    constexpr std::string_view key = "st";
    auto const add = [&](toml::node const& node) {
        auto const* value = node.as_string();
        if (value == nullptr || !is_system_type(value->get()))
            device.at(node, Errc::bad_value,
                      fmt::format("{}: holds system types of two digits or letters, such as \"21\"", device.path_of(key)));
        else
            to.push_back(value->get());
    };
    auto const* node = device.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr)
        return add(*node);
    for (auto const& element : *array)
        add(element);
}

void read_units(TableReader& device, std::vector<std::pair<std::string, std::string>>& to)
{
    constexpr std::string_view key = "units";
    auto const* node = device.take(key);
    if (node == nullptr)
        return;
    auto const* table = node->as_table();
    if (table == nullptr) {
        device.problem(key, Errc::bad_value, fmt::format("must be a table, not {}", type_in_words(*node)));
        return;
    }
    for (auto const& [name, unit] : *table) {
        auto const* value = unit.as_string();
        if (value == nullptr || value->get().empty() || has_control_characters(value->get()))
            device.at(unit, Errc::bad_value, fmt::format("{}.{}: must be a unit, such as \"mg/L\"", device.path_of(key), name.str()));
        else
            to.emplace_back(name.str(), value->get());
    }
}

/// An array of intervals, each once. \param names the permitted ones, for messages
void read_intervals(TableReader& reader, std::string_view key, std::string_view names, bool with_samples, std::vector<IntervalKind>& to)
{
    auto const* node = reader.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr || array->empty()) {
        reader.problem(key, Errc::bad_value, fmt::format("must be an array of intervals ({}), at least one", names));
        return;
    }
    to.clear();
    for (auto const& element : *array) {
        auto const kind = parse_interval_kind(element.value_or(std::string_view{}));
        if (!kind || (*kind == IntervalKind::sample && !with_samples))
            reader.at(element, Errc::bad_value, fmt::format("{}: holds intervals: {}", reader.path_of(key), names));
        else if (std::ranges::find(to, *kind) != to.end())
            reader.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", reader.path_of(key), to_text(*kind)));
        else
            to.push_back(*kind);
    }
}

/// The usual form of the check sum, or an array of all that its frames may have, the usual one first.
void read_crc_forms(TableReader& device, Device& to)
{
    constexpr std::string_view key = "crc";
    auto const* node = device.take(key);
    if (node == nullptr)
        return;
    std::vector<CrcForm> forms;
    auto const add = [&](toml::node const& element) {
        auto const form = parse_crc_form(element.value_or(std::string_view{}));
        if (!form)
            device.at(element, form.error().code, fmt::format("{}: {}", device.path_of(key), form.error().detail));
        else if (std::ranges::find(forms, *form) == forms.end())
            forms.push_back(*form);
    };
    if (auto const* array = node->as_array()) {
        for (auto const& element : *array)
            add(element);
        if (array->empty())
            device.problem(key, Errc::bad_value, "must name a form at least");
    } else {
        add(*node);
    }
    if (forms.empty())
        return;
    to.crc = forms.front();
    to.other_crc.assign(forms.begin() + 1, forms.end());
}

Device read_device(TableReader& device)
{
    Device to;
    device.require("mn");
    device.parsed("mn", to.mn, mn_from);
    device.require("site");
    device.parsed("site", to.site, identifier_from);
    device.require("password");
    device.parsed("password", to.password, password_from);
    read_system_types(device, to.system_types);
    device.texts("networks", to.networks);
    for (auto const& network : to.networks) {
        if (!is_network(network))
            device.problem("networks", Errc::bad_value, fmt::format("\"{}\" is neither an address nor a network (10.0.0.0/8)", network));
    }
    read_crc_forms(device, to);
    read_units(device, to.units);
    device.parsed("data_time", to.time_is_end, one_of(data_times));
    device.parsed("hour_data", to.hour_data, one_of(hour_data_kinds));
    device.parsed("minute_interval", to.minute_interval, minute_interval_from);
    device.parsed("missing_flag", to.missing_flag, Flag::parse);
    read_intervals(device, "judged", "realtime, minute, hour, 4h, day, sample", true, to.judged);
    device.parsed("sm4_key", to.sm4_key, sm4_key_from);
    device.flag("refill", to.refill);
    device.flag("encrypted_only", to.encrypted_only);
    if (to.encrypted_only && !device.has("sm4_key"))
        device.problem("encrypted_only", Errc::missing_field, "needs sm4_key, without which nothing can be read");
    return to;
}

/// `10.9.8.7:9212`, `[fd00::1]:9212`, `hj212.province.example:9212`
Result<std::pair<std::string, std::uint16_t>> receiver_from(std::string_view text)
{
    auto const colon = text.rfind(':');
    auto const port = colon == std::string_view::npos ? std::nullopt : number_from<std::uint16_t>(text.substr(colon + 1));
    std::string host{text.substr(0, colon)};
    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    auto const fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
    };
    bool const is_name =
        !host.empty() && host.size() <= 253 && host.front() != '-' && host.front() != '.' && std::ranges::all_of(host, fits);
    if (!port || *port == 0 || (bracketed ? !is_address(host, AF_INET6) : !is_name))
        return fail(Errc::bad_value, fmt::format("\"{}\" is not an address or a name with a port, such as 10.9.8.7:9212", text));
    return std::pair{std::move(host), *port};
}

/// An empty array is refused: it would read as no site, and no key means all.
void read_site_ids(TableReader& forward, std::vector<std::string>& to)
{
    constexpr std::string_view key = "sites";
    auto const* node = forward.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr || array->empty()) {
        forward.problem(key, Errc::bad_value, "must be an array of site ids, at least one; without the key all sites are meant");
        return;
    }
    for (auto const& element : *array) {
        auto const id = identifier_from(element.value_or(std::string_view{}));
        if (!id)
            forward.at(element, Errc::bad_value, fmt::format("{}: holds site ids: {}", forward.path_of(key), id.error().detail));
        else if (std::ranges::find(to, *id) != to.end())
            forward.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", forward.path_of(key), *id));
        else
            to.push_back(*id);
    }
}

void read_mns(TableReader& forward, std::vector<std::pair<std::string, std::string>>& to)
{
    constexpr std::string_view key = "mn";
    auto const* node = forward.take(key);
    if (node == nullptr)
        return;
    auto const* table = node->as_table();
    if (table == nullptr) {
        forward.problem(key, Errc::bad_value, fmt::format("must be a table, not {}", type_in_words(*node)));
        return;
    }
    for (auto const& [site, mn] : *table) {
        auto const* value = mn.as_string();
        if (auto const checked = mn_from(value == nullptr ? std::string_view{} : std::string_view{value->get()}))
            to.emplace_back(site.str(), *checked);
        else
            forward.at(mn, checked.error().code, fmt::format("{}.{}: {}", forward.path_of(key), site.str(), checked.error().detail));
    }
}

Forward read_forward(TableReader& forward)
{
    using namespace std::chrono_literals;
    Forward to;
    forward.require("id");
    forward.parsed("id", to.id, identifier_from);
    forward.require("address");
    std::pair<std::string, std::uint16_t> receiver;
    forward.parsed("address", receiver, receiver_from);
    std::tie(to.host, to.port) = std::move(receiver);
    forward.require("password");
    forward.parsed("password", to.password, password_from);
    read_site_ids(forward, to.sites);
    read_intervals(forward, "intervals", "realtime, minute, hour, 4h, day", false, to.intervals);
    forward.parsed("edition", to.edition, one_of(editions));
    forward.parsed("st", to.system_type, [](std::string_view text) -> Result<std::string> {
        return is_system_type(text) ? Result<std::string>{text}
                                    : fail(Errc::bad_value, "must be a system type of two digits or letters, such as \"21\"");
    });
    read_mns(forward, to.mns);
    forward.parsed("crc", to.crc, parse_crc_form);
    forward.parsed("sm4_key", to.sm4_key, sm4_key_from);
    forward.whole<std::size_t>("window", to.window, 1, 64);
    forward.parsed("answer_timeout", to.answer_timeout, duration_between<std::chrono::milliseconds>(100ms, 10min));
    return to;
}

}  // namespace

void read_gateway(TableReader gateway, Config::Gateway& to)
{
    using std::chrono::milliseconds;
    using namespace std::chrono_literals;
    gateway.parsed("listen", to.listen, parse_endpoint);
    gateway.whole("threads", to.threads, 1, 64);
    gateway.whole<std::size_t>("segment_limit_bytes", to.segment_limit_bytes, 1024, 9999);     // the length in a frame has four digits
    gateway.whole<std::size_t>("connection_limit", to.connection_limit, 1, 1'000'000);
    gateway.whole<std::size_t>("connections_per_source_limit", to.connections_per_source_limit, 1, 1'000'000);
    gateway.whole<std::size_t>("frames_per_second_limit", to.frames_per_second_limit, 1, 1'000'000);
    gateway.whole<std::size_t>("bytes_per_second_limit", to.bytes_per_second_limit, 16 * 1024, 1'000'000'000);     // more than a frame
    gateway.parsed("data_age_limit", to.data_age_limit, duration_between<std::chrono::hours>(24h, std::chrono::days{36500}));
    gateway.whole<std::size_t>("frames_kept_mb_a_day", to.frames_kept_mb_a_day, 1, 64 * 1024);
    gateway.whole("refusals_limit", to.refusals_limit, 1, 1000);
    gateway.parsed("first_frame_deadline", to.first_frame_deadline, duration_between<milliseconds>(100ms, 24h));
    gateway.parsed("idle_deadline", to.idle_deadline, duration_between<milliseconds>(100ms, 7 * 24h));
    gateway.parsed("segment_deadline", to.segment_deadline, duration_between<milliseconds>(100ms, 1h));
    gateway.parsed("split_deadline", to.split_deadline, duration_between<milliseconds>(100ms, 1h));
    gateway.whole("key_days", to.key_days, 0, 365);
    gateway.whole("refill_days", to.refill_days, 0, 31);
    gateway.parsed("refill_interval", to.refill_interval, duration_between<milliseconds>(100ms, 24h));
    gateway.finish();
}

std::vector<Device> read_devices(TableReader& root)
{
    std::vector<Device> devices;
    std::set<std::string> mns;
    root.tables("devices", [&](TableReader& reader) {
        auto device = read_device(reader);
        if (!device.mn.empty() && !mns.insert(device.mn).second)
            reader.problem("mn", Errc::duplicate_id, fmt::format("\"{}\" is the MN of another device too", device.mn));
        devices.push_back(std::move(device));
    });
    return devices;
}

std::vector<Forward> read_forwards(TableReader& root)
{
    std::vector<Forward> forwards;
    std::set<std::string> ids;
    root.tables("forward", [&](TableReader& reader) {
        auto forward = read_forward(reader);
        if (!forward.id.empty() && !ids.insert(forward.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another forward too", forward.id));
        forwards.push_back(std::move(forward));
    });
    return forwards;
}

}  // namespace yihong
