#include "statistics.hpp"

#include "csv_rows.hpp"

#include "yihong/base/json_writer.hpp"

#include <algorithm>

namespace yihong::api {
namespace {

/// What every part of the document needs.
struct Book {
    WaterReport const& report;
    ParameterBook const& parameters;
    [[nodiscard]] std::string_view name(ParameterId id) const { return parameter_name(id, parameters); }
};

void write_names(JsonWriter& json, std::string_view key, std::vector<ParameterId> const& ids, Book const& book)
{
    json.key(key).begin_array();
    for (auto const id : ids)
        json.value(book.name(id));
    json.end_array();
}

void write_ids(JsonWriter& json, std::string_view key, std::vector<std::size_t> const& sections, Book const& book)
{
    json.key(key).begin_array();
    for (auto const index : sections)
        json.value(book.report.sections[index].site->id);
    json.end_array();
}

void write_period(JsonWriter& json, std::string_view key, std::optional<Period> const& period)
{
    json.key(key);
    if (!period) {
        json.null();
        return;
    }
    json.begin_object().member("code", period_code(*period)).member("label", period_label(*period)).member("kind", to_text(period->kind));
    json.member("begin", period->begin).member("end", period->end).end_object();
}

void write_item(JsonWriter& json, ItemPeriod const& item, SectionPeriod const& section, Book const& book)
{
    auto const* parameter = book.parameters.find(item.parameter);
    bool const has_value = item.source != ValueSource::none;
    json.begin_object().member("parameter", book.name(item.parameter));
    if (parameter)
        json.member("name", parameter->name_zh).member("unit", parameter->unit);
    json.key("mean");
    has_value ? json.value(item.shown) : json.null();
    json.key("exact");
    has_value ? json.value(item.exact) : json.null();
    json.member("source", to_text(item.source)).member("days", item.days).member("days_due", item.days_due);
    json.member("samples", item.samples).member("months", item.months).member("months_due", item.months_due);
    json.member("below_detection", item.below_detection).member("graded", item.graded);
    for (auto const& judged : section.judgement.items)
        if (judged.reading.parameter == item.parameter && judged.item_class > 0)
            json.member("item_class", judged.item_class);
    json.text_or_null("note", item.note).end_object();
}

void write_judgement(JsonWriter& json, SectionPeriod const& section, Book const& book)
{
    json.key("water_class");
    section.judgement.water_class > 0 ? json.value(section.judgement.water_class) : json.null();
    json.text_or_null("water_class_label", water_class_label(section.judgement.water_class));
    json.text_or_null("quality", water_quality_label(section.judgement.water_class));
    json.text_or_null("target", to_text(section.target));
    write_names(json, "missing", section.missing, book);
}

void write_outlook(JsonWriter& json, SectionOutlook const& outlook, Book const& book)
{
    json.begin_object().member("months_known", outlook.months_known).member("months_left", outlook.months_left);
    json.member("months_possible", outlook.months_possible).member("months_needed", outlook.months_needed);
    json.member("verdict", outlook_label(outlook.worst())).key("items").begin_array();
    for (auto const& item : outlook.items) {
        json.begin_object().member("parameter", book.name(item.parameter)).member("limit", item.limit);
        json.member("direction", item.at_least ? "at_least" : "at_most").member("mean_so_far", item.mean_so_far);
        json.member("months_with_mean", item.months).member("met_so_far", item.met_so_far).member("remaining_strict", item.strict_shown);
        json.member("remaining_with_rounding", item.with_margin_shown).member("verdict", outlook_label(item.outlook));
        json.member("best_class", item.best_class).key("months_over").begin_array();
        for (auto const& one : item.deciding)
            json.begin_object()
                .member("month", one.period ? period_code(*one.period) : std::string{})
                .member("share", one.share)
                .end_object();
        json.end_array().end_object();
    }
    json.end_array().key("ph");
    if (outlook.ph) {
        json.begin_object().member("mean_so_far", outlook.ph->mean_so_far).member_or_null("lowest", outlook.ph->lowest);
        json.member_or_null("highest", outlook.ph->highest).member("verdict", outlook_label(outlook.ph->outlook)).end_object();
    } else {
        json.null();
    }
    json.end_object();
}

/// Of a share or an index; null where the period has fewer parts than a trend needs
void write_figure_trend(JsonWriter& json, std::optional<FigureTrend> const& trend)
{
    if (!trend)
        return static_cast<void>(json.null());
    json.begin_object().member("step", to_text(trend->step)).key("values").begin_array();
    for (auto const& [period, value] : trend->values)
        json.begin_object().member("period", period_code(period)).member("value", value).end_object();
    auto const& found = trend->result;
    json.end_array().text_or_null("trend", found ? to_text(*found) : std::string_view{});
    json.member_or_null("rs", found ? std::optional{found->rs} : std::nullopt);
    json.member_or_null("critical", found ? std::optional{found->critical} : std::nullopt);
    json.member("explanation", figure_trend_text(*trend)).end_object();
}

/// null where the period has fewer parts than a trend needs
void write_trend(JsonWriter& json, std::optional<SectionTrend> const& of, Book const& book)
{
    if (!of)
        return static_cast<void>(json.null());
    auto const& trend = *of;
    json.begin_object().member("step", to_text(trend.step)).member("explanation", trend_text(trend, book.parameters));
    json.key("items").begin_array();
    for (auto const& item : trend.items) {
        json.begin_object().member("parameter", book.name(item.parameter)).key("means").begin_array();
        for (auto const& [place, mean] : item.means)
            json.begin_object().member("period", period_code(trend.periods[place])).member("mean", mean).end_object();
        json.end_array();
        auto const& found = item.result;
        json.text_or_null("trend", found ? to_text(*found) : std::string_view{});
        json.member_or_null("rs", found ? std::optional{found->rs} : std::nullopt);
        json.member_or_null("critical", found ? std::optional{found->critical} : std::nullopt).end_object();
    }
    json.end_array().end_object();
}

void write_drinking_water(JsonWriter& json, std::optional<DrinkingWaterPeriod> const& source, Book const& book)
{
    json.key("drinking_water");
    if (!source)
        return static_cast<void>(json.null());
    json.begin_object().member_or_null("met", source->met()).key("items").begin_array();
    for (auto const& judged : source->items) {
        json.begin_object().member("parameter", book.name(judged.item->parameter)).member("mean", judged.assessed);
        json.member("limit", judged.item->limit).member("clause", judged.item->clause_zh).member("met", judged.met);
        json.member_or_null("multiple", judged.multiple).end_object();
    }
    json.end_array();
    write_names(json, "missing", source->missing, book);
    json.end_object();
}

/// The change that ranks a place or a section; null where there is nothing to compare with.
void write_change(JsonWriter& json, std::string_view key, std::optional<FigureChange> const& change)
{
    json.key(key);
    if (!change)
        return static_cast<void>(json.null());
    json.begin_object().member("sections", change->sections).member_or_null("now", change->now).member_or_null("base", change->base);
    json.member_or_null("change", change->change).key("rank");
    change->rank > 0 ? json.value(change->rank) : json.null();
    json.text_or_null("not_ranked", change->unranked ? to_text(*change->unranked) : std::string_view{}).end_object();
}

/// The section as it would be without what people have marked; null where that makes no difference.
void write_variant(JsonWriter& json, std::string_view key, std::optional<SectionPeriod> const& section, Book const& book)
{
    json.key(key);
    if (!section)
        return static_cast<void>(json.null());
    json.begin_object();
    write_judgement(json, *section, book);
    json.end_object();
}

/// null for a period that is not several months
void write_months(JsonWriter& json, MonthsKnown const& months)
{
    if (months.needed == 0)
        return static_cast<void>(json.null());
    json.begin_object().member("with_means", months.with_means).member("due", months.due).member("needed", months.needed).end_object();
}

void write_section(JsonWriter& json, SectionRow const& row, Book const& book)
{
    auto const& now = row.now;
    json.begin_object().member("id", row.site->id).member("name", row.site->name).text_or_null("river", row.river);
    json.text_or_null("place", row.place).text_or_null("level", row.site->level).member("lake", row.lake);
    json.member_or_null("target_class", now.target_class);
    write_judgement(json, now, book);
    write_names(json, "deciding", now.judgement.deciding, book);
    json.key("main_pollutants").begin_array();
    for (auto const& main : now.judgement.main_pollutants)
        json.begin_object().member("parameter", book.name(main.parameter)).member_or_null("multiple", main.multiple).end_object();
    json.end_array().key("months");
    write_months(json, now.months);
    json.member("days_due", now.days_due).member("days_left_out", now.days_left_out).key("marks").begin_array();
    for (auto const& mark : now.marks)
        write_mark(json, *mark);
    json.end_array();
    write_variant(json, "as_measured", row.as_measured, book);
    write_variant(json, "deducted", row.deducted, book);
    write_drinking_water(json, now.drinking_water, book);
    json.member("provisional", now.provisional).member("explanation", explain(now, book.parameters));
    json.key("items").begin_array();
    for (auto const& item : now.items)
        write_item(json, item, now, book);
    json.end_array().key("base");
    if (row.base) {
        json.begin_object();
        write_judgement(json, *row.base, book);
        auto const change = row.change();
        json.text_or_null("change", change ? change_label(*change) : std::string_view{});
        json.end_object();
    } else {
        json.null();
    }
    write_change(json, "index_change", row.index_change);
    if (row.outlook)
        write_outlook(json.key("outlook"), *row.outlook, book);
    if (book.report.query.trend)
        write_trend(json.key("trend"), row.trend, book);
    json.key("records").value("/api/v1/sites/" + percent_encoded(row.site->id) + "/readings?datetime=" + format_rfc3339(now.period.begin) +
                              "/" + format_rfc3339(now.period.end - std::chrono::milliseconds{1}));
    json.end_object();
}

void write_counts(JsonWriter& json, SectionCounts const& counts, Book const& book)
{
    json.member("evaluated", counts.classes.total()).key("by_class").begin_array();
    for (std::size_t one = 1; one < counts.by_class.size(); ++one)
        json.value(counts.by_class[one]);
    json.end_array().member("good", counts.classes.good).member_or_null("good_share", counts.good_share());
    json.member("worse_than_v", counts.classes.bad).member_or_null("worse_than_v_share", counts.bad_share());
    json.member("met", counts.met.size()).member("missed", counts.missed.size()).member_or_null("met_share", counts.met_share());
    write_ids(json, "undecided", counts.undecided, book);
    write_ids(json, "not_evaluated", counts.not_evaluated, book);
}

void write_group(JsonWriter& json, GroupRow const& group, Book const& book)
{
    json.begin_object();
    if (!group.name.empty())
        json.member("name", group.name);
    write_counts(json, group.now, book);
    for (auto const& [key, counts] : {std::pair{"as_measured", &group.as_measured}, std::pair{"deducted", &group.deducted}}) {
        json.key(key);
        if (!*counts) {
            json.null();
            continue;
        }
        json.begin_object();
        write_counts(json, **counts, book);
        json.end_object();
    }
    json.text_or_null("quality", water_grade_label(group.grade)).key("main_pollutants").begin_array();
    for (auto const& main : group.main_pollutants)
        json.begin_object()
            .member("parameter", book.name(main.parameter))
            .member_or_null("exceed_rate", main.exceed_rate)
            .member_or_null("multiple", main.multiple)
            .end_object();
    json.end_array();
    if (group.index) {
        json.member("index", group.index->total);
    }
    if (group.ranked_by) {
        json.member("ranked_by", *group.ranked_by).key("rank");
        group.rank > 0 ? json.value(group.rank) : json.null();
    }
    if (book.report.query.trend)
        write_figure_trend(json.key("good_share_trend"), group.share_trend);
    if (group.figure_change)
        write_change(json, "figure_change", group.figure_change);
    if (book.report.query.base) {
        auto const& compared = group.compared;
        json.key("base").begin_object();
        write_counts(json, group.base, book);
        json.end_object().key("comparable").begin_object().member("sections", compared.now.classes.total());
        json.member_or_null("good_share", compared.now.good_share()).member_or_null("good_share_base", compared.before.good_share());
        auto const now = compared.now.good_share();
        auto const before = compared.before.good_share();
        json.member_or_null("good_share_change", now && before ? std::optional{change_in_points(*now, *before)} : std::nullopt);
        json.text_or_null("change", group.change ? change_label(*group.change) : std::string_view{});
        write_ids(json, "improved", compared.improved, book);
        write_ids(json, "worse", compared.worse, book);
        json.end_object();
    }
    json.end_object();
}

void write_lake(JsonWriter& json, std::string_view key, LakePeriod const& lake, Book const& book)
{
    auto const class_or_null = [&](std::string_view name, int one) {
        json.key(name);
        one > 0 ? json.value(one) : json.null();
    };
    json.key(key).begin_object().member("points", lake.points);
    class_or_null("water_class", lake.judgement.water_class);
    class_or_null("total_nitrogen_class", lake.nitrogen_class);
    write_names(json, "deciding", lake.judgement.deciding, book);
    json.key("means").begin_object();
    for (auto const& [parameter, mean] : lake.means)
        json.member(book.name(parameter), mean);
    json.end_object().key("trophic");
    if (lake.trophic)
        json.begin_object()
            .member("tli", lake.trophic->shown)
            .member("grade", lake.trophic->grade)
            .member("label", trophic_label(lake.trophic->grade))
            .end_object();
    else
        json.null();
    write_names(json, "trophic_lacks", lake.trophic_lacks, book);
    json.end_object();
}

void write_lake(JsonWriter& json, LakeRow const& row, Book const& book)
{
    json.begin_object().member("name", row.name);
    write_ids(json, "sections", row.points, book);
    write_lake(json, "now", row.now, book);
    if (row.base)
        write_lake(json, "base", *row.base, book);
    if (book.report.query.trend)
        write_figure_trend(json.key("tli_trend"), row.tli_trend);
    json.text_or_null("change", row.change ? change_label(*row.change) : std::string_view{}).end_object();
}

/// The fields of one item's trend; empty ones where there is none.
void write_trend(CsvRows& out, std::optional<SectionTrend> const& trend, ParameterId parameter)
{
    ItemTrend const* found = nullptr;
    if (trend)
        if (auto const at = std::ranges::lower_bound(trend->items, parameter, {}, &ItemTrend::parameter);
            at != trend->items.end() && at->parameter == parameter)
            found = &*at;
    auto const result = found ? found->result : std::nullopt;
    out.text(found ? std::to_string(found->means.size()) : std::string{});
    out.number(result ? std::optional{result->rs} : std::nullopt).number(result ? std::optional{result->critical} : std::nullopt);
    out.text(result ? to_text(*result) : std::string_view{});
}

/// Class and verdict, of a section as it is or as it would be.
void write_class(CsvRows& out, SectionPeriod const& section)
{
    int const water_class = section.judgement.water_class;
    out.number(water_class > 0 ? std::optional{water_class} : std::nullopt).text(to_text(section.target));
}

std::string_view boolean(bool value) noexcept { return value ? "true" : "false"; }

}  // namespace

std::string_view parameter_name(ParameterId id, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(id);
    return parameter ? std::string_view{parameter->name} : std::string_view{};
}

void write_basis(JsonWriter& json, Period const& period, std::optional<Period> const& base, UtcTime as_of, std::string_view edition,
                 DataState const& data)
{
    write_period(json, "period", period);
    write_period(json, "base", base);
    json.member("as_of", as_of).member("edition", edition);
    json.key("data").begin_object().member("records", static_cast<std::int64_t>(data.records));
    json.member_or_null("last_received", data.last_received).member_or_null("asof", data.known_at).end_object();
}

std::string statistics_json(WaterReport const& report, World const& world)
{
    Book const book{report, world.standards->parameters()};
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_basis(json, report.query.period, report.query.base, report.query.as_of, report.edition->label, report.data);
    auto const& rules = report.query.ranking;
    json.key("ranking").begin_object().member("by", figure_label(rules.figure)).member("rule", rule_text(rules));
    json.member("change", change_figure_label(rules.figure)).member("change_rule", change_rule_text(rules));
    json.member("section_change_rule", change_rule_text(section_rules(rules))).end_object();
    write_group(json.key("all"), report.all, book);
    json.key("rivers").begin_array();
    for (auto const& river : report.rivers)
        write_group(json, river, book);
    json.end_array().key("lakes").begin_array();
    for (auto const& lake : report.lakes)
        write_lake(json, lake, book);
    json.end_array().key("places").begin_array();
    for (auto const& place : report.places)
        write_group(json, place, book);
    json.end_array().key("sections").begin_array();
    for (auto const& row : report.sections)
        write_section(json, row, book);
    json.end_array().end_object();
    return out;
}

std::string statistics_csv(WaterReport const& report, World const& world, bool bom)
{
    auto const& parameters = world.standards->parameters();
    CsvRows out{
        "period,site,name,river,place,target_class,water_class,target,parameter,mean,exact,unit,source,days,days_due,samples,months,"
        "months_due,graded,"
        "below_detection,days_left_out,water_class_as_measured,target_as_measured,water_class_deducted,target_deducted,trend_means,"
        "trend_rs,trend_critical,trend,drinking_water_met",
        bom};
    for (auto const& row : report.sections) {
        auto const met = row.now.drinking_water ? row.now.drinking_water->met() : std::nullopt;
        for (auto const& item : row.now.items) {
            auto const* parameter = parameters.find(item.parameter);
            bool const has_value = item.source != ValueSource::none;
            out.text(period_code(report.query.period)).text(row.site->id).text(row.site->name).text(row.river).text(row.place);
            out.number(row.now.target_class);
            write_class(out, row.now);
            out.text(parameter_name(item.parameter, parameters));
            out.number(has_value ? std::optional{item.shown} : std::nullopt).number(has_value ? std::optional{item.exact} : std::nullopt);
            out.text(parameter ? std::string_view{parameter->unit} : std::string_view{}).text(to_text(item.source));
            for (int const number : {item.days, item.days_due, item.samples, item.months, item.months_due})
                out.number(number);
            out.text(boolean(item.graded)).text(boolean(item.below_detection)).number(row.now.days_left_out);
            write_class(out, row.as_measured ? *row.as_measured : row.now);
            write_class(out, row.deducted ? *row.deducted : row.now);
            write_trend(out, row.trend, item.parameter);
            out.text(met ? boolean(*met) : std::string_view{}).end();
        }
    }
    return out.take();
}

}  // namespace yihong::api
