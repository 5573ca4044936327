#include "gateway.hpp"

#include <algorithm>
#include <iterator>

/// What a station owes, and how it is asked for it.
namespace yihong::e2e {
namespace {

using hj212::to_frame;

TEST_F(Gateway, WhatAStationOwesIsKnownByDayAndLateDataAreMarked)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", values))));
    ASSERT_TRUE(station.receive());
    auto const owed =
        service.json("/api/v1/devices/A140800_0001/completeness?datetime=2026-11-05T00:00:00%2B08:00/2026-11-05T23:00:00%2B08:00");
    EXPECT_EQ(owed.at("/interval"), "4h");
    EXPECT_EQ(owed.at("/expected") + " " + owed.at("/present") + " " + owed.at("/late"), "6 1 1");
    EXPECT_EQ(owed.at("/days/0/date"), "2026-11-05");
    EXPECT_EQ(owed.size("/days/0/missing"), 5U);
    EXPECT_EQ(owed.at("/days/0/missing/2"), "2026-11-05T04:00:00Z");
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").at("/records/0/late"), "true");
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001/completeness").size("/days"), 7U);
    EXPECT_EQ(service.get("/api/v1/devices/A140800_0001/completeness?datetime=2020-01-01T00:00:00Z/2026-01-01T00:00:00Z").status, 413);
    EXPECT_EQ(service.get("/api/v1/devices/nobody/completeness").status, 404);
}

TEST_F(Gateway, AStationIsAskedForWhatItOwesAndWhatItSendsIsTakenIn)
{
    using namespace std::chrono;
    Service const service{folder / "data",
                          {.config = config("[hj212]\nrefill_days = 2\nrefill_interval = \"100ms\"\n" +
                                            device("A140800_0001", "a", "hour_data = \"hour\""))}};
    auto const completeness = service.json("/api/v1/devices/A140800_0001/completeness");
    auto owed = completeness.all("/days/5/missing");       // yesterday, of which nothing came
    std::ranges::copy(completeness.all("/days/6/missing"), std::back_inserter(owed));
    std::string rows = "site,time,interval,ph\n";
    for (; owed.size() > 4; owed.erase(owed.begin()))
        rows += "a," + owed.front() + ",hour,7.3\n";
    (void)service.ingest("text/csv", rows);
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "", hj212::cn::heartbeat))));
    ASSERT_TRUE(station.receive());
    auto const asked = station.receive();
    ASSERT_TRUE(asked);
    auto const request = hj212::parse_segment(*asked).value();
    EXPECT_EQ(request.cn, hj212::cn::hour);
    std::vector<hj212::Field> fields;
    hj212::parse_data_area(request.cp, fields);
    std::string const first{hj212::find_value(fields, "BeginTime")};
    EXPECT_EQ(first, hj212::format_station_time(parse_rfc3339(owed.front()).value()));
    EXPECT_EQ(hj212::find_value(fields, "EndTime"), hj212::format_station_time(parse_rfc3339(owed.back()).value()));

    auto reply = upload("A140800_0001", "", "QnRtn=1", hj212::cn::request_answer);
    reply.qn = request.qn;
    reply.flag = 8;
    ASSERT_TRUE(station.send(to_frame(reply)));
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", first, "w01001-Avg=8,w01001-Flag=N"))));
    ASSERT_TRUE(station.receive());                // 9014
    reply.cn = hj212::cn::execution_result;
    reply.cp = "ExeRtn=1";
    ASSERT_TRUE(station.send(to_frame(reply)));
    EXPECT_TRUE(eventually([&] {
        return service.json("/collections/water-sections/items/a").at("/properties/missing_periods") == std::to_string(owed.size() - 1);
    }));
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001/commands").at("/commands/0/state"), "done");
    EXPECT_FALSE(station.receive(500ms));          // the rest was asked for just now
}

}  // namespace
}  // namespace yihong::e2e
