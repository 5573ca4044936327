#include "yihong/config/site_filter.hpp"

#include "yihong/cql2/filter.hpp"
#include "yihong/features/feature.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/model/site.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace yihong {
namespace {

/// A site as a filter sees it, while it is asked.
class SiteView final : public Feature {
public:
    SiteView(Site const& site, OverlayFacts const& facts, std::shared_ptr<Schema const> schema)
        : Feature{site.id, {}, std::move(schema)}, site_{site}, facts_{facts},
          geometry_{site.position ? Geometry{Point{*site.position}} : Geometry{}}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }
    [[nodiscard]] Site const& site() const noexcept { return site_; }
    [[nodiscard]] OverlayFacts const& facts() const noexcept { return facts_; }

private:
    Site const& site_;
    OverlayFacts const& facts_;
    Geometry geometry_;
};

/// The properties of the same names as those of the collections of sites.
std::shared_ptr<Schema const> site_schema()
{
    using V = SiteView const&;
    auto const of = [](auto get) { return value_of<SiteView>(get); };
    static auto const schema = std::make_shared<Schema const>(std::vector<Column>{
        {.name = "id", .get = of([](V v) -> Value { return v.site().id; })},
        {.name = "name", .get = of([](V v) { return text_value(v.site().name); })},
        {.name = "name_en", .get = of([](V v) { return text_value(v.site().name_en); })},
        {.name = "kind", .get = of([](V v) { return text_value(to_text(v.site().kind)); })},
        {.name = "mn", .get = of([](V v) { return text_value(v.site().mn); })},
        {.name = "level", .get = of([](V v) { return text_value(v.site().level); })},
        {.name = "water_body", .get = of([](V v) { return text_value(v.site().water_body); })},
        {.name = "assessed_for", .get = of([](V v) { return text_value(v.site().assessed_for); })},
        {.name = "target_class", .type = AttributeType::integer, .get = of([](V v) { return optional_value(v.site().target_class); })},
        {.name = "county", .get = of([](V v) { return text_value(v.facts().county); })},
        {.name = "river",
         .get = of([](V v) { return text_value(river_of(v.site(), v.facts())); }),
         .found_as = of([](V v) -> Value { return rivers_of(v.site(), v.facts()); })},
        {.name = "lake", .get = of([](V v) { return text_value(v.facts().lake); })},
        {.name = "zones", .array = true, .get = of([](V v) -> Value { return v.facts().zones; })},
        {.name = "elevation_m", .type = AttributeType::real, .get = of([](V v) { return optional_value(v.facts().elevation_m); })},
    });
    return schema;
}

/// Filters are used by one thread at a time, plans by any number.
class FilteredSites final : public SiteCondition {
public:
    explicit FilteredSites(cql2::Filter filter) : filter_{std::move(filter)} {}
    [[nodiscard]] bool covers(Site const& site, OverlayFacts const& facts) const override
    {
        SiteView const view{site, facts, site_schema()};
        std::lock_guard const lock{mutex_};
        return filter_.holds(view);
    }

private:
    mutable std::mutex mutex_;
    cql2::Filter filter_;
};

}  // namespace

Result<ScopeFilter> make_site_filter(std::string_view text)
{
    auto const tree = cql2::parse_text(text);
    if (!tree)
        return fail(Errc::bad_value, tree.error().detail);
    auto filter = cql2::make_filter(*tree, {.schema = site_schema().get()});
    if (!filter)
        return fail(Errc::bad_value, filter.error().detail);
    return ScopeFilter{std::string{text}, std::make_shared<FilteredSites const>(*std::move(filter))};
}

}  // namespace yihong
