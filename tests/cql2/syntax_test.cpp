#include "yihong/cql2/syntax.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yihong::cql2 {
namespace {

struct Pair {
    char const* text;
    char const* json;
};

/// Every kind of piece, as CQL2's text and its JSON.
std::vector<Pair> const pairs{
    {"a = 1", R"({"op":"=","args":[{"property":"a"},1]})"},
    {"a <> 'x'", R"({"op":"<>","args":[{"property":"a"},"x"]})"},
    {"a < 1.50", R"({"op":"<","args":[{"property":"a"},1.50]})"},
    {"a <= -3", R"({"op":"<=","args":[{"property":"a"},-3]})"},
    {"a > b", R"({"op":">","args":[{"property":"a"},{"property":"b"}]})"},
    {"a >= DATE('2024-02-29')", R"({"op":">=","args":[{"property":"a"},{"date":"2024-02-29"}]})"},
    {"a = TIMESTAMP('2024-02-29T12:00:00Z')", R"({"op":"=","args":[{"property":"a"},{"timestamp":"2024-02-29T12:00:00Z"}]})"},
    {"a = TRUE", R"({"op":"=","args":[{"property":"a"},true]})"},
    {"a = 1 AND b = 2 AND c = 3",
     R"({"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]})"},
    {"(a = 1 AND b = 2) AND c = 3",
     R"({"op":"and","args":[{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]},{"op":"=","args":[{"property":"c"},3]}]})"},
    {"a = 1 OR b = 2 AND NOT c = 3",
     R"({"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"and","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"not","args":[{"op":"=","args":[{"property":"c"},3]}]}]}]})"},
    {"(a = 1 OR b = 2) AND c = 3",
     R"({"op":"and","args":[{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]},{"op":"=","args":[{"property":"c"},3]}]})"},
    {"NOT (a = 1 OR b = 2)",
     R"({"op":"not","args":[{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]}]})"},
    {"a LIKE 'x\\%%_'", R"({"op":"like","args":[{"property":"a"},"x\\%%_"]})"},
    {"a NOT LIKE 'x%'", R"({"op":"not","args":[{"op":"like","args":[{"property":"a"},"x%"]}]})"},
    {"a BETWEEN 1 AND 2 + 3", R"({"op":"between","args":[{"property":"a"},1,{"op":"+","args":[2,3]}]})"},
    {"a IN ('x', 'y')", R"({"op":"in","args":[{"property":"a"},["x","y"]]})"},
    {"a NOT IN (1)", R"({"op":"not","args":[{"op":"in","args":[{"property":"a"},[1]]}]})"},
    {"a IS NULL", R"({"op":"isNull","args":[{"property":"a"}]})"},
    {"a IS NOT NULL", R"({"op":"not","args":[{"op":"isNull","args":[{"property":"a"}]}]})"},
    {"CASEI(a) = CASEI('X')", R"({"op":"=","args":[{"op":"casei","args":[{"property":"a"}]},{"op":"casei","args":["X"]}]})"},
    {"ACCENTI(CASEI(a)) LIKE 'x%'", R"({"op":"like","args":[{"op":"accenti","args":[{"op":"casei","args":[{"property":"a"}]}]},"x%"]})"},
    {"a - b - c", R"({"op":"-","args":[{"op":"-","args":[{"property":"a"},{"property":"b"}]},{"property":"c"}]})"},
    {"a - (b - c) * d ^ 2 = 0",
     R"({"op":"=","args":[{"op":"-","args":[{"property":"a"},{"op":"*","args":[{"op":"-","args":[{"property":"b"},{"property":"c"}]},{"op":"^","args":[{"property":"d"},2]}]}]},0]})"},
    {"a div 2 % 3 / 4 = 0",
     R"({"op":"=","args":[{"op":"/","args":[{"op":"%","args":[{"op":"div","args":[{"property":"a"},2]},3]},4]},0]})"},
    {"S_INTERSECTS(geometry, POINT (111 35.5))",
     R"({"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[111,35.5]}]})"},
    {"S_WITHIN(geometry, POLYGON ((110 35, 111 35, 111 36, 110 35)))",
     R"({"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[110,35],[111,35],[111,36],[110,35]]]}]})"},
    {"S_CROSSES(geometry, MULTILINESTRING ((1 2, 3 4), (5 6, 7 8)))",
     R"({"op":"s_crosses","args":[{"property":"geometry"},{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}]})"},
    {"S_EQUALS(geometry, MULTIPOINT ((1 2), (3 4)))",
     R"({"op":"s_equals","args":[{"property":"geometry"},{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}]})"},
    {"S_DISJOINT(geometry, MULTIPOLYGON (((1 2, 3 4, 5 1, 1 2))))",
     R"({"op":"s_disjoint","args":[{"property":"geometry"},{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,1],[1,2]]]]}]})"},
    {"S_INTERSECTS(geometry, GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4)))",
     R"({"op":"s_intersects","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}]})"},
    {"S_INTERSECTS(geometry, BBOX(110, 34.5, 112, 36))",
     R"({"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[110,34.5,112,36]}]})"},
    {"T_AFTER(a, DATE('2024-02-29'))", R"({"op":"t_after","args":[{"property":"a"},{"date":"2024-02-29"}]})"},
    {"T_DURING(INTERVAL(a, b), INTERVAL('2024-01-01', '..'))",
     R"({"op":"t_during","args":[{"interval":[{"property":"a"},{"property":"b"}]},{"interval":["2024-01-01",".."]}]})"},
    {"T_FINISHEDBY(a, INTERVAL('..', '2024-01-01T00:00:00Z'))",
     R"({"op":"t_finishedBy","args":[{"property":"a"},{"interval":["..","2024-01-01T00:00:00Z"]}]})"},
    {"A_CONTAINS(a, ('x', 'y'))", R"({"op":"a_contains","args":[{"property":"a"},["x","y"]]})"},
    {"A_CONTAINEDBY(a, ('x'))", R"({"op":"a_containedBy","args":[{"property":"a"},["x"]]})"},
    {"A_EQUALS(a, ())", R"({"op":"a_equals","args":[{"property":"a"},[]]})"},
    {"A_OVERLAPS((1, ('x', TRUE)), a)", R"({"op":"a_overlaps","args":[[1,["x",true]],{"property":"a"}]})"},
    {"A_EQUALS(a, (('x'), 1))", R"({"op":"a_equals","args":[{"property":"a"},[["x"],1]]})"},
    {"A_EQUALS(a, (('x')))", R"({"op":"a_equals","args":[{"property":"a"},[["x"]]]})"},
    {"f(a, 'x', a = 1) > 2", R"({"op":">","args":[{"op":"f","args":[{"property":"a"},"x",{"op":"=","args":[{"property":"a"},1]}]},2]})"},
    {"now() = 1", R"({"op":"=","args":[{"op":"now","args":[]},1]})"},
    {"水质类别 = '劣V类'", R"({"op":"=","args":[{"property":"水质类别"},"劣V类"]})"},
    {"\"a b\" = 1", R"({"op":"=","args":[{"property":"a b"},1]})"},
    {"\"and\" = 1", R"({"op":"=","args":[{"property":"and"},1]})"},
    {"date = 1", R"({"op":"=","args":[{"property":"date"},1]})"},
    {"\"date\"(a) = 1", R"({"op":"=","args":[{"op":"date","args":[{"property":"a"}]},1]})"},
    {"(a = 1) = TRUE", R"({"op":"=","args":[{"op":"=","args":[{"property":"a"},1]},true]})"},
    {"a = 'it''s\\n\\\\x'", R"({"op":"=","args":[{"property":"a"},"it's\n\\x"]})"},
    {"TRUE", "true"},
};

TEST(Cql2Syntax, TextAndJsonAreTheSameTreeAndComeBackAsTheyWere)
{
    for (auto const& [text, json] : pairs) {
        SCOPED_TRACE(text);
        auto const of_text = parse_text(text);
        auto const of_json = parse_json(json);
        ASSERT_TRUE(of_text) << of_text.error().detail;
        ASSERT_TRUE(of_json) << of_json.error().detail;
        EXPECT_TRUE(*of_text == *of_json);
        EXPECT_EQ(to_text(*of_json), text);
        EXPECT_EQ(to_json(*of_text), json);
    }
}

std::string again(std::string_view text)
{
    auto const read = parse_text(text);
    return read ? to_text(*read) : read.error().detail;
}

TEST(Cql2Syntax, ReadsTextInEveryUsualWayOfWriting)
{
    EXPECT_EQ(again("a=1 and not b like'x%'or c is not null"), "a = 1 AND b NOT LIKE 'x%' OR c IS NOT NULL");
    EXPECT_EQ(again("  A  Between 1\tAND\n2 "), "A BETWEEN 1 AND 2");
    EXPECT_EQ(again("s_Intersects(geom,point(7 8))"), "S_INTERSECTS(geom, POINT (7 8))");
    EXPECT_EQ(again("S_INTERSECTS(geom,POINT Z(7 8 9))"), "S_INTERSECTS(geom, POINT (7 8))");
    EXPECT_EQ(again("S_INTERSECTS(geom,LINESTRING(7 8 9,1 2 3))"), "S_INTERSECTS(geom, LINESTRING (7 8, 1 2))");
    EXPECT_EQ(again("S_INTERSECTS(geom,ENVELOPE(1,2,3,4))"), "S_INTERSECTS(geom, BBOX(1, 2, 3, 4))");
    EXPECT_EQ(again("S_INTERSECTS(geom,BBOX(1,2,0,3,4,9.5))"), "S_INTERSECTS(geom, BBOX(1, 2, 0, 3, 4, 9.5))");
    EXPECT_EQ(again("a>.5 AND b<5. AND c=1e-3 AND d=1.5E+2 AND e = +1"), "a > 0.5 AND b < 5 AND c = 0.001 AND d = 150 AND e = 1");
    EXPECT_EQ(again("-a*-2>- b"), "-1 * a * -2 > -1 * b");
    EXPECT_EQ(again("a = 'it\\'s'"), "a = 'it''s'");
    EXPECT_EQ(again("a-1=0"), "a - 1 = 0");
    EXPECT_EQ(again("((((a))))=((1))"), "a = 1");
    EXPECT_EQ(again("a = TIMESTAMP('2024-02-29T20:00:00.5+08:00')"), "a = TIMESTAMP('2024-02-29T12:00:00.500Z')");
    EXPECT_EQ(again("T_DURING(a, interval('2024-01-01',DATE('2024-02-01')))"), "T_DURING(a, INTERVAL('2024-01-01', '2024-02-01'))");
    EXPECT_EQ(again("points = 1 AND dates = 2 AND inlet = 3 AND android = 4 AND nullable = 5"),
              "points = 1 AND dates = 2 AND inlet = 3 AND android = 4 AND nullable = 5");
    EXPECT_EQ(again("eo:cloud_cover < 20 AND a.b = 1"), "\"eo:cloud_cover\" < 20 AND a.b = 1");
}

TEST(Cql2Syntax, SaysWhereATextGoesWrongAndWhatIsMissingThere)
{
    auto const missing_value = "a value, a property or a function is missing";
    EXPECT_EQ(again(""), std::string{"character 1: "} + missing_value);
    EXPECT_EQ(again("a = "), std::string{"character 5: "} + missing_value);
    EXPECT_EQ(again("水质类别 = AND b = 1"), std::string{"character 8: "} + missing_value);
    EXPECT_EQ(again("a = 1 b = 2"),
              "character 7: an operator is missing (=, <>, <, <=, >, >=, LIKE, BETWEEN, IN, IS NULL, AND, OR, +, -, *, /, %, div, ^)");
    EXPECT_EQ(again("(a = 1"), "character 7: a comma, an operator or ) is missing");
    EXPECT_EQ(again("a = 'x"), "character 7: the text does not end; a quote within a text is written twice");
    EXPECT_EQ(again("\"a = 1"), "character 7: the name in double quotes does not end");
    EXPECT_EQ(again("a BETWEEN 1 OR 2"), "character 13: AND is missing: BETWEEN lowest AND highest");
    EXPECT_EQ(again("a IS 1"), "character 6: NULL is missing: IS NULL or IS NOT NULL");
    EXPECT_EQ(again("a NOT 1"), "character 7: LIKE, BETWEEN or IN is missing");
    EXPECT_EQ(again("a IN 1"), "character 6: ( is missing");
    EXPECT_EQ(again("S_INTERSECTS(geom, POINT(1 2)"), "character 30: a comma, an operator or ) is missing");
    EXPECT_EQ(again("S_INTERSECTS(geom, POINT(1 2"), "character 29: the brackets of the geometry are not closed");
    EXPECT_EQ(again("S_INTERSECTS(geom)"), "character 1: S_INTERSECTS takes 2 arguments, not 1");
    EXPECT_EQ(again("a = DATE('2024-02-30')"), "character 10: " + parse_date("2024-02-30").error().detail);
    EXPECT_EQ(again("a = DATE(2024)"), "character 10: a text in single quotes is missing");
    EXPECT_EQ(again("T_AFTER(a, INTERVAL(1, 2))"), "character 21: an end of an interval is '..', a date, a time or a property");
    EXPECT_EQ(again("S_INTERSECTS(geom, BBOX(1, 2, 3))"), "character 20: BBOX takes 4 numbers (west, south, east, north) or 6, not 3");
    EXPECT_EQ(again("a = 1e999"), "character 5: '1e999' is too large");
    EXPECT_EQ(again("a = \xFF"), "the filter is not UTF-8");
}

TEST(Cql2Syntax, SaysWhereJsonGoesWrong)
{
    auto const problem = [](std::string_view json) {
        auto const read = parse_json(json);
        return read ? to_json(*read) : read.error().detail;
    };
    EXPECT_EQ(problem(R"({"op":"=","args":[null,1]})"), R"(character 19: null is no value; {"op":"isNull","args":[…]} asks for it)");
    EXPECT_EQ(problem(R"({"op":"=","args":[{"property":""},1]})"), "character 19: the name of a property is missing");
    EXPECT_EQ(problem(R"({"op":"="})"), R"(character 1: "args" is missing beside "op")");
    EXPECT_EQ(problem(R"({"op":"in","args":[1,2]})"), R"(character 1: the second argument of "in" is an array)");
    EXPECT_EQ(problem(R"({"op":"between","args":[1,2]})"), "character 1: BETWEEN takes 3 arguments, not 2");
    EXPECT_EQ(problem(R"({"中":1})"),
              R"(character 1: an object is a geometry or has one of "op", "property", "date", "timestamp", "interval", "bbox")");
    EXPECT_EQ(problem(R"({"op":"=","args":[1,2]} x)"), "character 25: something follows the filter");
    EXPECT_TRUE(problem(R"({"op":"=" "args":[1,2]})").starts_with("character 11: "));
    EXPECT_TRUE(problem(R"({"type":"Point","coordinates":[1]})").starts_with("character 1: in the geometry, "));
}

std::string repeated(std::string_view piece, std::size_t times)
{
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += piece;
    return text;
}

TEST(Cql2Syntax, RefusesFiltersThatAreTooLargeBeforeTheyCost)
{
    auto const code = [](Result<Node> const& read) { return read ? "read" : std::string{code_name(read.error().code)}; };
    std::string const refused{code_name(Errc::too_large)};
    EXPECT_EQ(code(parse_text(repeated("(", 1000) + "a" + repeated(")", 1000))), refused);
    EXPECT_EQ(code(parse_text(repeated("NOT ", 1000) + "a")), refused);
    EXPECT_EQ(code(parse_text(repeated("- ", 1000) + "a")), refused);
    EXPECT_EQ(code(parse_text("a" + repeated(" + 1", 1000) + " = 1")), refused);
    EXPECT_EQ(code(parse_text(repeated("f(", 1000) + "a" + repeated(")", 1000))), refused);
    EXPECT_EQ(code(parse_text("S_INTERSECTS(g, POINT" + repeated("(", 1000) + repeated(")", 1000) + ")")), refused);
    EXPECT_EQ(code(parse_text("a IN (0" + repeated(",1", 10'000) + ")")), refused);
    EXPECT_EQ(code(parse_text("a IN (0" + repeated(",1", 100'000) + ")")), refused);
    EXPECT_EQ(code(parse_text("S_INTERSECTS(g, LINESTRING(0 0" + repeated(",1 1", 12'000) + "))")), refused);
    EXPECT_EQ(code(parse_text("a = 1" + repeated(" AND a = 1", 3'000))), refused);
    EXPECT_EQ(code(parse_text("a LIKE '" + repeated("%", 70'000) + "'")), refused);
    EXPECT_EQ(code(parse_json(repeated(R"({"op":"not","args":[)", 1000) + "true" + repeated("]}", 1000))), refused);
    EXPECT_EQ(code(parse_json(repeated("[", 1000) + repeated("]", 1000))), refused);
    EXPECT_EQ(code(parse_json("[[]]")), "bad_syntax") << "a list alone is no filter";
    EXPECT_EQ(code(parse_text("()")), "bad_syntax") << "neither in text";
    EXPECT_EQ(code(parse_text("a = 1" + repeated(" AND a = 1", 900))), "read");
}

TEST(Cql2Number, ComputesDecimalsExactly)
{
    auto const n = [](std::string_view text) { return Number::parse(text).value(); };
    EXPECT_EQ(*Arithmetic::add(n("0.1"), n("0.2")), n("0.3"));
    EXPECT_EQ(Arithmetic::add(n("0.1"), n("0.2"))->to_string(), "0.3");
    EXPECT_EQ(Arithmetic::multiply(n("1.10"), n("3"))->to_string(), "3.3");
    EXPECT_EQ(Arithmetic::divide(n("1"), n("8"))->to_string(), "0.125");
    EXPECT_EQ(Arithmetic::divide(n("1"), n("3"))->to_double(), 1.0 / 3);
    EXPECT_EQ(Arithmetic::divide(n("1"), n("0")), std::nullopt);
    EXPECT_EQ(Arithmetic::divide_whole(n("-7"), n("2"))->to_string(), "-3");
    EXPECT_EQ(Arithmetic::remainder(n("-7"), n("2"))->to_string(), "-1");
    EXPECT_EQ(Arithmetic::remainder(n("5.5"), n("2"))->to_string(), "1.5");
    EXPECT_EQ(Arithmetic::power(n("1.1"), n("2"))->to_string(), "1.21");
    EXPECT_EQ(Arithmetic::power(n("4"), n("0.5"))->to_double(), 2);
    EXPECT_EQ(Arithmetic::power(n("0"), n("-1")), std::nullopt);
    EXPECT_LT(n("0.025"), n("0.0250000001"));
    EXPECT_EQ(n("0.1"), Number{0.1});
    EXPECT_EQ(n("9007199254740993").to_string(), "9007199254740993");
    EXPECT_LT(n("9007199254740992"), n("9007199254740993"));
    EXPECT_EQ(n("1e-400"), n("0"));
    EXPECT_EQ(n("123456789012345678901234567890").to_double(), 123456789012345678901234567890.0);
    EXPECT_FALSE(Number::parse("1e400"));
    EXPECT_FALSE(Number::parse("-"));
    EXPECT_FALSE(Number::parse("inf"));
}

}  // namespace
}  // namespace yihong::cql2
