#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/base/result.hpp"
#include "yihong/model/period_mark.hpp"
#include "yihong/model/site.hpp"
#include "yihong/standards/standards_book.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihong {

using PeriodMarks = std::vector<std::shared_ptr<PeriodMark const>>;

/// Every mark that people have made (人工标记), as it stands. Immutable; any thread reads.
class MarkBook {
public:
    MarkBook() = default;
    /// \param marks in the order in which they were made
    explicit MarkBook(PeriodMarks marks);

    [[nodiscard]] PeriodMarks const& all() const noexcept { return marks_; }
    /// \return null when there is none
    [[nodiscard]] std::shared_ptr<PeriodMark const> find(std::string_view id) const noexcept;
    /// Those of the site that stand and touch the time, the earliest first. Costs the marks of that site.
    [[nodiscard]] PeriodMarks of_site(std::string_view site, Stretch const& time) const;
    /// Of dust, those that stand and touch the time at an air station.
    [[nodiscard]] PeriodMarks dust_at(Site const& site, OverlayFacts const& facts, Stretch const& time) const;
    /// What the time of these marks covers: apart from each other, ascending, cut to it.
    [[nodiscard]] static std::vector<Stretch> covered(PeriodMarks const& marks, Stretch const& time);
    /// With these as they stand now, of several of one mark the last: new ones behind the others.
    [[nodiscard]] std::shared_ptr<MarkBook const> with(PeriodMarks const& changed) const;
    /// Those that are new here, or another version. Costs every mark.
    [[nodiscard]] PeriodMarks changed_since(MarkBook const& before) const;

private:
    PeriodMarks marks_;
    std::unordered_map<std::string, std::size_t> by_id_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_site_;  ///< dust that is of no site under the empty one
};

/// Whether a mark of dust is one of that air station.
[[nodiscard]] bool is_of_station(PeriodMark const& mark, Site const& site, OverlayFacts const& facts) noexcept;

/// All of it: what `read_mark` reads, and what the API gives.
void write_mark(JsonWriter& json, PeriodMark const& mark);
std::string mark_document(PeriodMark const& mark);
/// \return Errc::bad_syntax, bad_value for what `write_mark` did not write
Result<PeriodMark> read_mark(std::string_view document);

/// `自然本底（氟化物），2025-10-03至2025-10-09，地质背景，运环函〔2025〕12号，登记：李值班`; whole days as days, others to the minute (Beijing).
std::string mark_text(PeriodMark const& mark, ParameterBook const& parameters);
/// What people did with marks: `李登记人工标记：断流，2025-10-11起，河道无水，12号`, and of so many the first few.
std::string mark_deeds_text(PeriodMarks const& marks, ParameterBook const& parameters);
/// `李 made mark m1: dry, 2025-10-11 on`
std::string mark_deeds_text_en(PeriodMarks const& marks, ParameterBook const& parameters);
/// 氟化物、氨氮
std::string mark_items_text(PeriodMark const& mark, ParameterBook const& parameters);
/// `2025-10-03至2025-10-09`
std::string mark_time_text(PeriodMark const& mark);

}  // namespace yihong
