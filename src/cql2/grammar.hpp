#pragma once

#include "yihong/cql2/tree.hpp"

#include <tao/pegtl.hpp>

/// The grammar of CQL2's text (OGC 21-065r2, annex B), as one expression with levels of binding: whether a piece is a condition or a number is found
/// by its types afterwards. No alternative begins as another one does, so nothing is read twice and reading takes linear time.
namespace yihong::cql2::grammar {

using namespace tao::pegtl;  // NOLINT: the rules of a grammar are made of its words

struct blanks : star<ascii::space> {};
struct id_start
    : utf8::ranges<':', ':', '_', '_', 'A', 'Z', 'a', 'z', 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x2FF, 0x370, 0x37D, 0x37F, 0x1FFE, 0x200C, 0x200D,
                   0x2070, 0x218F, 0x2C00, 0x2FEF, 0x3001, 0xD7FF, 0xF900, 0xFDCF, 0xFDF0, 0xFFFD, 0x10000, 0xEFFFF> {};
struct id_part : sor<id_start, utf8::ranges<'.', '.', '0', '9', 0x300, 0x36F, 0x203F, 0x2040>> {};

template <typename Letters>
struct word : seq<Letters, not_at<id_part>, blanks> {};
struct kw_and : word<TAO_PEGTL_ISTRING("AND")> {};
struct kw_or : word<TAO_PEGTL_ISTRING("OR")> {};
struct kw_not : word<TAO_PEGTL_ISTRING("NOT")> {};
struct kw_like : word<TAO_PEGTL_ISTRING("LIKE")> {};
struct kw_between : word<TAO_PEGTL_ISTRING("BETWEEN")> {};
struct kw_in : word<TAO_PEGTL_ISTRING("IN")> {};
struct kw_is : word<TAO_PEGTL_ISTRING("IS")> {};
struct kw_null : word<TAO_PEGTL_ISTRING("NULL")> {};
struct kw_div : word<TAO_PEGTL_ISTRING("DIV")> {};
struct kw_true : word<TAO_PEGTL_ISTRING("TRUE")> {};
struct kw_false : word<TAO_PEGTL_ISTRING("FALSE")> {};
struct reserved : sor<kw_and, kw_or, kw_not, kw_like, kw_between, kw_in, kw_is, kw_null, kw_div, kw_true, kw_false> {};

struct comma : seq<one<','>, blanks> {};
struct close : seq<one<')'>, blanks> {};
/// A bracket behind which something is counted.
struct open_list : seq<one<'('>, blanks> {};

struct plain_name : seq<not_at<reserved>, id_start, star<id_part>> {};
struct name_quote : one<'"'> {};
struct quoted_name : seq<one<'"'>, plus<sor<two<'"'>, not_one<'"'>>>, must<name_quote>> {};
struct name : seq<sor<plain_name, quoted_name>, blanks> {};

struct digits : plus<digit> {};
struct exponent : seq<one<'e', 'E'>, opt<one<'+', '-'>>, digits> {};
struct plain_number : seq<opt<one<'+', '-'>>, sor<seq<digits, opt<one<'.'>, star<digit>>>, seq<one<'.'>, digits>>, opt<exponent>> {};
struct number : seq<plain_number, blanks> {};

struct text_body : star<sor<two<'\''>, seq<one<'\\'>, any>, not_one<'\''>>> {};
struct text_quote : one<'\''> {};
struct text : seq<one<'\''>, text_body, must<text_quote>, blanks> {};

template <typename Letters>
struct head : seq<Letters, not_at<id_part>, blanks, one<'('>, blanks> {};
struct expression;
struct date : seq<head<TAO_PEGTL_ISTRING("DATE")>, must<text, close>> {};
struct timestamp : seq<head<TAO_PEGTL_ISTRING("TIMESTAMP")>, must<text, close>> {};
struct interval : seq<head<TAO_PEGTL_ISTRING("INTERVAL")>, must<expression, comma, expression, close>> {};
struct box_open : sor<head<TAO_PEGTL_ISTRING("BBOX")>, head<TAO_PEGTL_ISTRING("ENVELOPE")>> {};
struct box : seq<box_open, must<number>, star<comma, must<number>>, must<close>> {};

struct shape_kind
    : sor<TAO_PEGTL_ISTRING("POINT"), TAO_PEGTL_ISTRING("LINESTRING"), TAO_PEGTL_ISTRING("POLYGON"), TAO_PEGTL_ISTRING("MULTIPOINT"),
          TAO_PEGTL_ISTRING("MULTILINESTRING"), TAO_PEGTL_ISTRING("MULTIPOLYGON"), TAO_PEGTL_ISTRING("GEOMETRYCOLLECTION")> {};
struct shape_dimensions : sor<word<TAO_PEGTL_ISTRING("ZM")>, word<TAO_PEGTL_ISTRING("Z")>, word<TAO_PEGTL_ISTRING("M")>> {};
struct shape_body : seq<one<'('>, star<sor<shape_body, not_one<'(', ')'>>>, one<')'>> {};
struct shape_text : seq<shape_kind, not_at<id_part>, blanks, opt<shape_dimensions>, at<one<'('>>, must<shape_body>> {};
struct shape : seq<shape_text, blanks> {};

struct listed : opt<expression, star<comma, must<expression>>> {};
struct call_tail : seq<open_list, listed, must<close>> {};
struct named : seq<name, opt<call_tail>> {};
struct parentheses : seq<open_list, listed, must<close>> {};
struct primary;
struct negative : seq<one<'-'>, blanks, must<primary>> {};
struct primary : sor<number, text, kw_true, kw_false, date, timestamp, interval, box, shape, negative, named, parentheses> {};

/// An operator with what stands behind it; what stands before it has been read.
template <Op op, typename Symbol, typename Right>
struct binary : seq<Symbol, blanks, must<Right>> {};

struct power : seq<primary, opt<binary<Op::power, one<'^'>, primary>>> {};
struct product : seq<power, star<sor<binary<Op::multiply, one<'*'>, power>, binary<Op::divide, one<'/'>, power>,
                                     binary<Op::remainder, one<'%'>, power>, binary<Op::divide_whole, kw_div, power>>>> {};
struct sum : seq<product, star<sor<binary<Op::add, one<'+'>, product>, binary<Op::subtract, one<'-'>, product>>>> {};

struct like : seq<kw_like, must<sum>> {};
struct between : seq<kw_between, must<sum, kw_and, sum>> {};
struct in : seq<kw_in, must<open_list>, must<expression>, star<comma, must<expression>>, must<close>> {};
struct negatable : sor<like, between, in> {};
struct negated : seq<kw_not, must<negatable>> {};
struct is_not_null : seq<kw_not, must<kw_null>> {};
struct is_null : must<kw_null> {};
struct null_test : seq<kw_is, sor<is_not_null, is_null>> {};
struct comparison
    : sor<binary<Op::not_equal, string<'<', '>'>, sum>, binary<Op::less_equal, string<'<', '='>, sum>, binary<Op::less, one<'<'>, sum>,
          binary<Op::greater_equal, string<'>', '='>, sum>, binary<Op::greater, one<'>'>, sum>, binary<Op::equal, one<'='>, sum>> {};
struct predicate : seq<sum, opt<sor<comparison, like, between, in, negated, null_test>>> {};
struct negation;
struct not_that : seq<kw_not, must<negation>> {};
struct negation : sor<not_that, predicate> {};
struct conjunction : seq<negation, star<binary<Op::logical_and, kw_and, negation>>> {};
struct expression : seq<conjunction, star<binary<Op::logical_or, kw_or, conjunction>>> {};

struct end : eof {};
struct filter : seq<blanks, must<expression, end>> {};

/// What is missing where a rule has to match and does not.
template <typename Rule>
inline constexpr char const* missing = "a value, a property or a function is missing";
template <>
inline constexpr char const* missing<close> = "a comma, an operator or ) is missing";
template <>
inline constexpr char const* missing<comma> = "a comma is missing";
template <>
inline constexpr char const* missing<open_list> = "( is missing";
template <>
inline constexpr char const* missing<name_quote> = "the name in double quotes does not end";
template <>
inline constexpr char const* missing<text_quote> = "the text does not end; a quote within a text is written twice";
template <>
inline constexpr char const* missing<text> = "a text in single quotes is missing";
template <>
inline constexpr char const* missing<number> = "a number is missing";
template <>
inline constexpr char const* missing<shape_body> = "the brackets of the geometry are not closed";
template <>
inline constexpr char const* missing<kw_and> = "AND is missing: BETWEEN lowest AND highest";
template <>
inline constexpr char const* missing<kw_null> = "NULL is missing: IS NULL or IS NOT NULL";
template <>
inline constexpr char const* missing<negatable> = "LIKE, BETWEEN or IN is missing";
template <>
inline constexpr char const* missing<end> =
    "an operator is missing (=, <>, <, <=, >, >=, LIKE, BETWEEN, IN, IS NULL, AND, OR, +, -, *, /, %, div, ^)";

}  // namespace yihong::cql2::grammar
