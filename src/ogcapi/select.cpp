#include "select.hpp"

namespace yihong::ogcapi {

Selection select(FeatureSource const& collection, FeatureQuery const& query)
{
    auto const stream = collection.select(query);
    Selection page;
    while (auto feature = stream->next())
        page.features.push_back(std::move(feature));
    page.matched = stream->matched();
    page.first = stream->first();
    page.has_more = stream->has_more();
    page.leading = stream->leading();
    page.out_of_turn = stream->out_of_turn();
    return page;
}

}  // namespace yihong::ogcapi
