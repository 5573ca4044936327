#include "process.hpp"

#include "yihong/base/text.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace yihong::e2e {
namespace {

/// The filters that a page shows, a line each.
std::vector<std::string> filters_of(std::string const& page)
{
    std::vector<std::string> filters;
    std::ifstream file{source_dir / page};
    bool is_inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("```"))
            is_inside = line == "```cql2";
        else if (is_inside)
            filters.push_back(line);
    }
    return filters;
}

TEST(Filters, OfTheManualAreTaken)
{
    auto const filters = filters_of("docs/filters.md");
    ASSERT_GT(filters.size(), 10U);
    EXPECT_EQ(filters_of("docs/zh/filters.md"), filters) << "both languages show the same";
    TemporaryFolder const folder;
    auto const data = folder / "data";
    auto const imported =
        yihong({"import", "--quiet", "--config", shipped_config, "--data", data, samples / "surface_water_snapshot_2025-11-06.csv"});
    ASSERT_EQ(imported.code, 0) << imported.err;
    Service const service{data};
    std::size_t found = 0;
    for (auto const& filter : filters) {
        auto const reply = service.get("/collections/water-sections/items?limit=1&filter=" + percent_encoded(filter));
        EXPECT_EQ(reply.status, 200) << filter << "\n" << reply.body;
        found += !reply.body.contains(R"("numberMatched":0,)");
    }
    EXPECT_GT(found, filters.size() / 2) << "most of them find something among the samples";
}

}  // namespace
}  // namespace yihong::e2e
