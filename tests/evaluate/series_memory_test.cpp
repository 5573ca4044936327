// What is kept of a series for its rules is what a look at all of its records finds, whatever came, and in whatever order.
#include "testing.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/series_memory.hpp"

#include <map>
#include <optional>
#include <random>
#include <string>

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;

UtcTime const begin = *parse_rfc3339("2026-03-18T00:00:00+08:00");

AlertRule rule(std::string id, RuleKind kind, int records = 1)
{
    AlertRule made;
    made.id = std::move(id);
    made.kind = kind;
    made.records = records;
    return made;
}

std::vector<AlertRule> all_rules()
{
    std::vector<AlertRule> rules{rule("notice", RuleKind::worse_than_class),
                                 rule("twice", RuleKind::worse_than_class, 2),
                                 rule("target", RuleKind::worse_than_target, 2),
                                 rule("heavy", RuleKind::heavy),
                                 rule("jump", RuleKind::jump),
                                 rule("near", RuleKind::approaching, 4),
                                 rule("range", RuleKind::over_range),
                                 rule("frozen", RuleKind::frozen, 4)};
    rules[1].min_gap = 3h;
    rules[4].water_class = 2;
    rules[7].recover_records = 1;
    return rules;
}

/// A section with its records, and what is kept of them.
class Series {
public:
    Series(IntervalKind interval, std::vector<AlertRule> rules, unsigned seed) : interval_{interval}, random_{seed}
    {
        plan_.rules = std::move(rules);
        site_.id = "zhangliuzhuang";
        site_.target_class = 3;
        site_.number = 1;
        compiled_ = rules_for(plan_, site_, facts_, book().parameters());
        for (auto const* name : {"ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus"})
            items_.push_back(id(name));
        std::ranges::sort(items_);
    }

    /// Something happens to the series: mostly the next record, else one that comes late, is completed or corrected.
    void change()
    {
        auto const what = below(10);
        if (records_.size() < 3 || what < 6)
            return keep(made(records_.empty() ? begin : records_.back().time + step() * (below(12) == 0 ? 1 + below(9) : 1)));
        auto at = records_.size() - 1 - below(std::min<std::size_t>(records_.size() - 1, what < 8 ? 4 : 60));
        if (what == 6)                             // between two, where one is missing
            return keep(made(records_[at].time - step() / 2));
        auto again = made(records_[at].time);
        if (what == 7) {                           // the same, and more
            for (auto const& reading : records_[at].readings)
                put(again, reading);
            again.status = records_[at].status;
        }
        keep(std::move(again));
    }

    void restart() { memory_.forget(); }

    /// \return the causes that hold by what is kept
    void look_and_compare()
    {
        auto const input = AlertStepInput{compiled_, &site_, &book(), excluded_};
        RecordsBack const back = [this](std::size_t i) { return i < records_.size() ? &records_[records_.size() - 1 - i] : nullptr; };
        auto const anew = step_record(input, causes_, back);
        causes_ = step_record(input, causes_, back, memory_);
        ASSERT_EQ(causes_.size(), anew.size()) << format_rfc3339(records_.back().time);
        for (std::size_t i = 0; i < anew.size(); ++i) {
            ASSERT_EQ(causes_[i], anew[i]) << anew[i].rule << " at " << format_rfc3339(records_.back().time) << ", since "
                                           << format_rfc3339(causes_[i].since) << " or " << format_rfc3339(anew[i].since);
            ++held_[anew[i].rule];
        }
    }

    /// How often each rule held.
    std::map<std::string, int> held_;
    unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }

private:
    [[nodiscard]] std::chrono::minutes step() const { return period_length(interval_); }

    static void put(Record& record, Reading const& reading)
    {
        auto const at = std::ranges::lower_bound(record.readings, reading.parameter, {}, &Reading::parameter);
        if (at != record.readings.end() && at->parameter == reading.parameter)
            *at = reading;
        else
            record.readings.insert(at, reading);
    }

    Record made(UtcTime time)
    {
        static std::map<std::string, std::vector<std::string_view>> const values{
            {"ph", {"7.8", "8.1", "9.3"}},
            {"dissolved_oxygen", {"7.9", "8.2", "4.1", "7.9"}},
            {"codmn", {"2.1", "3.4", "5.7", "7.2"}},
            {"ammonia_nitrogen", {"0.12", "0.32", "0.96", "0.95", "0.97", "1.31", "2.50"}},
            {"total_phosphorus", {"0.05", "0.08", "0.19", "0.24"}},
        };
        if (below(15) == 0)
            calm_ = below(2) == 0;
        Record record;
        record.site = 1;
        record.interval = interval_;
        record.time = time;
        record.received_at = time + step();
        record.status = below(25) == 0 ? StationStatus::maintenance : StationStatus::normal;
        for (auto const item : items_) {
            if (below(12) == 0)
                continue;
            Reading reading;
            reading.parameter = item;
            auto const& of = values.at(name(item));
            reading.value = d(of[below(calm_ ? 2 : of.size())]);
            if (below(30) == 0)
                reading.flag = Flag{below(2) ? 'D' : 'T'};
            if (below(40) == 0)
                reading.marks = Mark::below_detection;
            record.readings.push_back(reading);
        }
        return record;
    }

    void keep(Record record)
    {
        record.verdict = judge(record, SiteKind::water_section, book());
        auto const at = std::ranges::lower_bound(records_, record.time, {}, &Record::time);
        std::optional<Record> before;
        if (at != records_.end() && at->time == record.time)
            before = std::exchange(*at, record);
        else
            records_.insert(at, record);
        memory_.take({compiled_, &site_, &book(), excluded_}, record, before ? &*before : nullptr);
    }

    IntervalKind interval_;
    std::mt19937 random_;
    bool calm_ = true;
    AlertPlan plan_;
    Site site_;
    OverlayFacts facts_;
    std::vector<CompiledRule> compiled_;
    std::function<bool(UtcTime)> excluded_ = [](UtcTime time) { return time >= begin + 100h && time < begin + 112h; };
    std::vector<ParameterId> items_;
    std::vector<Record> records_;
    SeriesMemory memory_;
    std::vector<AlertCause> causes_;
};

TEST(SeriesMemory, FindsWhatALookAtAllRecordsFinds)
{
    std::map<std::string, int> held;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        Series series{seed % 3 == 0 ? IntervalKind::hour : IntervalKind::four_hours, all_rules(), seed};
        for (int i = 0; i < 700; ++i) {
            series.change();
            series.look_and_compare();
            if (HasFatalFailure())
                return;
            if (series.below(50) == 0)
                series.restart();
        }
        for (auto const& [rule, times] : series.held_)
            held[rule] += times;
    }
    EXPECT_EQ(held.size(), all_rules().size()) << "each rule has held now and then";
}

TEST(SeriesMemory, FindsItBehindWhatWasNotLookedAt)
{
    auto const rules = all_rules();
    for (unsigned seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        Series series{IntervalKind::four_hours, rules, seed};
        for (int i = 0; i < 300; ++i) {
            for (unsigned n = series.below(8); n > 0; --n)
                series.change();
            series.change();
            series.look_and_compare();
            if (HasFatalFailure())
                return;
        }
    }
}

}  // namespace
}  // namespace yihong
