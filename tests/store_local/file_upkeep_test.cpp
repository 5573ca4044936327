#include "fixture.hpp"

#include <algorithm>
#include <random>

/// When packed files are written, and when frames leave.
namespace yihong {
namespace {

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

TEST(LocalStore, AStepOfAnAlertTakesLessThanAKilobyte)
{
    std::mt19937 random{1};
    std::string form(6'500, ' ');                        // keys, names and sentences, the same in each document
    std::ranges::generate(form, [&] { return static_cast<char>('a' + random() % 26); });
    TemporaryFolder folder;
    auto const store = LocalStore::open(folder.path());
    constexpr int steps = 1'000;
    for (int i = 1; i <= steps; ++i) {
        auto document = form;
        for (std::size_t at = 0; at < document.size(); at += 20)
            document[at] = static_cast<char>('0' + random() % 10);
        WriteGroup group;
        group.journal.push_back({.number = static_cast<std::uint64_t>(i),
                                 .topic = std::string{alert_topic},
                                 .subject = "zhangliuzhuang-water",
                                 .at = at(std::chrono::hours{i}),
                                 .document = std::move(document),
                                 .hash = std::string(64, 'f')});
        store->commit(group);
    }
    store->compact();
    std::uintmax_t bytes = 0;
    for (auto const& file : files_of(folder.path(), ".sst"))
        bytes += fs::file_size(file);
    EXPECT_LT(bytes / steps, 1'024U);
    EXPECT_EQ(store->story(alert_topic, "zhangliuzhuang-water").size(), static_cast<std::size_t>(steps));
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

TEST(LocalStore, OfTooMuchQuarantineTheOldestLeaves)
{
    TemporaryFolder folder;
    LocalStoreOptions const options{.quarantine_max_age = std::chrono::hours{24}, .quarantine_max_bytes = 10'000};
    auto store = LocalStore::open(folder.path(), options);
    auto const put = [&](UtcTime received_at, std::size_t bytes) {
        WriteGroup group;
        group.evidence.quarantined = {make_entry(std::string(bytes, 'x'))};
        group.evidence.quarantined[0].received_at = received_at;
        store->commit(group);
    };
    auto const ids = [&] {
        std::vector<std::uint64_t> all;
        for (auto const& entry : store->quarantine(0, 1000))
            all.push_back(entry.id);
        return all;
    };
    put(utc_now() - std::chrono::hours{25}, 10);
    for (int i = 0; i < 5; ++i)
        put(utc_now(), 1000);
    EXPECT_EQ(ids(), (std::vector<std::uint64_t>{2, 3, 4, 5, 6})) << "the first one is too old";
    store.reset();
    store = LocalStore::open(folder.path(), options);
    for (int i = 0; i < 20; ++i)
        put(utc_now(), 1000);
    EXPECT_GE(ids().size(), 8U);
    EXPECT_LE(ids().size(), 10U);
    EXPECT_EQ(ids().back(), 26U);
    EXPECT_EQ(store->stats().quarantine_entries, ids().size());
}

TEST(LocalStore, TellsWhatIsDamagedWhenItIsVerified)
{
    TemporaryFolder folder;
    {
        auto const store = LocalStore::open(folder.path());
        commit(*store, {hourly(0), hourly(1)});
        EXPECT_EQ(error_of([&] { store->verify(); }), "no error");
    }
    EXPECT_EQ(error_of([&] { LocalStore::open_to_read(folder.path())->verify(); }), "no error");
    auto const file = files_of(folder.path(), ".sst").front();
    auto bytes = bytes_of(file);
    bytes[bytes.size() / 8] ^= 1;
    overwrite(file, bytes);
    EXPECT_NE(error_of([&] { LocalStore::open_to_read(folder.path())->verify(); }), "no error");
}

}  // namespace
}  // namespace yihong
