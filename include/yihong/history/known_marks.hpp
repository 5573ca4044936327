#pragma once

#include "yihong/base/time.hpp"
#include "yihong/evaluate/mark_book.hpp"
#include "yihong/ports/journal.hpp"

#include <functional>
#include <memory>

namespace yihong {

/// Every version of every mark, in the order in which they were made. \throws StoreError, also for an entry that is no mark
void visit_marks(Journal const& journal, std::function<void(JournalEntry const&, std::shared_ptr<PeriodMark const>)> const& visit);

/// The marks as they stood at a moment (当时所知): without what was made, changed or withdrawn later. Reads the journal of marks. \throws StoreError
[[nodiscard]] std::shared_ptr<MarkBook const> marks_known_at(Journal const& journal, UtcTime known_at);

}  // namespace yihong
