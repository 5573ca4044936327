#include "yihong/cql2/filter.hpp"
#include "yihong/cql2/functions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>

namespace yihong::cql2 {
namespace {

/// A feature of any values.
class Thing final : public Feature {
public:
    Thing(std::shared_ptr<Schema const> schema, std::map<std::string, Value> values, Geometry geometry)
        : Feature{"t", {}, std::move(schema)}, values_{std::move(values)}, geometry_{std::move(geometry)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }
    [[nodiscard]] Value of(std::string const& name) const
    {
        auto const found = values_.find(name);
        return found == values_.end() ? Value{} : found->second;
    }

private:
    std::map<std::string, Value> values_;
    Geometry geometry_;
};

Column column(std::string name, AttributeType type, bool is_array = false)
{
    return {.name = name, .type = type, .array = is_array, .get = value_of<Thing>([name](Thing const& t) { return t.of(name); })};
}

std::shared_ptr<Schema const> schema()
{
    static auto const made = [] {
        std::vector<Column> columns{column("ph", AttributeType::real),          column("rank", AttributeType::integer),
                                    column("ratio", AttributeType::real),       column("name", AttributeType::text),
                                    column("empty", AttributeType::text),       column("blank", AttributeType::real),
                                    column("valid", AttributeType::boolean),    column("day", AttributeType::date),
                                    column("time", AttributeType::date_time),   column("begin", AttributeType::date_time),
                                    column("end", AttributeType::date_time),    column("never", AttributeType::date_time),
                                    column("marks", AttributeType::text, true), column("none", AttributeType::text, true),
                                    column("水质类别", AttributeType::text),    column("hidden", AttributeType::text),
                                    column("river", AttributeType::text)};
        columns[15].queryable = false;
        columns[16].found_as = [](Feature const&) -> Value { return std::vector<std::string>{"汾河", "黄河"}; };
        return std::make_shared<Schema const>(std::move(columns));
    }();
    return made;
}

UtcTime at(char const* text) { return parse_rfc3339(text).value(); }

Thing thing(Geometry geometry = Point{{111, 35.5}})
{
    using namespace std::chrono_literals;
    return {schema(),
            {{"ph", Decimal{710, 2}},
             {"rank", std::int64_t{4}},
             {"ratio", 0.1},
             {"name", std::string{"Straße Évora_1%"}},
             {"valid", true},
             {"day", Date{2024y / 2 / 29}},
             {"time", at("2024-02-29T12:00:00Z")},
             {"begin", at("2024-01-01T00:00:00Z")},
             {"end", at("2024-03-01T00:00:00Z")},
             {"marks", std::vector<std::string>{"氨氮", "总磷"}},
             {"none", std::vector<std::string>{}},
             {"水质类别", std::string{"劣V类"}},
             {"river", std::string{"汾河"}}},
            std::move(geometry)};
}

/// true, false, NULL (neither the text nor its negation holds), or what is wrong.
std::string outcome(std::string const& text, Thing const& of)
{
    auto const make = [&](std::string const& filter) -> Result<Filter> {
        auto const tree = parse_text(filter);
        if (!tree)
            return std::unexpected{tree.error()};
        return make_filter(*tree, {.schema = schema().get()});
    };
    auto const filter = make(text), opposite = make("NOT (" + text + ")");
    if (!filter)
        return filter.error().detail;
    if (!opposite)
        return opposite.error().detail;
    bool const holds = filter->holds(of), fails = opposite->holds(of);
    return holds && fails ? "both" : holds ? "true" : fails ? "false" : "NULL";
}
std::string outcome(std::string const& text) { return outcome(text, thing()); }

struct Case {
    char const* text;
    char const* outcome;
};
template <std::size_t n>
void expect(Case const (&cases)[n])
{
    for (auto const& [text, wanted] : cases)
        EXPECT_EQ(outcome(text), wanted) << text;
}

TEST(Cql2Filter, ComparesNumbersTextsFlagsDatesAndTimes)
{
    expect({{"ph = 7.1", "true"},
            {"ph = 7.10", "true"},
            {"ph <> 7.1", "false"},
            {"ph < 7.11", "true"},
            {"ph <= 7.1", "true"},
            {"ph > 7.1", "false"},
            {"7 < ph", "true"},
            {"ratio = 0.1", "true"},
            {"rank >= 4", "true"},
            {"rank = 4.0", "true"},
            {"name > 'A'", "true"},
            {"name = 'straße évora_1%'", "false"},
            {"水质类别 = '劣V类'", "true"},
            {"\"水质类别\" <> 'Ⅲ类'", "true"},
            {"valid = TRUE", "true"},
            {"valid", "true"},
            {"valid <> false", "true"},
            {"valid > FALSE", "true"},
            {"ph < rank", "false"},
            {"rank < ph", "true"},
            {"begin < end", "true"},
            {"day = DATE('2024-02-29')", "true"},
            {"day < DATE('2024-03-01')", "true"},
            {"time = TIMESTAMP('2024-02-29T20:00:00+08:00')", "true"},
            {"time >= TIMESTAMP('2024-02-29T12:00:00.001Z')", "false"}});
}

TEST(Cql2Filter, TakesADateForItsWholeDayInBeijing)
{
    expect({{"time = DATE('2024-02-29')", "true"},
            {"begin = DATE('2024-01-01')", "true"},                         // eight in the morning there
            {"time < DATE('2024-03-01')", "true"},
            {"time > DATE('2024-02-28')", "true"},
            {"TIMESTAMP('2024-02-28T15:59:59Z') < DATE('2024-02-29')", "true"},
            {"TIMESTAMP('2024-02-28T16:00:00Z') < DATE('2024-02-29')", "false"},
            {"T_DURING(time, INTERVAL('2024-02-29', '2024-02-29'))", "true"},
            {"hour(time) = 20 AND day(time) = 29 AND month(day) = 2 AND year(day) = 2024", "true"},
            {"year(INTERVAL('..', '2025-01-01')) < 2026", "NULL"},
            {"year(INTERVAL('2024-01-01', '..')) = 2024", "true"}});
}

TEST(Cql2Filter, KnowsThreeTruths)
{
    expect({{"blank = 1", "NULL"},
            {"blank <> 1", "NULL"},
            {"empty LIKE '%'", "NULL"},
            {"blank IN (1, 2)", "NULL"},
            {"blank BETWEEN 1 AND 2", "NULL"},
            {"blank + 1 = 2", "NULL"},
            {"CASEI(empty) = 'x'", "NULL"},
            {"blank IS NULL", "true"},
            {"ph IS NULL", "false"},
            {"ph IS NOT NULL", "true"},
            {"ph / 0 = 1", "NULL"},
            {"T_AFTER(never, DATE('2024-01-01'))", "NULL"},
            {"blank = 1 AND ph = 7.1", "NULL"},
            {"blank = 1 AND ph = 7", "false"},
            {"ph = 7 AND blank = 1", "false"},
            {"blank = 1 OR ph = 7.1", "true"},
            {"ph = 7.1 OR blank = 1", "true"},
            {"blank = 1 OR ph = 7", "NULL"},
            {"NOT blank = 1", "NULL"},
            {"ph IN (7.1, blank)", "true"},
            {"ph IN (7, blank)", "NULL"},
            {"ph BETWEEN 8 AND blank", "false"},
            {"ph BETWEEN 7 AND blank", "NULL"},
            {"none IS NULL", "true"},
            {"TRUE AND FALSE", "false"},
            {"TRUE OR FALSE", "true"},
            {"NOT FALSE", "true"}});
}

/// /conf/basic-cql2/logical of OGC 21-065r2: its combination of four predicates, each of them true, false and NULL. False, NULL and true are 0, 1 and 2 here: AND is
/// the least, OR the greatest, NOT what is missing to 2.
TEST(Cql2Filter, CombinesFourPredicatesAsTheStandardDoes)
{
    constexpr std::array<char const*, 3> predicates{"valid = FALSE", "blank > 1", "valid = TRUE"};
    constexpr std::array<char const*, 3> outcomes{"false", "NULL", "true"};
    for (int i = 0; i < 81; ++i) {
        int const p1 = i % 3, p2 = i / 3 % 3, p3 = i / 9 % 3, p4 = i / 27;
        auto const text = [&](int p) { return std::string{predicates[static_cast<std::size_t>(p)]}; };
        auto const filter = "(NOT (" + text(p2) + ") AND " + text(p1) + ") OR (" + text(p3) + " and " + text(p4) + ") or not (" + text(p1) +
                            " OR " + text(p4) + ")";
        int const wanted = std::max({std::min(2 - p2, p1), std::min(p3, p4), 2 - std::max(p1, p4)});
        EXPECT_EQ(outcome(filter), outcomes[static_cast<std::size_t>(wanted)]) << filter;
    }
}

TEST(Cql2Filter, MatchesTextsByPatternCaseAndAccent)
{
    expect({{"name LIKE 'Stra%'", "true"},
            {"name LIKE 'Stra_e%'", "true"},
            {"name LIKE 'Stra__e%'", "false"},
            {"name LIKE '%\\_1\\%'", "true"},
            {"name LIKE '%a\\_1%'", "true"},
            {"name LIKE '%x'", "false"},
            {"name LIKE '%%%%1%'", "true"},
            {"name NOT LIKE 'x%'", "true"},
            {"name LIKE 'stra%'", "false"},
            {"CASEI(name) LIKE CASEI('STRASSE%')", "true"},
            {"CASEI(name) = CASEI('STRASSE ÉVORA_1%')", "true"},
            {"ACCENTI(name) = ACCENTI('Straße Evora_1%')", "true"},
            {"ACCENTI(CASEI(name)) LIKE 'strasse evora%'", "true"},
            {"CASEI(name) IN (CASEI('x'), CASEI('strasse évora_1%'))", "true"},
            {"水质类别 LIKE '_V_'", "true"},
            {"水质类别 LIKE '__'", "false"},
            {"name IN ('x', 'Straße Évora_1%')", "true"},
            {"name NOT IN ('x')", "true"},
            {"rank IN (1, 2 + 2)", "true"},
            {"id = 't'", "true"},
            {"id IN ('a', 'b')", "false"},
            {"length(水质类别) = 3", "true"}});
}

TEST(Cql2Filter, BetweenHasBothEnds)
{
    expect({{"ph BETWEEN 7.1 AND 8", "true"},
            {"ph BETWEEN 6 AND 7.10", "true"},
            {"ph BETWEEN 7.11 AND 8", "false"},
            {"ph NOT BETWEEN 8 AND 9", "true"},
            {"day BETWEEN DATE('2024-02-29') AND DATE('2024-02-29')", "true"},
            {"name BETWEEN 'A' AND 'Z'", "true"}});
}

TEST(Cql2Filter, ComputesExactly)
{
    expect({{"ph * 10 = 71", "true"},
            {"ph - 0.1 = 7", "true"},
            {"ph + rank / 4 = 8.1", "true"},
            {"rank % 3 = 1", "true"},
            {"rank div 3 = 1", "true"},
            {"rank ^ 2 = 16", "true"},
            {"2 ^ 0.5 > 1.41", "true"},
            {"0.1 + 0.2 = 0.3", "true"},
            {"-rank = -4", "true"},
            {"1 + 2 * 3 = 7", "true"},
            {"(1 + 2) * 3 = 9", "true"},
            {"7 - 2 - 1 = 4", "true"},
            {"abs(-1.5) = 1.5", "true"},
            {"floor(-1.5) = -2", "true"},
            {"ceil(1.2) = 2", "true"},
            {"abs((ph - 8)) = 0.9", "true"},
            {"max(ph, rank) = 7.1", "true"},
            {"min(ph, rank) = rank", "true"}});
}

TEST(Cql2Filter, SeesWhatIsInAList)
{
    expect({{"A_CONTAINS(marks, ('氨氮'))", "true"},
            {"A_CONTAINS(marks, ('氨氮', 'x'))", "false"},
            {"A_CONTAINEDBY(marks, ('总磷', '氨氮', 'x'))", "true"},
            {"A_EQUALS(marks, ('总磷', '氨氮'))", "true"},
            {"A_EQUALS(marks, ('总磷'))", "false"},
            {"A_OVERLAPS(marks, ('x', '总磷'))", "true"},
            {"A_OVERLAPS(marks, ())", "false"},
            {"A_EQUALS(none, ())", "true"},
            {"A_CONTAINS((1, TRUE), (1.0))", "true"},
            {"marks = '氨氮'", "true"},
            {"marks <> '氨氮'", "false"},
            {"marks = '氨氮、总磷'", "true"},
            {"marks LIKE '总%'", "true"},
            {"marks IN ('x', '总磷')", "true"},
            {"'x' = marks", "false"},
            {"CASEI(marks) = '总磷'", "true"},
            {"none = 'x'", "NULL"},
            {"river = '黄河'", "true"},
            {"river LIKE '黄%'", "true"},
            {"river > '汾'", "true"}});
}

TEST(Cql2Filter, RelatesTimesAndIntervals)
{
    auto const whole = std::string{"INTERVAL(begin, end)"};
    struct Relation {
        char const* function;
        char const* other;
        char const* outcome;
    };
    for (auto const& [function, other, wanted] : std::initializer_list<Relation>{
             {"T_AFTER", "DATE('2023-12-31')", "true"},
             {"T_AFTER", "INTERVAL('..', '2024-01-01T00:00:00Z')", "false"},
             {"T_BEFORE", "TIMESTAMP('2024-03-01T00:00:01Z')", "true"},
             {"T_CONTAINS", "INTERVAL('2024-01-02', '2024-02-01')", "true"},
             {"T_CONTAINS", "INTERVAL('2024-01-01T00:00:00Z', '2024-02-01T00:00:00Z')", "false"},
             {"T_DISJOINT", "INTERVAL('2025-01-01', '..')", "true"},
             {"T_DISJOINT", "INTERVAL('2024-02-01', '..')", "false"},
             {"T_DURING", "INTERVAL('2023-01-01', '2025-01-01')", "true"},
             {"T_DURING", "INTERVAL('..', '..')", "true"},
             {"T_EQUALS", "INTERVAL('2024-01-01T00:00:00Z', '2024-03-01T00:00:00Z')", "true"},
             {"T_FINISHEDBY", "INTERVAL('2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z')", "true"},
             {"T_FINISHES", "INTERVAL('2023-02-01T00:00:00Z', '2024-03-01T00:00:00Z')", "true"},
             {"T_INTERSECTS", "DATE('2024-03-01')", "true"},
             {"T_INTERSECTS", "INTERVAL('2024-03-02', '..')", "false"},
             {"T_MEETS", "INTERVAL('2024-03-01T00:00:00Z', '..')", "true"},
             {"T_METBY", "INTERVAL('..', '2024-01-01T00:00:00Z')", "true"},
             {"T_OVERLAPPEDBY", "INTERVAL('2023-01-01', '2024-02-01')", "true"},
             {"T_OVERLAPS", "INTERVAL('2024-02-01', '2024-05-01')", "true"},
             {"T_STARTEDBY", "INTERVAL('2024-01-01T00:00:00Z', '2024-02-01T00:00:00Z')", "true"},
             {"T_STARTS", "INTERVAL('2024-01-01T00:00:00Z', '..')", "true"},
         })
        EXPECT_EQ(outcome(std::string{function} + "(" + whole + ", " + other + ")"), wanted) << function << " " << other;
    expect({{"T_AFTER(time, TIMESTAMP('2024-02-29T11:59:59Z'))", "true"},
            {"T_EQUALS(day, DATE('2024-02-29'))", "true"},
            {"T_MEETS(INTERVAL('2024-01-01', '2024-02-29'), INTERVAL(day, '..'))", "true"},
            {"T_INTERSECTS(time, INTERVAL('2024-02-01', '2024-02-29'))", "true"},
            {"T_DURING(INTERVAL(begin, never), INTERVAL('2023-01-01', '..'))", "NULL"}});
}

TEST(Cql2Filter, RelatesGeometries)
{
    expect(
        {{"S_INTERSECTS(geometry, POINT (111 35.5))", "true"},
         {"S_INTERSECTS(geometry, BBOX(110, 35, 112, 36))", "true"},
         {"S_INTERSECTS(geometry, BBOX(111, 35.5, 111, 35.5))", "true"},
         {"S_INTERSECTS(geometry, BBOX(80, 30, 0, 90, 40, 1))", "false"},
         {"S_INTERSECTS(geometry, BBOX(100, 30, -170, 40))", "true"},  // over the antimeridian
         {"S_INTERSECTS(geometry, BBOX(112, 30, -170, 40))", "false"},
         {"S_INTERSECTS(geometry, POLYGON ((110 35, 112 35, 112 36, 110 35)))", "true"},
         {"S_INTERSECTS(geometry, MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((110 35, 112 35, 112 36, 110 35))))", "true"},
         {"S_INTERSECTS(geometry, LINESTRING (110 35, 112 36))", "true"},
         {"S_INTERSECTS(geometry, MULTILINESTRING ((0 0, 1 1), (110 35, 112 36)))", "true"},
         {"S_INTERSECTS(geometry, MULTIPOINT ((0 0), (111 35.5)))", "true"},
         {"S_INTERSECTS(geometry, GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (110 35, 112 36)))", "true"},
         {"S_DISJOINT(geometry, GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (110 35, 112 36)))", "false"},
         {"S_WITHIN(geometry, GEOMETRYCOLLECTION (POLYGON ((110 35, 112 35, 112 36, 110 35)), POLYGON ((110 35, 112 35, 112 37, 110 35))))",
          "true"},
         {"S_DISJOINT(geometry, POINT (0 0))", "true"},
         {"S_EQUALS(geometry, POINT (111 35.5))", "true"},
         {"S_EQUALS(geometry, POINT (111 35.6))", "false"},
         {"S_WITHIN(geometry, BBOX(110, 35, 112, 36))", "true"},
         {"S_CONTAINS(BBOX(110, 35, 112, 36), geometry)", "true"},
         {"S_TOUCHES(geometry, POLYGON ((111 35, 112 35, 111 36, 111 35)))", "true"},
         {"S_CONTAINS(POINT (1 1), POINT (1 1))", "true"},
         {"S_EQUALS(geometry, geom)", "true"},
         {"geometry IS NULL", "false"}});
    auto const line = thing(LineString{{{110, 35}, {112, 35}}});
    EXPECT_EQ(outcome("S_CROSSES(geometry, LINESTRING (111 34, 111 36))", line), "true");
    EXPECT_EQ(outcome("S_OVERLAPS(geometry, LINESTRING (111 35, 113 35))", line), "true");
    EXPECT_EQ(outcome("S_CONTAINS(geometry, LINESTRING (110.5 35, 111 35))", line), "true");
    EXPECT_EQ(outcome("S_WITHIN(geometry, LINESTRING (109 35, 113 35))", line), "true");
    EXPECT_EQ(outcome("S_EQUALS(geometry, LINESTRING (112 35, 111 35, 110 35))", line), "true");
    auto const nowhere = thing(Geometry{});
    EXPECT_EQ(outcome("S_INTERSECTS(geometry, BBOX(-180, -90, 180, 90))", nowhere), "NULL");
    EXPECT_EQ(outcome("S_DISJOINT(geometry, POINT (0 0))", nowhere), "NULL");
    EXPECT_EQ(outcome("geometry IS NULL", nowhere), "true");
}

TEST(Cql2Filter, SaysWhatIsWrongAndWhatIsAllowed)
{
    auto const starts = [](std::string const& text, std::string const& with) {
        auto const said = outcome(text);
        EXPECT_TRUE(said.starts_with(with)) << text << "\n" << said;
    };
    starts("ph = 1 AND wrong = 2", R"(character 12: "wrong" is no property of this collection; it has id, ph, rank,)");
    starts("hidden = 'x'", R"(character 1: "hidden" is no property of this collection)");
    starts("ph = '7'", R"(character 6: "ph" is a number and cannot be compared with a text; write 1.5)");
    starts("time > '2024-01-01'", R"(character 8: "time" is a date or time and cannot be compared with a text; write DATE()");
    starts("ph", R"(character 1: "ph" is a number; a condition is wanted here: TRUE)");
    starts("ph LIKE '7%'", R"(character 1: "ph" is a number; a text is wanted here: '…')");
    starts("name LIKE empty", "character 11: the pattern of LIKE is a text");
    starts("name + 1 = 2", R"(character 1: "name" is a text; a number is wanted here)");
    starts("geometry = POINT (1 1)", R"(character 1: "geometry" is a geometry, which has no order)");
    starts("marks < 'x'", R"(character 1: "marks" is a list, which has no order)");
    starts("S_INTERSECTS(geometry, POINT (90 180))", "character 24: the geometry lies outside of longitude -180 to 180");
    starts("S_INTERSECTS(geometry, BBOX(0, 10, 1, 5))", "character 24: BBOX is west, south, east, north");
    starts("S_INTERSECTS(geometry, name)", R"(character 24: "name" is a text; a geometry is wanted here)");
    starts("S_WITHIN(geometry, POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0)))", "character 20: the polygon is not valid: Self-intersection");
    starts("S_WITHIN(geometry, GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (0 0, 1 1)))", "character 1: a GEOMETRYCOLLECTION of points");
    starts("T_AFTER(ph, DATE('2024-01-01'))", R"(character 9: "ph" is a number; a date or time is wanted here)");
    starts("T_AFTER(time, INTERVAL('2025-01-01', '2024-01-01'))", "character 15: the interval ends before it begins");
    starts("A_CONTAINS(name, ('x'))", R"(character 12: "name" is a text; a list is wanted here)");
    starts("sin(ph) = 1", R"(character 1: there is no function "sin"; there are abs, floor,)");
    starts("abs(ph, 1) = 1", "character 1: abs takes 1 arguments, not 2");
}

TEST(Cql2Filter, TellsInWhichBoxesItsFeaturesLie)
{
    auto const boxes = [](std::string const& text) {
        return make_filter(parse_text(text).value(), {.schema = schema().get()}).value().boxes();
    };
    BoundingBox const box{110, 35, 112, 36};
    EXPECT_EQ(boxes("S_INTERSECTS(geometry, BBOX(110, 35, 112, 36))"), std::vector{box});
    EXPECT_EQ(boxes("ph > 7 AND S_WITHIN(geometry, POLYGON ((110 35, 112 35, 112 36, 110 35)))"), std::vector{box});
    EXPECT_EQ(boxes("S_INTERSECTS(geometry, BBOX(0, 0, 120, 90)) AND S_INTERSECTS(BBOX(110, 35, 112, 36), geometry)"), std::vector{box});
    EXPECT_EQ(boxes("S_INTERSECTS(geometry, BBOX(110, 35, 112, 36)) OR S_EQUALS(geometry, POINT (1 2))"),
              (std::vector{box, BoundingBox{1, 2, 1, 2}}));
    EXPECT_EQ(boxes("S_INTERSECTS(geometry, BBOX(110, 35, 112, 36)) OR ph > 7"), std::vector<BoundingBox>{});
    EXPECT_EQ(boxes("NOT S_INTERSECTS(geometry, BBOX(110, 35, 112, 36))"), std::vector<BoundingBox>{});
    EXPECT_EQ(boxes("S_DISJOINT(geometry, BBOX(110, 35, 112, 36))"), std::vector<BoundingBox>{});
}

TEST(Cql2Filter, TellsAtWhichColumnsItLooks)
{
    auto const columns = [](std::string const& text) -> std::optional<std::vector<std::string>> {
        auto const filter = make_filter(parse_text(text).value(), {.schema = schema().get()}).value();
        if (!filter.columns())
            return std::nullopt;
        std::vector<std::string> names;
        for (auto const column : *filter.columns())
            names.push_back(schema()->columns()[column].name);
        return names;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(columns("ph > 7 OR NOT name LIKE 'x%' AND T_AFTER(time, DATE('2024-01-01'))"), (Names{"ph", "name", "time"}));
    EXPECT_EQ(columns("abs(ph - 7) > 1 AND ph BETWEEN 1 AND 2"), (Names{"ph", "ph"}));
    EXPECT_EQ(columns("S_INTERSECTS(geometry, BBOX(0, 0, 120, 90))"), Names{});
    EXPECT_EQ(columns("ph > 7 AND id <> 'x'"), std::nullopt) << "an id is no column";
}

TEST(Cql2Filter, TakesCoordinatesOfAnotherReferenceSystem)
{
    Subject subject{.schema = schema().get()};
    subject.to_lonlat = [](Geometry const& geometry) -> Result<Geometry> {
        auto turned = geometry;
        for_each_sequence(turned, [](auto positions) {
            for (LonLat& p : positions)
                std::swap(p.lon, p.lat);
        });
        return turned;
    };
    subject.to_boxes = [](std::vector<double> const& n) { return std::vector{BoundingBox{n[1], n[0], n[3], n[2]}}; };
    for (auto const* text : {"S_EQUALS(geometry, POINT (35.5 111))", "S_INTERSECTS(geometry, BBOX(35, 110, 36, 112))"})
        EXPECT_TRUE(make_filter(parse_text(text).value(), subject).value().holds(thing())) << text;
}

TEST(Cql2Filter, RefusesWhatWouldTakeTooLongForSoManyFeatures)
{
    std::string text = "ph > 1";
    for (int i = 0; i < 900; ++i)
        text += " AND ph > 1";
    auto const tree = parse_text(text).value();
    EXPECT_TRUE(make_filter(tree, {.schema = schema().get(), .features = 1'000}));
    auto const refused = make_filter(tree, {.schema = schema().get(), .features = 1'000'000});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::too_large);
    std::string names = "name IN ('x'";
    for (int i = 0; i < 2'000; ++i)
        names += ",'" + std::to_string(i) + "'";
    EXPECT_TRUE(make_filter(parse_text(names + ")").value(), {.schema = schema().get(), .features = 1'000'000}));
}

TEST(Cql2Filter, ListsItsFunctionsWithTheirTypes)
{
    ASSERT_FALSE(functions().empty());
    EXPECT_EQ(functions().front().name, "abs");
    EXPECT_EQ(name_of(functions().front().result), "number");
}

}  // namespace
}  // namespace yihong::cql2
