#include "fixture.hpp"

#include <string>

namespace yihong {
namespace {

using namespace std::chrono_literals;

TEST(Config, ReadsEveryKeyOfAForward)
{
    auto const config = config_of(R"([[forward]]
id = "province"
address = "hj212.province-1.example:9212"
password = "12 3456="
sites = ["a", "b"]
intervals = ["realtime", "4h"]
edition = "surface-water"
st = "2A"
mn = { a = "A140800_0001", b = "B" }
crc = "modbus"
sm4_key = "sixteen letters."
window = 64
answer_timeout = "1500ms"
[[forward]]
id = "country"
address = "[fd00::1]:1"
password = "x"
)");

    Forward first;
    first.id = "province";
    first.host = "hj212.province-1.example";
    first.port = 9212;
    first.password = "12 3456=";
    first.sites = {"a", "b"};
    first.intervals = {IntervalKind::realtime, IntervalKind::four_hours};
    first.edition = "surface-water";
    first.system_type = "2A";
    first.mns = {{"a", "A140800_0001"}, {"b", "B"}};
    first.crc = CrcForm::modbus;
    first.sm4_key = "sixteen letters.";
    first.window = 64;
    first.answer_timeout = 1500ms;
    Forward second;                                      // everything else by default
    second.id = "country";
    second.host = "fd00::1";
    second.port = 1;
    second.password = "x";
    EXPECT_EQ(config.forwards, (std::vector{first, second}));
}

TEST(Config, RefusesWrongValuesOfAForward)
{
    for (std::string const key : {
             "sites = []",
             "sites = \"a\"",
             "sites = [1]",
             "sites = [\"a b\"]",
             "intervals = []",
             "intervals = [\"sample\"]",
             "intervals = [\"week\"]",
             "edition = \"2012\"",
             "edition = 2017",
             "st = \"2\"",
             "st = [\"21\"]",
             "mn = \"A\"",
             "mn = { a = \"\" }",
             "mn = { a = 1 }",
             "mn = { a = \"A;B\" }",
             "crc = \"ccitt\"",
             "sm4_key = \"short\"",
             "window = 0",
             "window = 65",
             "answer_timeout = \"50ms\"",
             "answer_timeout = \"11m\"",
             "answer_timeout = 10",
         }) {
        auto const failure = only_failure("forward = [{ id = \"A\", address = \"a:1\", password = \"p\", " + key + " }]\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << key;
        EXPECT_NE(failure.detail.find("forward[0]." + key.substr(0, key.find(' '))), std::string::npos) << failure.detail;
    }
    for (std::string const address :
         {"", "a", "a:", ":1", "a:0", "a:65536", "a b:1", "http://a:1", "fd00::1:1", "[a]:1", "[fd00::1]", ".a:1", "省:1"})
        EXPECT_EQ(only_failure("forward = [{ id = \"a\", password = \"p\", address = \"" + address + "\" }]\n").code, Errc::bad_value)
            << address;
    EXPECT_EQ(only_failure("forward = [{ id = \"a b\", address = \"a:1\", password = \"p\" }]\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("forward = [{ id = \"a\", address = \"a:1\" }]\n").code, Errc::missing_field);
    EXPECT_EQ(
        only_failure(
            "[[forward]]\nid = \"a\"\naddress = \"a:1\"\npassword = \"p\"\n[[forward]]\nid = \"a\"\naddress = \"b:1\"\npassword = \"p\"\n"),
        (Failure{Errc::duplicate_id, "yihong.toml:6:6: forward[1].id: \"a\" is the id of another forward too"}));
}

}  // namespace
}  // namespace yihong
