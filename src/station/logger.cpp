#include "logger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace yihong::station {
namespace {

namespace cn = hj212::cn;
using namespace std::chrono;

enum class QnRtn { accepted = 1, refused = 2, wrong_password = 3, wrong_mn = 4, wrong_qn = 7, unknown_command = 8 };
enum class ExeRtn { done = 1, wrong_condition = 3 };

constexpr std::size_t settings_limit = 64;
constexpr std::size_t value_limit = 200;

struct Command {
    int cn;
    std::string_view reads;            ///< setting that the answer carries
    std::string_view sets;             ///< setting that the request carries
};
constexpr std::array settings_commands{
    Command{1061, "RtdInterval", ""}, Command{1062, "", "RtdInterval"},      Command{1063, "MinInterval", ""},
    Command{1064, "", "MinInterval"}, Command{3016, "", "CstartTime Ctime"}, Command{3017, "CstartTime Ctime", ""},
    Command{3018, "Stime", ""}};

std::optional<int> whole(std::string_view text, int low, int high)
{
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
        return std::nullopt;
    return value;
}

/// Text that may stand in a segment or a data area without breaking it.
bool is_plain(std::string_view text)
{
    return !text.empty() && text.size() <= value_limit && text.find_first_of(";,=&\r\n") == std::string_view::npos;
}

template <typename Visit>
void each_word(std::string_view words, Visit visit)
{
    while (!words.empty()) {
        auto const end = std::min(words.find(' '), words.size());
        visit(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

}  // namespace

/// A request while it is carried out.
struct Logger::Exchange {
    hj212::Segment const& request;
    std::vector<hj212::Field> fields;
    UtcTime now;
    hj212::Outgoing head;
    Reply reply;
    QnRtn accepted = QnRtn::accepted;
    ExeRtn result = ExeRtn::done;
    std::vector<hj212::Outgoing> between;              ///< data between 9011 and 9012

    [[nodiscard]] std::string_view value(std::string_view name) const { return hj212::find_value(fields, name); }
    /// Data that belongs to the request: its own command, its QN, no answer wanted.
    void upload(std::string cp)
    {
        auto message = head;
        message.st = request.st;
        message.cn = request.cn;
        message.cp = std::move(cp);
        between.push_back(std::move(message));
    }
    /// `PolId=…;` where the request names a factor.
    [[nodiscard]] std::string factor() const { return value("PolId").empty() ? std::string{} : fmt::format("PolId={};", value("PolId")); }
};

namespace {

hj212::Outgoing interaction(hj212::Outgoing message, int code, std::string cp)
{
    message.cn = code;
    message.st = "91";
    message.cp = std::move(cp);
    return message;
}

}  // namespace

hj212::Outgoing Logger::result_of(DataRequest const& request, int exe_rtn)
{
    return interaction(request.answer_head, cn::execution_result, fmt::format("ExeRtn={}", exe_rtn));
}

hj212::Outgoing Logger::refusal_of(DataRequest const& request)
{
    return interaction(request.answer_head, cn::request_answer, fmt::format("QnRtn={}", static_cast<int>(QnRtn::refused)));
}

hj212::Outgoing Logger::message(int code, bool wants_answer) const
{
    hj212::Outgoing message;
    message.st = me_.st;
    message.cn = code;
    message.pw = me_.password;
    message.mn = me_.mn;
    message.flag = hj212::version_bits(me_.edition) | (wants_answer ? 1 : 0);
    return message;
}

void Logger::set_clock(Exchange& exchange)
{
    auto const time = hj212::parse_station_time(exchange.value("SystemTime"));
    if (time)
        me_.drift = *time - exchange.now;
    else
        exchange.result = ExeRtn::wrong_condition;
}

void Logger::set_key(Exchange& exchange)
{
    auto const key = hj212::Sm4::from_key(exchange.value("NewSK"));
    if (key && !exchange.value("SKCreateTime").empty())
        me_.key = *key;
    else
        exchange.result = ExeRtn::wrong_condition;
}

bool Logger::read_or_set(Exchange& exchange)
{
    auto const command = std::ranges::find(settings_commands, exchange.request.cn, &Command::cn);
    if (command == settings_commands.end())
        return false;
    each_word(command->sets, [&](std::string_view name) {
        if (auto const value = exchange.value(name); is_plain(value))
            settings_.insert_or_assign(std::string{name}, std::string{value});
        else
            exchange.result = ExeRtn::wrong_condition;
    });
    std::string cp;
    each_word(command->reads,
              [&](std::string_view name) { cp += fmt::format("{}{}={}", cp.empty() ? "" : ";", name, settings_.find(name)->second); });
    if (!cp.empty())
        exchange.upload(exchange.factor() + cp);
    return true;
}

void Logger::ask_for_data(Exchange& exchange)
{
    auto const code = exchange.request.cn;
    DataRequest data{.answer_head = exchange.head, .cn = code, .begin = std::nullopt, .end = {}};
    auto const begin = exchange.value("BeginTime");
    if (!begin.empty() || code != cn::real_time) {
        auto const from = hj212::parse_station_time(begin);
        auto const to = hj212::parse_station_time(exchange.value("EndTime"));
        if (!from || !to || *to < *from) {
            exchange.result = ExeRtn::wrong_condition;
            return;
        }
        data.begin = *from;
        data.end = *to;
    }
    exchange.reply.data = std::move(data);
}

void Logger::upload_information(Exchange& exchange)
{
    auto const id = exchange.value("InfoId");
    if (!is_plain(id)) {
        exchange.result = ExeRtn::wrong_condition;
        return;
    }
    auto const known = settings_.find(id);
    exchange.upload("DataTime=" + hj212::format_station_time(clock(exchange.now)) + ";" + exchange.factor() +
                    fmt::format("{}-Info={}", id, known == settings_.end() ? "0" : known->second));
}

void Logger::set_information(Exchange& exchange)
{
    auto const given = std::ranges::find(exchange.fields, "Info", &hj212::Field::part);
    if (given == exchange.fields.end() || !is_plain(given->code) || !is_plain(given->value) || settings_.size() >= settings_limit)
        exchange.result = ExeRtn::wrong_condition;
    else
        settings_.insert_or_assign(std::string{given->code}, std::string{given->value});
}

void Logger::execute(Exchange& exchange)
{
    auto const& request = exchange.request;
    bool const surface_water = me_.st == "21";
    bool const is_2025 = me_.edition == hj212::Edition::hj212_2025;
    auto const time = [&] { return hj212::format_station_time(clock(exchange.now)); };
    if (read_or_set(exchange))
        return;
    switch (request.cn) {
    case cn::set_timeouts: {
        auto const timeout = whole(exchange.value("OverTime"), 1, 99);
        auto const count = whole(exchange.value("ReCount"), 1, 99);
        if (!timeout || !count) {
            exchange.result = ExeRtn::wrong_condition;
            return;
        }
        answer_timeout_ = seconds{*timeout};
        resends_ = *count;
        return;
    }
    case cn::read_clock: exchange.upload(exchange.factor() + "SystemTime=" + time()); return;
    case cn::set_clock: set_clock(exchange); return;
    case cn::new_key:                                  // the network of surface-water stations reads the clock by 1014
        if (surface_water)
            exchange.upload("SystemTime=" + time());
        else if (is_2025)
            set_key(exchange);
        else
            exchange.accepted = QnRtn::unknown_command;
        return;
    case 1015:
        if (surface_water)
            set_clock(exchange);
        else
            exchange.accepted = QnRtn::unknown_command;
        return;
    case 1072:
        if (is_plain(exchange.value("NewPW")))
            me_.password = exchange.value("NewPW");
        else
            exchange.result = ExeRtn::wrong_condition;
        return;
    case cn::real_time: real_time_ = true; [[fallthrough]];
    case cn::minute:
    case cn::hour:
    case cn::day: ask_for_data(exchange); return;
    case cn::state: exchange.upload("DataTime=" + time() + ";SB1-RS=1"); return;
    case cn::running_time: exchange.upload("DataTime=" + time() + ";SB1-RT=24"); return;
    case 3011:  // calibrate, sample, clean, compare: there is nothing to show but that it was done
    case 3012:
    case 3013: return;
    case 3014:
        if (is_2025)
            exchange.accepted = QnRtn::unknown_command;
        return;
    case 1001:
        if (is_2025)
            exchange.upload(exchange.factor() + "SN=" + me_.mn);
        else
            exchange.accepted = QnRtn::unknown_command;
        return;
    case 3015:  // the edition of 2025 has 3022 in its place
    case 3022:
        if ((request.cn == 3022) == is_2025)
            exchange.upload("DataTime=" + time() + ";VaseNo=1");
        else
            exchange.accepted = QnRtn::unknown_command;
        return;
    case 3024:
        if (!is_2025)
            exchange.accepted = QnRtn::unknown_command;
        return;
    case 3019: {
        auto const factor = exchange.value("PolId");
        exchange.upload(exchange.factor() + fmt::format("{}-SN={}", is_plain(factor) ? factor : "w01018", me_.mn));
        return;
    }
    case cn::site_information: upload_information(exchange); return;
    case 3021: set_information(exchange); return;
    default: exchange.accepted = QnRtn::unknown_command; return;
    }
}

Logger::Reply Logger::answer(hj212::Segment const& segment, UtcTime now)
{
    Exchange exchange{.request = segment, .fields = {}, .now = now, .head = {}, .reply = {}, .between = {}};
    hj212::parse_data_area(segment.cp, exchange.fields);
    exchange.head.qn = segment.qn;
    exchange.head.pw = segment.pw;
    exchange.head.mn = me_.mn;
    exchange.head.flag = segment.flag.value_or(0) & ~3;
    bool const is_notice = segment.cn == cn::stop_real_time || segment.cn == 2022;

    if (segment.mn != me_.mn)
        exchange.accepted = QnRtn::wrong_mn;
    else if (segment.pw != me_.password)
        exchange.accepted = QnRtn::wrong_password;
    else if (segment.qn.size() != 17 && me_.edition != hj212::Edition::hjt212_2005)
        exchange.accepted = QnRtn::wrong_qn;
    else if (segment.cn == cn::stop_real_time)
        real_time_ = false;
    else if (!is_notice)
        execute(exchange);

    auto& messages = exchange.reply.messages;
    if (is_notice && exchange.accepted == QnRtn::accepted) {
        messages.push_back(interaction(exchange.head, cn::notice_answer, {}));
        return std::move(exchange.reply);
    }
    messages.push_back(interaction(exchange.head, cn::request_answer, fmt::format("QnRtn={}", static_cast<int>(exchange.accepted))));
    if (exchange.accepted != QnRtn::accepted || exchange.reply.data)
        return std::move(exchange.reply);
    for (auto& message : exchange.between)
        messages.push_back(std::move(message));
    messages.push_back(interaction(exchange.head, cn::execution_result, fmt::format("ExeRtn={}", static_cast<int>(exchange.result))));
    return std::move(exchange.reply);
}

}  // namespace yihong::station
