// A store read beside the one that writes it.
#include "ports/store_contract.hpp"
#include "temporary_folder.hpp"

#include "yihong/store_local/local_store.hpp"

#include <map>

namespace yihong::store_contract {
namespace {

namespace fs = std::filesystem;

Record hourly(int hour) { return make_record(1, IntervalKind::hour, at(std::chrono::hours{hour}), hour); }

void commit(Store& store, int first, int last)
{
    WriteGroup group;
    for (int hour = first; hour < last; ++hour)
        group.records.added.push_back(hourly(hour));
    store.commit(group);
}

std::vector<Record> all_of(Store const& store)
{
    SeriesQuery query;
    query.site = 1;
    query.limit = 1'000'000;
    return read(store, query);
}

/// Names, sizes and times of the folder's files.
std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> files(fs::path const& folder)
{
    std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> found;
    for (auto const& entry : fs::directory_iterator{folder})
        found[entry.path().filename().string()] = {entry.file_size(), entry.last_write_time()};
    return found;
}

TEST(LocalStoreToRead, SeesWhatIsCommittedWhileAnotherHasItOpen)
{
    TemporaryFolder const folder;
    auto const writer = LocalStore::open(folder.path(), {.write_buffer_bytes = 64U << 10});
    std::vector<std::string> const ids{"a", "b"};
    auto const numbers = writer->number_sites(ids);
    commit(*writer, 0, 300);
    writer->compact();                             // some in files,
    commit(*writer, 300, 500);                     // some in the log only
    auto const before = files(folder.path());

    auto const reader = LocalStore::open_to_read(folder.path());
    EXPECT_EQ(all_of(*reader).size(), 500U);
    EXPECT_TRUE(same_records(all_of(*reader), all_of(*writer)));
    EXPECT_EQ(reader->number_sites(ids), numbers);
    auto const more = reader->number_sites(std::vector<std::string>{"new", "a"});
    EXPECT_EQ(more.at(1), numbers.at(0));
    EXPECT_FALSE(more.at(0) == numbers.at(0) || more.at(0) == numbers.at(1));
    WriteGroup group;
    group.records.added = {hourly(9999)};
    EXPECT_THROW(reader->commit(group), StoreError);
    EXPECT_EQ(files(folder.path()), before) << "it left a trace";

    commit(*writer, 500, 900);
    writer->compact();                             // its files are replaced
    EXPECT_EQ(all_of(*reader).size(), 500U) << "as it was when it was opened";
    EXPECT_EQ(all_of(*LocalStore::open_to_read(folder.path())).size(), 900U);
}

TEST(LocalStoreToRead, ReadsAStoreThatNobodyHasOpenAndLeavesItAsItIs)
{
    TemporaryFolder const folder;
    {
        auto const writer = LocalStore::open(folder.path());
        commit(*writer, 0, 10);
    }
    auto const before = files(folder.path());
    {
        auto const reader = LocalStore::open_to_read(folder.path());
        EXPECT_EQ(all_of(*reader).size(), 10U);
    }
    EXPECT_EQ(files(folder.path()), before);
    auto const writer = LocalStore::open(folder.path());
    EXPECT_EQ(all_of(*writer).size(), 10U);
}

TEST(LocalStoreToRead, MakesNoStoreWhereThereIsNone)
{
    TemporaryFolder const folder;
    auto const nowhere = folder / "store";
    EXPECT_THROW((void)LocalStore::open_to_read(nowhere), StoreError);
    EXPECT_FALSE(fs::exists(nowhere));
}

}  // namespace
}  // namespace yihong::store_contract
