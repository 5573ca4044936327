#pragma once

#include "world_fixture.hpp"

#include "yihong/history/period_source.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace yihong::testing {

/// Collections of periods, and what they are asked for.
class PeriodsFixture : public WorldFixture {
protected:
    using Ids = std::vector<std::string>;

    static Ids ids(FeatureSource const& of, FeatureQuery const& query = {})
    {
        Ids all;
        auto const stream = of.select(query);
        while (auto const feature = stream->next())
            all.push_back(feature->id());
        return all;
    }
    static FeatureQuery where(FeatureSource const& of, std::string_view column, std::string text)
    {
        FeatureQuery query;
        query.filter = Expression{And{{Expression{Equals{.column = *of.schema().find(column), .text = std::move(text)}}}}};
        return query;
    }
    static std::string value(Feature const& feature, std::string_view column)
    {
        return to_text(shown_value(feature.schema().columns()[*feature.schema().find(column)], feature, Profile::flat));
    }
    /// Of a feature, `name=value` for each column.
    static std::string values(FeatureSource const& of, std::string_view id, std::vector<std::string_view> const& columns)
    {
        auto const feature = of.find(id);
        if (!feature)
            return "none";
        std::string all;
        for (auto const column : columns)
            all += fmt::format("{}{}={}", all.empty() ? "" : " ", column, value(*feature, column));
        return all;
    }

    Snapshot<MarkBook> marks{std::make_shared<MarkBook const>()};
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
};

}  // namespace yihong::testing
