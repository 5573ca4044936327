#include "database.hpp"
#include "ports/store_contract.hpp"
#include "temporary_folder.hpp"

#include "yihong/store_local/local_store.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace yihong {
namespace {

namespace fs = std::filesystem;
using namespace store_contract;

std::string error_of(auto const& action)
{
    try {
        action();
    } catch (StoreError const& e) {
        return e.what();
    }
    return "no error";
}
std::vector<fs::path> files_of(fs::path const& directory, std::string_view ending)
{
    std::vector<fs::path> found;
    for (auto const& f : fs::directory_iterator{directory}) {
        std::error_code gone;                       // an open store removes files while they are listed
        auto const size = f.file_size(gone);
        if (!gone && size > 0 && f.path().filename().string().ends_with(ending))
            found.push_back(f.path());
    }
    std::ranges::sort(found);
    return found;
}
std::string bytes_of(fs::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}
void overwrite(fs::path const& path, std::string const& bytes)
{
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out << bytes;
}
void copy_store(fs::path const& from, fs::path const& to)
{
    fs::remove_all(to);
    fs::copy(from, to);
}
Record hourly(int h, SiteNumber site = 7) { return make_record(site, IntervalKind::hour, at(std::chrono::hours{h}), h); }
RawFrame frame_of(int h, SiteNumber site = 7)
{
    return make_frame(site, IntervalKind::hour, at(std::chrono::hours{h}), "##0384 hour " + std::to_string(h));
}

/// Starts this executable anew with one of the StoreChild tests below (RocksDB's threads do not survive a bare fork).
/// Its descriptor 3 is the writing end of `pipe_ends`. \return its pid
pid_t start_child(std::string const& name, fs::path const& folder, int number = 0, int const* pipe_ends = nullptr)
{
    std::string const filter = "--gtest_filter=StoreChild.DISABLED_" + name;
    std::string const number_text = std::to_string(number);
    pid_t const child = fork();
    if (child != 0)
        return child;
    setenv("YIHONG_CHILD_FOLDER", folder.c_str(), 1);
    setenv("YIHONG_CHILD_NUMBER", number_text.c_str(), 1);
    if (pipe_ends != nullptr)
        dup2(pipe_ends[1], 3);
    execl("/proc/self/exe", "child", filter.c_str(), "--gtest_also_run_disabled_tests", "--gtest_brief=1", static_cast<char*>(nullptr));
    _exit(127);
}
fs::path child_folder() { return std::getenv("YIHONG_CHILD_FOLDER"); }

TEST(StoreChild, DISABLED_CommitsUntilKilled)
{
    auto const store = LocalStore::open(child_folder(), {.write_buffer_bytes = 64U << 10});
    for (int h = std::atoi(std::getenv("YIHONG_CHILD_NUMBER"));; ++h) {
        WriteGroup group;
        for (SiteNumber site = 1; site <= 40; ++site) {
            group.records.added.push_back(hourly(h, site));
            group.evidence.frames.push_back(frame_of(h, site));
        }
        group.evidence.quarantined = {make_entry(std::to_string(h))};
        group.outbox.added = {{0, "forward", std::to_string(h)}};
        store->commit(group);
        if (write(3, &h, sizeof h) != sizeof h)
            _exit(4);
    }
}

TEST(StoreChild, DISABLED_HoldsTheStoreOpen)
{
    auto const store = LocalStore::open(child_folder());
    (void)!write(3, "x", 1);
    pause();
}

TEST(StoreChild, DISABLED_LeavesAPackedFileAndALog)
{
    auto const store = LocalStore::open(child_folder());
    for (int h = 0; h < 500; ++h)
        commit(*store, {hourly(h)});
    store->compact();
    for (int h = 500; h < 600; ++h)
        commit(*store, {hourly(h)});
    kill(getpid(), SIGKILL);
}

TEST(StoreChild, DISABLED_FillsTheDisk)
{
    // A small disk of its own: a file system in memory that only this process sees.
    fs::create_directories(child_folder());
    if ((unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", child_folder().c_str(), "tmpfs", 0, "size=80m") != 0)
        _exit(77);
    overwrite(child_folder() / "filler", std::string(72U << 20, 'x'));
    auto const store = LocalStore::open(child_folder() / "store", {.write_buffer_bytes = 64U << 10});
    commit(*store, {hourly(0)});
    WriteGroup large;
    for (int i = 0; i < 100; ++i)
        large.evidence.quarantined.push_back(make_entry(std::string(10'000, static_cast<char>('a' + i % 26))));
    std::size_t groups = 0;
    std::string error;
    for (; groups < 100 && error.empty(); ++groups) {
        try {
            store->commit(large);
        } catch (StoreError const& e) {
            error = e.what();
            break;
        }
    }
    EXPECT_NE(error.find("the disk is full"), std::string::npos) << error;
    EXPECT_TRUE(store->find(7, IntervalKind::hour, at(0h)));
    EXPECT_EQ(store->quarantine(0, 100'000).size(), groups * 100);
    EXPECT_EQ(store->last_commit().number, 1 + groups) << "a failed commit takes no number";
    fs::remove(child_folder() / "filler");
    for (int tries = 0; error_of([&] { store->commit(large); }) != "no error" && tries < 300; ++tries)
        std::this_thread::sleep_for(100ms);            // space again: it goes on by itself
    EXPECT_EQ(store->quarantine(0, 100'000).size(), (groups + 1) * 100);
    EXPECT_EQ(store->stats().quarantine_entries, (groups + 1) * 100);
    EXPECT_EQ(store->last_commit().number, 2 + groups);
}

TEST(LocalStore, KillingTheProcessLosesNothingAcknowledged)
{
    TemporaryFolder folder;
    std::mt19937 random{11};
    int acknowledged = 0;
    for (int round = 0; round < 25; ++round) {
        int pipe_ends[2];
        ASSERT_EQ(pipe(pipe_ends), 0);
        pid_t const child = start_child("CommitsUntilKilled", folder.path(), acknowledged, pipe_ends);
        close(pipe_ends[1]);
        int h = 0;
        if (round % 4 != 0 && ::read(pipe_ends[0], &h, sizeof h) == sizeof h)      // every fourth time perhaps while it opens
            acknowledged = h + 1;
        auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds{20 + random() % 150};
        while (std::chrono::steady_clock::now() < end && ::read(pipe_ends[0], &h, sizeof h) == sizeof h)
            acknowledged = h + 1;
        kill(child, SIGKILL);
        while (::read(pipe_ends[0], &h, sizeof h) == sizeof h)       // acknowledged, but not yet seen
            acknowledged = h + 1;
        close(pipe_ends[0]);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);

        auto const store = LocalStore::open(folder.path());
        auto query = series(7);
        query.limit = 10'000'000;
        auto const kept = read(*store, query);
        ASSERT_GE(kept.size(), static_cast<std::size_t>(acknowledged));
        ASSERT_LE(kept.size(), static_cast<std::size_t>(acknowledged) + 1);      // one commit may have been under way
        for (std::size_t i = 0; i < kept.size(); ++i)
            ASSERT_TRUE(identical(kept[i], hourly(static_cast<int>(i)))) << i;
        ASSERT_EQ(store->stats().quarantine_entries, kept.size());               // the group is one: all of it or nothing
        auto every_frame = frames_of(7);
        every_frame.limit = query.limit;
        auto const frames = read_frames(*store, every_frame);
        ASSERT_EQ(frames.size(), kept.size());
        auto const waiting = store->outbox("forward", 0, query.limit);
        ASSERT_EQ(waiting.size(), kept.size());
        for (std::size_t i = 0; i < kept.size(); ++i) {
            ASSERT_EQ(frames[i], frame_of(static_cast<int>(i)));
            ASSERT_EQ(waiting[i], (OutboxEntry{i + 1, "forward", std::to_string(i)}));
        }
        acknowledged = static_cast<int>(kept.size());
    }
    EXPECT_GT(acknowledged, 25);
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

/// A store with a packed file and a log that still holds its last commits; as a crash would leave it.
void make_crashed_store(fs::path const& directory)
{
    pid_t const child = start_child("LeavesAPackedFileAndALog", directory);
    waitpid(child, nullptr, 0);
}

/// Opens and reads everything. \return the error, or none when all that was read is right and at least `least` records
std::optional<std::string> read_all(fs::path const& directory, std::size_t least)
{
    try {
        auto const store = LocalStore::open(directory);
        auto const found = read(*store, series(7));
        (void)store->newest({});
        for (std::size_t i = 0; i < found.size(); ++i)
            if (!identical(found[i], hourly(static_cast<int>(i))))
                return ADD_FAILURE() << "wrong data at " << i << ": " << describe(found[i]), "wrong";
        EXPECT_GE(found.size(), least);
        EXPECT_LE(found.size(), 600U);
        return std::nullopt;
    } catch (StoreError const& e) {
        return e.what();
    }
}

TEST(LocalStore, ReportsAFlippedByteOfAPackedFileAndNeverServesIt)
{
    TemporaryFolder folder;
    make_crashed_store(folder.path() / "whole");
    ASSERT_EQ(read_all(folder.path() / "whole", 600), std::nullopt);
    std::mt19937 random{21};
    int reported = 0;
    for (int round = 0; round < 40; ++round) {
        auto const damaged = folder.path() / "damaged";
        copy_store(folder.path() / "whole", damaged);
        auto const files = files_of(damaged, ".sst");
        ASSERT_FALSE(files.empty());
        auto const& file = files[random() % files.size()];
        auto bytes = bytes_of(file);
        auto const place = random() % bytes.size();
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << random() % 8));
        overwrite(file, bytes);

        auto const error = read_all(damaged, 600);
        if (!error)
            continue;                       // bytes nobody needs, such as table statistics
        ++reported;
        EXPECT_NE(error->find("restore the last backup"), std::string::npos) << *error;
        EXPECT_NE(error->find(file.filename().string()), std::string::npos) << *error;
    }
    EXPECT_GT(reported, 10);
}

TEST(LocalStore, ReportsATruncatedOrMissingFile)
{
    TemporaryFolder folder;
    make_crashed_store(folder.path() / "whole");
    auto const damaged = folder.path() / "damaged";
    for (auto const ending : {".sst", "CURRENT", "MANIFEST"}) {
        for (bool const remove : {false, true}) {
            copy_store(folder.path() / "whole", damaged);
            std::vector<fs::path> files;
            for (auto const& f : fs::directory_iterator{damaged})
                if (f.path().filename().string().find(ending) != std::string::npos)
                    files.push_back(f.path());
            ASSERT_FALSE(files.empty());
            if (remove)
                fs::remove(files[0]);
            else
                fs::resize_file(files[0], fs::file_size(files[0]) / 2);
            auto const error = read_all(damaged, 600);
            ASSERT_TRUE(error) << ending << (remove ? " removed" : " truncated");
            EXPECT_NE(error->find("restore the last backup"), std::string::npos) << *error;
        }
    }
}

TEST(LocalStore, ATornEndOfTheLogIsDroppedAndDamageBeforeItIsReported)
{
    TemporaryFolder folder;
    make_crashed_store(folder.path() / "whole");
    auto const damaged = folder.path() / "damaged";
    std::mt19937 random{31};
    int reported = 0;
    for (int round = 0; round < 30; ++round) {
        copy_store(folder.path() / "whole", damaged);
        auto const logs = files_of(damaged, ".log");
        ASSERT_FALSE(logs.empty());
        auto const& log = logs.back();
        auto bytes = bytes_of(log);
        auto const place = random() % bytes.size();
        if (round % 2 == 0) {
            bytes.resize(place);
            overwrite(log, bytes);
            EXPECT_EQ(read_all(damaged, 500), std::nullopt) << "torn at " << place;
            continue;
        }
        bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
        overwrite(log, bytes);
        if (auto const error = read_all(damaged, 500)) {
            ++reported;
            EXPECT_NE(error->find("restore the last backup"), std::string::npos) << *error;
        }
    }
    EXPECT_GE(reported, 12);
}

TEST(LocalStore, AFullDiskStopsWritingButNotReadingUntilThereIsSpaceAgain)
{
    TemporaryFolder folder;
    pid_t const child = start_child("FillsTheDisk", folder.path());
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        GTEST_SKIP() << "this system lets no process mount a file system of its own";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LocalStore, WritesPackedFilesAfterAWhile)
{
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path(), {.flush_after = std::chrono::seconds{0}});
    commit(*store, {hourly(0)});
    for (int i = 0; i < 1000 && files_of(folder.path(), ".sst").empty(); ++i)
        std::this_thread::sleep_for(5ms);
    EXPECT_FALSE(files_of(folder.path(), ".sst").empty());
    EXPECT_TRUE(same_records(read(*store, series(7)), {hourly(0)}));
}

/// Frames that do not compress, hour by hour, in files of some 64 KB.
void commit_bulky_frames(Store& store, int from, int to)
{
    std::mt19937 random{static_cast<unsigned>(from)};
    for (int h = from; h < to; ++h) {
        auto frame = frame_of(h);
        frame.bytes.resize(4096);
        std::ranges::generate(frame.bytes, [&] { return static_cast<char>(random()); });
        commit_frames(store, {frame});
    }
}

TEST(LocalStore, OfTooManyFramesTheOldestLeaveAndRecordsStay)
{
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path(), {.write_buffer_bytes = 64U << 10, .frames_max_bytes = 512U << 10});
    commit(*store, {hourly(0)});
    commit_bulky_frames(*store, 0, 600);                 // 2.4 MB
    store->compact();

    EXPECT_LE(store->stats().frames_bytes, 512U << 10);
    EXPECT_GT(store->stats().frames_bytes, 256U << 10);
    auto all = frames_of(7);
    all.limit = 10'000;
    auto const kept = read_frames(*store, all);
    ASSERT_FALSE(kept.empty());
    EXPECT_EQ(kept.back().time, at(599h));
    EXPECT_EQ(kept.front().time, at(std::chrono::hours{600 - static_cast<int>(kept.size())}));      // no gap
    EXPECT_TRUE(store->find(7, IntervalKind::hour, at(0h)));
}

TEST(LocalStore, FramesLeaveWhenTheirTimeIsUpAndNoSooner)
{
    TemporaryFolder folder;
    LocalStoreOptions options{.write_buffer_bytes = 64U << 10, .frames_max_age = std::chrono::hours{1}};
    auto all = frames_of(7);
    all.limit = 10'000;
    {
        auto const store = LocalStore::open(folder.path(), options);
        commit(*store, {hourly(0)});
        commit_bulky_frames(*store, 0, 100);             // several files
        store->compact();
        EXPECT_EQ(read_frames(*store, all).size(), 100U);
    }
    std::this_thread::sleep_for(2200ms);                 // RocksDB counts whole seconds
    options.frames_max_age = std::chrono::seconds{1};
    auto const store = LocalStore::open(folder.path(), options);
    commit_frames(*store, {frame_of(100)});
    store->compact();

    EXPECT_EQ(read_frames(*store, all), std::vector{frame_of(100)});
    EXPECT_TRUE(store->find(7, IntervalKind::hour, at(0h)));
}

TEST(LocalStore, FramesAreNotWrittenIntoSmallFiles)
{
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path(), {.flush_after = std::chrono::seconds{0}});
    for (int h = 0; h < 20; ++h) {
        WriteGroup group;
        group.records.added = {hourly(h)};
        group.evidence.frames = {frame_of(h)};
        store->commit(group);
    }
    for (int i = 0; i < 1000 && files_of(folder.path(), ".sst").empty(); ++i)
        std::this_thread::sleep_for(5ms);

    EXPECT_FALSE(files_of(folder.path(), ".sst").empty());           // the records are
    EXPECT_EQ(store->stats().frames_bytes, 0U);
    store->compact();
    EXPECT_GT(store->stats().frames_bytes, 0U);
}

TEST(LocalStore, ManyStartsLeaveNoFilesBehind)
{
    TemporaryFolder folder;
    auto const count = [&] { return std::distance(fs::directory_iterator{folder.path()}, {}); };
    for (int i = 0; i < 6; ++i)
        (void)LocalStore::open(folder.path());
    auto const before = count();
    for (int i = 0; i < 8; ++i)
        (void)LocalStore::open(folder.path());
    EXPECT_LE(count(), before + 3);         // small tables gather until four are merged
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
