#include "operators.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace yihong::cql2 {
namespace {

constexpr std::size_t any_number = SIZE_MAX;

constexpr std::array words{
    Word{Op::logical_and, "and", 2, any_number, Binding::conjunction, "AND"},
    Word{Op::logical_or, "or", 2, any_number, Binding::disjunction, "OR"},
    Word{Op::logical_not, "not", 1, 1, Binding::negation},
    Word{Op::equal, "=", 2, 2, Binding::predicate, "="},
    Word{Op::not_equal, "<>", 2, 2, Binding::predicate, "<>"},
    Word{Op::less, "<", 2, 2, Binding::predicate, "<"},
    Word{Op::less_equal, "<=", 2, 2, Binding::predicate, "<="},
    Word{Op::greater, ">", 2, 2, Binding::predicate, ">"},
    Word{Op::greater_equal, ">=", 2, 2, Binding::predicate, ">="},
    Word{Op::like, "like", 2, 2, Binding::predicate},
    Word{Op::between, "between", 3, 3, Binding::predicate},
    Word{Op::in, "in", 2, 2, Binding::predicate},
    Word{Op::is_null, "isNull", 1, 1, Binding::predicate},
    Word{Op::add, "+", 2, 2, Binding::sum, "+"},
    Word{Op::subtract, "-", 2, 2, Binding::sum, "-"},
    Word{Op::multiply, "*", 2, 2, Binding::product, "*"},
    Word{Op::divide, "/", 2, 2, Binding::product, "/"},
    Word{Op::remainder, "%", 2, 2, Binding::product, "%"},
    Word{Op::divide_whole, "div", 2, 2, Binding::product, "div"},
    Word{Op::power, "^", 2, 2, Binding::power, "^"},
    Word{Op::casei, "casei", 1, 1},
    Word{Op::accenti, "accenti", 1, 1},
    Word{Op::s_intersects, "s_intersects", 2, 2},
    Word{Op::s_equals, "s_equals", 2, 2},
    Word{Op::s_disjoint, "s_disjoint", 2, 2},
    Word{Op::s_touches, "s_touches", 2, 2},
    Word{Op::s_within, "s_within", 2, 2},
    Word{Op::s_overlaps, "s_overlaps", 2, 2},
    Word{Op::s_crosses, "s_crosses", 2, 2},
    Word{Op::s_contains, "s_contains", 2, 2},
    Word{Op::t_after, "t_after", 2, 2},
    Word{Op::t_before, "t_before", 2, 2},
    Word{Op::t_contains, "t_contains", 2, 2},
    Word{Op::t_disjoint, "t_disjoint", 2, 2},
    Word{Op::t_during, "t_during", 2, 2},
    Word{Op::t_equals, "t_equals", 2, 2},
    Word{Op::t_finished_by, "t_finishedBy", 2, 2},
    Word{Op::t_finishes, "t_finishes", 2, 2},
    Word{Op::t_intersects, "t_intersects", 2, 2},
    Word{Op::t_meets, "t_meets", 2, 2},
    Word{Op::t_met_by, "t_metBy", 2, 2},
    Word{Op::t_overlapped_by, "t_overlappedBy", 2, 2},
    Word{Op::t_overlaps, "t_overlaps", 2, 2},
    Word{Op::t_started_by, "t_startedBy", 2, 2},
    Word{Op::t_starts, "t_starts", 2, 2},
    Word{Op::a_equals, "a_equals", 2, 2},
    Word{Op::a_contains, "a_contains", 2, 2},
    Word{Op::a_contained_by, "a_containedBy", 2, 2},
    Word{Op::a_overlaps, "a_overlaps", 2, 2},
    Word{Op::function, "", 0, any_number},
};
static_assert(std::ranges::all_of(std::views::iota(std::size_t{0}, words.size()),
                                  [](std::size_t i) { return static_cast<std::size_t>(words[i].op) == i; }));

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

Word const& word_of(Op op) noexcept { return words[static_cast<std::size_t>(op)]; }

Op op_named(std::string_view name)
{
    auto const is_it = [&](Word const& word) {
        return std::ranges::equal(word.json, name, [](char a, char b) { return lower(a) == lower(b); });
    };
    auto const found = name.empty() ? words.end() : std::ranges::find_if(words, is_it);
    return found == words.end() ? Op::function : found->op;
}

bool is_called(Op op) noexcept { return word_of(op).binding == Binding::primary; }

std::string text_name(Op op)
{
    std::string name{word_of(op).json};
    for (char& c : name)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name == "ISNULL" ? "IS NULL" : name;
}

std::string arity_problem(Op op, std::size_t arguments)
{
    auto const& word = word_of(op);
    if (arguments >= word.least && arguments <= word.most)
        return {};
    return text_name(op) + " takes " + std::to_string(word.least) + (word.most == any_number ? " or more" : "") +
           (word.least == 1 ? " argument, not " : " arguments, not ") + std::to_string(arguments);
}

}  // namespace yihong::cql2
