#include "command_catalog.hpp"
#include "command_routes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace yihong::gateway {
namespace {

using hj212::Edition;

struct Case {
    std::string_view body;
    Edition edition;
    int cn;
    std::string_view cp;
};

/// The data area, or what was wrong.
std::string built(std::string_view body, Edition edition = Edition::hj212_2017)
{
    auto const request = parse_command(body);
    if (!request)
        return request.error().detail;
    auto const spec = find_command(request->name, edition);
    if (!spec)
        return spec.error().detail.substr(0, spec.error().detail.find(':'));
    auto const command = build_command(**spec, request->arguments);
    return command ? std::to_string((*spec)->cn) + " " + command->data_area(parse_rfc3339("2016-08-01T08:58:57+08:00").value())
                   : command.error().detail;
}

TEST(CommandCatalog, BuildsDataAreasAsTheStandardHasThem)
{
    for (auto const& [body, edition, cn, cp] : std::initializer_list<Case>{
             {R"({"command":"set_realtime_interval","seconds":30})", Edition::hj212_2017, 1062, "RtdInterval=30"},
             {R"({"command":"history_hour","begin":"2016-08-01T08:00:00+08:00","end":"2016-08-01T00:00:00Z"})", Edition::hj212_2017, 2061,
              "BeginTime=20160801080000;EndTime=20160801080000"},
             {R"({"command":"read_clock"})", Edition::hj212_2025, 1011, ""},
             {R"({"command":"read_clock"})", Edition::surface_water, 1014, ""},
             {R"({"command":"set_clock"})", Edition::surface_water, 1015, "SystemTime=20160801085857"},
             {R"({"command":"set_clock","instrument":"w01018"})", Edition::hj212_2017, 1012, "PolId=w01018;SystemTime=20160801085857"},
             {R"({"command":"set_clock","time":"2026-01-01T00:00:00Z"})", Edition::hjt212_2005, 1012, "SystemTime=20260101080000"},
             {R"({"command":"set_timeouts","resends":3,"seconds":5})", Edition::hj212_2017, 1000, "OverTime=5;ReCount=3"},
             {R"({"command":"set_minute_interval","minutes":15})", Edition::hj212_2017, 1064, "MinInterval=15"},
             {R"({"command":"set_password","password":"654321"})", Edition::hj212_2017, 1072, "NewPW=654321"},
             {R"({"command":"stop_realtime"})", Edition::hj212_2017, 2012, ""},
             {R"({"command":"calibrate","instrument":"w01018"})", Edition::hj212_2017, 3011, "PolId=w01018"},
             {R"({"command":"set_sampling_cycle","instrument":"w01018","start":"080000","hours":4})", Edition::hj212_2017, 3016,
              "PolId=w01018;CstartTime=080000;Ctime=4"},
             {R"({"command":"set_parameter","instrument":"w01018","item":"i13004","value":"5.0"})", Edition::hj212_2017, 3021,
              "PolId=w01018;InfoId=i13004;i13004-Info=5.0"},
             {R"({"command":"running_mode","fields":{"RunMode":1}})", Edition::surface_water, 3042, "RunMode=1"},
             {R"({"command":"stop_test"})", Edition::surface_water, 3100, ""},
             {R"({"command":"read_serial_numbers"})", Edition::hj212_2025, 1001, ""},
             {R"({"command":"set_mn","fields":{"MN":"010000A8900016F000169DC1"}})", Edition::hj212_2025, 1002,
              "MN=010000A8900016F000169DC1"},
             {R"({"command":"retain_sample","fields":{"VaseNo":3}})", Edition::hj212_2025, 3022, "VaseNo=3"},
             {R"({"command":"retain_sample"})", Edition::hj212_2017, 3015, ""},
             {R"({"command":"check_standard","instrument":"w01018"})", Edition::hj212_2025, 3024, "PolId=w01018"},
             {R"({"command":"check_standard"})", Edition::surface_water, 3080, ""},
         })
        EXPECT_EQ(built(body, edition), std::to_string(cn) + " " + std::string{cp}) << body;
}

TEST(CommandCatalog, NamesWhatIsWrong)
{
    for (auto const& [body, detail] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {R"({"command":"set_realtime_interval"})", "seconds is missing"},
             {R"({"command":"set_realtime_interval","seconds":29})", "seconds is not a whole number from 30 to 3600"},
             {R"({"command":"set_realtime_interval","seconds":"30"})", "seconds is not a whole number"},
             {R"({"command":"set_realtime_interval","seconds":30.5})", "'seconds' is neither a text, a whole number nor an object"},
             {R"({"command":"set_realtime_interval","seconds":30,"unit":"s"})",
              "'unit' is not a parameter of set_realtime_interval; it takes: seconds"},
             {R"({"command":"set_realtime_interval","seconds":30,"seconds":60})", "'seconds' stands there twice"},
             {R"({"command":"set_minute_interval","minutes":7})",
              "minutes does not divide the hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30"},
             {R"({"command":"history_day","begin":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"})", "end is before begin"},
             {R"({"command":"set_password","password":"12;456"})", "password is not 6 letters and digits"},
             {R"({"command":"calibrate","instrument":"w01018;NewPW=1"})", "instrument is not a code such as w01018"},
             {R"({"command":"set_parameter","instrument":"w01018","item":"i13004","value":"5;X=1"})",
              "value is not 1 to 100 printable ASCII characters without ; , = & #"},
             {R"({"command":"set_sampling_cycle","instrument":"w01018","start":"246000","hours":4})",
              "start is not a time of the day, hhmmss in Beijing time"},
             {R"({"command":"restart"})", "command 'restart' is not one of edition 2017, which this device speaks; it knows"},
             {R"({"command":"set_mn","fields":{"MN":"1"}})",
              "command 'set_mn' is not one of edition 2017, which this device speaks; it knows"},
             {R"({"command":"explode"})", "there is no command 'explode'; edition 2017, which this device speaks, knows"},
             {R"({"seconds":30})", "command is missing"},
             {R"({"command":7})", "command is not a text"},
         })
        EXPECT_EQ(built(body), detail) << body;
    EXPECT_FALSE(parse_command("[]"));
    EXPECT_FALSE(parse_command(""));
    EXPECT_FALSE(parse_command("{\"command\":\"read_clock\"} x"));
    EXPECT_TRUE(built(R"({"command":"history_day","begin":"2026-01-02","end":"2026-01-01T00:00:00Z"})").starts_with("begin: "));
}

TEST(CommandCatalog, HidesPasswords)
{
    auto const spec = find_command("set_password", Edition::hj212_2017).value();
    EXPECT_EQ(build_command(*spec, {{"password", std::string{"654321"}}})->parameters_json, R"({"password":"******"})");
}

TEST(CommandCatalog, WhatMovesAnInstrumentNeedsConfirmation)
{
    std::set<std::pair<std::string_view, unsigned>> seen;
    for (auto const& spec : all_commands()) {
        EXPECT_EQ(spec.needs_confirmation(), spec.name == "set_password" || spec.name == "set_mn" ||
                                                 (spec.cn >= 3011 && spec.cn <= 3100 && !spec.name.starts_with("read_")))
            << spec.name;
        for (unsigned edition = 0; edition < 4; ++edition)
            if (spec.is_in(static_cast<Edition>(edition)))
                EXPECT_TRUE(seen.emplace(spec.name, edition).second) << spec.name << " twice in one edition";
    }
}

TEST(CommandCatalog, CodesHaveTexts)
{
    EXPECT_EQ(qn_rtn_text(3, Edition::hj212_2017), "PW 错误 wrong PW");
    EXPECT_EQ(qn_rtn_text(9, Edition::hj212_2017), "CRC 校验错误 wrong CRC");
    EXPECT_EQ(qn_rtn_text(9, Edition::surface_water), "设备忙 busy");
    EXPECT_EQ(qn_rtn_text(99, Edition::surface_water), "CRC 校验错误 wrong CRC");
    EXPECT_EQ(exe_rtn_text(100), "没有数据 no data");
}

}  // namespace
}  // namespace yihong::gateway
