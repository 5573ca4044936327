#include "yihong/alerting/alert_feature.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <mutex>

namespace yihong {
namespace {

class AlertFeature final : public PointFeature {
public:
    AlertFeature(std::shared_ptr<Alert const> alert, std::shared_ptr<World const> world, std::shared_ptr<Schema const> schema)
        : PointFeature{alert->id, position_of(*world, *alert), alert->last_time.value_or(alert->opened_at), std::move(schema)},
          alert_{std::move(alert)}, world_{std::move(world)}
    {}

    [[nodiscard]] Alert const& alert() const noexcept { return *alert_; }
    [[nodiscard]] World const& world() const noexcept { return *world_; }
    /// \return null when it is no longer configured
    [[nodiscard]] Site const* site() const noexcept { return context().site(*alert_); }
    [[nodiscard]] OverlayFacts const* facts() const noexcept { return context().facts(*alert_); }
    /// In words: made once, for the columns that show it.
    [[nodiscard]] AlertText const& text() const
    {
        std::call_once(once_, [this] { text_ = alert_text(*alert_, standing_step(*alert_), context()); });
        return text_;
    }

private:
    static std::optional<LonLat> position_of(World const& world, Alert const& alert)
    {
        auto const* site = world.sites->find(alert.site_id);
        return site ? site->position : std::nullopt;
    }
    [[nodiscard]] AlertContext context() const noexcept { return {*world_, {}}; }

    std::shared_ptr<Alert const> alert_;
    std::shared_ptr<World const> world_;
    mutable std::once_flag once_;
    mutable AlertText text_;
};

using F = AlertFeature const&;

template <typename Get>
auto of(Get get)
{
    return value_of<AlertFeature>(std::move(get));
}

Value positive(int number) { return number ? Value{std::int64_t{number}} : Value{}; }

Value highest_multiple(Alert const& alert)
{
    std::optional<Decimal> highest;
    for (auto const& item : exceedances_of(alert))
        if (item.multiple && (!highest || *item.multiple > *highest))
            highest = item.multiple;
    return optional_value(highest);
}

std::vector<std::string> families()
{
    std::vector<std::string> all;
    for (auto const family : all_alert_families)
        all.emplace_back(to_text(family));
    return all;
}

/// What it is about.
std::vector<Column> subject_columns()
{
    using enum AttributeType;
    return {
        {.name = "site", .title = "站点编号", .title_en = "Site id", .get = of([](F f) { return text_value(f.alert().site_id); })},
        {.name = "site_name", .title = "站点名称", .title_en = "Site", .get = of([](F f) {
                                                                           return text_value(f.site() ? f.site()->name : f.alert().site_id);
                                                                       })},
        {.name = "kind", .title = "站点类型", .title_en = "Kind of site", .get = of([](F f) {
                                                                              return f.site() ? text_value(to_text(f.site()->kind))
                                                                                              : Value{};
                                                                          })},
        {.name = "river",
         .title = "河流",
         .title_en = "River",
         .get = of([](F f) { return f.site() && f.facts() ? text_value(river_of(*f.site(), *f.facts())) : Value{}; }),
         .found_as = of([](F f) -> Value { return f.site() && f.facts() ? Value{rivers_of(*f.site(), *f.facts())} : Value{}; })},
        {.name = "assessed_for",
         .title = "考核归属",
         .title_en = "Assessed for (whose section it is)",
         .get = of([](F f) { return f.site() ? text_value(f.site()->assessed_for) : Value{}; })},
        {.name = "county", .title = "县（市、区）", .title_en = "County", .get = of([](F f) {
                                                                              return f.facts() ? text_value(f.facts()->county) : Value{};
                                                                          })},
        {.name = "family",
         .title = "预警类别",
         .title_en = fmt::format("Family ({})", fmt::join(families(), ", ")),
         .words = families(),
         .get = of([](F f) { return text_value(to_text(f.alert().family)); })},
        {.name = "title", .title = "标题", .title_en = "Title", .get = of([](F f) { return text_value(f.text().title_zh); })},
        {.name = "title_en", .title = "英文标题", .title_en = "English title", .get = of([](F f) {
                                                                                   return text_value(f.text().title_en);
                                                                               })},
        {.name = "state",
         .title = "处置状态",
         .title_en = "State (open, acknowledged, resolved, closed)",
         .words = {"open", "acknowledged", "resolved", "closed"},
         .get = of([](F f) { return text_value(to_text(f.alert().state)); })},
        {.name = "severity",
         .title = "预警级别",
         .title_en = "Severity (notice, alert, high)",
         .words = {"notice", "alert", "high"},
         .get = of([](F f) { return text_value(to_text(f.alert().severity)); })},
        {.name = "peak_severity",
         .title = "最高级别",
         .title_en = "Highest severity of its life",
         .words = {"notice", "alert", "high"},
         .get = of([](F f) { return text_value(to_text(f.alert().peak_severity)); })},
        {.name = "rule", .title = "主要规则", .title_en = "The most severe rule that holds", .get = of([](F f) {
                                                                                                 return text_value(main_rule(f.alert()));
                                                                                             })},
        {.name = "rules", .title = "规则", .title_en = "Rules that took part", .array = true, .get = of([](F f) -> Value {
                                                                                                  return f.alert().rules;
                                                                                              })},
    };
}

/// How bad it is, and who does what about it.
std::vector<Column> course_columns()
{
    using enum AttributeType;
    return {
        {.name = "water_class",
         .title = "水质类别（1–6，6 为劣Ⅴ）",
         .title_en = "Present water class, once it is over that of its end (1 to 6, 6 = worse than V)",
         .type = integer,
         .get = of([](F f) { return positive(f.alert().water_class); })},
        {.name = "water_class_label",
         .title = "水质类别",
         .title_en = "Present water class",
         .get = of([](F f) { return text_value(water_class_label(f.alert().water_class)); })},
        {.name = "peak_class",
         .title = "最差水质类别（1–6，6 为劣Ⅴ）",
         .title_en = "Worst water class of its life (1 to 6, 6 = worse than V)",
         .type = integer,
         .get = of([](F f) { return positive(f.alert().peak_class); })},
        {.name = "peak_class_label",
         .title = "最差水质类别",
         .title_en = "Worst water class of its life",
         .get = of([](F f) { return text_value(water_class_label(f.alert().peak_class)); })},
        {.name = "target_class",
         .title = "水质目标",
         .title_en = "Target class (1 to 5)",
         .type = integer,
         .get = of([](F f) { return f.site() ? optional_value(f.site()->target_class) : Value{}; })},
        {.name = "aqi", .title = "空气质量指数", .title_en = "Present air quality index", .type = integer, .get = of([](F f) {
                                                                                                               return positive(
                                                                                                                   f.alert().aqi);
                                                                                                           })},
        {.name = "peak_aqi",
         .title = "最高空气质量指数",
         .title_en = "Highest air quality index of its life",
         .type = integer,
         .get = of([](F f) { return positive(f.alert().peak_aqi); })},
        {.name = "peak_time",
         .title = "最差时监测时间（UTC）",
         .title_en = "Phenomenon time of the worst class or index (UTC)",
         .type = date_time,
         .get = of([](F f) { return optional_value(f.alert().peak_time); })},
        {.name = "deciding_parameters",
         .title = "定类项目",
         .title_en = "Parameters of the worst class",
         .array = true,
         .get = of([](F f) -> Value { return deciding_parameters(f.alert(), f.world().standards->parameters()); })},
        {.name = "multiple", .title = "最大超标倍数", .title_en = "Highest exceedance multiple", .type = real, .get = of([](F f) {
                                                                                                                   return highest_multiple(
                                                                                                                       f.alert());
                                                                                                               })},
        {.name = "time",
         .title = "最近监测时间（UTC）",
         .title_en = "Phenomenon time of the newest record behind it (UTC)",
         .type = date_time,
         .get = of([](F f) { return optional_value(f.alert().last_time); })},
        {.name = "opened_at", .title = "发布时间（UTC）", .title_en = "Opened (UTC)", .type = date_time, .get = of([](F f) -> Value {
                                                                                                             return f.alert().opened_at;
                                                                                                         })},
        {.name = "updated_at",
         .title = "更新时间（UTC）",
         .title_en = "Last step (UTC)",
         .type = date_time,
         .get = of([](F f) -> Value { return f.alert().updated_at; })},
        {.name = "acknowledged_at",
         .title = "确认时间（UTC）",
         .title_en = "Acknowledged (UTC)",
         .type = date_time,
         .get = of([](F f) { return optional_value(f.alert().acknowledged_at); })},
        {.name = "acknowledged_by", .title = "确认人", .title_en = "Acknowledged by", .get = of([](F f) {
                                                                                          return text_value(f.alert().acknowledged_by);
                                                                                      })},
        {.name = "assignee", .title = "承办人", .title_en = "Assigned to", .get = of([](F f) { return text_value(f.alert().assignee); })},
        {.name = "resolve_by",
         .title = "办结时限（UTC）",
         .title_en = "To be solved by (UTC)",
         .type = date_time,
         .get = of([](F f) { return f.alert().deadlines ? Value{f.alert().deadlines->resolve_by} : Value{}; })},
        {.name = "resolved_at", .title = "解除时间（UTC）", .title_en = "Resolved (UTC)", .type = date_time, .get = of([](F f) {
                                                                                                                 return optional_value(
                                                                                                                     f.alert().resolved_at);
                                                                                                             })},
        {.name = "duration_h",
         .title = "历时",
         .title_en = "From its opening to its end",
         .type = real,
         .unit = "h",
         .get = of([](F f) { return f.alert().resolved_at ? Value{hours_of(f.alert(), *f.alert().resolved_at)} : Value{}; })},
        {.name = "closed_at", .title = "销号时间（UTC）", .title_en = "Closed (UTC)", .type = date_time, .get = of([](F f) {
                                                                                                             return optional_value(
                                                                                                                 f.alert().closed_at);
                                                                                                         })},
        {.name = "likely_consequence_of",
         .title = "可能受上游影响",
         .title_en = "Alerts upstream that may explain it",
         .array = true,
         .get = of([](F f) -> Value { return f.alert().consequence_of; })},
    };
}

std::shared_ptr<Schema const> alert_schema()
{
    auto columns = subject_columns();
    std::ranges::move(course_columns(), std::back_inserter(columns));
    return std::make_shared<Schema const>(with_beijing_texts(std::move(columns)));
}

}  // namespace

void AlertCollection::reset(std::shared_ptr<World const> world, std::vector<std::shared_ptr<Alert const>> const& alerts)
{
    world_ = std::move(world);
    schema_ = alert_schema();
    features_.clear();
    as_of_.reset();
    for (auto const& alert : alerts) {
        as_of_ = std::max(as_of_.value_or(alert->updated_at), alert->updated_at);
        features_.push_back(feature_of(alert));
    }
    std::ranges::sort(features_, [](auto const& a, auto const& b) { return id_less(a->id(), b->id()); });
}

void AlertCollection::put(std::shared_ptr<Alert const> alert)
{
    as_of_ = std::max(as_of_.value_or(alert->updated_at), alert->updated_at);
    auto feature = feature_of(std::move(alert));
    auto const at = std::ranges::lower_bound(features_, std::string_view{feature->id()}, id_less,
                                             [](auto const& f) { return std::string_view{f->id()}; });
    if (at != features_.end() && (*at)->id() == feature->id())
        *at = std::move(feature);
    else
        features_.insert(at, std::move(feature));
}

void AlertCollection::take_out(std::set<std::string, std::less<>> const& ids)
{
    std::erase_if(features_, [&](auto const& feature) { return ids.contains(feature->id()); });
}

std::shared_ptr<Feature const> AlertCollection::feature_of(std::shared_ptr<Alert const> alert) const
{
    return std::make_shared<AlertFeature const>(std::move(alert), world_, schema_);
}

std::shared_ptr<MemorySource const> AlertCollection::published(std::string version) const
{
    return std::make_shared<MemorySource const>(
        SourceMetadata{
            .id = "alerts",
            .title = "预警",
            .title_en = "Alerts",
            .description =
                "断面、空气站、排污口的预警及其处置状态。 Alerts of sections, air stations and outfalls, with the state of their handling.",
            .as_of = as_of_,
            .version = std::move(version)},
        schema_, features_);
}

}  // namespace yihong
