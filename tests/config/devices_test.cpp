#include "fixture.hpp"

#include <string>

namespace yihong {
namespace {

using namespace std::chrono_literals;

TEST(Config, ADeviceMayHaveSeveralFormsOfCheckSum)
{
    std::string const device = "[[devices]]\nmn = \"A\"\nsite = \"zhangliuzhuang\"\npassword = \"x\"\ncrc = ";
    auto const config = config_of(device + "[\"modbus\", \"hj212\", \"modbus\"]\n");
    EXPECT_EQ(config.devices.at(0).crc, CrcForm::modbus);
    EXPECT_EQ(config.devices.at(0).other_crc, std::vector{CrcForm::hj212});
}

TEST(Config, ReadsEveryKeyOfADevice)
{
    auto const config = config_of(R"([[devices]]
mn = "A140800_0001"
site = "zhangliuzhuang"
password = "12 3456="
st = ["21", "91"]
networks = ["10.8.0.0/16", "fd00::1"]
crc = "modbus-swapped"
units = { w21003 = "ug/L", conductivity = "mS/cm" }
data_time = "end"
hour_data = "4h"
minute_interval = "1h"
missing_flag = "N"
judged = ["realtime", "4h"]
sm4_key = "0123456789abcdefFEDCBA9876543210"
encrypted_only = true
refill = false
[[devices]]
mn = "B"
site = "zhangliuzhuang"
password = "x"
st = "22"
sm4_key = "sixteen letters."
)");

    Device first;
    first.mn = "A140800_0001";
    first.site = "zhangliuzhuang";
    first.password = "12 3456=";
    first.system_types = {"21", "91"};
    first.networks = {"10.8.0.0/16", "fd00::1"};
    first.crc = CrcForm::modbus_swapped;
    first.units = {{"conductivity", "mS/cm"}, {"w21003", "ug/L"}};
    first.time_is_end = true;
    first.hour_data = IntervalKind::four_hours;
    first.minute_interval = 60min;
    first.missing_flag = Flag{'N'};
    first.judged = {IntervalKind::realtime, IntervalKind::four_hours};
    first.sm4_key = "0123456789abcdefFEDCBA9876543210";
    first.encrypted_only = true;
    first.refill = false;
    Device second;                                       // everything else by default
    second.mn = "B";
    second.site = "zhangliuzhuang";
    second.password = "x";
    second.system_types = {"22"};
    second.sm4_key = "sixteen letters.";
    EXPECT_EQ(config.devices, (std::vector{first, second}));
}

TEST(Config, RefusesWrongValuesOfADevice)
{
    for (std::string const key : {
             "st = \"2\"",
             "st = [\"211\"]",
             "st = [\"2;\"]",
             "st = 21",
             "st = [21]",
             "networks = [\"10.0.0.0/33\"]",
             "networks = \"::1\"",
             "crc = \"ccitt\"",
             "crc = [\"hj212\", \"ccitt\"]",
             "crc = []",
             "crc = 16",
             "units = \"mg/L\"",
             "units = { w21003 = \"\" }",
             "units = { w21003 = 1 }",
             "data_time = \"middle\"",
             "hour_data = \"day\"",
             "minute_interval = \"0m\"",
             "minute_interval = \"61m\"",
             "minute_interval = \"90s\"",
             "minute_interval = 10",
             "missing_flag = \"\"",
             "missing_flag = \"N!\"",
             "judged = []",
             "judged = [\"week\"]",
             "judged = \"hour\"",
             "judged = [1]",
             "sm4_key = \"short\"",
             "sm4_key = \"0123456789abcdefFEDCBA987654321x\"",
             "encrypted_only = \"yes\"",
         }) {
        auto const failure = only_failure("devices = [{ mn = \"A\", site = \"a\", password = \"p\", " + key + " }]\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << key;
        EXPECT_TRUE(failure.detail.starts_with("yihong.toml:1:")) << failure.detail;
        EXPECT_NE(failure.detail.find("devices[0]." + key.substr(0, key.find(' '))), std::string::npos) << failure.detail;
    }
    for (std::string const mn : {"", "A B", "A;B", "A,B", "A=B", "A&B", "A#B", "站", "A\\u0007",
                                 "12345678901234567890123456789012345678901234567890123456789012345"})
        EXPECT_EQ(only_failure("devices = [{ site = \"a\", password = \"p\", mn = \"" + mn + "\" }]\n").code, Errc::bad_value) << mn;
    for (std::string const password :
         {"", " a", "a ", "a;b", "a,b", "a&b", "密码", "12345678901234567890123456789012345678901234567890123456789012345"})
        EXPECT_EQ(only_failure("devices = [{ site = \"a\", mn = \"A\", password = \"" + password + "\" }]\n").code, Errc::bad_value)
            << password;
    EXPECT_EQ(only_failure("devices = [{ mn = \"A\", password = \"p\", site = \"a b\" }]\n").code, Errc::bad_value);
}

TEST(Config, TellsEveryProblemOfDevicesWithItsPlace)
{
    auto const failures = failures_of(R"([[devices]]
site = "a"
password = "secret;1"
judged = ["hour", "day", "hour"]
encrypted_only = true
[[devices]]
mn = "A"
site = "a"
password = "p"
pasword = "p"
[[devices]]
mn = "A"
site = "b"
password = "p"
st = ["21", "x"]
)");

    std::vector<Failure> const expected{
        {Errc::missing_field, "yihong.toml:1:1: devices[0].mn: is missing"},
        {Errc::bad_value,
         "yihong.toml:3:12: devices[0].password: must be 1 to 64 printable ASCII characters without ; , & and blanks at its ends"},
        {Errc::duplicate_id, "yihong.toml:4:26: devices[0].judged: \"hour\" stands here twice"},
        {Errc::missing_field, "yihong.toml:5:18: devices[0].encrypted_only: needs sm4_key, without which nothing can be read"},
        {Errc::unknown_field,
         "yihong.toml:10:1: devices[1].pasword: is not a key here; the keys are mn, site, password, st, networks, crc, units, data_time, "
         "hour_data, minute_interval, missing_flag, judged, sm4_key, refill, encrypted_only"},
        {Errc::duplicate_id, "yihong.toml:12:6: devices[2].mn: \"A\" is the MN of another device too"},
        {Errc::bad_value, "yihong.toml:15:13: devices[2].st: holds system types of two digits or letters, such as \"21\""},
    };
    EXPECT_EQ(failures, expected);
}

}  // namespace
}  // namespace yihong
