#pragma once

#include "yihong/base/time.hpp"
#include "yihong/cql2/number.hpp"
#include "yihong/geometry/geometry.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// CQL2 (OGC 21-065r2): one syntax tree for its text and its JSON.
namespace yihong::cql2 {

/// What a call does. Words of the language, in the order of the table in operators.cpp; `function` is any other name.
enum class Op : std::uint8_t {
    logical_and,
    logical_or,
    logical_not,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    like,
    between,
    in,
    is_null,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    divide_whole,
    power,
    casei,
    accenti,
    s_intersects,
    s_equals,
    s_disjoint,
    s_touches,
    s_within,
    s_overlaps,
    s_crosses,
    s_contains,
    t_after,
    t_before,
    t_contains,
    t_disjoint,
    t_during,
    t_equals,
    t_finished_by,
    t_finishes,
    t_intersects,
    t_meets,
    t_met_by,
    t_overlapped_by,
    t_overlaps,
    t_started_by,
    t_starts,
    a_equals,
    a_contains,
    a_contained_by,
    a_overlaps,
    function
};

/// Where a piece begins in the text that it was read from: the number of its character, from 1; 0: nowhere. Trees are equal wherever they come from.
struct Place {
    std::size_t character = 0;
    bool operator==(Place const&) const noexcept { return true; }
};

struct Node;
using Nodes = std::vector<Node>;

struct Property {
    std::string name;
    bool operator==(Property const&) const = default;
};
/// `..`, an end of an interval.
struct Open {
    bool operator==(Open const&) const = default;
};
/// 4 or 6 numbers in the order of filter-crs: west, south, (lowest,) east, north, (highest).
struct Box {
    std::vector<double> numbers;
    bool operator==(Box const&) const = default;
};
/// A geometry as it is written, first coordinate as longitude whatever filter-crs says. Several members only in a collection.
struct Shape {
    std::vector<Geometry> members;
    bool is_collection = false;
    bool operator==(Shape const&) const = default;
};
/// Two ends: `Open`, dates, times, properties or calls.
struct Interval {
    Nodes ends;
    bool operator==(Interval const& other) const;
};
struct Array {
    Nodes elements;
    bool operator==(Array const& other) const;
};
/// \pre as many arguments as `op` takes; the second one of `in` is an array
struct Call {
    Op op;
    std::string function;  ///< its name where it is none of the words
    Nodes arguments;
    bool operator==(Call const& other) const;
};

/// A piece of a filter (过滤表达式), a value.
struct Node {
    std::variant<bool, Number, std::string, Date, UtcTime, Open, Property, Box, Shape, Interval, Array, Call> what;
    Place place = {};
    bool operator==(Node const& other) const;
};

}  // namespace yihong::cql2
