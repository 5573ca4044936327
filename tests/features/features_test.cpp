#include "yihong/features/memory_source.hpp"
#include "yihong/model/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

namespace yihong {
namespace {

using namespace std::chrono_literals;

/// A thing somewhere with a number; counts how often that was asked.
class Thing final : public Feature {
public:
    Thing(std::string id, Geometry geometry, std::optional<UtcTime> time, Value number, std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), time, std::move(schema)}, geometry_{std::move(geometry)}, number_{std::move(number)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }
    [[nodiscard]] Value number() const
    {
        ++asked;
        return number_;
    }
    mutable int asked = 0;

private:
    Geometry geometry_;
    Value number_;
};

std::shared_ptr<Schema const> things()
{
    return std::make_shared<Schema const>(std::vector<Column>{
        {.name = "number", .type = AttributeType::real, .get = value_of<Thing>([](Thing const& t) { return t.number(); })},
        {.name = "name", .get = value_of<Thing>([](Thing const& t) -> Value { return "n" + t.id(); })},
        {.name = "odd", .get = value_of<Thing>([](Thing const& t) -> Value { return t.id().size() % 2 ? Value{true} : Value{}; })},
    });
}

std::shared_ptr<Thing const> thing(std::string id, Geometry geometry = {}, Value number = {}, std::optional<UtcTime> time = {})
{
    return std::make_shared<Thing const>(std::move(id), std::move(geometry), time, std::move(number), things());
}

MemorySource source(MemorySource::Features features) { return {SourceMetadata{.id = "things"}, things(), std::move(features)}; }

struct Page {
    std::vector<std::string> ids;
    std::size_t matched, first;
    bool has_more;
    bool operator==(Page const&) const = default;
};

Page page(FeatureSource const& from, FeatureQuery const& query)
{
    auto const stream = from.select(query);
    Page found{{}, stream->matched().value(), stream->first(), stream->has_more()};
    while (auto const feature = stream->next())
        found.ids.push_back(feature->id());
    return found;
}

TEST(Feature, IsWrittenWithTheColumnsThatAreWanted)
{
    auto const t = thing("a", Point{{111, 35}}, Decimal{710, 2});
    EXPECT_EQ(t->geojson(), R"({"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[111,35]},)"
                            R"("properties":{"number":7.10,"name":"na","odd":true}})");
    EXPECT_EQ(&t->geojson(), &t->geojson()) << "kept";
    std::string out;
    append_geojson(out, *t, {.columns = {1}});
    EXPECT_EQ(out, R"({"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[111,35]},"properties":{"name":"na"}})");
    EXPECT_NE(thing("ab")->geojson().find(R"("properties":{"number":null,"name":"nab","odd":null}})"), std::string::npos)
        << "clients take the columns from the first features that they see";
}

TEST(Feature, TakesItsKeptTextIntoAnotherSystem)
{
    for (auto const& place : {Geometry{Point{{111.12345678, 35}}}, Geometry{}}) {
        auto const t = thing("a\"geometry\":", place, Decimal{710, 2});
        for (auto const& form : {FeatureForm{.decimals = 2}, FeatureForm{.shape = [](Geometry const&) { return Geometry{Point{{1, 2}}}; }},
                                 FeatureForm{.shape = [](Geometry const&) { return Geometry{}; }}}) {
            std::string afresh;
            std::string spliced = "before";
            append_geojson(afresh, *t, form);
            t->append_geojson_in(spliced, form);
            EXPECT_EQ(spliced, "before" + afresh);
        }
    }
}

/// A feature with one list.
std::string written(Column column, FeatureForm const& form = {})
{
    column.name = "list";
    auto const schema = std::make_shared<Schema const>(std::vector<Column>{std::move(column)});
    Thing const t{"a", Point{{111, 35}}, {}, {}, schema};
    std::string out;
    append_geojson(out, t, form);
    return out.substr(out.find("\"geometry\":") + 11);
}

TEST(Feature, IsFlatUnlessItsListsAreAskedFor)
{
    auto const list = [](std::vector<std::string> texts) {
        return Column{.array = true, .get = [texts = std::move(texts)](Feature const&) -> Value { return texts; }};
    };
    std::string const point = R"({"type":"Point","coordinates":[111,35]},"properties":{"list":)";
    EXPECT_EQ(written(list({"ph", "codmn"})), point + R"("ph、codmn"}})");
    EXPECT_EQ(written(list({})), point + "null}}") << "an empty text would be a value";
    EXPECT_EQ(written(list({"ph", "codmn"}), {.profile = Profile::structured}), point + R"(["ph","codmn"]}})");
    EXPECT_EQ(written(list({}), {.profile = Profile::structured}), point + "[]}}");
    Column const objects{.objects = true,
                         .get = [](Feature const&) -> Value { return std::vector<ParameterMultiple>{{"codmn", Decimal{1, 1}}}; },
                         .flat = [](Feature const&) -> Value { return std::string{"高锰酸盐指数(0.1)"}; }};
    EXPECT_EQ(written(objects), point + "\"高锰酸盐指数(0.1)\"}}");
    EXPECT_EQ(written(objects, {.profile = Profile::structured}), point + R"([{"parameter":"codmn","multiple":0.1}]}})");
    EXPECT_EQ(written(list({"ph"}), {.decimals = 0, .shape = [](Geometry const&) { return Point{{111.25, -0.4}}; }}),
              R"({"type":"Point","coordinates":[111,0]},"properties":{"list":"ph"}})");
    EXPECT_EQ(written(list({"ph"}), {.shape = [](Geometry const&) { return Geometry{}; }}), R"(null,"properties":{"list":"ph"}})");
}

TEST(Feature, TellsItsTimesInBeijingAsText)
{
    auto const columns = with_beijing_texts({{.name = "peak_time",
                                              .title = "最差时监测时间（UTC）",
                                              .title_en = "Time of the worst (UTC)",
                                              .type = AttributeType::date_time,
                                              .get = [](Feature const& f) { return optional_value(f.time()); }},
                                             {.name = "name"}});
    ASSERT_EQ(columns.size(), 3U);
    EXPECT_EQ(columns[1].name, "peak_time_beijing");
    EXPECT_EQ(columns[1].title, "最差时监测时间（北京时间）");
    EXPECT_EQ(columns[1].title_en, "Time of the worst (Beijing time, text)");
    EXPECT_EQ(columns[1].type, AttributeType::text);
    EXPECT_EQ(columns[1].get(*thing("a", {}, {}, parse_rfc3339("2025-11-06T16:05:59Z").value())), Value{"北京时间 2025-11-07 00:05"});
    EXPECT_EQ(columns[1].get(*thing("a")), Value{});
}

TEST(Expression, ComputesOnlyTheColumnThatItAsksFor)
{
    auto const t = thing("a", {}, 1.5);
    EXPECT_TRUE(holds({Equals{.column = 1, .text = "na"}}, *t));
    EXPECT_EQ(t->asked, 0);
    EXPECT_TRUE(holds({Equals{.column = 0, .text = "1.5", .number = 1.5}}, *t));
    EXPECT_EQ(t->asked, 1);
}

TEST(Expression, EqualsByTheTypeOfTheValue)
{
    auto const time = parse_rfc3339("2025-11-06T12:00:00Z").value();
    auto const is = [](Value value, Equals wanted) { return holds({std::move(wanted)}, *thing("a", {}, std::move(value))); };
    EXPECT_TRUE(is(Decimal{710, 2}, {.text = "7.1", .number = 7.1}));
    EXPECT_TRUE(is(std::int64_t{3}, {.text = "3", .integer = 3, .number = 3.0}));
    EXPECT_FALSE(is(std::int64_t{3}, {.text = "3.5", .number = 3.5}));
    EXPECT_TRUE(is(false, {.text = "false", .flag = false}));
    EXPECT_TRUE(is(time, {.text = "2025-11-06T20:00:00+08:00", .time = time}));
    EXPECT_TRUE(is(std::string{"2025-11-06T20:00:00+08:00"}, {.text = "2025-11-06T12:00:00Z", .time = time}));
    EXPECT_TRUE(is(std::vector<std::string>{"x", "y"}, {.text = "y"}));
    EXPECT_FALSE(is(std::vector<std::string>{"x", "y"}, {.text = "z"}));
    EXPECT_TRUE(is(std::vector<std::string>{"x", "y"}, {.text = "x、y"})) << "as a flat feature shows them";
    EXPECT_FALSE(is({}, {.text = ""})) << "nothing equals null";
    EXPECT_FALSE(is(std::vector<ParameterMultiple>{{"ph", {}}}, {.text = "ph"}));
    auto const t = thing("a", {}, 2.0);
    EXPECT_TRUE(holds({Or{{{Equals{.column = 1, .text = "nb"}}, {Equals{.column = 1, .text = "na"}}}}}, *t));
    EXPECT_FALSE(holds({Or{}}, *t));
    EXPECT_TRUE(holds({}, *t)) << "no condition";
    EXPECT_FALSE(holds({And{{{Equals{.column = 1, .text = "na"}}, {Equals{.column = 0, .text = "3", .number = 3.0}}}}}, *t));
}

TEST(MemorySource, FindsWithItsTreeWhatAScanFinds)
{
    std::mt19937 random{7};
    std::uniform_real_distribution<double> lon{-170, 170}, lat{-80, 80}, size{0, 20};
    MemorySource::Features features;
    for (int i = 0; i < 700; ++i) {
        LonLat const a{lon(random), lat(random)};
        LonLat const b{a.lon + size(random) / 4, a.lat + size(random) / 4};
        features.push_back(thing(std::to_string(i), i % 50 == 0 ? Geometry{} : i % 2 ? Geometry{Point{a}} : Geometry{LineString{{a, b}}}));
    }
    std::ranges::sort(features, id_less, [](auto const& f) -> std::string_view { return f->id(); });
    auto const all = source(features);
    for (int i = 0; i < 100; ++i) {
        FeatureQuery query;
        for (int boxes = 0; boxes <= i % 3; ++boxes) {
            double const west = lon(random), south = lat(random);
            query.boxes.push_back({west, south, west + size(random) * 2, south + size(random) * 2});
        }
        std::vector<std::string> scanned;
        for (auto const& f : features)
            if (type_of(f->geometry()) == GeometryType::none ||
                std::ranges::any_of(query.boxes, [&](auto const& box) { return intersects(f->geometry(), box); }))
                scanned.push_back(f->id());
        EXPECT_EQ(page(all, query).ids, scanned);
    }
}

TEST(MemorySource, PagesByOffsetAndBehindAnId)
{
    auto const all = source({thing("1"), thing("2"), thing("3"), thing("10"), thing("a")});
    EXPECT_EQ(page(all, {.limit = 2}), (Page{{"1", "2"}, 5, 0, true}));
    EXPECT_EQ(page(all, {.limit = 2, .offset = 3}), (Page{{"10", "a"}, 5, 3, false}));
    EXPECT_EQ(page(all, {.limit = 2, .offset = 9}), (Page{{}, 5, 5, false}));
    EXPECT_EQ(page(all, {.limit = 2, .after = "2"}), (Page{{"3", "10"}, 5, 2, true}));
    EXPECT_EQ(page(all, {.after = "4"}), (Page{{"10", "a"}, 5, 3, false})) << "an id that is gone";
    Expression const any{And{{{And{}}}}};                  // a condition, though it holds always
    EXPECT_EQ(page(all, {.filter = any, .limit = 2, .offset = 3}), (Page{{"10", "a"}, 5, 3, false}));
    EXPECT_EQ(page(all, {.filter = any, .limit = 2, .offset = 9}), (Page{{}, 5, 5, false}));
    EXPECT_EQ(page(all, {.filter = any, .limit = 2, .after = "2"}), (Page{{"3", "10"}, 5, 2, true}));
    EXPECT_EQ(all.find("10")->id(), "10");
    EXPECT_EQ(all.find("010"), nullptr);
}

TEST(MemorySource, BeginsWithTheFeaturesThatHaveValuesInEveryColumn)
{
    auto const all = source({thing("1"), thing("2"), thing("3"), thing("6", {}, std::int64_t{7}), thing("33"), thing("55")});
    auto const first = all.select({.limit = 3, .lead = true});
    EXPECT_EQ(first->leading(), 1U);
    EXPECT_EQ(page(all, {.limit = 3, .lead = true}), (Page{{"6", "1", "2"}, 6, 0, true}));
    EXPECT_EQ(page(all, {.limit = 3, .after = "2", .seen = {"6"}}), (Page{{"3", "33", "55"}, 6, 3, false})) << "each once";
    EXPECT_EQ(page(all, {.limit = 2, .after = "2", .seen = {"6", "gone"}}), (Page{{"3", "33"}, 6, 3, true})) << "with another limit";
    EXPECT_EQ(page(all, {.limit = 2, .seen = {"6"}}), (Page{{"1", "2"}, 6, 1, true}));
    EXPECT_EQ(page(all, {.limit = 1, .lead = true}), (Page{{"1"}, 6, 0, true})) << "no room for others";
    EXPECT_EQ(page(all, {.limit = 10, .lead = true}), (Page{{"6", "1", "2", "3", "33", "55"}, 6, 0, false}));
}

TEST(MemorySource, LooksForItsFirstFeaturesAnewOnceTheyAreAMinuteOld)
{
    auto const begin = parse_rfc3339("2025-11-06T12:00:00Z").value();
    auto const at = [&](std::chrono::seconds later, MemorySource const* before, Value of_b) {
        SourceMetadata const metadata{.id = "things", .as_of = begin + later};
        auto b = thing("b", {}, std::move(of_b));
        if (!before)
            return MemorySource{metadata, things(), {thing("a"), std::move(b)}};
        std::vector<FeatureList::Change> const changes{{1, std::move(b)}};
        return MemorySource{metadata, *before, changes};
    };
    FeatureQuery const query{.limit = 9, .lead = true};
    auto const empty = at(0s, nullptr, {});
    EXPECT_EQ(page(empty, query).ids, (std::vector<std::string>{"a", "b"}));
    auto const soon = at(5s, &empty, 1.5);
    EXPECT_EQ(page(soon, query).ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(page(at(61s, &soon, 1.5), query).ids, (std::vector<std::string>{"b", "a"}));
}

TEST(MemorySource, SortsByValuesAndThenById)
{
    auto const all = source({thing("1", {}, Decimal{75, 1}), thing("2", {}, 2.5), thing("3"), thing("4", {}, Decimal{7500, 3})});
    EXPECT_EQ(page(all, {.sort = {{.column = 0}}}).ids, (std::vector<std::string>{"3", "2", "1", "4"}));
    EXPECT_EQ(page(all, {.sort = {{.column = 0, .descending = true}}}).ids, (std::vector<std::string>{"1", "4", "2", "3"}));
    EXPECT_EQ(page(all, {.sort = {{.column = 0}}, .limit = 1, .after = "2"}), (Page{{"1"}, 4, 2, true}));
}

TEST(MemorySource, KnowsItsExtent)
{
    auto const begin = parse_rfc3339("2025-11-06T12:00:00Z").value();
    auto const all = source({thing("1", Point{{111, 35}}, {}, begin), thing("2", {}, {}, begin + 1h), thing("3", Point{{112, 34}})});
    EXPECT_EQ(all.metadata().count, 3U);
    EXPECT_EQ(all.metadata().bounds, (BoundingBox{111, 34, 112, 35}));
    EXPECT_EQ(all.metadata().time, (TimeInterval{begin, begin + 1h}));
    EXPECT_EQ(page(all, {.time = TimeInterval{begin + 1min, {}}}).ids, (std::vector<std::string>{"2", "3"})) << "no time matches always";
}

TEST(MemorySource, SharesItsIndexWithTheNextOneAndAnswersManyThreads)
{
    MemorySource::Features features;
    for (int i = 0; i < 300; ++i)
        features.push_back(thing(std::to_string(i), Point{{i * 0.1, 0}}, std::int64_t{i}));
    auto const first = source(features);
    FeatureList::Change const change{5, thing("5", Point{{0.5, 0}}, std::int64_t{-5})};
    MemorySource const next{SourceMetadata{.id = "things"}, first, {&change, 1}};
    EXPECT_EQ(next.metadata().bounds, first.metadata().bounds);
    FeatureQuery const query{.boxes = {{0.45, -1, 0.75, 1}}};
    std::vector<Page> pages(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < pages.size(); ++i)
            threads.emplace_back([&, i] { pages[i] = page(i % 2 ? static_cast<FeatureSource const&>(next) : first, query); });
    }
    for (auto const& found : pages)
        EXPECT_EQ(found, (Page{{"5", "6", "7"}, 3, 0, false}));
    EXPECT_EQ(next.select(query)->next()->value(0), Value{std::int64_t{-5}});
}

TEST(Expression, ComparesWithWhatAFeatureIsFoundAs)
{
    auto const schema = std::make_shared<Schema const>(std::vector<Column>{
        {.name = "river",
         .get = value_of<Thing>([](Thing const&) -> Value { return "浍河"; }),
         .found_as = value_of<Thing>([](Thing const&) -> Value { return std::vector<std::string>{"浍河", "汾河"}; })},
    });
    Thing const section{"a", {}, {}, {}, schema};
    for (auto const& [river, expected] : {std::pair{"浍河", true}, {"汾河", true}, {"黄河", false}})
        EXPECT_EQ(holds({Equals{.column = 0, .text = river}}, section), expected) << river;
    EXPECT_NE(section.geojson().find("\"river\":\"浍河\""), std::string::npos);
}

/// Holds everywhere in its box, and counts how often it is asked.
class InBox final : public Condition {
public:
    explicit InBox(BoundingBox box) : boxes_{box} {}
    [[nodiscard]] bool holds(Feature const& feature) const override
    {
        ++asked;
        return intersects(feature.geometry(), boxes_.front());
    }
    [[nodiscard]] std::vector<BoundingBox> const& boxes() const noexcept override { return boxes_; }
    [[nodiscard]] std::optional<std::vector<std::size_t>> const& columns() const noexcept override { return columns_; }
    mutable int asked = 0;

private:
    std::vector<BoundingBox> boxes_;
    std::optional<std::vector<std::size_t>> columns_{std::in_place};
};

TEST(MemorySource, AsksAConditionOnlyOfWhatItsTreeFinds)
{
    MemorySource::Features features;
    for (int i = 0; i < 100; ++i)
        features.push_back(thing(std::to_string(i), Point{{i * 0.1, 0}}));
    auto const all = source(std::move(features));
    auto const condition = std::make_shared<InBox const>(BoundingBox{0.45, -1, 0.75, 1});
    FeatureQuery query{.filter = {And{{{condition}}}}};
    EXPECT_EQ(page(all, query), (Page{{"5", "6", "7"}, 3, 0, false}));
    EXPECT_EQ(condition->asked, 3);
    query.filter = {Or{{{condition}, {And{}}}}};
    EXPECT_EQ(page(all, query).matched, 100U) << "what stands beside it may hold anywhere";
}

}  // namespace
}  // namespace yihong
