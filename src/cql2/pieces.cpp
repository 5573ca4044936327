#include "pieces.hpp"

#include "operators.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>

namespace yihong::cql2 {

Pieces::Pieces(std::string_view text, Budget const& budget) : budget_{budget}
{
    if (text.size() > budget.bytes)
        throw Refusal{{Errc::too_large, "the filter has " + std::to_string(text.size()) + " bytes; at most " +
                                            std::to_string(budget.bytes) + " are allowed"}};
    if (!is_valid_utf8(text))
        throw Refusal{{Errc::bad_syntax, "the filter is not UTF-8"}};
    characters_.reserve(text.size() + 1);
    std::uint32_t number = 0;
    for (char const c : text) {
        number += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        characters_.push_back(number);
    }
    characters_.push_back(number + 1);
}

void Pieces::refuse(Errc code, Place place, std::string const& what)
{
    throw Refusal{{code, "character " + std::to_string(place.character) + ": " + what}};
}

void Pieces::check_depth(std::size_t byte, std::size_t depth) const
{
    if (depth > budget_.depth)
        refuse(Errc::too_large, byte, "the filter is nested deeper than " + std::to_string(budget_.depth) + " levels");
}

void Pieces::count(std::size_t byte, std::size_t depth)
{
    check_depth(byte, depth);
    if (++nodes_ > budget_.nodes)
        refuse(Errc::too_large, byte, "the filter has more than " + std::to_string(budget_.nodes) + " values, properties and operators");
}

Node Pieces::whole(Node node) const
{
    if (std::holds_alternative<Array>(node.what))
        refuse(Errc::bad_syntax, node.place, "a list is no filter");
    return node;
}

Node Pieces::call(std::size_t byte, std::string name, Nodes arguments, std::size_t depth)
{
    auto const op = op_named(name);
    if (op == Op::function)
        return make(byte, Call{op, std::move(name), std::move(arguments)}, depth);
    if (!is_called(op))
        refuse(Errc::bad_syntax, byte, "\"" + name + "\" is a word of the language, not a function");
    return call(byte, op, std::move(arguments), depth);
}

Node Pieces::call(std::size_t byte, Op op, Nodes arguments, std::size_t depth)
{
    if (auto const problem = arity_problem(op, arguments.size()); !problem.empty())
        refuse(Errc::bad_syntax, byte, problem);
    return make(byte, Call{op, {}, std::move(arguments)}, depth);
}

Node Pieces::shape(std::size_t byte, Shape shape)
{
    for (auto const& member : shape.members)
        for_each_sequence(member, [&](auto positions) { positions_ += positions.size(); });
    if (positions_ > budget_.positions)
        refuse(Errc::too_large, byte, "the geometries of the filter have more than " + std::to_string(budget_.positions) + " positions");
    return make(byte, std::move(shape));
}

Node Pieces::end_of_interval(Node node) const
{
    if (auto const* text = std::get_if<std::string>(&node.what)) {
        if (*text == "..")
            return {Open{}, node.place};
        if (text->contains('T') || text->contains('t') || text->contains(':'))
            return {timestamp(node.place, *text), node.place};
        return {date(node.place, *text), node.place};
    }
    bool const is_end = std::holds_alternative<Date>(node.what) || std::holds_alternative<UtcTime>(node.what) ||
                        std::holds_alternative<Property>(node.what) || std::holds_alternative<Call>(node.what);
    if (!is_end)
        refuse(Errc::bad_syntax, node.place, "an end of an interval is '..', a date, a time or a property");
    return node;
}

Date Pieces::date(Place place, std::string_view text) const
{
    auto const read = parse_date(text);
    if (!read)
        refuse(Errc::bad_time, place, read.error().detail);
    return *read;
}

UtcTime Pieces::timestamp(Place place, std::string_view text) const
{
    auto const read = parse_rfc3339(text);
    if (!read)
        refuse(Errc::bad_time, place, read.error().detail);
    return *read;
}

}  // namespace yihong::cql2
