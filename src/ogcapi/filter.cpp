#include "filter.hpp"

#include "yihong/cql2/filter.hpp"

namespace yihong::ogcapi {
namespace {

constexpr std::size_t many_features = 100'000;             // where nobody has counted them

std::unexpected<Failure> refused(Failure const& why)
{
    auto const code = why.code == Errc::bad_syntax ? why.code : Errc::bad_value;  // a filter beyond the budget is a wrong one, too
    return fail(code, "filter: " + why.detail);
}

}  // namespace

Result<std::optional<Expression>> read_condition(FeatureSource const& items, crs::Transformers const& transformers, Query const& query)
{
    if (!query.filter)
        return std::nullopt;
    auto const tree = query.filter_language == FilterLanguage::json ? cql2::parse_json(*query.filter) : cql2::parse_text(*query.filter);
    if (!tree)
        return refused(tree.error());
    cql2::Subject subject{.schema = &items.schema(), .features = items.metadata().count.value_or(many_features)};
    if (query.filter_crs && query.filter_crs->code != 0) {
        auto const lent = transformers.lend(*query.filter_crs);
        subject.to_lonlat = [lent, &system = *query.filter_crs](Geometry const& geometry) -> Result<Geometry> {
            auto there = lent->lonlat_of(geometry);
            if (type_of(there) == GeometryType::none)
                return fail(Errc::bad_value,
                            "the geometry has no place in " + system.uri + "; its coordinates stand in the order of that system's axes");
            return there;
        };
        subject.to_boxes = [lent](std::vector<double> const& n) { return lent->boxes_round(n[0], n[1], n[2], n[3]); };
    }
    auto filter = cql2::make_filter(*tree, subject);
    if (!filter)
        return refused(filter.error());
    return Expression{std::make_shared<cql2::Filter const>(*std::move(filter))};
}

}  // namespace yihong::ogcapi
