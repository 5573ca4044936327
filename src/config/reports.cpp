#include "reports.hpp"

#include "plan_parts.hpp"
#include "values.hpp"

#include "yihong/reports/comparison.hpp"
#include "yihong/reports/report_kinds.hpp"

namespace yihong {
namespace {

constexpr std::array figures{std::pair{std::string_view{"water_index"}, RankingFigure::water_index},
                             std::pair{std::string_view{"good_share"}, RankingFigure::good_share},
                             std::pair{std::string_view{"met_share"}, RankingFigure::met_share}};
constexpr std::array index_weights{std::pair{std::string_view{"sections"}, IndexWeights::sections},
                                   std::pair{std::string_view{"equal"}, IndexWeights::equal}};
constexpr std::array ties{std::pair{std::string_view{"leave_out"}, TieRule::leave_out},
                          std::pair{std::string_view{"go_on"}, TieRule::go_on}};
constexpr std::array orders{std::pair{std::string_view{"smallest_first"}, true}, std::pair{std::string_view{"largest_first"}, false}};

void read_ranking(TableReader table, RankingRules& to)
{
    table.parsed("by", to.figure, one_of(figures));
    to = usual_rules(to.figure);
    table.parsed("order", to.smallest_first, one_of(orders));
    table.whole("decimals", to.decimals, 0, 4);
    table.whole("change_decimals", to.change_decimals, 0, 4);
    table.parsed("weights", to.weights, one_of(index_weights));
    if (table.has("weights") && to.figure != RankingFigure::water_index)
        table.problem("weights", Errc::bad_value, "only the water_index weighs rivers and lakes");
    table.parsed("ties", to.ties, one_of(ties));
    table.finish();
}

void read_air_index(TableReader table, IndexRules& to)
{
    table.whole("decimals", to.decimals, 2, 3);
    auto weights = table.table("weights");
    for (auto const* name : {"so2", "no2", "pm10", "pm25", "co", "o3_8h"}) {
        int weight = 1;
        weights.whole(name, weight, 1, 9);
        if (weight != 1)
            to.weights[name] = weight;
    }
    weights.finish();
    table.finish();
}

void read_outfalls(TableReader table, OutfallRules& to)
{
    table.whole("cycle_hours", to.cycle_hours, 1, 6);
    if (24 % to.cycle_hours != 0)
        table.problem("cycle_hours", Errc::bad_value, "must be 1, 2, 3, 4 or 6: a day has whole cycles");
    table.whole("percent_of_hours", to.percent_of_hours, 1, 100);
    table.whole("percent_of_days", to.percent_of_days, 1, 100);
    table.finish();
}

AirPoint read_air_point(TableReader& table)
{
    AirPoint point;
    table.require("station");
    table.text("station", point.station);
    table.parsed("from", point.from, parse_date);
    table.parsed("to", point.to, parse_date);
    if (!table.has("from") && !table.has("to"))
        table.problem("from", Errc::missing_field, "says nothing without from, to, or both: every station is a point always");
    if (point.from && point.to && *point.to < *point.from)
        table.problem("to", Errc::bad_value, "lies before from");
    return point;
}

ReportNote read_note(TableReader& table)
{
    ReportNote note;
    table.require("period");
    table.parsed("period", note.period, [](std::string_view given) { return parse_period(given); });
    read_names(table, "reports", note.reports);
    for (auto const& kind : note.reports)
        if (!find_report(kind))
            table.problem("reports", Errc::bad_value, fmt::format("\"{}\" is none of {}", kind, report_kinds_text()));
    table.require("text");
    table.text("text", note.text);
    return note;
}

/// `09:00`
Result<std::chrono::minutes> time_of_day(std::string_view text)
{
    auto const is_digit = [](char c) { return '0' <= c && c <= '9'; };
    if (text.size() == 5 && text[2] == ':' && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[3]) && is_digit(text[4])) {
        int const hours = (text[0] - '0') * 10 + text[1] - '0';
        int const minutes = (text[3] - '0') * 10 + text[4] - '0';
        if (hours < 24 && minutes < 60)
            return std::chrono::minutes{hours * 60 + minutes};
    }
    return fail(Errc::bad_value, fmt::format("\"{}\" is no time of day such as 09:00", text));
}

constexpr std::array formats{std::pair{std::string_view{"docx"}, std::string_view{"docx"}},
                             std::pair{std::string_view{"html"}, std::string_view{"html"}},
                             std::pair{std::string_view{"xlsx"}, std::string_view{"xlsx"}}};
constexpr std::array periods{std::pair{std::string_view{"week"}, PeriodKind::week}, std::pair{std::string_view{"month"}, PeriodKind::month},
                             std::pair{std::string_view{"quarter"}, PeriodKind::quarter},
                             std::pair{std::string_view{"half_year"}, PeriodKind::half_year},
                             std::pair{std::string_view{"year"}, PeriodKind::year}};

/// With what the reports are compared; of the next one it has to make sense.
void read_compare(TableReader& table, ReportSchedule& to, std::optional<int> base_year)
{
    std::optional<PeriodComparison> comparison;
    table.parsed("compare", comparison, parse_comparison);
    if (!comparison)
        return;
    table.text("compare", to.compare);
    auto const next = period_of(to.every, utc_now());
    if (auto const base = compared_period(*comparison, next, base_year); !base)
        table.problem("compare", base.error().code, base.error().detail);
}

/// Of two of the same report the second would find it handed out.
bool hands_out_the_same(ReportSchedule const& a, ReportSchedule const& b)
{
    return a.kind == b.kind && a.every == b.every && a.place == b.place;
}

ReportSchedule read_schedule(TableReader& table, std::filesystem::path const& folder, std::vector<Channel> const& channels,
                             std::optional<int> base_year)
{
    ReportSchedule made;
    std::string_view format = "docx";
    table.require("report");
    table.parsed("report", made.kind, [](std::string_view kind) -> Result<std::string> {
        return find_report(kind) ? Result<std::string>{kind}
                                 : fail(Errc::bad_value, fmt::format("\"{}\" is not one of {}", kind, report_kinds_text()));
    });
    table.parsed("every", made.every, one_of(periods));
    table.whole("day", made.day, 1, 60);
    table.parsed("time", made.time, time_of_day);
    table.parsed("format", format, one_of(formats));
    made.format = format;
    table.text("place", made.place);
    if (!made.place.empty() && made.kind == "air-month")
        table.problem("place", Errc::bad_value, "the air report is of no place");
    read_compare(table, made, base_year);
    table.parsed("folder", made.folder, path_from(folder));
    table.text("channel", made.channel);
    auto const by = std::ranges::find(channels, made.channel, &Channel::id);
    if (!made.channel.empty() && (by == channels.end() || by->kind != ChannelKind::smtp))
        table.problem("channel", Errc::bad_value, fmt::format("\"{}\" is no channel of e-mail", made.channel));
    else if (!made.channel.empty() && by->to.empty())
        table.problem("channel", Errc::bad_value, fmt::format("the channel \"{}\" has no recipients (to) of its own", made.channel));
    if (made.channel.empty() && made.folder.empty())
        table.problem("folder", Errc::missing_field, "a report goes into a folder, by a channel, or both");
    return made;
}

}  // namespace

void read_reports(TableReader table, std::filesystem::path const& folder, ReportSettings& to, std::vector<Channel> const& channels,
                  std::vector<ReportSchedule>& schedules)
{
    table.text("publisher", to.publisher);
    table.text("city", to.city);
    if (table.has("base_year"))
        table.whole("base_year", to.base_year.emplace(), 1990, 2999);
    table.parsed("water_template", to.water_template, path_from(folder));
    table.parsed("compliance_template", to.compliance_template, path_from(folder));
    table.parsed("ranking_template", to.ranking_template, path_from(folder));
    table.parsed("air_template", to.air_template, path_from(folder));
    table.parsed("plant_template", to.plant_template, path_from(folder));
    table.whole("rounds_needed", to.validity.rounds_needed, 1, to.validity.rounds_a_day);
    table.whole("percent_of_days", to.validity.percent_of_days, 1, 100);
    table.whole("months_needed", to.validity.months_needed, 1, 12);
    table.flag("normal_stations_only", to.validity.normal_stations_only);
    read_ranking(table.table("ranking"), to.ranking);
    read_air_index(table.table("air_index"), to.air_index);
    read_outfalls(table.table("outfalls"), to.outfalls);
    table.tables("air_point", [&](TableReader& one) { to.air_points.push_back(read_air_point(one)); });
    table.tables("note", [&](TableReader& one) { to.notes.push_back(read_note(one)); });
    table.tables("schedule", [&](TableReader& one) {
        auto made = read_schedule(one, folder, channels, to.base_year);
        if (std::ranges::any_of(schedules, [&](ReportSchedule const& other) { return hands_out_the_same(made, other); }))
            one.problem("report", Errc::duplicate_id,
                        "the same report, every and place stand in another [[reports.schedule]], and a report is handed out once");
        schedules.push_back(std::move(made));
    });
    table.finish();
}

}  // namespace yihong
