#include "yihong/config/tokens.hpp"

#include "temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

namespace yihong {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime now{1'794'000'000s};

std::string text_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

class Tokens : public testing::Test {
protected:
    std::string create(TokenFile& tokens, std::string_view name, std::vector<std::string> const& scopes = {"ingest"},
                       std::optional<UtcTime> expires = std::nullopt)
    {
        auto secret = tokens.create(name, scopes, expires, now);
        EXPECT_TRUE(secret.has_value()) << (secret ? "" : secret.error().detail);
        return secret.value_or("");
    }
    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_.path() / "data" / "tokens.json";   // the folder does not exist yet
};

TEST_F(Tokens, SecretIsKnownAfterwardsAlsoToOtherProcesses)
{
    TokenFile tokens{file_};
    auto const secret = create(tokens, "probe", {"read", "ingest", "read"}, now + 1h);
    Token const expected{"probe", {"ingest", "read"}, now, now + 1h};

    EXPECT_EQ(tokens.lookup(secret, now), expected);
    TokenFile other{file_};
    EXPECT_EQ(other.lookup(secret, now), expected);
    EXPECT_EQ(other.list(), std::vector{expected});
}

TEST_F(Tokens, SecretsAreLongRandomAndUrlSafe)
{
    TokenFile tokens{file_};
    std::set<std::string> secrets;
    for (int i = 0; i < 50; ++i)
        secrets.insert(create(tokens, "t" + std::to_string(i)));

    EXPECT_EQ(secrets.size(), 50U);
    for (auto const& secret : secrets) {
        EXPECT_EQ(secret.size(), 46U);
        EXPECT_TRUE(secret.starts_with("yh_"));
        EXPECT_EQ(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), std::string::npos)
            << secret;
    }
}

TEST_F(Tokens, FileIsPrivateAndHoldsNoSecret)
{
    TokenFile tokens{file_};
    auto const old_mask = ::umask(0);
    auto const secret = create(tokens, "probe");
    ::umask(old_mask);

    struct stat status{};
    ASSERT_EQ(::stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(text_of(file_).find(secret.substr(3)), std::string::npos);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{file_.parent_path()}, {}), 1);   // nothing is left beside it
}

TEST_F(Tokens, WrongSecretsAreUnknown)
{
    TokenFile tokens{file_};
    auto secret = create(tokens, "probe");

    EXPECT_EQ(tokens.lookup("", now), std::nullopt);
    EXPECT_EQ(tokens.lookup(secret + "A", now), std::nullopt);
    EXPECT_EQ(tokens.lookup(secret.substr(1), now), std::nullopt);
    EXPECT_EQ(tokens.lookup(std::string(1'000'000, 'x'), now), std::nullopt);
    secret.back() = secret.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(tokens.lookup(secret, now), std::nullopt);
}

TEST_F(Tokens, ExpireAtTheirTime)
{
    TokenFile tokens{file_};
    auto const secret = create(tokens, "probe", {"read"}, now + 10min);

    EXPECT_TRUE(tokens.lookup(secret, now + 10min - 1ms).has_value());
    EXPECT_FALSE(tokens.lookup(secret, now + 10min).has_value());
    EXPECT_TRUE(tokens.any_valid(now));
    EXPECT_FALSE(tokens.any_valid(now + 10min));
    EXPECT_EQ(tokens.list().size(), 1U);
}

TEST_F(Tokens, RevokedOneIsGone)
{
    TokenFile tokens{file_};
    auto const first = create(tokens, "first");
    auto const second = create(tokens, "second");

    EXPECT_TRUE(tokens.revoke("first").has_value());

    EXPECT_EQ(tokens.lookup(first, now), std::nullopt);
    EXPECT_TRUE(tokens.lookup(second, now).has_value());
    EXPECT_EQ(tokens.revoke("first").error().code, Errc::not_found);
}

TEST_F(Tokens, RefusesWrongRequests)
{
    TokenFile tokens{file_};
    create(tokens, "probe");
    auto const refused = [&](std::string_view name, std::vector<std::string> scopes, std::optional<UtcTime> expires) {
        auto const secret = tokens.create(name, scopes, expires, now);
        return secret ? Errc::not_found : secret.error().code;
    };

    EXPECT_EQ(refused("probe", {"read"}, {}), Errc::duplicate_id);
    EXPECT_EQ(refused("", {"read"}, {}), Errc::bad_value);
    EXPECT_EQ(refused("a b", {"read"}, {}), Errc::bad_value);
    EXPECT_EQ(refused("a", {}, {}), Errc::bad_value);
    EXPECT_EQ(refused("a", {"root"}, {}), Errc::bad_value);
    EXPECT_EQ(refused("a", {"read"}, now), Errc::bad_value);
    EXPECT_EQ(tokens.list().size(), 1U);
}

TEST_F(Tokens, ChangesOfAnotherProcessAreSeen)
{
    TokenFile serving{file_, 0ms};
    EXPECT_FALSE(serving.any_valid(now));
    TokenFile command{file_};

    auto const secret = create(command, "probe");
    EXPECT_TRUE(serving.lookup(secret, now).has_value());
    auto const second = create(serving, "second");                 // keeps what the other one made
    EXPECT_TRUE(serving.lookup(secret, now).has_value());
    EXPECT_TRUE(command.revoke("probe").has_value());              // and the other way round
    EXPECT_FALSE(serving.lookup(secret, now).has_value());
    EXPECT_TRUE(serving.lookup(second, now).has_value());
    std::filesystem::remove(file_);
    EXPECT_FALSE(serving.lookup(second, now).has_value());
}

TEST_F(Tokens, LooksAtTheFileOnlyNowAndThen)
{
    TokenFile serving{file_, 1h};
    TokenFile command{file_};
    auto const secret = create(command, "probe");

    EXPECT_FALSE(serving.lookup(secret, now).has_value());
}

TEST_F(Tokens, DamagedFileStopsAStartButNotAService)
{
    TokenFile serving{file_, 0ms};
    auto const secret = create(serving, "probe");
    auto const good = text_of(file_);

    for (auto const& damaged :
         {std::string{""}, good.substr(0, good.size() / 2), std::string{"{}"}, std::string{R"({"tokens":[{}]})"},
          std::string{good}.replace(good.find("null"), 4, "true"), std::string{good}.replace(good.find("ingest"), 6, "ingesT")}) {
        std::ofstream{file_, std::ios::binary | std::ios::trunc} << damaged;
        EXPECT_THROW(TokenFile{file_}, std::runtime_error) << damaged;
        EXPECT_TRUE(serving.lookup(secret, now).has_value()) << damaged;
        EXPECT_THROW(serving.create("another", std::vector<std::string>{"read"}, std::nullopt, now), std::runtime_error) << damaged;
    }
    std::ofstream{file_, std::ios::binary | std::ios::trunc} << good;
    EXPECT_TRUE(serving.lookup(secret, now).has_value());
    EXPECT_NO_THROW(TokenFile{file_});
}

TEST_F(Tokens, ManyThreadsMayAskWhileOthersChange)
{
    TokenFile serving{file_, 0ms};
    auto const secret = create(serving, "steady");
    std::atomic<bool> done{false};
    std::atomic<int> misses{0};
    std::atomic<int> lookups{0};
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                while (!done) {
                    misses += !serving.lookup(secret, now).has_value();
                    ++lookups;
                }
            });
        }
        TokenFile command{file_};
        for (int i = 0; i < 20; ++i) {
            create(i % 2 == 0 ? command : serving, "t" + std::to_string(i));
            EXPECT_TRUE((i % 2 == 0 ? serving : command).revoke("t" + std::to_string(i)).has_value());
        }
        done = true;
    }

    EXPECT_GT(lookups, 0);
    EXPECT_EQ(misses, 0);
    EXPECT_EQ(serving.list().size(), 1U);
}

}  // namespace
}  // namespace yihong
