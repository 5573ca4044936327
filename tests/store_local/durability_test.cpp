#include "fixture.hpp"

#include <csignal>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/// Killed processes, damaged files, full disks: what was acknowledged is there, what is damaged is said.
namespace yihong {
namespace {

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

TEST(StoreChild, DISABLED_StartsOnAFullDisk)
{
    fs::create_directories(child_folder());
    if ((unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", child_folder().c_str(), "tmpfs", 0, "size=100m") != 0)
        _exit(77);
    auto const folder = child_folder() / "store";
    commit(*LocalStore::open(folder), {hourly(0)});
    std::ofstream filler{child_folder() / "filler"};
    while (filler << std::string(4096, 'x') << std::flush) {
    }
    filler.close();
    auto store = LocalStore::open(folder);
    EXPECT_TRUE(store->find(7, IntervalKind::hour, at(0h))) << "it reads";
    EXPECT_NE(error_of([&] { commit(*store, {hourly(1)}); }).find("the disk was full"), std::string::npos);
    EXPECT_EQ(store->refuses_writes_for(), 0ms) << "it waits";
    fs::remove(child_folder() / "filler");
    (void)store->refuses_writes_for();             // it counts from here on
    std::this_thread::sleep_for(5ms);
    EXPECT_GT(store->refuses_writes_for(), 0ms) << "space is there: now it is to be opened anew";
    store.reset();
    commit(*LocalStore::open(folder), {hourly(1)});
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

TEST(LocalStore, TellsHowManyAcknowledgedCommitsALogThatWasCutHasLost)
{
    TemporaryFolder folder;
    make_crashed_store(folder.path() / "whole");
    auto const damaged = folder.path() / "damaged";
    copy_store(folder.path() / "whole", damaged);
    EXPECT_EQ(LocalStore::acknowledged(damaged)->number, 600U);
    auto const log = files_of(damaged, ".log").back();
    fs::resize_file(log, fs::file_size(log) / 2);
    {
        auto const store = LocalStore::open(damaged);
        auto const lost = store->stats().lost_commits;
        EXPECT_GT(lost, 0U);
        EXPECT_EQ(lost, 600 - store->last_commit().number);
        EXPECT_EQ(read(*store, series(7)).size(), store->last_commit().number);
        commit(*store, {hourly(700)});
    }
    EXPECT_EQ(LocalStore::open(damaged)->stats().lost_commits, 0U) << "told once";

    copy_store(folder.path() / "whole", damaged);
    fs::remove(files_of(damaged, ".log").back());
    EXPECT_EQ(LocalStore::open(damaged)->stats().lost_commits, 100U) << "all that no packed file has";
}

TEST(LocalStore, ADamagedEndThatWasNeverAcknowledgedIsDropped)
{
    TemporaryFolder folder;
    make_crashed_store(folder.path());
    auto const log = files_of(folder.path(), ".log").back();
    auto bytes = bytes_of(log);
    auto torn = bytes.substr(bytes.size() - 60);   // of an entry that was being written: its check sum does not fit
    torn[20] ^= 1;
    overwrite(log, bytes + torn + std::string(5, '\x7f'));
    auto const store = LocalStore::open(folder.path());
    EXPECT_EQ(store->last_commit().number, 600U);
    EXPECT_EQ(store->stats().lost_commits, 0U);
}

TEST(LocalStore, IsSalvagedUpToTheLastWholeCommit)
{
    TemporaryFolder folder;
    auto const damaged = folder.path() / "store";
    make_crashed_store(damaged);
    auto const log = files_of(damaged, ".log").back();
    auto bytes = bytes_of(log);
    bytes[bytes.size() / 2] ^= 1;
    overwrite(log, bytes);
    auto const error = error_of([&] { (void)LocalStore::open(damaged); });
    EXPECT_NE(error.find("yihong store salvage"), std::string::npos) << error;
    auto const saved = LocalStore::salvage(damaged, folder.path() / "aside");
    EXPECT_EQ(bytes_of(folder.path() / "aside" / log.filename()), bytes);
    EXPECT_EQ(saved.acknowledged.number, 600U);
    EXPECT_GE(saved.last.number, 500U);
    EXPECT_LT(saved.last.number, 600U);
    auto const store = LocalStore::open(damaged);
    EXPECT_EQ(store->last_commit().number, saved.last.number);
    EXPECT_EQ(read(*store, series(7)).size(), saved.last.number);
    EXPECT_EQ(store->stats().lost_commits, 600 - saved.last.number);
}

TEST(LocalStore, IsNotMadeBySalvagingWhatIsNotThere)
{
    TemporaryFolder folder;
    auto const salvage = [&] { (void)LocalStore::salvage(folder.path() / "store", folder.path() / "aside"); };
    EXPECT_NE(error_of(salvage).find("nothing to salvage"), std::string::npos);
    fs::create_directory(folder.path() / "store");
    EXPECT_NE(error_of(salvage).find("nothing to salvage"), std::string::npos) << "and no empty store is made";
    EXPECT_TRUE(fs::is_empty(folder.path() / "store"));
    EXPECT_FALSE(fs::exists(folder.path() / "aside"));
}

TEST(LocalStore, IsNotSalvagedWhileSomebodyHasItOpen)
{
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path() / "store");
    auto const error = error_of([&] { (void)LocalStore::salvage(folder.path() / "store", folder.path() / "aside"); });
    EXPECT_NE(error.find("already open"), std::string::npos) << error;
    EXPECT_FALSE(fs::exists(folder.path() / "aside"));
}

TEST(LocalStore, ThatLostItsLogBeforeAnythingWentIntoFilesSaysSoAndStartsEmpty)
{
    TemporaryFolder folder;
    auto const crashed = folder.path() / "store";
    {
        auto const store = LocalStore::open(folder.path() / "whole");
        commit(*store, {hourly(0)});
        copy_store(folder.path() / "whole", crashed);
    }
    ASSERT_TRUE(files_of(crashed, ".sst").empty());
    for (auto const& log : files_of(crashed, ".log"))
        fs::remove(log);
    auto const error = error_of([&] { (void)LocalStore::open_to_read(crashed); });
    EXPECT_NE(error.find("its log, which is missing"), std::string::npos) << error;
    EXPECT_EQ(LocalStore::open(crashed)->stats().lost_commits, 1U);
}

/// Runs a test of a child with a file system of its own; skips where the system lets no process mount one.
void run_on_a_small_disk(char const* test)
{
    TemporaryFolder folder;
    pid_t const child = start_child(test, folder.path());
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        GTEST_SKIP() << "this system lets no process mount a file system of its own";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LocalStore, AFullDiskStopsWritingButNotReadingUntilThereIsSpaceAgain) { run_on_a_small_disk("FillsTheDisk"); }

TEST(LocalStore, StartsOnAFullDiskForReading) { run_on_a_small_disk("StartsOnAFullDisk"); }

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

}  // namespace
}  // namespace yihong
