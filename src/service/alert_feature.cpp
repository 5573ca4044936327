#include "yihong/service/alert_feature.hpp"

#include "property_writer.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/service/alert_document.hpp"

#include <algorithm>

namespace yihong {
namespace {

std::vector<PropertyDefinition> alert_properties()
{
    using enum AttributeType;
    return {
        {.name = "site", .title = "站点编号", .title_en = "Site id"},
        {.name = "site_name", .title = "站点名称", .title_en = "Site"},
        {.name = "kind", .title = "站点类型", .title_en = "Kind of site"},
        {.name = "river", .title = "河流", .title_en = "River"},
        {.name = "county", .title = "县（市、区）", .title_en = "County"},
        {.name = "family", .title = "预警类别", .title_en = "Family (water, month, air, discharge, operation)"},
        {.name = "title", .title = "标题", .title_en = "Title"},
        {.name = "title_en", .title = "英文标题", .title_en = "English title"},
        {.name = "state", .title = "处置状态", .title_en = "State (open, acknowledged, resolved, closed)"},
        {.name = "severity", .title = "预警级别", .title_en = "Severity (notice, alert, high)"},
        {.name = "peak_severity", .title = "最高级别", .title_en = "Highest severity of its life"},
        {.name = "rule", .title = "主要规则", .title_en = "The most severe rule that holds"},
        {.name = "rules", .title = "规则", .title_en = "Rules that took part", .array = true},
        {.name = "water_class",
         .title = "水质类别（1–6，6 为劣Ⅴ）",
         .title_en = "Worst water class (1 to 6, 6 = worse than V)",
         .type = integer},
        {.name = "water_class_label", .title = "水质类别", .title_en = "Worst water class"},
        {.name = "target_class", .title = "水质目标", .title_en = "Target class (1 to 5)", .type = integer},
        {.name = "aqi", .title = "空气质量指数", .title_en = "Highest air quality index", .type = integer},
        {.name = "deciding_parameters", .title = "定类项目", .title_en = "Parameters of the worst class", .array = true},
        {.name = "multiple", .title = "最大超标倍数", .title_en = "Highest exceedance multiple", .type = real},
        {.name = "time",
         .title = "最近监测时间（UTC）",
         .title_en = "Phenomenon time of the newest record behind it (UTC)",
         .type = date_time},
        {.name = "opened_at", .title = "发布时间（UTC）", .title_en = "Opened (UTC)", .type = date_time},
        {.name = "updated_at", .title = "更新时间（UTC）", .title_en = "Last step (UTC)", .type = date_time},
        {.name = "acknowledged_at", .title = "确认时间（UTC）", .title_en = "Acknowledged (UTC)", .type = date_time},
        {.name = "acknowledged_by", .title = "确认人", .title_en = "Acknowledged by"},
        {.name = "assignee", .title = "承办人", .title_en = "Assigned to"},
        {.name = "resolve_by", .title = "办结时限（UTC）", .title_en = "To be solved by (UTC)", .type = date_time},
        {.name = "resolved_at", .title = "解除时间（UTC）", .title_en = "Resolved (UTC)", .type = date_time},
        {.name = "duration_h", .title = "历时", .title_en = "From its opening to its end", .type = real, .unit = "h"},
        {.name = "closed_at", .title = "销号时间（UTC）", .title_en = "Closed (UTC)", .type = date_time},
        {.name = "likely_consequence_of", .title = "可能受上游影响", .title_en = "Alerts upstream that may explain it", .array = true},
    };
}

class AlertFeature final : public Feature {
public:
    AlertFeature(std::shared_ptr<Alert const> alert, std::shared_ptr<World const> world,
                 std::shared_ptr<std::vector<PropertyDefinition> const> properties)
        : Feature{alert->id, bounds_of(position_of(*world, *alert)), alert->last_time.value_or(alert->opened_at)}, alert_{std::move(alert)},
          world_{std::move(world)}, properties_{std::move(properties)}
    {}

private:
    static std::optional<LonLat> position_of(World const& world, Alert const& alert)
    {
        auto const* site = world.sites->find(alert.site_id);
        return site ? site->position : std::nullopt;
    }

    Rendered render() const override
    {
        Rendered rendered;
        PropertyWriter out{rendered, *properties_};
        AlertContext const context{*world_, {}};
        auto const& alert = *alert_;
        auto const* site = context.site(alert);
        auto const* facts = context.facts(alert);
        auto const text = alert_text(alert, {.at = alert.updated_at}, context);
        begin_point_feature(out.json(), alert.id, position_of(*world_, alert));
        out.text("site", alert.site_id);
        out.text("site_name", site ? site->name : alert.site_id);
        out.text("kind", site ? to_text(site->kind) : std::string_view{});
        out.text("river", facts ? std::string_view{facts->river} : std::string_view{});
        out.text("county", facts ? std::string_view{facts->county} : std::string_view{});
        out.text("family", to_text(alert.family));
        out.text("title", text.title_zh);
        out.text("title_en", text.title_en);
        out.text("state", to_text(alert.state));
        out.text("severity", to_text(alert.severity));
        out.text("peak_severity", to_text(alert.peak_severity));
        out.text("rule", main_rule(alert));
        out.list("rules", alert.rules);
        out.number("water_class", alert.water_class ? std::optional{alert.water_class} : std::nullopt);
        out.text("water_class_label", water_class_label(alert.water_class));
        out.number("target_class", site ? site->target_class : std::nullopt);
        out.number("aqi", alert.aqi ? std::optional{alert.aqi} : std::nullopt);
        out.list("deciding_parameters", deciding_parameters(alert, world_->standards->parameters()));
        std::optional<Decimal> multiple;
        for (auto const& item : exceedances_of(alert))
            if (item.multiple && (!multiple || *item.multiple > *multiple))
                multiple = item.multiple;
        if (multiple)
            out.decimal("multiple", *multiple);
        else
            out.none("multiple");
        out.time("time", alert.last_time);
        out.time("opened_at", alert.opened_at);
        out.time("updated_at", alert.updated_at);
        out.time("acknowledged_at", alert.acknowledged_at);
        out.text("acknowledged_by", alert.acknowledged_by);
        out.text("assignee", alert.assignee);
        out.time("resolve_by", alert.deadlines ? std::optional{alert.deadlines->resolve_by} : std::nullopt);
        out.time("resolved_at", alert.resolved_at);
        out.number("duration_h", alert.resolved_at ? std::optional{hours_of(alert, *alert.resolved_at)} : std::nullopt);
        out.time("closed_at", alert.closed_at);
        out.list("likely_consequence_of", alert.consequence_of);
        out.json().end_object().end_object();
        return rendered;
    }

    std::shared_ptr<Alert const> alert_;
    std::shared_ptr<World const> world_;
    std::shared_ptr<std::vector<PropertyDefinition> const> properties_;
};

}  // namespace

void AlertCollection::reset(std::shared_ptr<World const> world, std::vector<std::shared_ptr<Alert const>> const& alerts)
{
    world_ = std::move(world);
    properties_ = std::make_shared<std::vector<PropertyDefinition> const>(alert_properties());
    features_.clear();
    for (auto const& alert : alerts)
        features_.push_back(feature_of(alert));
    std::ranges::sort(features_, [](auto const& a, auto const& b) { return id_less(a->id(), b->id()); });
}

void AlertCollection::put(std::shared_ptr<Alert const> alert)
{
    auto feature = feature_of(std::move(alert));
    auto const at = std::ranges::lower_bound(features_, std::string_view{feature->id()}, id_less,
                                             [](auto const& f) { return std::string_view{f->id()}; });
    if (at != features_.end() && (*at)->id() == feature->id())
        *at = std::move(feature);
    else
        features_.insert(at, std::move(feature));
}

std::shared_ptr<Feature const> AlertCollection::feature_of(std::shared_ptr<Alert const> alert) const
{
    return std::make_shared<AlertFeature const>(std::move(alert), world_, properties_);
}

std::shared_ptr<Collection const> AlertCollection::published(std::string version) const
{
    auto collection = std::make_shared<Collection>();
    collection->id = "alerts";
    collection->title = "预警";
    collection->title_en = "Alerts";
    collection->description =
        "断面、空气站、排污口的预警及其处置状态。 Alerts of sections, air stations and outfalls, with the state of their handling.";
    collection->geometry_type = GeometryType::point;
    collection->version = std::move(version);
    collection->properties = *properties_;
    collection->features = features_;
    for (auto const& feature : features_) {
        if (feature->bounds())
            collection->bounds.extend(*feature->bounds());
        auto const time = *feature->time();
        collection->time.begin = std::min(collection->time.begin.value_or(time), time);
        collection->time.end = std::max(collection->time.end.value_or(time), time);
    }
    return collection;
}

}  // namespace yihong
