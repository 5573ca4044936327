#pragma once

#include "yihong/standards/standards_book.hpp"

#include <valgrind/callgrind.h>

#include <memory>

namespace yihong::cost {

/// Counts from here to the end of the scope.
class Counted {
public:
    Counted() { CALLGRIND_START_INSTRUMENTATION; }
    ~Counted() { CALLGRIND_STOP_INSTRUMENTATION; }
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;
};

/// Those that ship.
std::shared_ptr<StandardsBook const> standards();

/// A year of 4-hour data of 100 sections, compared with nothing: from the records, and from the months that are kept of them.
void read_year();
void keep_year();
/// The same year as features of JSON, from the months that are kept.
void send_year();
/// A filter in CQL2 over its 219,000 records.
void filter_year();
/// Four weeks of each section as JSON, with all parameters and with one.
void send_weeks();

}  // namespace yihong::cost
