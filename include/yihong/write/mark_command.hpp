#pragma once

#include "yihong/evaluate/mark_book.hpp"

#include <variant>
#include <vector>

namespace yihong {

/// Marks that are made. What is said of the same place and time already, standing or rejected, is left as it is.
struct AddMarks {
    std::vector<PeriodMark> marks;  ///< ids and versions are given as they are kept
};
/// Another version of a mark: corrected, or withdrawn.
struct ChangeMark {
    PeriodMark mark;  ///< as it stands then; its version is the one that it replaces
};

/// Everything that people ask of the marks.
using MarkCommand = std::variant<AddMarks, ChangeMark>;
/// Those that are new or other now; Errc::not_found, Errc::conflict (somebody changed it meanwhile).
using MarkOutcome = Result<PeriodMarks>;

}  // namespace yihong
