#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/ports/committer.hpp"
#include "yihong/ports/records.hpp"

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace yihong {

struct RecordKey {
    SiteNumber site = 0;
    IntervalKind interval = IntervalKind::hour;
    UtcTime time{};
    bool operator==(RecordKey const&) const = default;
};
[[nodiscard]] inline RecordKey key_of(Record const& record) noexcept { return {record.site, record.interval, record.time}; }

/// The last records of each site and interval without gaps, and with them the decision what a record that comes is: new, known, or another
/// version of one that is known. On the writer thread.
class SeriesTails {
public:
    explicit SeriesTails(Records const& store) : store_{store} {}

    struct Decision {
        FrameVerdict verdict = FrameVerdict::duplicate;
        Record const* kept = nullptr;              ///< as it goes to disk; null: a duplicate. Valid until the next `take`
        bool outdated = false;                     ///< it would have changed what is newer
    };
    /// Whether what came is older than a record that it would change. Asked only where it would.
    using IsOutdated = std::function<bool(Record const& known)>;
    /// Joins the record to what is known of its site, interval and time, judges it again where that changed it, and puts it into `group`.
    /// One that is outdated adds what is missing and changes nothing. \throws StoreError
    Decision take(Record&& record, RecordChanges& group, World const& world, IsOutdated const& is_outdated);
    /// A record as it stands, that of this group included. \throws StoreError
    [[nodiscard]] std::optional<Record> find(RecordKey const& key, RecordChanges& group);
    /// The newest record of each series that the group changed, each once, and the group is over.
    [[nodiscard]] std::vector<Record> take_newest();
    /// Records of one series, newest first; what is older than the tail is read when somebody asks for it. Valid until the next call.
    [[nodiscard]] RecordsBack const& back(SiteNumber site, IntervalKind interval);
    /// The group is lost: everything is read again from the store.
    void forget();

private:
    static constexpr std::size_t length = 24;  // what mark_suspicious looks at
    struct Tail {
        std::deque<Record> records;  // oldest first
        bool filled = false;  // read from the store at the first record
        bool touched = false;  // its newest changed in this group
    };
    struct KeyHash {
        std::size_t operator()(RecordKey const& key) const noexcept;
    };
    /// What one call of `back` reads behind the tail.
    struct Look {
        SiteNumber site = 0;
        IntervalKind interval = IntervalKind::hour;
        std::deque<Record> const* recent = nullptr;
        std::deque<Record> older;  // newest first
        bool no_more = false;
    };

    Tail& tail(SiteNumber site, IntervalKind interval);
    void fill(Tail& tail, SiteNumber site, IntervalKind interval) const;
    static void insert(Tail& tail, Record const& record);
    void touch(Tail& tail, Record const& record);
    Record* pending(RecordKey const& key, std::vector<Record>& added);
    [[nodiscard]] std::optional<Record> known(Tail const& tail, Record const& record, Record const* pending) const;
    [[nodiscard]] Record const* look_back(std::size_t i);

    Records const& store_;
    std::vector<std::array<Tail, all_interval_kinds.size()>> tails_;  // by site number
    std::vector<std::pair<SiteNumber, IntervalKind>> touched_;
    std::unordered_map<RecordKey, std::size_t, KeyHash> index_;  // of the group's records, built when an old time turns up
    std::size_t indexed_ = 0;
    Look look_;
    RecordsBack back_ = [this](std::size_t i) { return look_back(i); };
};

}  // namespace yihong
