#include "yihong/net/admission.hpp"

#include <gtest/gtest.h>

namespace yihong::net {
namespace {

boost::asio::ip::address at(char const* text) { return boost::asio::ip::make_address(text); }

TEST(Admission, CountsInTotalAndOfEachPeer)
{
    Admission admission{{.total = 4, .per_peer = 2}};

    EXPECT_TRUE(admission.admit(at("192.0.2.1")));
    EXPECT_TRUE(admission.admit(at("192.0.2.1")));
    EXPECT_FALSE(admission.admit(at("192.0.2.1")));
    EXPECT_TRUE(admission.admit(at("192.0.2.2")));
    EXPECT_TRUE(admission.admit(at("127.0.0.1")));
    EXPECT_FALSE(admission.admit(at("192.0.2.3")));        // four are open
    EXPECT_EQ(admission.open(), 4U);

    admission.release(at("192.0.2.1"));
    EXPECT_TRUE(admission.admit(at("192.0.2.1")));
    EXPECT_EQ(admission.open(), 4U);
}

TEST(Admission, TakesAWholeNetworkOfIpv6ForOneSource)
{
    Admission by_network{{.per_peer = 1}};

    EXPECT_TRUE(by_network.admit(at("2001:db8::1")));
    EXPECT_FALSE(by_network.admit(at("2001:db8::2")));
    EXPECT_TRUE(by_network.admit(at("2001:db8:0:1::1")));
    EXPECT_EQ(source_of(std::string_view{"2001:db8::abcd:1"}), "2001:db8::");
    EXPECT_EQ(source_of(std::string_view{"::ffff:192.0.2.1"}), "192.0.2.1");
    EXPECT_EQ(source_of(std::string_view{"unix"}), "unix");
}

TEST(Admission, IsPassedByOneForWhomAnotherLeaves)
{
    Admission admission{{.total = 1}};

    EXPECT_TRUE(admission.admit(at("192.0.2.1")));
    EXPECT_TRUE(admission.is_full());
    EXPECT_FALSE(admission.admit(at("192.0.2.2")));
    EXPECT_TRUE(admission.admit(at("192.0.2.2"), true));
    admission.release(at("192.0.2.1"));
    EXPECT_EQ(admission.open(), 1U);
}

TEST(Admission, AsksStrangersOfOtherThreadsToLeaveAndNobodyElse)
{
    Admission admission{{.total = 2}};
    EXPECT_TRUE(admission.admit(at("192.0.2.1")));
    EXPECT_TRUE(admission.admit(at("192.0.2.2")));
    admission.has_spoken();
    EXPECT_TRUE(admission.ask_one_to_leave());
    EXPECT_FALSE(admission.ask_one_to_leave()) << "the other one has spoken";
    EXPECT_TRUE(admission.admit(at("192.0.2.3"), true));
    admission.has_spoken();
    EXPECT_TRUE(admission.is_one_to_leave());
    EXPECT_FALSE(admission.is_one_to_leave());
    admission.release(at("192.0.2.1"));
    EXPECT_FALSE(admission.ask_one_to_leave()) << "no stranger is left";
    admission.release(at("192.0.2.2"), false);
    EXPECT_TRUE(admission.admit(at("192.0.2.4")));
    EXPECT_TRUE(admission.ask_one_to_leave());
    admission.release(at("192.0.2.3"), false);
    EXPECT_FALSE(admission.is_one_to_leave()) << "there is room by itself";
}

TEST(Admission, LetsExemptPeersHaveAsManyAsThereAre)
{
    Admission admission{{.total = 5, .per_peer = 1}, Networks{{"10.0.0.0/8"}}};

    for (auto const* peer : {"10.1.1.1", "10.1.1.1", "127.0.0.1", "127.0.0.1", "::1"})
        EXPECT_TRUE(admission.admit(at(peer))) << peer;
    EXPECT_FALSE(admission.admit(at("10.1.1.1")));
    for (auto const* peer : {"10.1.1.1", "10.1.1.1", "127.0.0.1", "127.0.0.1", "::1"})
        admission.release(at(peer));
    EXPECT_EQ(admission.open(), 0U);
}

TEST(Admission, CanBeClosedToOutsiders)
{
    Admission admission{{.per_peer = 0}};

    EXPECT_FALSE(admission.admit(at("192.0.2.1")));
    EXPECT_TRUE(admission.admit(at("127.0.0.1")));
    EXPECT_EQ(admission.open(), 1U);
}

}  // namespace
}  // namespace yihong::net
