#pragma once

#include "ports/store_contract.hpp"

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

REGISTER_TYPED_TEST_SUITE_P(OutboxContract, AQueueGivesItsEntriesInOrderUntilTheyAreDone, NeverGivesAnOutboxIdTwice);

}  // namespace yihong::store_contract
