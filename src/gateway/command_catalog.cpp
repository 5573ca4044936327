#include "command_catalog.hpp"

#include "yihong/base/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::gateway {
namespace {

using hj212::Edition;
using Parameter = CommandParameter;
using PKind = CommandParameter::Kind;
using Reach = CommandSpec::Reach;
constexpr auto request = CommandSpec::Kind::request;
constexpr auto notice = CommandSpec::Kind::notice;

constexpr std::size_t longest_text = 100;

constexpr unsigned bit(Edition edition) { return 1U << static_cast<unsigned>(edition); }
constexpr unsigned hj212_editions = bit(Edition::hjt212_2005) | bit(Edition::hj212_2017) | bit(Edition::hj212_2025);
constexpr unsigned from_2017 = bit(Edition::hj212_2017) | bit(Edition::hj212_2025) | bit(Edition::surface_water);
constexpr unsigned water = bit(Edition::surface_water);
constexpr unsigned only_2025 = bit(Edition::hj212_2025);
constexpr unsigned every = hj212_editions | water;

std::vector<CommandSpec> make_catalog()
{
    Parameter const instrument{"instrument", "PolId", PKind::code, false, 0, 0};
    Parameter const some_instrument{"instrument", "PolId", PKind::code, true, 0, 0};
    Parameter const clock{"time", "SystemTime", PKind::time, false, 0, 0};
    Parameter const item{"item", "InfoId", PKind::code, true, 0, 0};
    Parameter const fields{"fields", "", PKind::fields, false, 0, 0};
    std::vector<Parameter> const period{{"begin", "BeginTime", PKind::time}, {"end", "EndTime", PKind::time}};
    Parameter const some_fields{"fields", "", PKind::fields, true, 0, 0};
    std::vector<Parameter> const free_form{instrument, fields};
    auto const ins = Reach::instrument;
    return {
        {"set_timeouts",
         "设置超时时间及重发次数",
         1000,
         request,
         Reach::data,
         false,
         {{"seconds", "OverTime", PKind::number, true, 1, 99}, {"resends", "ReCount", PKind::number, true, 1, 99}},
         every},
        {"read_serial_numbers", "提取硬件序列号", 1001, request, Reach::data, false, free_form, only_2025},
        {"set_mn", "设置设备唯一标识", 1002, request, Reach::access, false, {some_fields}, only_2025},
        {"read_clock", "提取现场机时间", 1011, request, Reach::data, false, {instrument}, hj212_editions},
        {"set_clock", "设置现场机时间", 1012, request, Reach::data, false, {instrument, clock}, hj212_editions},
        {"new_key", "更新密钥", hj212::cn::new_key, request, Reach::data, false, {}, only_2025, true},
        {"read_clock", "提取现场机时间", 1014, request, Reach::data, false, {instrument}, water},
        {"set_clock", "设置现场机时间", 1015, request, Reach::data, false, {instrument, clock}, water},
        {"read_realtime_interval", "提取实时数据间隔", 1061, request, Reach::data, false, {}, every},
        {"set_realtime_interval",
         "设置实时数据间隔",
         1062,
         request,
         Reach::data,
         false,
         {{"seconds", "RtdInterval", PKind::number, true, 30, 3600}},
         every},
        {"read_minute_interval", "提取分钟数据间隔", 1063, request, Reach::data, false, {}, from_2017},
        {"set_minute_interval",
         "设置分钟数据间隔",
         1064,
         request,
         Reach::data,
         false,
         {{"minutes", "MinInterval", PKind::divisor, true, 1, 30}},
         from_2017},
        {"set_password", "设置现场机密码", 1072, request, Reach::access, false, {{"password", "NewPW", PKind::text, true, 6, 6}}, every},
        {"start_realtime", "取污染物实时数据", 2011, request, Reach::data, true, {}, every},
        {"stop_realtime", "停止察看污染物实时数据", 2012, notice, Reach::data, false, {}, every},
        {"start_state", "取设备运行状态数据", 2021, request, Reach::data, true, {}, every},
        {"stop_state", "停止察看设备运行状态", 2022, notice, Reach::data, false, {}, every},
        {"history_day", "取污染物日历史数据", 2031, request, Reach::data, false, period, every},
        {"history_running_time", "取设备运行时间日历史数据", 2041, request, Reach::data, false, period, every},
        {"history_minute", "取污染物分钟数据", 2051, request, Reach::data, false, period, every},
        {"history_hour", "取污染物小时数据", 2061, request, Reach::data, false, period, every},
        {"calibrate", "零点校准量程校准", 3011, request, ins, false, {some_instrument}, hj212_editions},
        {"sample", "即时采样", 3012, request, ins, false, {some_instrument}, hj212_editions},
        {"clean", "启动清洗/反吹", 3013, request, ins, false, {some_instrument}, bit(Edition::hj212_2017) | bit(Edition::hj212_2025)},
        {"compare_samples", "比对采样", 3014, request, ins, false, {some_instrument}, bit(Edition::hj212_2017)},
        {"retain_sample", "超标留样", 3015, request, ins, false, {}, bit(Edition::hj212_2017) | water},
        {"retain_sample", "即时留样", 3022, request, ins, false, free_form, only_2025},
        {"check_standard", "启动标样核查", 3024, request, ins, false, free_form, only_2025},
        {"set_sampling_cycle",
         "设置采样时间周期",
         3016,
         request,
         ins,
         false,
         {some_instrument, {"start", "CstartTime", PKind::day_time}, {"hours", "Ctime", PKind::number, true, 1, 24}},
         from_2017},
        {"read_sampling_cycle", "提取采样时间周期", 3017, request, Reach::data, false, {some_instrument}, from_2017},
        {"read_analysis_time", "提取出样时间", 3018, request, Reach::data, false, {some_instrument}, from_2017},
        {"read_identity", "提取设备唯一标识", 3019, request, Reach::data, false, {some_instrument}, from_2017},
        {"read_site_information", "提取现场机信息", 3020, request, Reach::data, false, {some_instrument, item}, from_2017},
        {"set_parameter", "设置现场机参数", 3021, request, ins, false, {some_instrument, item, {"value", "", PKind::info}}, from_2017},
        {"running_mode", "设置运行模式", 3042, request, ins, false, free_form, water},
        {"restart", "重启", 3043, request, ins, false, free_form, water},
        {"start_test", "启动单次测试", 3044, request, ins, false, free_form, water},
        {"emergency_stop", "紧急停机", 3045, request, ins, false, free_form, water},
        {"standby", "进入待机状态", 3046, request, ins, false, free_form, water},
        {"measuring_interval", "设置测量间隔", 3056, request, ins, false, free_form, water},
        {"check_standard", "启动标样核查", 3080, request, ins, false, free_form, water},
        {"check_recovery", "启动加标回收", 3081, request, ins, false, free_form, water},
        {"check_parallel", "启动平行样测试", 3082, request, ins, false, free_form, water},
        {"check_zero", "启动零点核查", 3083, request, ins, false, free_form, water},
        {"check_span", "启动跨度核查", 3084, request, ins, false, free_form, water},
        {"calibrate_blank", "启动空白校准", 3085, request, ins, false, free_form, water},
        {"calibrate_standard", "启动标样校准", 3086, request, ins, false, free_form, water},
        {"stop_test", "停止测试", 3100, request, ins, false, free_form, water},
    };
}

bool is_word(std::string_view text, std::string_view more = {})
{
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || more.find(c) != std::string_view::npos;
    });
}

bool is_digits(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether a text may stand in a data area: nothing that ends a field, and nothing that a terminal or a log would act on.
bool is_field_text(std::string_view text)
{
    return !text.empty() && text.size() <= longest_text && std::ranges::all_of(text, [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F &&
               std::string_view{";,=&#"}.find(c) == std::string_view::npos;
    });
}

class Builder {
public:
    explicit Builder(std::vector<CommandArgument> const& arguments) : arguments_{arguments} { shown_.begin_object(); }

    std::optional<Failure> add(Parameter const& parameter)
    {
        auto const at = std::ranges::find(arguments_, parameter.name, &CommandArgument::name);
        if (at == arguments_.end()) {
            if (parameter.required)
                return Failure{Errc::missing_field, fmt::format("{} is missing", parameter.name)};
            built_.appends_clock |= parameter.field == "SystemTime";
            return std::nullopt;
        }
        bool const wants_number = parameter.kind == PKind::number || parameter.kind == PKind::divisor;
        bool const wants_fields = parameter.kind == PKind::fields;
        shown_.key(parameter.name);
        if (auto const* number = std::get_if<std::int64_t>(&at->value); number && wants_number)
            return add_number(parameter, *number);
        if (auto const* text = std::get_if<std::string>(&at->value); text && !wants_number && !wants_fields)
            return add_text(parameter, *text);
        if (auto const* fields = std::get_if<2>(&at->value); fields && wants_fields)
            return add_fields(*fields);
        return bad(parameter, wants_number ? "is not a whole number" : wants_fields ? "is not an object of texts" : "is not a text");
    }
    BuiltCommand finish()
    {
        shown_.end_object();
        built_.parameters_json = std::move(json_);
        return std::move(built_);
    }

private:
    static Failure bad(Parameter const& parameter, std::string_view what)
    {
        return {Errc::bad_value, fmt::format("{} {}", parameter.name, what)};
    }
    void field(std::string_view name, std::string_view value)
    {
        if (!built_.cp.empty())
            built_.cp += ';';
        built_.cp += fmt::format("{}={}", name, value);
    }
    std::optional<Failure> add_number(Parameter const& parameter, std::int64_t number)
    {
        if (number < parameter.low || number > parameter.high)
            return bad(parameter, fmt::format("is not a whole number from {} to {}", parameter.low, parameter.high));
        if (parameter.kind == PKind::divisor && 60 % number != 0)
            return bad(parameter, "does not divide the hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30");
        field(parameter.field, std::to_string(number));
        shown_.value(number);
        return std::nullopt;
    }
    std::optional<Failure> add_text(Parameter const& parameter, std::string const& text)
    {
        switch (parameter.kind) {
        case PKind::time: {
            auto const time = parse_rfc3339(text);
            if (!time)
                return Failure{Errc::bad_time, fmt::format("{}: {}", parameter.name, time.error().detail)};
            if (parameter.field == "BeginTime")
                begin_ = *time;
            if (parameter.field == "EndTime" && begin_ && *time < *begin_)
                return bad(parameter, "is before begin");
            field(parameter.field, hj212::format_station_time(*time));
            shown_.value(*time);
            return std::nullopt;
        }
        case PKind::day_time:
            if (text.size() != 6 || !is_digits(text) || text.substr(0, 2) > "23" || text.substr(2, 2) > "59" || text.substr(4) > "59")
                return bad(parameter, "is not a time of the day, hhmmss in Beijing time");
            break;
        case PKind::code:
            if (!is_word(text) || text.size() > 12)
                return bad(parameter, "is not a code such as w01018");
            code_ = text;
            break;
        case PKind::info:
            if (!is_field_text(text))
                return bad(parameter, fmt::format("is not 1 to {} printable ASCII characters without ; , = & #", longest_text));
            field(code_ + "-Info", text);
            shown_.value(text);
            return std::nullopt;
        default:
            if (!is_word(text) || std::cmp_less(text.size(), parameter.low) || std::cmp_greater(text.size(), parameter.high))
                return bad(parameter, parameter.low == parameter.high
                                          ? fmt::format("is not {} letters and digits", parameter.low)
                                          : fmt::format("is not {} to {} letters and digits", parameter.low, parameter.high));
            break;
        }
        field(parameter.field, text);
        shown_.value(is_secret_field(parameter.field) ? std::string_view{"******"} : std::string_view{text});
        return std::nullopt;
    }
    std::optional<Failure> add_fields(std::vector<std::pair<std::string, std::string>> const& fields)
    {
        shown_.begin_object();
        for (auto const& [name, value] : fields) {
            if (!is_word(name, "-_") || name.size() > 40)
                return Failure{Errc::bad_value, "fields: a name is not 1 to 40 letters, digits, - and _"};
            if (!is_field_text(value))
                return Failure{Errc::bad_value,
                               fmt::format("fields.{} is not 1 to {} printable ASCII characters without ; , = & #", name, longest_text)};
            field(name, value);
            shown_.member(name, value);
        }
        shown_.end_object();
        return std::nullopt;
    }

    std::vector<CommandArgument> const& arguments_;
    BuiltCommand built_;
    std::string json_;
    JsonWriter shown_{json_};
    std::string code_;
    std::optional<UtcTime> begin_;
};

}  // namespace

std::span<CommandSpec const> all_commands()
{
    static auto const catalog = make_catalog();
    return catalog;
}

Result<CommandSpec const*> find_command(std::string_view name, Edition edition)
{
    bool elsewhere = false;
    for (auto const& spec : all_commands()) {
        if (spec.name == name && spec.is_in(edition))
            return &spec;
        elsewhere |= spec.name == name;
    }
    auto detail = elsewhere
                      ? fmt::format("command '{}' is not one of edition {}, which this device speaks; it knows:", name, to_text(edition))
                      : fmt::format("there is no command '{}'; edition {}, which this device speaks, knows:",
                                    is_word(name, "_") ? name.substr(0, 40) : "?", to_text(edition));
    for (auto const& spec : all_commands())
        if (spec.is_in(edition))
            detail += fmt::format(" {}", spec.name);
    return fail(Errc::bad_value, std::move(detail));
}

std::string BuiltCommand::data_area(UtcTime now) const
{
    if (!appends_clock)
        return cp;
    return cp + (cp.empty() ? "" : ";") + "SystemTime=" + hj212::format_station_time(now);
}

Result<BuiltCommand> build_command(CommandSpec const& spec, std::vector<CommandArgument> const& arguments)
{
    for (auto const& argument : arguments) {
        if (std::ranges::find(spec.parameters, std::string_view{argument.name}, &Parameter::name) != spec.parameters.end())
            continue;
        std::string detail = fmt::format("'{}' is not a parameter of {}; it takes:", argument.name.substr(0, 60), spec.name);
        for (auto const& parameter : spec.parameters)
            detail += fmt::format(" {}", parameter.name);
        return fail(Errc::unknown_field, detail + (spec.parameters.empty() ? " none" : ""));
    }
    Builder builder{arguments};
    for (auto const& parameter : spec.parameters)
        if (auto failure = builder.add(parameter))
            return std::unexpected{std::move(*failure)};
    auto built = builder.finish();
    if (built.cp.size() > hj212::longest_cp)
        return fail(Errc::too_large, fmt::format("the data area would be longer than {} bytes", hj212::longest_cp));
    return built;
}

bool is_secret_field(std::string_view name) noexcept { return name == "NewPW" || name == "NewSK"; }

std::string_view qn_rtn_text(int code, Edition edition) noexcept
{
    bool const is_water = edition == Edition::surface_water;
    switch (code) {
    case 1: return "准备执行请求 accepted";
    case 2: return "请求被拒绝 refused";
    case 3: return "PW 错误 wrong PW";
    case 4: return "MN 错误 wrong MN";
    case 5: return "ST 错误 wrong ST";
    case 6: return "Flag 错误 wrong Flag";
    case 7: return "QN 错误 wrong QN";
    case 8: return "CN 错误 wrong CN";
    case 9: return is_water ? "设备忙 busy" : "CRC 校验错误 wrong CRC";
    case 99: return is_water ? "CRC 校验错误 wrong CRC" : "未知代码 code not in the standard";
    case 100: return "未知错误 unknown error";
    default: return "未知代码 code not in the standard";
    }
}

std::string_view exe_rtn_text(int code) noexcept
{
    switch (code) {
    case 1: return "执行成功 done";
    case 2: return "执行失败，但不知道原因 failed, reason unknown";
    case 3: return "命令请求条件错误 condition of the request wrong";
    case 4: return "通讯超时 communication timeout";
    case 5: return "系统繁忙不能执行 busy";
    case 6: return "系统故障 system fault";
    case 100: return "没有数据 no data";
    default: return "未知代码 code not in the standard";
    }
}

}  // namespace yihong::gateway
