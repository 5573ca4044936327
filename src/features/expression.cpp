#include "yihong/features/expression.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace yihong {
namespace {

bool equals(Equals const& wanted, std::string const& text)
{
    if (wanted.time && text != wanted.text) {              // the same instant may be written with another offset
        auto const time = parse_rfc3339(text);
        return time && *time == *wanted.time;
    }
    return text == wanted.text;
}

/// \return false where it looks at more than columns
bool add_columns(std::vector<std::size_t>& columns, Expression const& expression)
{
    return std::visit(
        [&]<typename T>(T const& node) -> bool {
            if constexpr (std::is_same_v<T, And> || std::is_same_v<T, Or>)
                return std::ranges::all_of(node.operands, [&](Expression const& operand) { return add_columns(columns, operand); });
            else if constexpr (std::is_same_v<T, Equals>)
                return columns.push_back(node.column), true;
            else if (auto const& looked_at = node->columns())
                return std::ranges::copy(*looked_at, std::back_inserter(columns)), true;
            else
                return false;
        },
        expression.node);
}

bool equals(Equals const& wanted, Value const& value)
{
    return std::visit(
        [&]<typename T>(T const& v) -> bool {
            if constexpr (std::is_same_v<T, std::string>)
                return equals(wanted, v);
            else if constexpr (std::is_same_v<T, std::int64_t>)
                return wanted.integer ? v == *wanted.integer : wanted.number && static_cast<double>(v) == *wanted.number;
            else if constexpr (std::is_same_v<T, double>)
                return wanted.number && v == *wanted.number;
            else if constexpr (std::is_same_v<T, Decimal>)
                return wanted.number && v.to_double() == *wanted.number;
            else if constexpr (std::is_same_v<T, bool>)
                return wanted.flag == v;
            else if constexpr (std::is_same_v<T, UtcTime>)
                return wanted.time == v;
            else if constexpr (std::is_same_v<T, Date>)
                return wanted.date == v;
            else if constexpr (std::is_same_v<T, std::vector<std::string>>)   // one of them, or all of them as a flat feature shows them
                return std::ranges::find(v, wanted.text) != v.end() || (v.size() > 1 && to_text(value) == wanted.text);
            else
                return false;                              // nothing equals null, and nothing an object
        },
        value);
}

}  // namespace

bool holds(Expression const& expression, Feature const& feature)
{
    return std::visit(
        [&]<typename T>(T const& node) -> bool {
            if constexpr (std::is_same_v<T, And>)
                return std::ranges::all_of(node.operands, [&](Expression const& operand) { return holds(operand, feature); });
            else if constexpr (std::is_same_v<T, Or>)
                return std::ranges::any_of(node.operands, [&](Expression const& operand) { return holds(operand, feature); });
            else if constexpr (std::is_same_v<T, Equals>)
                return equals(node, feature.found_as(node.column));
            else
                return node->holds(feature);
        },
        expression.node);
}

std::span<BoundingBox const> boxes_of(Expression const& expression) noexcept
{
    if (auto const* condition = std::get_if<std::shared_ptr<Condition const>>(&expression.node))
        return (*condition)->boxes();
    if (auto const* all = std::get_if<And>(&expression.node))
        for (auto const& operand : all->operands)
            if (auto const boxes = boxes_of(operand); !boxes.empty())
                return boxes;
    return {};
}

std::optional<std::vector<std::size_t>> columns_of(Expression const& expression)
{
    std::vector<std::size_t> columns;
    return add_columns(columns, expression) ? std::optional{std::move(columns)} : std::nullopt;
}

}  // namespace yihong
