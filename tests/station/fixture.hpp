#pragma once

#include "yihong/station/fleet.hpp"

#include "scripted_host.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihong::station::test {

inline UtcTime at(std::string_view text) { return parse_rfc3339(text).value(); }

inline Parameter parameter(ParameterId id, std::string code, std::string old_code = {})
{
    Parameter made;
    made.id = id;
    made.name = "p" + std::to_string(id);
    made.code = std::move(code);
    if (!old_code.empty())
        made.other_codes = {std::move(old_code)};
    return made;
}

inline Record record(IntervalKind interval, std::string_view time, std::vector<Reading> readings)
{
    Record made;
    made.interval = interval;
    made.time = at(time);
    made.readings = std::move(readings);
    return made;
}

inline Reading reading(ParameterId parameter, std::string_view value, Flag flag = {})
{
    Reading made;
    made.parameter = parameter;
    made.flag = flag;
    made.value = Decimal::parse(value).value();
    return made;
}

/// So many hours from 2021-04-01 08:00 in Beijing, each with as many items.
inline Uploads hours(std::size_t count, std::size_t items = 1)
{
    std::vector<Upload> uploads;
    auto const first = at("2021-04-01T00:00:00Z");
    for (std::size_t i = 0; i < count; ++i) {
        Upload upload;
        upload.cn = hj212::cn::hour;
        upload.data_time = first + std::chrono::hours{i};
        upload.available_at = upload.data_time + std::chrono::hours{1};
        for (std::size_t k = 0; k < items; ++k)
            upload.items.push_back(fmt::format("w{:05}-Avg={}.5,w{:05}-Flag=N", 21000 + k, i, 21000 + k));
        uploads.push_back(std::move(upload));
    }
    return std::make_shared<std::vector<Upload> const>(std::move(uploads));
}

inline StationOptions a_station(Uploads uploads)
{
    StationOptions options;
    options.mn = "A140800_0001";
    options.edition = hj212::Edition::surface_water;
    options.uploads = std::move(uploads);
    options.answer_timeout = 5s;
    return options;
}

inline FleetOptions towards(ScriptedHost const& host)
{
    FleetOptions options;
    options.port = host.port();
    options.first_back_off = 20ms;
    return options;
}

inline FleetTotals play(FleetOptions options, StationOptions station)
{
    StationFleet fleet{std::move(options), {std::move(station)}};
    fleet.start();
    fleet.wait();
    return fleet.totals();
}

/// A station that stays connected until the test ends.
class Staying {
public:
    Staying(ScriptedHost& host, StationOptions station) : host_{host}, mn_{station.mn}, fleet_{staying(host), {std::move(station)}}
    {
        fleet_.start();
    }

    /// A request of the host, under a QN of its own.
    std::string ask(int cn, std::string cp = {}, std::string pw = "123456", std::string st = "21")
    {
        std::string qn = hj212::format_qn(at("2026-07-06T00:00:00Z") + std::chrono::milliseconds{++asked_});
        host_.send({.qn = qn,
                    .st = std::move(st),
                    .cn = cn,
                    .pw = std::move(pw),
                    .mn = mn_,
                    .flag = 9,
                    .pnum = {},
                    .pno = {},
                    .cp = std::move(cp)});
        return qn;
    }
    /// The answers to a request, as `9011 QnRtn=1`, once its last one is there.
    std::vector<std::string> answers(std::string const& qn, int last = hj212::cn::execution_result)
    {
        EXPECT_TRUE(host_.wait_until([&](std::vector<Heard> const& all) {
            return std::ranges::any_of(all, [&](Heard const& h) { return h.qn == qn && h.cn == last; });
        }));
        std::vector<std::string> texts;
        for (auto const& heard : host_.heard())
            if (heard.qn == qn)
                texts.push_back(fmt::format("{} {}", heard.cn, heard.cp));
        return texts;
    }
    FleetTotals stop()
    {
        fleet_.stop();
        fleet_.wait();
        return fleet_.totals();
    }

private:
    static FleetOptions staying(ScriptedHost const& host)
    {
        auto options = towards(host);
        options.stays = true;
        return options;
    }
    ScriptedHost& host_;
    std::string mn_;
    int asked_ = 0;
    StationFleet fleet_;
};

}  // namespace yihong::station::test
