#pragma once

#include "yihong/base/rare_line.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace yihong::gateway {

/// Makes guessing the password of a station slow: after a few wrong ones of a source for an MN, nothing from there for that MN is looked at
/// for a while, which grows up to a minute; after wrong ones for many MNs, nothing of the source for any. Others are not
/// touched: a station elsewhere cannot be locked out. Any thread.
class WrongPasswords {
public:
    using Clock = std::chrono::steady_clock;

    /// How long frames of this source for this MN are not looked at; zero: they are.
    [[nodiscard]] Clock::duration wait_of(boost::asio::ip::address const& from, std::string_view mn, Clock::time_point now);
    /// A password was wrong. Logs at most one line a minute, with how many there were.
    void failed(boost::asio::ip::address const& from, std::string_view mn, Clock::time_point now);
    /// One was right: the count for it begins anew.
    void right(boost::asio::ip::address const& from, std::string_view mn);

private:
    struct Count {
        int failures = 0;
        Clock::time_point until{};  // nothing is looked at before
        Clock::time_point forgotten{};  // counts from zero then
        void add(int free, Clock::time_point now);
    };
    struct Source {
        std::map<std::string, Count, std::less<>> by_mn;
        Count all;  // once many MNs were tried
        Clock::time_point forgotten{};
    };
    void make_room(Clock::time_point now);

    std::mutex mutex_;
    std::map<boost::asio::ip::address, Source> sources_;
    RareLine line_;
};

}  // namespace yihong::gateway
