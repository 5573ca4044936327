#include "yihong/cql2/filter.hpp"

#include "compiled.hpp"
#include "function_values.hpp"
#include "operators.hpp"
#include "pieces.hpp"
#include "text_match.hpp"

#include "yihong/model/layer.hpp"

#include <algorithm>
#include <array>

namespace yihong::cql2 {

struct Filter::Parts {
    Evaluation value;
    std::vector<BoundingBox> boxes;
    std::optional<std::vector<std::size_t>> columns;
};

namespace {

std::string_view said(Type type) noexcept
{
    constexpr std::array<std::string_view, 6> names{"a condition", "a number", "a text", "a date or time", "a geometry", "a list"};
    return names[static_cast<std::size_t>(type)];
}

/// How to write a value of a type.
std::string_view example_of(Type type) noexcept
{
    constexpr std::array<std::string_view, 6> examples{
        "TRUE", "1.5", "'…'", "DATE('2025-11-06') or TIMESTAMP('2025-11-06T12:00:00Z')", "POINT (111 35)", "('…', '…')"};
    return examples[static_cast<std::size_t>(type)];
}

std::string named(Node const& node)
{
    auto const* property = std::get_if<Property>(&node.what);
    return property ? "\"" + property->name + "\"" : "this";
}

Type type_of_column(Column const& column) noexcept
{
    if (column.is_list())
        return Type::list;
    switch (column.type) {
    case AttributeType::integer:
    case AttributeType::real: return Type::number;
    case AttributeType::boolean: return Type::boolean;
    case AttributeType::date:
    case AttributeType::date_time: return Type::time;
    case AttributeType::text: break;
    }
    return Type::text;
}

/// All texts under which a feature is found: the elements of a list, and what a flat feature shows of it; NULL where there is nothing to see.
Datum all_of(Feature const& feature, std::size_t at)
{
    auto const& column = feature.schema().columns()[at];
    auto datum = datum_of(feature.found_as(at), false);
    auto* list = std::get_if<List>(&datum.is);
    if (!list)
        return datum;
    if (auto shown = datum_of(shown_value(column, feature, Profile::flat), false); !shown.is_null())
        list->elements.push_back(std::move(shown));
    return list->elements.empty() ? Datum{} : datum;
}

}  // namespace

/// Makes a filter of a tree: checks types, finds columns, computes what is constant.
class Compiler {
public:
    Compiler(Subject const& subject, Budget const& budget) : subject_{subject}, budget_{budget} {}

    Filter filter(Node const& node)
    {
        auto made = compile(node);
        require(Type::boolean, node, made);
        if (subject_.features > 0 && steps_ > budget_.steps / subject_.features)
            Pieces::refuse(Errc::too_large, node.place,
                           "the filter takes " + std::to_string(steps_) + " steps for each of " + std::to_string(subject_.features) +
                               " features, more than " + std::to_string(budget_.steps) + " together: leave something out");
        return Filter{std::make_unique<Filter::Parts>(std::move(made.value), std::move(made.boxes), std::move(columns_))};
    }

private:
    Compiled compile(Node const& node)
    {
        ++steps_;
        return std::visit([&](auto const& what) { return compile(what, node); }, node.what);
    }
    std::vector<Compiled> compile(Nodes const& nodes)
    {
        std::vector<Compiled> all;
        for (auto const& node : nodes)
            all.push_back(compile(node));
        return all;
    }

    static Compiled compile(bool flag, Node const&) { return constant(Type::boolean, {flag}); }
    static Compiled compile(Number const& number, Node const&) { return constant(Type::number, {number}); }
    static Compiled compile(std::string const& text, Node const&) { return constant(Type::text, {text}); }
    static Compiled compile(Date date, Node const&) { return constant(Type::time, {period_of(date)}); }
    static Compiled compile(UtcTime time, Node const&) { return constant(Type::time, {period_of(time)}); }
    static Compiled compile(Open, Node const&) { return constant(Type::time, {Period{}}); }
    Compiled compile(Box const& box, Node const& node) { return compile(Region::of(box, node.place, subject_)); }
    Compiled compile(Shape const& shape, Node const& node) { return compile(Region::of(shape, node.place, subject_)); }
    Compiled compile(Region made)
    {
        auto region = std::make_shared<Region const>(std::move(made));
        steps_ += region->steps();
        auto compiled = constant(Type::geometry, {&region->members().front()});
        compiled.region = std::move(region);
        return compiled;
    }

    Compiled compile(Property const& property, Node const& node)
    {
        auto const place = subject_.schema->find(property.name);
        if (!place && (property.name == "geometry" || property.name == "geom")) {  // the standard's own examples say geom
            return {.type = Type::geometry,
                    .value = [](Feature const* feature) -> Datum {
                        auto const& geometry = feature->geometry();
                        return yihong::type_of(geometry) == GeometryType::none ? Datum{} : Datum{&geometry};
                    },
                    .is_geometry_of_feature = true};
        }
        if (!place && property.name == "id") {  // of the feature itself, where no column has that name
            columns_.reset();
            return {.type = Type::text, .value = [](Feature const* feature) -> Datum { return Datum{feature->id()}; }};
        }
        if (!place || !subject_.schema->columns()[*place].queryable)
            refuse_unknown(property, node);
        if (columns_)
            columns_->push_back(*place);
        auto const& column = subject_.schema->columns()[*place];
        Compiled made{.type = type_of_column(column)};
        if (column.objects && column.found_as)  // of objects only what they are found as is a list of texts
            made.value = [at = *place](Feature const* feature) { return datum_of(feature->found_as(at), false); };
        else
            made.value = [at = *place, is_temporal = made.type == Type::time](Feature const* feature) {
                return datum_of(feature->value(at), is_temporal);
            };
        if (made.type == Type::list || column.found_as)
            made.found = [at = *place](Feature const* feature) { return all_of(*feature, at); };
        return made;
    }

    Compiled compile(Interval const& interval, Node const& node)
    {
        auto ends = compile(interval.ends);
        for (std::size_t i = 0; i < ends.size(); ++i)
            require(Type::time, interval.ends[i], ends[i]);
        bool const is_constant = ends[0].is_constant && ends[1].is_constant;
        Compiled made{.type = Type::time,
                      .value = [first = std::move(ends[0].value), last = std::move(ends[1].value)](Feature const* feature) -> Datum {
                          auto const begin = first(feature), end = last(feature);
                          return begin.is_null() || end.is_null() ? Datum{} : Datum{joined(*begin.as<Period>(), *end.as<Period>())};
                      }};
        if (!is_constant)
            return made;
        auto const period = made.value(nullptr);
        if (period.as<Period>()->begin > period.as<Period>()->end)
            Pieces::refuse(Errc::bad_time, node.place, "the interval ends before it begins");
        return constant(Type::time, period);
    }

    Compiled compile(Array const& array, Node const&)
    {
        auto elements = compile(array.elements);
        bool const is_constant = std::ranges::all_of(elements, &Compiled::is_constant);
        std::vector<Evaluation> all;
        for (auto& element : elements)
            all.push_back(std::move(element.value));
        Compiled made{.type = Type::list, .value = [all = std::move(all)](Feature const* feature) {
                          List list;
                          for (auto const& value : all)
                              list.elements.push_back(value(feature));
                          return Datum{std::move(list)};
                      }};
        return is_constant ? constant(Type::list, made.value(nullptr)) : std::move(made);
    }

    Compiled compile(Call const& call, Node const& node)
    {
        auto const& nodes = call.arguments;
        if (call.op == Op::in)
            return compile_in(nodes);
        if (call.op == Op::function)
            return compile_function(call, node);
        auto all = compile(nodes);
        bool const is_constant = std::ranges::all_of(all, &Compiled::is_constant);
        auto made = compile(call, node, std::move(all));
        if (!is_constant)
            return made;
        auto const type = made.type;
        return constant(type, made.value(nullptr));
    }

    Compiled compile(Call const& call, Node const& node, std::vector<Compiled> all)
    {
        auto const& nodes = call.arguments;
        auto const require_all = [&](Type type) {
            for (std::size_t i = 0; i < all.size(); ++i)
                require(type, nodes[i], all[i]);
        };
        switch (call.op) {
        case Op::logical_and: require_all(Type::boolean); return conjunction(std::move(all));
        case Op::logical_or: require_all(Type::boolean); return disjunction(std::move(all));
        case Op::logical_not: require_all(Type::boolean); return negation(std::move(all[0]));
        case Op::is_null: return is_null(std::move(all[0]));
        case Op::like: return compile_like(nodes, std::move(all));
        case Op::between:
            require_ordered(nodes[0], all[0]);
            require_same(nodes, all, 1, call.op);
            require_same(nodes, all, 2, call.op);
            return between(std::move(all[0]), std::move(all[1]), std::move(all[2]));
        case Op::casei:
        case Op::accenti:
            if (all[0].type != Type::list || !all[0].found)
                require(Type::text, nodes[0], all[0]);
            steps_ += 20;
            return folded(call.op, std::move(all[0]));
        default: break;
        }
        if (call.op <= Op::greater_equal) {
            require_same(nodes, all, 1, call.op);
            return comparison(call.op, std::move(all[0]), std::move(all[1]));
        }
        if (call.op <= Op::power) {
            require_all(Type::number);
            return arithmetic(call.op, std::move(all[0]), std::move(all[1]));
        }
        if (call.op <= Op::s_contains) {
            require_all(Type::geometry);
            return compile_spatial(static_cast<Relation>(static_cast<int>(call.op) - static_cast<int>(Op::s_intersects)), node,
                                   std::move(all));
        }
        if (call.op <= Op::t_starts) {
            require_all(Type::time);
            return temporal(call.op, std::move(all[0]), std::move(all[1]));
        }
        require_all(Type::list);
        return of_arrays(call.op, std::move(all[0]), std::move(all[1]));
    }

    Compiled compile_spatial(Relation relation, Node const& node, std::vector<Compiled> all)
    {
        static_assert(static_cast<int>(Op::s_contains) - static_cast<int>(Op::s_intersects) == static_cast<int>(Relation::contains));
        for (auto const& one : all)
            if (one.region && !one.region->is_defined(relation))
                Pieces::refuse(Errc::bad_value, node.place,
                               "a GEOMETRYCOLLECTION of points, lines and polygons together stands in S_INTERSECTS and S_DISJOINT only");
        if (!all[0].region && !all[1].region)
            steps_ += 100;  // nothing is prepared
        return spatial(relation, std::move(all[0]), std::move(all[1]));
    }

    Compiled compile_like(Nodes const& nodes, std::vector<Compiled> all)
    {
        if (all[0].type != Type::list || !all[0].found)
            require(Type::text, nodes[0], all[0]);
        require(Type::text, nodes[1], all[1]);
        if (!all[1].is_constant)
            Pieces::refuse(Errc::bad_value, nodes[1].place, "the pattern of LIKE is a text, also in CASEI() or ACCENTI()");
        steps_ += 4 * Pattern{*all[1].value(nullptr).as<std::string>()}.size();
        return like(std::move(all[0]), all[1]);
    }

    Compiled compile_in(Nodes const& nodes)
    {
        auto value = compile(nodes[0]);
        auto const& choices = std::get<Array>(nodes[1].what).elements;
        auto const steps = steps_;
        auto all = compile(choices);
        for (std::size_t i = 0; i < all.size(); ++i)
            require_same(nodes[0], value, choices[i], all[i], Op::in);
        bool const is_set = std::ranges::all_of(all, [](auto const& one) { return one.is_constant && one.type == Type::text; });
        if (is_set)
            steps_ = steps + 4;  // one look into the set
        bool const is_constant = value.is_constant && std::ranges::all_of(all, &Compiled::is_constant);
        auto made = among(std::move(value), std::move(all));
        return is_constant ? constant(Type::boolean, made.value(nullptr)) : std::move(made);
    }

    Compiled compile_function(Call const& call, Node const& node)
    {
        auto const* function = find_function(call.function);
        if (!function) {
            std::string known;
            for (auto const& other : functions())
                known.append(known.empty() ? "" : ", ").append(other.name);
            Pieces::refuse(Errc::unknown_field, node.place, "there is no function \"" + call.function + "\"; there are " + known);
        }
        if (call.arguments.size() != function->arguments.size())
            Pieces::refuse(Errc::bad_value, node.place,
                           std::string{function->name} + " takes " + std::to_string(function->arguments.size()) + " arguments, not " +
                               std::to_string(call.arguments.size()));
        bool is_constant = true;
        std::vector<Evaluation> values;
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            auto const& argument = without_brackets(call.arguments[i]);
            auto compiled = compile(argument);
            require(function->arguments[i], argument, compiled);
            is_constant = is_constant && compiled.is_constant;
            values.push_back(std::move(compiled.value));
        }
        Compiled made{.type = function->result, .value = [function, values = std::move(values)](Feature const* feature) -> Datum {
                          std::vector<Datum> arguments;
                          for (auto const& value : values)
                              if (arguments.emplace_back(value(feature)).is_null())
                                  return {};
                          return value_of(*function, arguments);
                      }};
        return is_constant ? constant(function->result, made.value(nullptr)) : std::move(made);
    }

    /// No function takes a list: what looks like one of a single element is an expression in brackets, abs((a - b)).
    static Node const& without_brackets(Node const& node)
    {
        auto const* array = std::get_if<Array>(&node.what);
        return array && array->elements.size() == 1 ? without_brackets(array->elements.front()) : node;
    }

    static void require(Type type, Node const& node, Compiled const& compiled)
    {
        if (compiled.type == type)
            return;
        Pieces::refuse(Errc::bad_value, node.place,
                       named(node) + " is " + std::string{said(compiled.type)} + "; " + std::string{said(type)} +
                           " is wanted here: " + std::string{example_of(type)});
    }

    static void require_ordered(Node const& node, Compiled const& compiled)
    {
        if (compiled.type == Type::geometry || compiled.type == Type::list)
            Pieces::refuse(Errc::bad_value, node.place,
                           named(node) + " is " + std::string{said(compiled.type)} + ", which has no order; " +
                               (compiled.type == Type::list ? "A_CONTAINS, A_OVERLAPS, LIKE and = ask what is in it"
                                                            : "S_INTERSECTS, S_WITHIN and the like compare geometries"));
    }

    /// Whether two can be compared. A list and a text can be equal: the text is in the list.
    static void require_same(Node const& left, Compiled const& a, Node const& right, Compiled const& b, Op op)
    {
        bool const is_equality = op == Op::equal || op == Op::not_equal || op == Op::in;
        auto const is_found = [](Compiled const& one) { return one.type == Type::list && one.found; };
        if (is_equality && ((is_found(a) && b.type == Type::text) || (is_found(b) && a.type == Type::text)))
            return;
        require_ordered(left, a);
        if (a.type != b.type)
            Pieces::refuse(Errc::bad_value, right.place,
                           named(left) + " is " + std::string{said(a.type)} + " and cannot be compared with " + std::string{said(b.type)} +
                               "; write " + std::string{example_of(a.type)});
    }
    static void require_same(Nodes const& nodes, std::vector<Compiled> const& all, std::size_t other, Op op)
    {
        require_same(nodes[0], all[0], nodes[other], all[other], op);
    }

    [[noreturn]] void refuse_unknown(Property const& property, Node const& node) const
    {
        std::string known;
        for (auto const& column : subject_.schema->columns())
            if (column.queryable)
                known.append(column.name).append(", ");
        Pieces::refuse(Errc::unknown_field, node.place,
                       "\"" + property.name + "\" is no property of this collection; it has id, " + known + "geometry");
    }

    Subject const& subject_;
    Budget const& budget_;
    std::uint64_t steps_ = 0;
    std::optional<std::vector<std::size_t>> columns_{std::in_place};  // that the filter looks at; none: at more than columns
};

Filter::Filter(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

bool Filter::holds(Feature const& feature) const
{
    auto const datum = parts_->value(&feature);
    return datum.as<bool>() && *datum.as<bool>();
}

std::vector<BoundingBox> const& Filter::boxes() const noexcept { return parts_->boxes; }
std::optional<std::vector<std::size_t>> const& Filter::columns() const noexcept { return parts_->columns; }

Result<Filter> make_filter(Node const& node, Subject const& subject, Budget const& budget)
{
    try {
        return Compiler{subject, budget}.filter(node);
    } catch (Refusal& refusal) {
        return std::unexpected{std::move(refusal.why)};
    }
}

}  // namespace yihong::cql2
