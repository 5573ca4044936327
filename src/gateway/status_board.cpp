#include "yihong/gateway/status_board.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::gateway {
namespace {

constexpr std::size_t unknown_kept = 32;
constexpr std::size_t splits_kept = 64;
constexpr std::size_t turned_away_kept = 100;
constexpr std::size_t refusals_kept = 64;          // of a device
constexpr std::chrono::hours refusal_rest{1};

}  // namespace

std::vector<int> OpenSplit::missing() const
{
    std::vector<int> numbers;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (!seen[i])
            numbers.push_back(static_cast<int>(i) + 1);
    return numbers;
}

std::function<void()> StatusBoard::attach(std::string const& mn, std::uint64_t connection, std::string const& peer, UtcTime now,
                                          Close close, Send send)
{
    std::lock_guard const lock{mutex_};
    auto& entry = devices_[mn];
    if (entry.connection == connection)
        return {};
    auto before = entry.connection != 0 ? std::move(entry.close) : std::function<void()>{};
    entry.connection = connection;
    entry.close = std::move(close);
    entry.send = std::move(send);
    entry.status.connected = true;
    entry.status.connected_at = now;
    entry.status.peer = peer;
    ++entry.status.connections;
    return before;
}

void StatusBoard::detach(std::string const& mn, std::uint64_t connection)
{
    std::lock_guard const lock{mutex_};
    auto const found = devices_.find(mn);
    if (found == devices_.end() || found->second.connection != connection)
        return;                        // another connection has taken over
    found->second.connection = 0;
    found->second.close = {};
    found->second.send = {};
    found->second.status.connected = false;
}

bool StatusBoard::send(std::string const& mn, std::string bytes) const
{
    std::lock_guard const lock{mutex_};
    auto const found = devices_.find(mn);
    if (found == devices_.end() || !found->second.send)
        return false;
    found->second.send(std::move(bytes));
    return true;
}

void StatusBoard::add(std::string const& mn, FrameTally const& tally, UtcTime now, std::chrono::milliseconds split_deadline)
{
    std::lock_guard const lock{mutex_};
    auto& entry = devices_[mn];
    auto& status = entry.status;
    status.frames += tally.frames;
    status.records += tally.records;
    status.refused += tally.refused;
    status.bad_crc += tally.bad_crc;
    status.skipped += tally.skipped;
    status.last_frame_at = now;
    if (tally.records > 0)
        status.last_record_at = now;
    if (tally.edition)
        status.edition = tally.edition;
    if (!tally.system_type.empty())
        status.system_type = tally.system_type;
    if (!tally.refusal.empty())
        status.last_refusal = tally.refusal;
    if (tally.drift) {
        constexpr std::int64_t most = 24 * 86'400'000;     // a clock further off is simply wrong
        entry.drifts[entry.drifts_seen++ % entry.drifts.size()] =
            static_cast<std::int32_t>(std::clamp<std::int64_t>(tally.drift->count(), -most, most));
        auto sorted = entry.drifts;
        auto const count = std::min<std::size_t>(entry.drifts_seen, sorted.size());
        auto const middle = sorted.begin() + static_cast<std::ptrdiff_t>(count / 2);
        std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(count));
        status.clock_drift = std::chrono::milliseconds{*middle};
    }
    for (auto const& code : tally.unknown_factors)
        if (status.unknown_factors.size() < unknown_kept && std::ranges::find(status.unknown_factors, code) == status.unknown_factors.end())
            status.unknown_factors.push_back(code);
    for (auto const& part : tally.parts) {
        auto const same = [&](OpenSplit const& s) { return s.cn == part.cn && s.data_time == part.data_time && s.parts == part.pnum; };
        auto at = std::ranges::find_if(status.splits, same);
        if (at == status.splits.end()) {
            if (status.splits.size() == splits_kept)
                status.splits.erase(status.splits.begin());
            status.splits.push_back(
                {part.cn, part.data_time, part.pnum, std::vector<bool>(static_cast<std::size_t>(part.pnum)), now, false});
            at = std::prev(status.splits.end());
        }
        at->seen[static_cast<std::size_t>(part.pno) - 1] = true;
        at->last_part_at = now;
        if (std::ranges::find(at->seen, false) == at->seen.end())
            status.splits.erase(at);
    }
    // what was reported long ago makes room
    std::erase_if(status.splits, [&](OpenSplit const& s) { return s.reported && now - s.last_part_at > 1440 * split_deadline; });
}

void StatusBoard::acknowledged(std::string const& mn, std::uint64_t frames)
{
    std::lock_guard const lock{mutex_};
    devices_[mn].status.acknowledged += frames;
}

bool StatusBoard::is_new_refusal(std::string const& mn, Errc reason, std::string_view field, UtcTime now)
{
    std::lock_guard const lock{mutex_};
    auto& entry = devices_[mn];
    auto& refusals = entry.refusals;
    std::pair const key{reason, std::string{field}};
    std::erase_if(refusals, [&](auto const& refusal) { return now - refusal.second >= refusal_rest; });
    if (refusals.contains(key)) {
        ++entry.status.repeated_refusals;
        return false;
    }
    if (refusals.size() == refusals_kept)
        refusals.erase(std::ranges::min_element(refusals, {}, [](auto const& refusal) { return refusal.second; }));
    refusals.emplace(key, now);
    return true;
}

void StatusBoard::turn_away(TurnedAway event)
{
    std::lock_guard const lock{mutex_};
    turned_away_.push_front(std::move(event));
    if (turned_away_.size() > turned_away_kept)
        turned_away_.pop_back();
}

DeviceStatus StatusBoard::status(std::string const& mn) const
{
    std::lock_guard const lock{mutex_};
    auto const found = devices_.find(mn);
    return found == devices_.end() ? DeviceStatus{} : found->second.status;
}

std::vector<TurnedAway> StatusBoard::turned_away() const
{
    std::lock_guard const lock{mutex_};
    return {turned_away_.begin(), turned_away_.end()};
}

std::vector<std::string> StatusBoard::overdue_splits(UtcTime now, std::chrono::milliseconds deadline)
{
    std::vector<std::string> lines;
    std::lock_guard const lock{mutex_};
    for (auto& [mn, entry] : devices_) {
        for (auto& split : entry.status.splits) {
            if (split.reported || now - split.last_part_at <= deadline)
                continue;
            split.reported = true;
            std::string numbers;
            for (int const number : split.missing())
                numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", number);
            lines.push_back(fmt::format("mn={} cn={} data_time={} parts={} missing={}", mn, split.cn, format_rfc3339(split.data_time),
                                        split.parts, numbers));
        }
    }
    return lines;
}

}  // namespace yihong::gateway
