#include "wrong_passwords.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/net/networks.hpp"

#include <algorithm>

namespace yihong::gateway {
namespace {

using namespace std::chrono_literals;

constexpr int free_tries = 3;                          // somebody mistypes it
constexpr std::size_t many_mns = 10;                   // several stations may share an address, and a list of passwords may be wrong
constexpr std::chrono::seconds longest_wait = 60s;
constexpr std::chrono::minutes memory = 60min;
constexpr std::size_t sources_limit = 10'000;

}  // namespace

void WrongPasswords::Count::add(int free, Clock::time_point now)
{
    if (now >= forgotten)
        failures = 0;
    forgotten = now + memory;
    ++failures;
    if (failures > free)
        until = now + std::min<std::chrono::seconds>(longest_wait, 1s * (1 << std::min(failures - free - 1, 6)));
}

WrongPasswords::Clock::duration WrongPasswords::wait_of(boost::asio::ip::address const& from, std::string_view mn, Clock::time_point now)
{
    std::lock_guard const lock{mutex_};
    auto const source = sources_.find(net::source_of(from));
    if (source == sources_.end())
        return {};
    auto until = source->second.all.until;
    if (auto const count = source->second.by_mn.find(mn); count != source->second.by_mn.end())
        until = std::max(until, count->second.until);
    return std::max(until - now, Clock::duration{});
}

void WrongPasswords::failed(boost::asio::ip::address const& from, std::string_view mn, Clock::time_point now)
{
    if (auto const since = line_.count(now); since > 0)
        log::warning("hj212_wrong_password", {{"mn", to_valid_utf8(mn)}, {"from", from.to_string()}, {"since_last_line", since}});
    std::lock_guard const lock{mutex_};
    make_room(now);
    auto& source = sources_[net::source_of(from)];
    source.forgotten = now + memory;
    if (source.by_mn.contains(mn) || source.by_mn.size() < many_mns)
        source.by_mn[std::string{mn}].add(free_tries, now);
    else
        source.all.add(0, now);
}

void WrongPasswords::right(boost::asio::ip::address const& from, std::string_view mn)
{
    std::lock_guard const lock{mutex_};
    auto const source = sources_.find(net::source_of(from));
    if (source != sources_.end())
        if (auto const count = source->second.by_mn.find(mn); count != source->second.by_mn.end())
            source->second.by_mn.erase(count);
}

void WrongPasswords::make_room(Clock::time_point now)
{
    if (sources_.size() < sources_limit)
        return;
    std::erase_if(sources_, [&](auto const& each) { return now >= each.second.forgotten; });
    if (sources_.size() >= sources_limit)                  // the one that has been quiet for longest
        sources_.erase(std::ranges::min_element(sources_, {}, [](auto const& each) { return each.second.forgotten; }));
}

}  // namespace yihong::gateway
