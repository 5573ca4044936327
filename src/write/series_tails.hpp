#pragma once

#include "record_tail.hpp"

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/ports/committer.hpp"
#include "yihong/ports/records.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
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
        Record const* before = nullptr;            ///< what it replaces; null: it is new. Likewise
        bool outdated = false;                     ///< it would have changed what is newer
    };
    /// Whether what came is older than a record that it would change. Asked only where it would.
    using IsOutdated = std::function<bool(Record const& known)>;
    /// Joins the record to what is known of its site, interval and time, judges it again where that changed it, and puts it into `group`.
    /// One that is outdated adds what is missing and changes nothing. \throws StoreError
    Decision take(Record&& record, RecordChanges& group, World const& world, IsOutdated const& is_outdated);
    /// Takes back what stands of a series between two times; the series is then as if it had never come.
    /// \pre the group changes no records otherwise \return those taken back, oldest first, also in `group`; nothing where more than the limit
    /// of the query lie in it: all of them stand. \throws StoreError
    std::optional<std::vector<Record>> withdraw(SeriesQuery query, RecordChanges& group);
    /// A record as it stands, that of this group included. \throws StoreError
    [[nodiscard]] std::optional<Record> find(RecordKey const& key, RecordChanges& group);
    /// The newest record of each series that the group changed, each once, and the group is over.
    [[nodiscard]] std::vector<Record> take_newest();
    /// Records of one series as they stand when it is asked, newest first, those of the group included; what is older than the tail is read when
    /// somebody asks for it. What it gives is valid until the next `take`, or until another series is asked for something older than its tail.
    [[nodiscard]] RecordsBack back(SiteNumber site, IntervalKind interval);
    /// The group is lost: everything is read again from the store.
    void forget();

private:
    static constexpr std::size_t length = 26;  // a day of hours before the newest, and the one behind: as far as values are consecutive
    struct Tail {
        RecordTail records;  // oldest first
        std::uint32_t in_group = 0;  // so many of its records the group keeps
        bool reaches_behind = false;  // some of them lie behind the tail
        bool filled = false;  // read from the store at the first record
        bool touched = false;  // its newest changed in this group
    };
    struct KeyHash {
        std::size_t operator()(RecordKey const& key) const noexcept;
    };
    /// What was read behind a tail.
    struct Look {
        std::optional<std::pair<SiteNumber, IntervalKind>> of;  // none: nothing
        std::deque<Record> older;  // newest first
        bool no_more = false;
    };

    Tail& tail(SiteNumber site, IntervalKind interval);
    void fill(Tail& tail, SiteNumber site, IntervalKind interval) const;
    /// Newest first, without what the group withdraws. \param query its limit counts what is visited
    void visit_back(SeriesQuery query, std::function<void(Record const&)> const& visit) const;
    static void insert(Tail& tail, Record const& record);
    void forget_group();
    void touch(Tail& tail, Record const& record);
    Decision keep(Tail& tail, Record&& record, RecordChanges& group);
    Record* pending(RecordKey const& key, std::vector<Record>& added);
    [[nodiscard]] std::optional<Record> known(Tail const& tail, Record const& record, Record const* pending) const;
    [[nodiscard]] Record const* look_back(SiteNumber site, IntervalKind interval, std::size_t i);
    void read_older(SiteNumber site, IntervalKind interval, Tail const& recent);
    /// Puts what the group has between two times into what was read of the store there, newest first.
    void add_of_group(std::vector<Record>& piece, std::pair<UtcTime, UtcTime> times, SeriesQuery const& of) const;

    Records const& store_;
    std::vector<std::array<Tail, all_interval_kinds.size()>> tails_;  // by site number
    std::vector<std::pair<SiteNumber, IntervalKind>> touched_;
    std::unordered_map<RecordKey, std::size_t, KeyHash> index_;  // of the group's records, built when an old time turns up
    std::size_t indexed_ = 0;
    std::vector<std::pair<SiteNumber, IntervalKind>> in_group_;  // series of which the group keeps records
    std::unordered_set<RecordKey, KeyHash> withdrawn_;  // by the group
    RecordChanges const* group_ = nullptr;  // null: it is over
    Look look_;
};

}  // namespace yihong
