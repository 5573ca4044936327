#include "yihong/http/reply_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace yihong::http::testing {
namespace {

std::shared_ptr<Reply const> reply_of(std::size_t bytes)
{
    return std::make_shared<Reply const>(make_reply(200, "text/plain", std::string(bytes, 'x')));
}

TEST(ReplyCache, FindsWhatWasPutForTheSameVersionOnly)
{
    ReplyCache cache{1 << 20};
    auto const reply = reply_of(100);
    cache.put("a", "1", reply);
    EXPECT_EQ(cache.find("a", "1"), reply);
    EXPECT_EQ(cache.find("a", "2"), nullptr);
    EXPECT_EQ(cache.find("b", "1"), nullptr);
    auto const newer = reply_of(50);
    std::size_t const before = cache.bytes();
    cache.put("a", "2", newer);
    EXPECT_EQ(cache.find("a", "2"), newer);
    EXPECT_EQ(cache.find("a", "1"), nullptr);
    EXPECT_LT(cache.bytes(), before);
}

TEST(ReplyCache, DropsTheLongestUnusedBeyondItsLimit)
{
    ReplyCache cache{100'000};
    for (int i = 0; i < 50; ++i) {
        cache.put("k" + std::to_string(i), "v", reply_of(5'000));
        EXPECT_NE(cache.find("k0", "v"), nullptr) << i;    // in use, so it stays
        EXPECT_LE(cache.bytes(), 100'000U);
    }
    EXPECT_EQ(cache.find("k1", "v"), nullptr);
    EXPECT_NE(cache.find("k49", "v"), nullptr);
    EXPECT_NE(cache.find("k40", "v"), nullptr);
}

TEST(ReplyCache, LeavesOutWhatWouldFillIt)
{
    ReplyCache cache{100'000};
    cache.put("small", "v", reply_of(100));
    cache.put("large", "v", reply_of(60'000));
    EXPECT_EQ(cache.find("large", "v"), nullptr);
    EXPECT_NE(cache.find("small", "v"), nullptr);
}

TEST(ReplyCache, CountsCompressedFormsOnceTheyExist)
{
    ReplyCache cache{1 << 20};
    auto const reply = reply_of(1000);
    cache.put("a", "1", reply);
    std::size_t const before = cache.bytes();
    (void)reply->content()->gzip();
    (void)cache.find("a", "1");
    EXPECT_GT(cache.bytes(), before);
}

TEST(ReplyCache, IsSafeFromManyThreadsAndStaysBounded)
{
    ReplyCache cache{200'000};
    std::atomic<bool> wrong{false};
    std::vector<std::jthread> threads;
    for (unsigned seed = 0; seed < 4; ++seed) {
        threads.emplace_back([&, seed] {
            unsigned state = seed * 7919U + 1;
            for (int i = 0; i < 3000; ++i) {
                state = state * 1664525U + 1013904223U;
                std::string const key = "k" + std::to_string(state >> 24U);
                if (auto const found = cache.find(key, "v"); found && found->content()->plain().size() != 100 + key.size())
                    wrong = true;
                else if (!found)
                    cache.put(key, "v", reply_of(100 + key.size()));
            }
        });
    }
    threads.clear();
    EXPECT_FALSE(wrong);
    EXPECT_LE(cache.bytes(), 200'000U);
    EXPECT_EQ(cache.hits() + cache.misses(), 12'000U);
}

}  // namespace
}  // namespace yihong::http::testing
