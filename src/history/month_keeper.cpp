#include "yihong/history/month_keeper.hpp"

namespace yihong {

void MonthKeeper::committed(CommitMade const& made)
{
    if (made.new_world)
        months_.clear();
    months_.changed(made.group.records.added);
    months_.changed(made.group.records.superseded);            // a sample may have been planned for another month
    months_.changed(made.group.records.withdrawn);
}

}  // namespace yihong
