#include "gateway.hpp"

#include <future>
#include <thread>

/// How a key is exchanged, whoever is killed in the middle of it.
namespace yihong::e2e {
namespace {

using hj212::to_frame;

constexpr std::string_view keyed_mn = "010000A8900016F000169DC0";
constexpr std::string_view keyed_path = "/api/v1/devices/010000A8900016F000169DC0";

/// A station of the 2025 edition with a key of its own.
struct KeyedStation {
    StationLink link;
    hj212::Sm4 key;

    bool sends(std::string_view time)
    {
        auto message = upload(keyed_mn, time, values);
        message.st = "32";
        return link.send(hj212::to_frame(message, CrcForm::hj212, &key)) && link.receive(1s).has_value();
    }
    /// The next request, under the key of the moment.
    std::string request_cp(hj212::Outgoing& reply)
    {
        auto const frame = link.receive(5s);
        auto const segment = hj212::parse_segment(frame.value()).value();
        reply = upload(keyed_mn, "", "");
        reply.qn = segment.qn;
        reply.st = "91";
        reply.flag = 8;
        return fmt::format("{} {}", segment.cn, key.decrypted(segment.cp));
    }
    void answer(hj212::Outgoing reply, int cn, std::string cp)
    {
        reply.cn = cn;
        reply.cp = std::move(cp);
        link.send(to_frame(reply));
    }
};

hj212::Sm4 first_key() { return hj212::Sm4::from_key("0000000000000000").value(); }
std::string keyed_device() { return device(keyed_mn, "a", "sm4_key = \"0000000000000000\"\nencrypted_only = true\nst = \"32\""); }
std::string key_in(std::string const& request) { return request.substr(request.find("NewSK=") + 6); }

TEST_F(Gateway, ANewKeyIsExchangedOverTheOldOneAndHoldsAcrossKill)
{
    auto const file = config(keyed_device());
    std::string key;
    {
        Service service{folder / "data", {.config = file}};
        KeyedStation station{StationLink{service.hj212_port()}, first_key()};
        ASSERT_TRUE(station.sends("20261105080000"));
        auto posted = std::async(std::launch::async, [&] {
            return service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"new_key"})");
        });
        hj212::Outgoing reply;
        auto const request = station.request_cp(reply);
        ASSERT_TRUE(request.starts_with("1014 SKCreateTime=20")) << request;
        key = key_in(request);
        ASSERT_EQ(key.size(), 16U);
        EXPECT_EQ(std::filesystem::status(folder / "data/device_keys.json").permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        EXPECT_EQ(service.json(keyed_path).at("/key_pending") + " " + service.json(keyed_path).at("/key_made_at"), "true null");
        station.answer(reply, 9011, "QnRtn=1");
        station.answer(reply, 9012, "ExeRtn=1");
        auto const done = posted.get();
        EXPECT_EQ(Json{done.body}.at("/state"), "done");
        EXPECT_EQ(Json{done.body}.at("/parameters"), "{}");
        EXPECT_TRUE(station.sends("20261105090000"));              // what was on its way
        station.key = hj212::Sm4::from_key(key).value();
        EXPECT_TRUE(station.sends("20261105100000"));
        auto const shown = service.get(keyed_path).body;
        EXPECT_EQ(Json{shown}.at("/key_pending"), "false");
        EXPECT_TRUE(Json{shown}.at("/key_made_at").starts_with("20")) << shown;
        for (auto const& text : {done.body, shown, service.get(std::string{keyed_path} + "/commands").body, service.log()})
            EXPECT_EQ(text.find(key), std::string::npos) << text;
        service.kill();
    }
    Service const service{folder / "data", {.config = file}};
    KeyedStation station{StationLink{service.hj212_port()}, hj212::Sm4::from_key(key).value()};
    EXPECT_TRUE(station.sends("20261105110000"));
    EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "false");
    auto const raw = service.json("/api/v1/sites/a/readings/2026-11-05T00:00:00Z/raw");      // under the key before
    EXPECT_EQ(raw.at("/frames/0/decoded/fields/1/value"), "8.02");
}

TEST_F(Gateway, WhoeverIsKilledInTheMiddleOfAKeyExchangeTheStationIsUnderstood)
{
    auto const file = config(keyed_device());
    std::string key;
    auto const ask = [&](Service& service, KeyedStation& station) {
        std::thread asking{[&] {
            try {
                (void)service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"new_key"})");
            } catch (std::exception const&) {
            }     // it is killed before it can answer
        }};
        hj212::Outgoing reply;
        auto const offered = key_in(station.request_cp(reply));
        service.kill();
        asking.join();
        return offered;
    };
    {
        Service service{folder / "data", {.config = file}};
        KeyedStation station{StationLink{service.hj212_port()}, first_key()};
        ASSERT_TRUE(station.sends("20261105080000"));
        key = ask(service, station);
    }
    {
        Service service{folder / "data", {.config = file}};
        KeyedStation station{StationLink{service.hj212_port()}, first_key()};
        EXPECT_TRUE(station.sends("20261105090000"));              // it did not take the key
        EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "true");
        EXPECT_EQ(ask(service, station), key);                     // the same again, for it might have
    }
    Service const service{folder / "data", {.config = file}};
    KeyedStation station{StationLink{service.hj212_port()}, hj212::Sm4::from_key(key).value()};
    EXPECT_TRUE(station.sends("20261105100000"));                  // it took it, and nobody heard of it
    EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "false");
    auto posted = std::async(std::launch::async, [&] {
        return service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"start_state"})");
    });
    hj212::Outgoing reply;
    EXPECT_EQ(station.request_cp(reply), "2021 ");                 // and is spoken to under it
    station.answer(reply, 9011, "QnRtn=2");
    EXPECT_EQ(Json{posted.get().body}.at("/state"), "refused");
}

TEST_F(Gateway, WithoutAKeyThereIsNoKeyExchange)
{
    Service const service{folder / "data", {.config = config(device(keyed_mn, "a", "st = \"32\""))}};
    StationLink station{service.hj212_port()};
    auto message = upload(keyed_mn, "20261105080000", values);
    message.st = "32";
    ASSERT_TRUE(station.send(to_frame(message)));
    ASSERT_TRUE(station.receive());
    auto const reply = service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"new_key"})");
    EXPECT_EQ(reply.status, 409) << reply.body;
    EXPECT_NE(reply.body.find("has no sm4_key"), std::string::npos) << reply.body;
    EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "(none)");
}

}  // namespace
}  // namespace yihong::e2e
