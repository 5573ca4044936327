#include "yihong/gateway/key_ring.hpp"

#include "temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace yihong::gateway {
namespace {

using namespace std::chrono_literals;

std::string const mn = "010000A8900016F000169DC0";
UtcTime const day_one = parse_rfc3339("2026-11-01T00:00:00Z").value();
UtcTime const day_two = parse_rfc3339("2026-11-02T00:00:00Z").value();

Device device(std::string key)
{
    Device one;
    one.mn = mn;
    one.sm4_key = std::move(key);
    return one;
}

struct KeyRings : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "device_keys.json";
    Device const zeros = device("0000000000000000");

    [[nodiscard]] std::string content() const
    {
        std::ostringstream text;
        text << std::ifstream{file}.rdbuf();
        return text.str();
    }
};

/// What a set makes of a frame under `key`.
std::string opened(KeySet const& keys, DeviceKey const& key, UtcTime at, std::string const& cp)
{
    hj212::Outgoing message;
    message.cn = hj212::cn::hour;
    message.mn = mn;
    message.cp = cp;
    auto const bytes = hj212::to_frame(message, CrcForm::hj212, &key.sm4);
    hj212::FrameDecoder decoder;
    decoder.feed(bytes);
    auto const frame = decoder.next().value();
    return keys.open(frame, hj212::parse_segment(frame.segment)->cp, CrcForm::hj212, at).plain;
}

TEST_F(KeyRings, TheConfigurationsKeyIsTheFirstAndNothingIsWritten)
{
    KeyRing ring{file};
    auto const keys = ring.keys_of(zeros, day_one)->load();
    EXPECT_EQ(keys->in_force().text, "0000000000000000");
    EXPECT_EQ(keys->in_force().made_at, std::nullopt);
    EXPECT_EQ(keys->pending(), nullptr);
    EXPECT_EQ(ring.keys_of(device(""), day_one), nullptr);
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(KeyRings, AMadeKeyIsOnDiskBeforeItIsUsedAndSurvivesEveryStep)
{
    std::string text;
    {
        KeyRing ring{file};
        auto const snapshot = ring.keys_of(zeros, day_one);
        ring.make(mn, day_one);
        text = snapshot->load()->pending()->text;
        EXPECT_EQ(text.size(), 16U);
        EXPECT_NE(content().find(text), std::string::npos);
        EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    {
        KeyRing ring{file};
        auto const snapshot = ring.keys_of(zeros, day_one);
        ring.make(mn, day_two);                    // the station may have taken the first one
        ASSERT_NE(snapshot->load()->pending(), nullptr);
        EXPECT_EQ(snapshot->load()->pending()->text, text);
        EXPECT_EQ(snapshot->load()->in_force().text, "0000000000000000");
        ring.put_in_force(mn, day_two, day_two);   // that is another one
        EXPECT_EQ(snapshot->load()->in_force().text, "0000000000000000");
        ring.put_in_force(mn, day_one, day_two);
        EXPECT_EQ(snapshot->load()->in_force().text, text);
    }
    KeyRing ring{file};
    auto const keys = ring.keys_of(zeros, day_two)->load();
    EXPECT_EQ(keys->in_force().text, text);
    EXPECT_EQ(keys->in_force().made_at, day_one);
    EXPECT_EQ(keys->in_force().in_force_since, day_two);
    EXPECT_EQ(keys->pending(), nullptr);
}

TEST_F(KeyRings, TheKeyBeforeIsTakenForADayAndOpensItsOwnFramesForEver)
{
    KeyRing ring{file};
    auto const snapshot = ring.keys_of(zeros, day_one);
    ring.make(mn, day_one);
    ring.put_in_force(mn, day_one, day_two);
    auto const keys = snapshot->load();
    std::string const cp = "DataTime=20261105080000;w01001-Avg=8.02,w01001-Flag=N";
    auto const& old = keys->all().front();
    EXPECT_EQ(opened(*keys, keys->in_force(), day_two, cp), cp);
    EXPECT_EQ(opened(*keys, old, day_two + 24h, cp), cp);
    EXPECT_NE(opened(*keys, old, day_two + 24h + 1ms, cp), cp);
    EXPECT_EQ(opened(*keys, old, day_one, cp), cp);
}

/// The check sum alone would take the wrong key once in 256 frames.
TEST_F(KeyRings, TheRightOneOfTwoKeysIsFoundForEveryFrame)
{
    KeyRing ring{file};
    auto const snapshot = ring.keys_of(zeros, day_one);
    ring.make(mn, day_one);
    auto const keys = snapshot->load();
    for (int i = 0; i < 4000; ++i) {
        auto const cp = fmt::format("DataTime=20261105080000;w01001-Avg={},w01001-Flag=N", i);
        EXPECT_EQ(opened(*keys, *keys->pending(), day_one, cp), cp);
        EXPECT_EQ(opened(*keys, keys->in_force(), day_one, cp), cp);
    }
}

TEST_F(KeyRings, AnotherKeyInTheConfigurationBeginsAnew)
{
    {
        KeyRing ring{file};
        (void)ring.keys_of(zeros, day_one);
        ring.make(mn, day_one);
        ring.put_in_force(mn, day_one, day_one);
        ring.make(mn, day_two);
    }
    KeyRing ring{file};
    auto const keys = ring.keys_of(device("1111111111111111"), day_two)->load();
    EXPECT_EQ(keys->in_force().text, "1111111111111111");
    EXPECT_EQ(keys->pending(), nullptr);
    EXPECT_EQ(keys->all().size(), 3U);             // those before open the frames of their time
}

TEST_F(KeyRings, OldKeysGoAndTheConfigurationsStays)
{
    KeyRing ring{file};
    auto const snapshot = ring.keys_of(zeros, day_one);
    for (int i = 0; i < 40; ++i) {
        auto const at = day_one + std::chrono::days{90 * i};
        ring.make(mn, at);
        ring.put_in_force(mn, at, at);
    }
    EXPECT_EQ(snapshot->load()->all().size(), 16U);
    EXPECT_EQ(snapshot->load()->all().front().text, "0000000000000000");
    EXPECT_EQ(snapshot->load()->in_force().made_at, day_one + std::chrono::days{90 * 39});
}

TEST_F(KeyRings, ADamagedFileIsNamedAndNotPassedOver)
{
    for (std::string_view const text :
         {"{", "{}", R"({"devices":[{"mn":"a","keys":[]}]})",
          R"({"devices":[{"mn":"a","keys":[{"key":"short","made_at":null,"in_force_since":null}]}]})",
          R"({"devices":[{"mn":"a","keys":[{"key":"0000000000000000","made_at":null,"in_force_since":"soon"}]}]})"}) {
        std::ofstream{file} << text;
        try {
            KeyRing ring{file};
            FAIL() << text;
        } catch (std::runtime_error const& problem) {
            EXPECT_NE(std::string{problem.what()}.find("device_keys.json: cannot be read"), std::string::npos) << problem.what();
            EXPECT_EQ(std::string{problem.what()}.find("0000000000000000"), std::string::npos);
        }
    }
}

TEST_F(KeyRings, WhatCannotBeWrittenIsNotOffered)
{
    KeyRing ring{folder.path() / "nowhere" / "device_keys.json"};
    (void)ring.keys_of(zeros, day_one);
    EXPECT_THROW(ring.make(mn, day_one), std::runtime_error);
}

}  // namespace
}  // namespace yihong::gateway
