// Records of a store as a collection.
#include "world_fixture.hpp"

#include "yihong/history/record_source.hpp"

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class RecordSourceTest : public WorldFixture {
protected:
    void SetUp() override
    {
        WriteGroup group;
        for (auto const* id : {"a", "b"})
            for (int i = 0; i < 30; ++i) {
                Record record;
                record.site = known->sites->find(id)->number;
                record.interval = i % 3 == 0 ? IntervalKind::four_hours : IntervalKind::hour;
                record.time = noon + std::chrono::hours{i};
                record.received_at = record.time + 10min;
                record.readings = {reading("ph", "8.1"), reading("codmn", std::to_string(i % 5))};
                record.readings[0].flag = i == 7 ? Flag{'D'} : Flag{};
                record.verdict = {.edition = 0, .water_class = static_cast<std::uint8_t>(1 + i % 5), .aqi = 0};
                std::ranges::sort(record.readings, {}, &Reading::parameter);
                group.records.added.push_back(std::move(record));
            }
        store.commit(group);
        std::vector<ParameterId> columns{parameter("ph"), parameter("codmn")};
        std::ranges::sort(columns);
        source = make_record_source(known, SiteKind::water_section, columns, true, store);
    }

    [[nodiscard]] std::optional<std::size_t> count_of_nothing() const
    {
        return make_record_source(known, SiteKind::outfall, {}, false, store)->metadata().count;
    }
    [[nodiscard]] ParameterId parameter(std::string_view name) const { return known->standards->parameters().find(name)->id; }

    std::vector<std::string> ids(FeatureQuery const& query) const
    {
        std::vector<std::string> all;
        auto const stream = source->select(query);
        while (auto const feature = stream->next())
            all.push_back(feature->id());
        return all;
    }
    Expression equals(std::string_view column, std::string text) const
    {
        Equals one{.column = *source->schema().find(column), .text = text};
        one.number = column == "water_class" ? std::optional{std::stod(text)} : std::nullopt;
        return Expression{And{{Expression{one}}}};
    }
    [[nodiscard]] Value value(Feature const& feature, std::string_view column) const
    {
        return shown_value(source->schema().columns()[*source->schema().find(column)], feature, Profile::flat);
    }

    UtcTime const noon = at("2025-11-06T12:00:00Z");
    std::shared_ptr<World const> known =
        world({site("a", SiteKind::water_section), site("b", SiteKind::lake_section), site("c", SiteKind::air_station)});
    std::shared_ptr<FeatureSource const> source;
};

TEST_F(RecordSourceTest, HasAFeatureARecordByTimeThenSite)
{
    auto const all = ids({});
    ASSERT_EQ(all.size(), 60U);
    EXPECT_EQ(all[0], "a.4h.20251106T120000Z");
    EXPECT_EQ(all[1], "b.4h.20251106T120000Z");
    EXPECT_EQ(all[2], "a.hour.20251106T130000Z");
    EXPECT_EQ(source->metadata().id, "water-records");
    EXPECT_TRUE(source->metadata().blocks);
}

TEST_F(RecordSourceTest, SaysThatItIsEmptyUntilThereIsARecord)
{
    EXPECT_EQ(count_of_nothing(), 0U);
    EXPECT_EQ(source->metadata().count, std::nullopt) << "nobody counts them";
}

TEST_F(RecordSourceTest, FindsEachOfItsFeaturesById)
{
    for (auto const& id : ids({})) {
        auto const found = source->find(id);
        ASSERT_NE(found, nullptr) << id;
        EXPECT_EQ(found->id(), id);
    }
    for (auto const* id : {"", "a", "a.4h", "a.4h.", ".4h.20251106T120000Z", "a.4h.20251106T120001Z", "a.9h.20251106T120000Z",
                           "c.4h.20251106T120000Z", "a.4h.2025-11-06T12:00Z", "x.4h.20251106T120000Z", "a.4h.20251306T120000Z"})
        EXPECT_EQ(source->find(id), nullptr) << id;
}

TEST_F(RecordSourceTest, ShowsFlagsAndClassOfTheRecord)
{
    auto const feature = source->find("a.hour.20251106T190000Z");
    ASSERT_NE(feature, nullptr);
    EXPECT_EQ(to_text(value(*feature, "not_valid")), "ph");
    EXPECT_EQ(to_text(value(*feature, "flags")), "ph:D");
    EXPECT_EQ(to_text(value(*feature, "water_class")), "3");
    EXPECT_EQ(to_text(value(*feature, "water_class_label")), "Ⅲ");
    EXPECT_EQ(to_text(value(*feature, "ph")), "8.1");
    EXPECT_EQ(to_text(value(*feature, "time_beijing")), "北京时间 2025-11-07 03:00");
}

TEST_F(RecordSourceTest, PagesByTheLastIdAtAnyLimitWhileOthersCome)
{
    auto const all = ids({});
    std::vector<std::string> paged;
    FeatureQuery query{.limit = 7};
    for (bool more = true; more; query.limit = query.limit == 7 ? 3 : 7) {
        auto const stream = source->select(query);
        while (auto const feature = stream->next())
            paged.push_back(feature->id());
        more = stream->has_more();
        query.after = paged.back();
    }
    EXPECT_EQ(paged, all);
    EXPECT_TRUE(ids({.after = "nothing"}).empty());
    EXPECT_EQ(ids({.limit = 5, .offset = 4}), std::vector(all.begin() + 4, all.begin() + 9));
    EXPECT_EQ(ids({.sort = {{.column = *source->schema().find("time"), .descending = true}}}), std::vector(all.rbegin(), all.rend()));
}

/// Clients that take the types of columns from the first features find a value in each that has one.
TEST_F(RecordSourceTest, BeginsWithAValueInEveryColumnAndBringsEachRecordOnce)
{
    WriteGroup group;
    Record sample;
    sample.site = known->sites->find("b")->number;
    sample.interval = IntervalKind::sample;
    sample.time = noon + 200h;
    sample.received_at = sample.time;
    sample.readings = {reading("fluoride", "0.7")};
    group.records.added = {sample};
    store.commit(group);
    std::vector<ParameterId> columns{parameter("ph"), parameter("codmn"), parameter("fluoride")};
    std::ranges::sort(columns);
    source = make_record_source(known, SiteKind::water_section, columns, true, store);
    auto const in_order = ids({});
    EXPECT_EQ(in_order.back(), "b.sample.20251114T200000Z");
    EXPECT_EQ(ids({.limit = 1, .lead = true}), std::vector{in_order.front()}) << "a page of one has no room";

    std::vector<std::string> paged;
    FeatureQuery query{.limit = 10, .lead = true};
    for (bool more = true; more; query.lead = false) {
        auto const stream = source->select(query);
        while (auto const feature = stream->next())
            paged.push_back(feature->id());
        more = stream->has_more();
        if (paged.size() <= 10) {
            EXPECT_GT(stream->leading(), 0U);
            query.seen.assign(paged.begin(), paged.begin() + static_cast<std::ptrdiff_t>(stream->leading()));
            EXPECT_NE(std::ranges::find(query.seen, in_order.back()), query.seen.end()) << "fluoride is in no other";
        }
        query.after = paged.back();
    }
    for (std::size_t offset = 0; offset <= paged.size(); offset += 3) {
        auto const expected = std::vector<std::string>{paged.begin() + static_cast<std::ptrdiff_t>(offset), paged.end()};
        EXPECT_EQ(ids({.offset = offset, .lead = true}), expected) << "an offset counts in the same order: " << offset;
        EXPECT_EQ(source->select({.limit = 10, .offset = offset, .lead = true})->out_of_turn(), query.seen) << "and later pages are told";
    }
    std::ranges::sort(paged);
    auto wanted = in_order;
    std::ranges::sort(wanted);
    EXPECT_EQ(paged, wanted);
    EXPECT_EQ(ids({.filter = equals("site", "a"), .limit = 2, .lead = true}).front(), "a.4h.20251106T120000Z") << "a choice is in order";
}

TEST_F(RecordSourceTest, FiltersBySiteIntervalTimePlaceAndValue)
{
    EXPECT_EQ(ids({.filter = equals("site", "b")}).size(), 30U);
    EXPECT_EQ(ids({.filter = equals("interval", "4h")}).size(), 20U);
    EXPECT_EQ(ids({.filter = equals("interval", "week")}).size(), 0U);
    EXPECT_EQ(ids({.filter = equals("water_class", "4")}).size(), 12U);
    EXPECT_EQ(ids({.filter = equals("not_valid", "ph")}).size(), 2U);
    EXPECT_EQ(ids({.time = TimeInterval{noon + 1h, noon + 2h}}).size(), 4U);
    auto const place = *known->sites->find("a")->position;
    EXPECT_FALSE(ids({.boxes = {{place.lon, place.lat, place.lon, place.lat}}}).empty());
    EXPECT_TRUE(ids({.boxes = {{0, 0, 1, 1}}}).empty());
}

/// A condition in a language of its own.
class Looks final : public Condition {
public:
    Looks(std::optional<std::vector<std::size_t>> columns, std::function<bool(Feature const&)> holds)
        : columns_{std::move(columns)}, holds_{std::move(holds)}
    {}
    [[nodiscard]] bool holds(Feature const& feature) const override { return holds_(feature); }
    [[nodiscard]] std::vector<BoundingBox> const& boxes() const noexcept override { return boxes_; }
    [[nodiscard]] std::optional<std::vector<std::size_t>> const& columns() const noexcept override { return columns_; }

private:
    std::vector<BoundingBox> boxes_;
    std::optional<std::vector<std::size_t>> columns_;
    std::function<bool(Feature const&)> holds_;
};

TEST_F(RecordSourceTest, ShowsAConditionWhatItSaysThatItLooksAt)
{
    auto const found = [&](std::optional<std::vector<std::size_t>> columns, std::function<bool(Feature const&)> holds,
                           FeatureQuery query = {}) {
        query.filter = Expression{std::make_shared<Looks const>(std::move(columns), std::move(holds))};
        return ids(query);
    };
    auto const column = [&](std::string_view name) { return *source->schema().find(name); };
    auto const shows = [&](Feature const& feature, std::string_view name, std::string_view text) {
        return to_text(value(feature, name)) == text;
    };
    EXPECT_EQ(found(std::nullopt, [](Feature const& one) { return one.id() == "b.hour.20251106T130000Z"; }),
              std::vector<std::string>{"b.hour.20251106T130000Z"});
    EXPECT_EQ(found({{column("codmn")}}, [&](Feature const& one) { return shows(one, "codmn", "3"); }).size(), 12U);
    EXPECT_EQ(
        found({{column("codmn"), column("site")}}, [&](Feature const& one) { return shows(one, "codmn", "3") && shows(one, "site", "a"); })
            .size(),
        6U);
    EXPECT_EQ(found({{column("not_valid")}}, [&](Feature const& one) { return shows(one, "not_valid", "ph"); }).size(), 2U);
    EXPECT_EQ(found({{column("time")}}, [&](Feature const& one) { return shows(one, "time", "2025-11-06T14:00:00Z"); }).size(), 2U);
    auto const lies_in = [](BoundingBox const& box) { return [box](Feature const& one) { return intersects(one.geometry(), box); }; };
    auto const place = *known->sites->find("a")->position;      // where b is as well
    EXPECT_EQ(found(std::vector<std::size_t>{}, lies_in({place.lon, place.lat, place.lon, place.lat})).size(), 60U);
    EXPECT_EQ(found(std::vector<std::size_t>{}, lies_in({0, 0, 1, 1})).size(), 0U);

    // A page ends with its last feature that holds, and counts those alone.
    auto const holds = [&](Feature const& one) { return shows(one, "codmn", "3"); };
    FeatureQuery page{.limit = 5, .offset = 3};
    auto const all = found({{column("codmn")}}, holds);
    EXPECT_EQ(found({{column("codmn")}}, holds, page), std::vector(all.begin() + 3, all.begin() + 8));
    page = {.limit = 5, .after = all[7]};
    EXPECT_EQ(found({{column("codmn")}}, holds, page), std::vector(all.begin() + 8, all.end()));
}

/// Wanted properties spare the store readings; what they show stays the same.
TEST_F(RecordSourceTest, ShowsTheSameWhereFewPropertiesAreWanted)
{
    auto const column = [&](std::string_view name) { return *source->schema().find(name); };
    FeatureQuery query{.filter = equals("water_class", "3"), .limit = 1, .properties = {column("codmn"), column("not_valid")}};
    EXPECT_EQ(to_text(value(*source->select(query)->next(), "ph")), "8.1") << "not_valid needs all of them";
    query.properties = {column("codmn")};
    EXPECT_EQ(to_text(value(*source->select(query)->next(), "codmn")), "2");
}

TEST_F(RecordSourceTest, FindsTheRecordsOfSitesThatAreNamed)
{
    auto const site = [&](std::string id) { return Expression{Equals{.column = *source->schema().find("site"), .text = std::move(id)}}; };
    auto const named = [&](std::vector<Expression> sites) {
        return ids({.filter = Expression{And{{Expression{Or{std::move(sites)}}}}}}).size();
    };
    EXPECT_EQ(named({site("a")}), 30U);
    EXPECT_EQ(named({site("a"), site("b")}), 60U);
    EXPECT_EQ(named({site("a"), site("a")}), 30U);
    EXPECT_EQ(named({site("nowhere"), site("c"), site("b")}), 30U) << "c is of another kind";
    EXPECT_EQ(named({site("nowhere")}), 0U);
    EXPECT_EQ(named({}), 0U);
    EXPECT_EQ(ids({.filter = Expression{And{{site("a"), site("b")}}}}).size(), 0U);
}

}  // namespace
}  // namespace yihong::testing
