#include "yihong/history/known_marks.hpp"

#include "yihong/ports/store_error.hpp"

#include <fmt/format.h>

#include <utility>

namespace yihong {

void visit_marks(Journal const& journal, std::function<void(JournalEntry const&, std::shared_ptr<PeriodMark const>)> const& visit)
{
    constexpr std::size_t piece = 10'000;
    std::uint64_t last = 0;
    for (bool more = true; more;) {
        auto const entries = journal.journal(mark_topic, last, piece);
        for (auto const& entry : entries) {
            auto mark = read_mark(entry.document);
            if (!mark)
                throw StoreError{fmt::format("entry {} of the journal of marks: {}", entry.number, mark.error().detail)};
            visit(entry, std::make_shared<PeriodMark const>(*std::move(mark)));
            last = entry.number;
        }
        more = entries.size() == piece;
    }
}

std::shared_ptr<MarkBook const> marks_known_at(Journal const& journal, UtcTime known_at)
{
    PeriodMarks known;
    visit_marks(journal, [&](JournalEntry const& entry, std::shared_ptr<PeriodMark const> mark) {
        if (entry.at <= known_at)
            known.push_back(std::move(mark));
    });
    return MarkBook{}.with(known);
}

}  // namespace yihong
