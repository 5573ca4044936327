#include "yihong/evaluate/alert_life.hpp"

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"

#include "alert_turn.hpp"

#include <algorithm>
#include <utility>

namespace yihong {
namespace {

/// `20251106T120000Z`, for ids.
std::string compact(UtcTime time)
{
    auto text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

/// What the causes of `after` say that those of `before` did not.
std::vector<AlertStepInfo::RuleNews> news_of(std::vector<AlertCause> const& after, std::vector<AlertCause> const& before)
{
    std::vector<AlertStepInfo::RuleNews> news;
    for (auto const& cause : after) {
        auto const known = std::ranges::find(before, cause.rule, &AlertCause::rule);
        AlertStepInfo::RuleNews one{.rule = cause.rule, .began = known == before.end(), .items = {}};
        for (auto const& item : cause.items)
            if (one.began || std::ranges::find(known->items, item.parameter, &Exceedance::parameter) == known->items.end())
                one.items.push_back(item.parameter);
        if (one.began || !one.items.empty())
            news.push_back(std::move(one));
    }
    return news;
}

void take_causes(Alert& alert, std::vector<AlertCause> causes, AlertRecords const* records)
{
    alert.causes = std::move(causes);
    alert.severity = severity_of(alert.causes, alert.family).value_or(alert.severity);
    alert.peak_severity = std::max(alert.peak_severity, alert.severity);
    for (auto const& cause : alert.causes) {
        if (std::ranges::find(alert.rules, cause.rule) == alert.rules.end())
            alert.rules.push_back(cause.rule);
        alert.first_time = std::min(alert.first_time.value_or(cause.since), cause.since);
        auto const last = cause.kind == RuleKind::data_gap ? cause.since : cause.last;
        alert.last_time = std::max(alert.last_time.value_or(last), last);
    }
    take_values(alert, records);
}

/// The last look before a step on account of readings.
void prepare(Turn& turn, Telling telling)
{
    if (telling == Telling::held)                  // nobody is asked anew for what is known
        turn.register_it();
    else
        turn.set_clocks();
    if (!turn.around().upstream)
        return;
    auto& named = turn.alert.consequence_of;
    for (auto& id : turn.around().upstream(turn.alert))
        if (std::ranges::find(named, id) == named.end())
            named.push_back(std::move(id));
}

/// Whether its story ended with good readings, not only with a person's word.
bool has_recovered(Alert const& alert) noexcept { return is_over(alert.state) && alert.causes.empty(); }

/// What holds before causes are taken, to be compared with.
struct Before {
    explicit Before(Alert const& alert)
        : causes{alert.causes}, rules{alert.rules}, severity{alert.severity}, had_recovered{has_recovered(alert)}
    {}
    std::vector<AlertCause> causes;
    std::vector<std::string> rules;                ///< of its whole life
    AlertSeverity severity;
    bool had_recovered;                            ///< its story ended with good readings, not only with a person's word
};

/// What the causes that hold now make of an alert that has taken them. \return nothing where it is the same matter
std::optional<AlertStepKind> change_by(Alert const& alert, Before const& before, std::vector<AlertStepInfo::RuleNews> const& news,
                                       bool is_worse)
{
    if (is_over(alert.state)) {
        // a person said that it is solved, and nothing is worse than it was then: keep count, and tell nobody
        if (!before.had_recovered && std::ranges::none_of(news, &AlertStepInfo::RuleNews::began))
            return std::nullopt;
        return AlertStepKind::reopened;
    }
    if (alert.severity > before.severity)
        return AlertStepKind::escalated;
    if (alert.severity < before.severity)
        return AlertStepKind::eased;
    if (!news.empty() || (is_worse && alert.told.severity && !alert.owes_notice))
        return AlertStepKind::updated;
    return std::nullopt;
}

/// Whether somebody has to hear of it now. Who has known for long hears at once what is worse than anything told, what another rule says, and
/// that it is back when he was told that it is over.
Telling telling_of(Turn const& turn, AlertStepKind kind, Before const& before, bool is_worse)
{
    auto const& alert = turn.alert;
    bool const another_rule = std::ranges::any_of(
        alert.causes, [&](AlertCause const& cause) { return std::ranges::find(before.rules, cause.rule) == before.rules.end(); });
    bool const is_news = is_worse || another_rule || (kind == AlertStepKind::reopened && alert.told.over);
    return turn.is_known_for_long() && !is_news ? Telling::held : Telling::usual;
}

void step_by_causes(Turn& turn, Before const& before)
{
    auto& alert = turn.alert;
    bool const is_worse = is_worse_than_told(alert);
    auto news = news_of(alert.causes, before.causes);
    auto const kind = change_by(alert, before, news, is_worse);
    auto const& why = turn.around().why;
    if (!kind) {
        if (!why.zh.empty())  // other figures of the same matter, which no reading explains
            turn.take(AlertStepKind::commented, why);
        return;
    }
    auto const telling = telling_of(turn, *kind, before, is_worse);
    if (*kind == AlertStepKind::reopened) {
        ++alert.reopened;
        telling == Telling::held ? turn.go_on() : turn.set_open();
    } else if (*kind == AlertStepKind::escalated) {
        alert.silent_until.reset();  // asked for when it was less severe
    }
    prepare(turn, telling);
    AlertStepInfo info{.kind = *kind, .at = turn.now(), .note = why.zh, .note_en = why.en};
    if (info.kind == AlertStepKind::updated && news.empty() && why.zh.empty()) {
        info.note = "比已告知的更差";
        info.note_en = "worse than anything told before";
    }
    info.new_rules = std::move(news);
    turn.take(std::move(info), telling);
}

std::chrono::year_month month_of(UtcTime time) noexcept
{
    auto const date = beijing_date(time);
    return date.year() / date.month();
}

bool is_month_result(std::vector<AlertCause> const& causes) noexcept
{
    return !causes.empty() && std::ranges::all_of(causes, &AlertCause::month_over);
}

/// The mean of a whole month in a sentence.
EngineNote month_note(AlertCause const& result, AlertSurroundings const& around)
{
    auto const month = month_of(result.last);
    int const target = around.site ? around.site->target_class.value_or(3) : 3;
    bool const missed = !result.items.empty();
    auto const year = static_cast<int>(month.year());
    auto const number = static_cast<unsigned>(month.month());
    auto const mean = std::string{water_class_label(result.mean_class)};
    auto const wanted = std::string{water_class_label(target)};
    auto const english = [](int water_class) { return std::string{water_class_label_en(water_class)}; };
    return {std::to_string(year) + "年" + std::to_string(number) + "月均值为" + mean + "类，" + (missed ? "未达到" : "达到") + wanted +
                "类",
            "mean of " + std::to_string(year) + "-" + (number < 10 ? "0" : "") + std::to_string(number) + ": " +
                english(result.mean_class) + (missed ? ", misses " : ", meets ") + english(target)};
}

/// The result of a month is told once, and ends what its running mean began.
void end_month(Turn& turn, std::vector<AlertCause> causes, AlertRecords const* records)
{
    auto& alert = turn.alert;
    auto const result = causes.front().items.empty() ? MonthResult::met : MonthResult::missed;
    if (alert.told.month_result == result) {
        alert.causes.clear();
        return;
    }
    auto note = month_note(causes.front(), turn.around());
    if (alert.told.month_result != MonthResult::none)
        note = {"数据更正后，" + note.zh, "after corrections, " + note.en};
    alert.told.month_result = result;
    if (!causes.front().items.empty())
        take_causes(alert, std::move(causes), records);
    if (is_over(alert.state)) {
        alert.causes.clear();
        turn.take(AlertStepKind::updated, std::move(note));
    } else {
        turn.resolve(false, {.kind = AlertStepKind::resolved, .at = turn.now(), .note = std::move(note.zh), .note_en = std::move(note.en)});
    }
}

}  // namespace

bool begins_another(Alert const* known, AlertPlan const& plan, UtcTime now, std::vector<AlertCause> const& causes) noexcept
{
    if (!known)
        return true;
    if (known->family == AlertFamily::month && known->last_time && !causes.empty())
        return month_of(*known->last_time) != month_of(causes.front().last);
    // a notice closes by itself; an outage that is over is over, and the next is another
    bool const is_settled =
        known->state == AlertState::closed && (known->peak_severity > AlertSeverity::notice || known->family == AlertFamily::operation);
    bool const comes_back = !is_settled && known->resolved_at && now - *known->resolved_at <= plan.reopen_within;
    return has_recovered(*known) && !comes_back;
}

bool is_met_month(std::vector<AlertCause> const& causes) noexcept
{
    return is_month_result(causes) && std::ranges::all_of(causes, [](AlertCause const& cause) { return cause.items.empty(); });
}

Alert make_alert(AlertFamily family, Site const* site, std::vector<AlertCause> causes, AlertRecords const* records, UtcTime now)
{
    Alert alert;
    alert.family = family;
    if (site) {
        alert.site = site->number;
        alert.site_id = site->id;
    }
    alert.opened_at = now;
    take_causes(alert, std::move(causes), records);
    alert.id = alert.site_id + (site ? "-" : "");
    alert.id += to_text(family);
    alert.id += "-" + compact(alert.last_time.value_or(now));
    return alert;
}

AlertTurn open_alert(Alert made, AlertSurroundings const& around, UtcTime now)
{
    Turn turn{std::move(made), around, now};
    prepare(turn, Telling::usual);
    if (!is_month_result(turn.alert.causes)) {
        turn.take(AlertStepKind::opened, around.why);
        return std::move(turn).result();
    }
    turn.alert.told.month_result = MonthResult::missed;  // it turned bad with its last day: one message says it all
    turn.take(AlertStepKind::opened, month_note(turn.alert.causes.front(), around));
    turn.resolve(false, {.kind = AlertStepKind::resolved, .at = now}, Telling::held);
    return std::move(turn).result();
}

AlertTurn follow_causes(Alert known, std::vector<AlertCause> causes, AlertRecords const* records, AlertSurroundings const& around,
                        UtcTime now)
{
    Turn turn{std::move(known), around, now};
    auto& alert = turn.alert;
    if (causes.empty()) {
        alert.causes.clear();
        take_values(alert, records);
        if (is_over(alert.state)) {  // a person's word was right
            turn.take(AlertStepKind::commented,
                      around.why.zh.empty() ? EngineNote{"数据已恢复正常", "the readings have recovered"} : around.why);
        } else {
            // what keeps coming back and going is not over for those who have heard both
            bool const keeps_coming_back = turn.is_known_for_long() && alert.reopened > 0;
            turn.resolve(false, {.kind = AlertStepKind::resolved, .at = now, .note = around.why.zh, .note_en = around.why.en},
                         keeps_coming_back ? Telling::held : Telling::usual);
        }
    } else if (is_month_result(causes)) {
        end_month(turn, std::move(causes), records);
    } else {
        Before const before{alert};
        take_causes(alert, std::move(causes), records);
        step_by_causes(turn, before);
    }
    return std::move(turn).result();
}

}  // namespace yihong
