#include "verify_store.hpp"

#include "yihong/store_local/local_store.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace yihong {
namespace {

/// Prints what was acknowledged and is not there. \return whether nothing is missing
bool has_all(LastCommit const& there, LastCommit const& acknowledged)
{
    if (acknowledged.number <= there.number)
        return true;
    fmt::print(stderr,
               "缺少已确认的提交 acknowledged commits are missing: {} ({} – {})\n请让数据源补发这段时间的数据 let the senders send that "
               "time again\n",
               acknowledged.number - there.number, format_rfc3339(there.at), format_rfc3339(acknowledged.at));
    return false;
}

}  // namespace

bool verify_store(std::filesystem::path const& directory)
{
    try {
        auto const acknowledged = LocalStore::acknowledged(directory);     // first: beside a service more is committed meanwhile
        auto const store = LocalStore::open_to_read(directory);
        store->verify();
        auto const last = store->last_commit();
        if (!has_all(last, acknowledged.value_or(last)))
            return false;
        fmt::print("完好 sound: {} 条记录 records, 提交 commit {} @ {}\n", store->stats().records_estimate, last.number,
                   format_rfc3339(last.at));
        return true;
    } catch (StoreError const& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return false;
    }
}

bool salvage_store(std::filesystem::path const& directory, std::filesystem::path const& aside)
{
    try {
        auto const saved = LocalStore::salvage(directory, aside);
        fmt::print("可以启动 it opens: 提交 commit {} @ {}\n原日志 its log as it was: {}\n", saved.last.number,
                   format_rfc3339(saved.last.at), aside.string());
        if (!saved.is_whole)
            fmt::print(stderr, "中间有读不出的提交 some commits in between could not be read\n");
        (void)has_all(saved.last, saved.acknowledged);
        return true;
    } catch (StoreError const& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return false;
    }
}

}  // namespace yihong
