// Stores that earlier versions wrote.
#include "database.hpp"
#include "ports/alerts_contract.hpp"
#include "temporary_folder.hpp"

#include "yihong/store_local/local_store.hpp"

#include <fstream>
#include <map>

namespace yihong::store_contract {
namespace {

std::string from_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
    return bytes;
}

/// format_1.txt is what the last version of that format wrote, one entry a line: family, key and value in hexadecimal. It kept two closed
/// alerts, an open one, three steps of the log, a silence, a quarantine entry and an outbox entry.
void make_store_of_format_1(std::filesystem::path const& directory)
{
    constexpr std::array<char const*, 7> names{"default", "series", "revisions", "quarantine", "frames", "outbox", "alerts"};
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (auto const* name : names)
        families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    rocksdb::Options options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, directory.string(), families, &handles, &db).ok());
    std::ifstream in{YIHONG_SOURCE_DIR "/tests/store_local/format_1.txt"};
    std::size_t entries = 0;
    for (std::string line; std::getline(in, line); ++entries) {
        auto const first = line.find(' ');
        auto const second = line.find(' ', first + 1);
        auto const family = std::ranges::find(names, line.substr(0, first));
        ASSERT_NE(family, names.end());
        auto const key = from_hex(std::string_view{line}.substr(first + 1, second - first - 1));
        ASSERT_TRUE(db->Put({}, handles[static_cast<std::size_t>(family - names.begin())], key, from_hex(line.substr(second + 1))).ok());
    }
    EXPECT_EQ(entries, 17U);
    for (auto* handle : handles)
        db->DestroyColumnFamilyHandle(handle);
    delete db;
}

/// What becomes of the alerts in that file: they knew only the worst, and not what a value was compared with.
Alert alert_of_format_1(std::string id, AlertState state)
{
    auto alert = full_alert(std::move(id));
    alert.state = state;
    alert.present.clear();
    alert.peak_time.reset();
    alert.water_class = state == AlertState::closed ? 0 : 6;
    alert.aqi = state == AlertState::closed ? 0 : 301;
    auto const plain = [](Exceedance& item) {
        item.compared_with = Comparison::none;
        item.limit_class = 0;
        item.median.reset();
        item.interval = IntervalKind::sample;      // that of its cause
    };
    for (auto& item : alert.causes[0].items) {
        plain(item);
        item.compared_with = Comparison::class_limit;
    }
    for (auto& item : alert.worst) {
        plain(item);
        item.limit.reset();
    }
    return alert;
}

TEST(LocalStore, TakesOverTheAlertsAndTheirLogOfFormat1)
{
    TemporaryFolder const folder;
    make_store_of_format_1(folder.path());
    EXPECT_THROW((void)LocalStore::open_to_read(folder.path()), StoreError) << "who only reads changes nothing";
    auto const closed = alert_of_format_1("zhangliuzhuang-operation-20250101T030000Z", AlertState::closed);
    auto open = alert_of_format_1("longmen-water-20250102T000000Z", AlertState::acknowledged);
    open.closed_at.reset();
    Alert untimed;
    untimed.id = "b-water-1";
    untimed.state = AlertState::closed;
    untimed.updated_at = at(50h);
    for (int pass = 0; pass < 2; ++pass) {
        auto const store = LocalStore::open(folder.path());
        EXPECT_EQ(store->open_alerts(), std::vector{open});
        EXPECT_EQ(store->closed_alerts({}), (std::vector{untimed, closed}));
        EXPECT_EQ(store->find_alert(closed.id), closed);

        auto const log = store->journal(alert_topic, 0, 10);
        ASSERT_EQ(log.size(), 3U);
        EXPECT_EQ(log[0].number, 1U);
        EXPECT_EQ(log[0].topic, "alert");
        EXPECT_EQ(log[0].subject, closed.id);
        EXPECT_EQ(log[0].at, at(3h));
        EXPECT_EQ(log[0].hash, "aa01");
        EXPECT_TRUE(log[0].document.starts_with(R"({"specversion":"1.0","id":"zhangliuzhuang)"));
        EXPECT_EQ(log[1].at, at(24h + 1500ms));
        EXPECT_EQ(log[1].subject, open.id);
        EXPECT_EQ(log[2].document, "none of ours");
        EXPECT_EQ(log[2].at, log[1].at) << "a document without a time has that of the one before";
        EXPECT_EQ(store->story(alert_topic, closed.id), (std::vector{log[0], log[2]}));
        EXPECT_EQ(store->last_entry(alert_topic), log[2]);

        ASSERT_EQ(store->silences().size(), 1U);
        EXPECT_EQ(store->silences()[0].county, "河津市");
        EXPECT_EQ(store->number_sites(std::vector<std::string>{"zhangliuzhuang", "longmen"}), (std::vector<SiteNumber>{1, 2}));
        EXPECT_EQ(store->quarantine(0, 10).size(), 1U);
        EXPECT_EQ(store->outbox("alert:duty", 0, 10).size(), 1U);
        EXPECT_EQ(store->last_commit(), LastCommit{}) << "its commits had no numbers";
    }
    auto const store = LocalStore::open(folder.path());
    auto reopened = closed;
    reopened.state = AlertState::open;
    WriteGroup group;
    group.alerts.changed = {reopened};
    group.journal = {step(4, closed.id, "{}", "dd04")};
    EXPECT_EQ(store->commit(group), 1U);
    EXPECT_EQ(store->open_alerts(), (std::vector{open, reopened}));
    EXPECT_EQ(store->closed_alerts({}), std::vector{untimed});
    EXPECT_EQ(store->story(alert_topic, closed.id).size(), 3U);
}

}  // namespace
}  // namespace yihong::store_contract
