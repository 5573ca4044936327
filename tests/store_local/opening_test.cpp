#include "database.hpp"
#include "fixture.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

/// Which folders are opened and which are refused: in use, foreign, newer, older, not empty.
namespace yihong {
namespace {

TEST(StoreChild, DISABLED_HoldsTheStoreOpen)
{
    auto const store = LocalStore::open(child_folder());
    (void)!write(3, "x", 1);
    pause();
}

TEST(LocalStore, SaysThatAnotherProcessHasItOpen)
{
    TemporaryFolder folder;
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    pid_t const child = start_child("HoldsTheStoreOpen", folder.path(), 0, ready);
    char c = 0;
    ASSERT_EQ(::read(ready[0], &c, 1), 1);

    auto const error = error_of([&] { (void)LocalStore::open(folder.path()); });

    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
    EXPECT_NE(error.find("another yihong process has it open"), std::string::npos) << error;
    EXPECT_NE(error.find(folder.path().string()), std::string::npos) << error;
    EXPECT_EQ(error_of([&] { (void)LocalStore::open(folder.path()); }), "no error");
}

TEST(LocalStore, SaysThatItIsOpenAlready)
{
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path());
    auto const error = error_of([&] { (void)LocalStore::open(folder.path()); });
    EXPECT_NE(error.find("already open in this process"), std::string::npos) << error;
}

TEST(LocalStore, RefusesAFolderOfOtherThings)
{
    TemporaryFolder folder;
    fs::create_directories(folder.path());
    overwrite(folder.path() / "photo.jpg", "x");
    auto const error = error_of([&] { (void)LocalStore::open(folder.path()); });
    EXPECT_NE(error.find("not empty and holds no store (found photo.jpg)"), std::string::npos) << error;
}

TEST(LocalStore, RefusesAForeignDatabaseWithoutTouchingIt)
{
    TemporaryFolder folder;
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder.path().string(), &db).ok());
    ASSERT_TRUE(db->Put({}, "theirs", "1").ok());
    delete db;

    auto const error = error_of([&] { (void)LocalStore::open(folder.path()); });

    EXPECT_NE(error.find("another program"), std::string::npos) << error;
    std::vector<std::string> families;
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(options, folder.path().string(), &families).ok());
    EXPECT_EQ(families.size(), 1U);
}

TEST(LocalStore, RefusesANewerFormatAndFormatsMoveForwardStepByStep)
{
    TemporaryFolder folder;
    std::vector<store_local::Migration> steps{
        [](store_local::Database& db, rocksdb::WriteBatch& batch) { batch.Put(db.family(store_local::Family::meta), "title", "second"); },
        [](store_local::Database& db, rocksdb::WriteBatch& batch) {
            rocksdb::PinnableSlice title;
            ASSERT_TRUE(db.get(store_local::Family::meta, "title", title));       // the step before is done
            batch.Put(db.family(store_local::Family::meta), "title", title.ToString() + ", third");
        }};
    {
        store_local::Database const first{folder.path(), {}, std::span<store_local::Migration const>{}};                   // format 1
    }
    for (int times = 0; times < 2; ++times) {                                       // a second start migrates nothing again
        store_local::Database const migrated{folder.path(), {}, steps};
        rocksdb::PinnableSlice title;
        ASSERT_TRUE(migrated.get(store_local::Family::meta, "title", title));
        EXPECT_EQ(title.ToString(), "second, third");
    }

    auto const error = error_of([&] { (void)LocalStore::open(folder.path()); });
    EXPECT_NE(error.find("has format 3 and was written by a newer version"), std::string::npos) << error;
}

/// The store as RocksDB sees it, with all its families.
void with_database(fs::path const& directory, auto const& action)
{
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (auto const name : store_local::family_names)
        families.emplace_back(std::string{name}, rocksdb::ColumnFamilyOptions{});
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(rocksdb::Options{}, directory.string(), families, &handles, &db).ok());
    action(*db, handles);
    for (auto* h : handles)
        db->DestroyColumnFamilyHandle(h);
    delete db;
}

TEST(LocalStore, RefusesPartsItDoesNotKnow)
{
    TemporaryFolder folder;
    (void)LocalStore::open(folder.path());
    with_database(folder.path(), [](rocksdb::DB& db, std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
        ASSERT_TRUE(db.CreateColumnFamily({}, "alerts-of-2030", &handles.emplace_back()).ok());
    });
    auto const error = error_of([&] { (void)LocalStore::open(folder.path()); });
    EXPECT_NE(error.find("alerts-of-2030"), std::string::npos) << error;
    EXPECT_NE(error.find("newer version"), std::string::npos) << error;
}

TEST(LocalStore, AStoreMadeBeforeThereWereFramesAndAnOutboxGetsThem)
{
    TemporaryFolder folder;
    {
        auto const store = LocalStore::open(folder.path());
        WriteGroup group;
        group.records.added = {hourly(0)};
        group.evidence.quarantined = {make_entry("a"), make_entry("b")};
        store->commit(group);
    }
    with_database(folder.path(), [](rocksdb::DB& db, std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
        for (auto const family : {store_local::Family::frames, store_local::Family::outbox})
            ASSERT_TRUE(db.DropColumnFamily(handles[static_cast<std::size_t>(family)]).ok());
        ASSERT_TRUE(db.Put({}, "counters", std::string{"\x01\x02\x02", 3}).ok());       // records, quarantined, last quarantine id
    });
    {
        auto const store = LocalStore::open(folder.path());
        EXPECT_TRUE(same_records(read(*store, series(7)), {hourly(0)}));
        EXPECT_TRUE(read_frames(*store, frames_of(7)).empty());
        EXPECT_TRUE(store->outbox("forward", 0, 10).empty());
        EXPECT_EQ(store->last_commit(), LastCommit{}) << "its commits had no numbers";
        WriteGroup group;
        group.evidence.frames = {frame_of(0)};
        group.outbox.added = {{0, "forward", "first"}};
        group.evidence.quarantined = {make_entry("c")};
        store->commit(group);
    }
    auto const store = LocalStore::open(folder.path());
    EXPECT_EQ(read_frames(*store, frames_of(7)), std::vector{frame_of(0)});
    EXPECT_EQ(store->outbox("forward", 0, 10), (std::vector<OutboxEntry>{{1, "forward", "first"}}));
    EXPECT_EQ(store->stats().quarantine_entries, 3U);
    EXPECT_EQ(store->quarantine(0, 10).back().id, 3U);
    EXPECT_EQ(store->last_commit().number, 1U);
}

TEST(LocalStore, RefusesABackupIntoAFolderWithFiles)
{
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path() / "store");
    fs::create_directories(folder.path() / "full" / "x");
    fs::create_directories(folder.path() / "empty");
    EXPECT_NE(error_of([&] { store->backup(folder.path() / "full"); }).find("is not empty"), std::string::npos);
    store->backup(folder.path() / "empty");
    EXPECT_EQ(error_of([&] { (void)LocalStore::open(folder.path() / "empty"); }), "no error");
    store->backup(folder.path() / "two" / "deeper");
    EXPECT_EQ(error_of([&] { (void)LocalStore::open(folder.path() / "two" / "deeper"); }), "no error");
}

}  // namespace
}  // namespace yihong
