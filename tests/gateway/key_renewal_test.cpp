#include "command_sockets.hpp"
#include "temporary_folder.hpp"

namespace yihong::gateway {
namespace {

/// A logger of the 2025 edition with a key, as the gateway gives it another one by itself.
class KeyRenewalOverSockets : public CommandOverSockets {
protected:
    TemporaryFolder folder;
    GatewayOptions renewing()
    {
        auto options = quick();
        options.command_resends = 1;
        options.key_days = 90;
        options.key_look_interval = 20ms;
        options.key_file = folder.path() / "device_keys.json";
        return options;
    }
    static void speak(Station& station) { station.send({.qn = "20260801080000001", .st = "32", .cn = hj212::cn::heartbeat, .flag = 8}); }
    std::shared_ptr<KeySet const> keys() { return gateway->devices()->find(the_mn)->keys->load(); }
};

TEST_F(KeyRenewalOverSockets, AnOldKeyIsReplacedOnceAndTheNewOneLeftAlone)
{
    serve(renewing(), "0000000000000000");
    Station station{gateway->port()};
    wait_for_connection();
    EXPECT_EQ(station.get(200ms).cn, 0);           // it speaks 2017 as yet
    speak(station);
    auto const request = station.get();
    ASSERT_EQ(request.cn, hj212::cn::new_key);
    EXPECT_EQ(hj212::Sm4::from_key("0000000000000000")->decrypted(request.cp).substr(0, 13), "SKCreateTime=");
    station.reply(request, 9011, "QnRtn=1");
    station.reply(request, 9012, "ExeRtn=1");
    EXPECT_EQ(station.get(500ms).cn, 0);
    EXPECT_TRUE(keys()->in_force().made_at);
    auto const listed = ask("GET", path);
    EXPECT_TRUE(has(listed, R"("command":"new_key","title":"更新密钥","cn":1014,"parameters":{},"state":"done","by":"key_renewal")"))
        << listed.body;
    EXPECT_FALSE(has(listed, keys()->in_force().text));
}

TEST_F(KeyRenewalOverSockets, AKeyThatIsNeverAnsweredStaysPendingAndIsNotOfferedWithoutEnd)
{
    serve(renewing(), "0000000000000000");
    Station station{gateway->port()};
    wait_for_connection();
    speak(station);
    for (int sending = 0; sending < 2; ++sending)
        EXPECT_EQ(station.get().cn, hj212::cn::new_key);
    EXPECT_EQ(station.get(700ms).cn, 0);
    EXPECT_TRUE(has(ask("GET", path), R"("state":"timeout")"));
    auto const before = keys();
    ASSERT_NE(before->pending(), nullptr);
    EXPECT_EQ(before->in_force().text, "0000000000000000");
    auto const upload = [&](DeviceKey const& key) {        // is it understood?
        auto const accepted = gateway->board().status(the_mn).records;
        station.send(
            {.qn = "20260801090000001", .st = "32", .cn = 2011, .flag = 8, .cp = "DataTime=20160801090000;w01001-Rtd=7.1,w01001-Flag=N"},
            &key.sm4);
        for (int i = 0; i < 300 && gateway->board().status(the_mn).records == accepted; ++i)
            std::this_thread::sleep_for(10ms);
        return gateway->board().status(the_mn).records > accepted;
    };
    EXPECT_TRUE(upload(before->in_force()));
    EXPECT_NE(keys()->pending(), nullptr);
    EXPECT_TRUE(upload(*before->pending()));
    EXPECT_EQ(keys()->pending(), nullptr);         // the station uses it: it has taken it
    EXPECT_TRUE(upload(before->in_force()));       // what was on its way
}

}  // namespace
}  // namespace yihong::gateway
