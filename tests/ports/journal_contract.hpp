#pragma once

#include "ports/store_contract.hpp"

namespace yihong::store_contract {

template <typename Harness>
class JournalContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(JournalContract);

inline JournalEntry entry(std::string topic, std::uint64_t number, std::string subject, std::string document = "{}")
{
    return {number,
            std::move(topic),
            std::move(subject),
            at(std::chrono::milliseconds{number}),
            std::move(document),
            "hash " + std::to_string(number)};
}

TYPED_TEST_P(JournalContract, KeepsALogForEachTopicAndAStoryForEachSubject)
{
    std::vector<JournalEntry> const alerts{entry("alert", 1, "a"), entry("alert", 2, "b", std::string{"\0\xff", 2}), entry("alert", 3, "a"),
                                           entry("alert", 4, "a1")};
    std::vector<JournalEntry> const ledger{entry("ale", 1, "a"), entry("ale", 2, "rt")};
    WriteGroup first;
    first.journal = {alerts[0], ledger[0], alerts[1]};
    this->store().commit(first);
    WriteGroup second;
    second.journal = {alerts[2], alerts[3], ledger[1]};
    this->store().commit(second);
    for (int pass = 0; pass < 2; ++pass) {
        auto const& store = this->store();
        EXPECT_EQ(store.journal("alert", 0, 100), alerts);
        EXPECT_EQ(store.journal("ale", 0, 100), ledger);
        EXPECT_EQ(store.journal("alert", 1, 2), (std::vector{alerts[1], alerts[2]}));
        EXPECT_TRUE(store.journal("alert", 4, 100).empty());
        EXPECT_TRUE(store.journal("alert", UINT64_MAX, 100).empty());
        EXPECT_TRUE(store.journal("alert", 0, 0).empty());
        EXPECT_TRUE(store.journal("alerts", 0, 100).empty());
        EXPECT_EQ(store.story("alert", "a"), (std::vector{alerts[0], alerts[2]}));
        EXPECT_EQ(store.story("ale", "rt"), std::vector{ledger[1]});
        EXPECT_TRUE(store.story("ale", "").empty());
        EXPECT_EQ(store.last_entry("alert"), alerts[3]);
        EXPECT_EQ(store.last_entry("ale"), ledger[1]);
        EXPECT_EQ(store.last_entry("al"), std::nullopt);
        this->harness_.reopen();
    }
}

REGISTER_TYPED_TEST_SUITE_P(JournalContract, KeepsALogForEachTopicAndAStoryForEachSubject);

}  // namespace yihong::store_contract
