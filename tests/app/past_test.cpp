#include "process.hpp"

#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

/// The network as it was at a moment, as clients ask for it.
namespace yihong::e2e {
namespace {

constexpr std::string_view csv = "text/csv";

class PastOfTheService : public ::testing::Test {
protected:
    [[nodiscard]] Json items(std::string_view parameters) const
    {
        return service.json(fmt::format("/collections/water-sections/items?{}", parameters));
    }

    TemporaryFolder folder;
    Service service{folder / "data", {.config = small_config(folder.path())}};
};

TEST_F(PastOfTheService, ShowsEverySiteAsItWasAndAsItWasKnown)
{
    (void)service.ingest(csv, "site,time,interval,ph\na,2021-04-01T00:00:00Z,4h,7.1\na,2021-04-01T04:00:00Z,4h,7.2\n"
                              "a,2021-04-01T08:00:00Z,4h,7.3\n");
    auto const then = items("datetime=2021-04-01T13:00:00%2B08:00");
    ASSERT_EQ(then.at("/numberMatched"), service.json("/collections/water-sections/items").at("/numberMatched"));
    EXPECT_EQ(then.at("/features/0/properties/ph"), "7.2");
    EXPECT_EQ(then.at("/features/0/properties/time"), "2021-04-01T04:00:00Z");
    EXPECT_EQ(then.at("/features/0/properties/currency"), "current");
    EXPECT_EQ(items("datetime=2021-03-31T00:00:00Z").at("/features/0/properties/currency"), "none");
    EXPECT_EQ(items("datetime=2021-04-01T13:00:00%2B08:00&ph=7.2").at("/numberMatched"), "1");
    EXPECT_EQ(items("datetime=2021-04-01T13:00:00%2B08:00&filter=ph%3E7.2").at("/numberMatched"), "0");
    EXPECT_EQ(items("datetime=2021-04-01&ph=7.3").at("/numberMatched"), "1") << "a day is a choice by the time of the newest record";
    EXPECT_EQ(items("datetime=2021-04-02&ph=7.3").at("/numberMatched"), "0");
    auto const table = service.get("/collections/water-sections/items?f=csv&properties=ph&datetime=2021-04-01T05:00:00Z");
    EXPECT_NE(table.body.find(",7.2"), std::string::npos) << table.body;

    // what was known before it was corrected, also of the records
    auto const before = format_rfc3339(utc_now());
    std::this_thread::sleep_for(std::chrono::milliseconds{2});     // times of reception are told by the millisecond
    EXPECT_EQ(service.ingest(csv, "site,time,interval,ph\na,2021-04-01T04:00:00Z,4h,6.4\n").at("/revised"), "1");
    EXPECT_EQ(items("datetime=2021-04-01T05:00:00Z").at("/features/0/properties/ph"), "6.4") << "no old answer is kept";
    EXPECT_EQ(items("datetime=2021-04-01T05:00:00Z&asof=" + before).at("/features/0/properties/ph"), "7.2");
    EXPECT_EQ(items("datetime=2021-04-01T05:00:00Z&asof=2021-05-01").at("/features/0/properties/currency"), "none")
        << "the service had not heard of it";
    auto const records = service.get("/collections/water-records/items?f=csv&properties=ph&asof=" + before);
    EXPECT_NE(records.body.find(",7.2"), std::string::npos) << records.body;
    EXPECT_EQ(records.body.find("6.4"), std::string::npos) << records.body;
}

TEST_F(PastOfTheService, ShowsPeriodsAsTheyWereKnown)
{
    std::string days = "site,time,interval,ph,dissolved_oxygen,codmn,ammonia_nitrogen,total_phosphorus\n";
    for (int day = 1; day <= 31; ++day)
        days += fmt::format("a,2025-10-{:02}T00:00:00+08:00,day,8.0,8.1,3.5,0.9,0.15\n", day);
    (void)service.ingest(csv, days);
    auto const before = format_rfc3339(utc_now());
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
    (void)service.ingest(csv, "site,time,interval,ammonia_nitrogen\na,2025-10-03T00:00:00+08:00,day,9.9\n");
    auto const value = [&](std::string const& asof) {
        auto const page = service.json("/collections/section-periods/items?period=2025-10" + asof);
        auto const said = service.json("/api/v1/statistics/water-sections?period=2025-10&compare=none&site=a" + asof);
        EXPECT_EQ(said.at("/sections/0/water_class"), page.at("/features/0/properties/water_class")) << "one reading of it";
        EXPECT_EQ(said.at("/data/asof"), asof.empty() ? "null" : before);
        return page.at("/features/0/properties/water_class");
    };
    EXPECT_EQ(value({}), "4");
    EXPECT_EQ(value("&asof=" + before), "3");
    EXPECT_EQ(service.json("/collections/section-periods/items?asof=2025-09-01").size("/features"), 0U) << "nothing had come";
    EXPECT_EQ(service.json("/collections/section-periods/items?period=2025-10&asof=" + format_date(beijing_date(utc_now())))
                  .at("/features/0/properties/water_class"),
              "4")
        << "a date is the end of its day, today is now";
}

TEST_F(PastOfTheService, SaysWhatItCannotGive)
{
    for (auto const& [target, text] :
         {std::pair{"/collections/alerts/items?asof=2021-05-01T00:00:00Z", "keeps no past"},
          std::pair{"/collections/water-sections/items?asof=yesterday", "asof: "},
          std::pair{"/collections/water-sections/items?asof=2021-05-01/2021-05-02", "is an interval"},
          std::pair{"/collections/section-periods/items?asof=20251101", "asof: "},
          std::pair{"/collections/section-periods/items?asof=2999-01-01", "asof: '2999-01-01' is to come"},
          std::pair{"/collections/area-periods/items?f=csv&asof=2999-01-01T00:00:00Z", "is to come"},
          std::pair{"/api/v1/statistics/water-sections?period=2025-10&asof=2999-01-01", "asof: '2999-01-01' is to come: it is 20"},
          std::pair{"/api/v1/statistics/air-stations?period=2025-10&asof=soon", "one moment that has been is wanted"}}) {
        auto const answer = service.get(target);
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_NE(answer.body.find(text), std::string::npos) << answer.body;
    }
}

}  // namespace
}  // namespace yihong::e2e
