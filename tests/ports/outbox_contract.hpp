#pragma once

#include "ports/store_contract.hpp"

#include <mutex>
#include <thread>

namespace yihong::store_contract {

template <typename Harness>
class OutboxContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(OutboxContract);

TYPED_TEST_P(OutboxContract, AQueueGivesItsEntriesInOrderUntilTheyAreDone)
{
    put_out(this->store(), {{0, "forward:province", "p1"}, {0, "forward", "f1"}, {0, "forward:province", "p2"}});
    put_out(this->store(), {{0, "forward:province", std::string{"p3\0\xff", 5}}});

    auto const all = this->store().outbox("forward:province", 0, 10);
    ASSERT_EQ(payloads(all), (std::vector<std::string>{"p1", "p2", std::string{"p3\0\xff", 5}}));
    EXPECT_EQ(all[0].queue, "forward:province");
    EXPECT_GT(all[0].id, 0U);
    EXPECT_LT(all[0].id, all[1].id);
    EXPECT_LT(all[1].id, all[2].id);
    EXPECT_EQ(payloads(this->store().outbox("forward", 0, 10)), std::vector<std::string>{"f1"});
    EXPECT_EQ(payloads(this->store().outbox("forward:province", all[0].id, 1)), std::vector<std::string>{"p2"});
    EXPECT_TRUE(this->store().outbox("forward:province", 0, 0).empty());
    EXPECT_TRUE(this->store().outbox("forward:province", UINT64_MAX, 10).empty());
    EXPECT_TRUE(this->store().outbox("forward:", 0, 10).empty());

    mark_done(this->store(), {{"forward:province", all[0].id}, {"forward:province", all[0].id}, {"forward", all[1].id}, {"nobody", 12345}});

    EXPECT_EQ(payloads(this->store().outbox("forward:province", 0, 10)), (std::vector<std::string>{"p2", all[2].payload}));
    EXPECT_EQ(payloads(this->store().outbox("forward", 0, 10)), std::vector<std::string>{"f1"});
}

TYPED_TEST_P(OutboxContract, NeverGivesAnOutboxIdTwice)
{
    put_out(this->store(), {{0, "a", "1"}, {0, "b", "2"}});
    auto const last = this->store().outbox("b", 0, 10).back().id;
    EXPECT_GT(last, this->store().outbox("a", 0, 10).back().id);           // ascending over all queues
    mark_done(this->store(), {{"b", last}});
    this->harness_.reopen();

    put_out(this->store(), {{0, "b", "3"}});

    EXPECT_GT(this->store().outbox("b", 0, 10).back().id, last);
    EXPECT_EQ(payloads(this->store().outbox("a", 0, 10)), std::vector<std::string>{"1"});
}

TYPED_TEST_P(OutboxContract, WhatOneHasClaimedNobodyElseGetsUntilItIsDoneGivenBackOrOverdue)
{
    put_out(this->store(), {{0, "a", "1"}, {0, "b", "x"}, {0, "a", "2"}, {0, "a", "3"}, {0, "a", "4"}});
    auto const claim = [&](std::string claimant, std::chrono::seconds now, std::size_t limit = 10, std::uint64_t after = 0) {
        return this->store().claim(
            {.queue = "a", .claimant = std::move(claimant), .after = after, .limit = limit, .now = at(now), .lease = 60s});
    };
    auto const first = claim("one", 0s, 2);
    EXPECT_EQ(payloads(first), (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(payloads(claim("two", 10s, 1)), std::vector<std::string>{"3"});
    EXPECT_EQ(payloads(claim("two", 11s, 10, first[1].id)), (std::vector<std::string>{"3", "4"})) << "its own again, and what is free";
    EXPECT_TRUE(claim("three", 12s).empty());
    EXPECT_TRUE(claim("three", 12s, 0).empty());
    EXPECT_EQ(payloads(this->store().outbox("a", 0, 10)).size(), 4U) << "claimed or not, it waits";

    mark_done(this->store(), {{"a", first[0].id}});
    EXPECT_EQ(payloads(claim("one", 50s)), std::vector<std::string>{"2"}) << "and its lease runs anew";
    EXPECT_TRUE(claim("three", 60s).empty());
    this->store().give_back("b", "two");
    EXPECT_TRUE(claim("three", 60s).empty());
    this->store().give_back("a", "two");
    EXPECT_EQ(payloads(claim("three", 60s)), (std::vector<std::string>{"3", "4"}));
    EXPECT_EQ(payloads(claim("four", 110s)), std::vector<std::string>{"2"}) << "the lease of the first has ended";
    EXPECT_EQ(payloads(this->store().claim({.queue = "b", .claimant = "four", .after = 0, .limit = 10, .now = at(0s), .lease = 60s})),
              std::vector<std::string>{"x"});
}

TYPED_TEST_P(OutboxContract, SendersAtOnceNeverShareAnEntry)
{
    std::vector<OutboxEntry> entries;
    for (int i = 0; i < 600; ++i)
        entries.push_back({0, "a", std::to_string(i)});
    put_out(this->store(), entries);
    std::vector<std::vector<OutboxEntry>> taken(4);
    std::mutex committing;                                 // commits come from one thread at a time
    std::vector<std::thread> senders;
    for (std::size_t s = 0; s < taken.size(); ++s)
        senders.emplace_back([&, s] {
            for (;;) {
                auto const some =
                    this->store().claim({.queue = "a", .claimant = std::to_string(s), .after = 0, .limit = 7, .now = at(0s), .lease = 1h});
                if (some.empty())
                    return;
                std::vector<std::pair<std::string, std::uint64_t>> done;
                for (auto const& entry : some) {
                    taken[s].push_back(entry);
                    done.emplace_back("a", entry.id);
                }
                std::lock_guard const lock{committing};
                mark_done(this->store(), done);
            }
        });
    for (auto& sender : senders)
        sender.join();
    std::vector<std::uint64_t> ids;
    for (auto const& by : taken)
        for (auto const& entry : by)
            ids.push_back(entry.id);
    std::ranges::sort(ids);
    EXPECT_EQ(ids.size(), 600U);
    EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end()) << "sent twice";
    EXPECT_TRUE(this->store().outbox("a", 0, 1).empty());
}

REGISTER_TYPED_TEST_SUITE_P(OutboxContract, AQueueGivesItsEntriesInOrderUntilTheyAreDone, NeverGivesAnOutboxIdTwice,
                            WhatOneHasClaimedNobodyElseGetsUntilItIsDoneGivenBackOrOverdue, SendersAtOnceNeverShareAnEntry);

}  // namespace yihong::store_contract
