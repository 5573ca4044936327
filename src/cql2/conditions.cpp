#include "compiled.hpp"
#include "text_match.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace yihong::cql2 {
namespace {

Datum truth(std::optional<bool> value) { return value ? Datum{*value} : Datum{}; }

Compiled condition(Evaluation value) { return {.type = Type::boolean, .value = std::move(value)}; }

bool is_true(Datum const& datum) { return datum.as<bool>() && *datum.as<bool>(); }

/// Several conditions as one. \param deciding what settles it wherever it stands: false of AND, true of OR
Compiled together(std::vector<Evaluation> all, bool deciding)
{
    return condition([all = std::move(all), deciding](Feature const* feature) -> Datum {
        bool is_unknown = false;
        for (auto const& value : all) {
            auto const datum = value(feature);
            if (auto const* flag = datum.as<bool>(); flag && *flag == deciding)
                return datum;
            is_unknown = is_unknown || datum.is_null();
        }
        return is_unknown ? Datum{} : Datum{!deciding};
    });
}

/// Whether one of what a property is found under fulfils a test, or the one value that it has; none: NULL.
template <typename Test>
std::optional<bool> any_of(Datum const& datum, Test const& test)
{
    if (auto const* list = datum.as<List>()) {
        for (auto const& element : list->elements)
            if (test(element).value_or(false))
                return true;
        return false;
    }
    return datum.is_null() ? std::nullopt : test(datum);
}

std::optional<bool> equal(Datum const& a, Datum const& b)
{
    auto const order = order_of(a, b);
    return order ? std::optional{*order == 0} : std::nullopt;
}

/// What equality asks of it.
Evaluation asked(Compiled& of) { return of.found ? std::move(of.found) : std::move(of.value); }

bool fulfils(Op op, std::weak_ordering order) noexcept
{
    switch (op) {
    case Op::less: return order < 0;
    case Op::less_equal: return order <= 0;
    case Op::greater: return order > 0;
    case Op::greater_equal: return order >= 0;
    case Op::not_equal: return order != 0;
    default: return order == 0;
    }
}

}  // namespace

Compiled conjunction(std::vector<Compiled> operands)
{
    std::vector<BoundingBox> boxes;
    std::vector<Evaluation> all;
    auto const area = [](std::vector<BoundingBox> const& of) {
        double sum = 0;
        for (auto const& box : of)
            sum += (box.east - box.west) * (box.north - box.south);
        return sum;
    };
    for (auto& operand : operands) {
        if (!operand.boxes.empty() && (boxes.empty() || area(operand.boxes) < area(boxes)))
            boxes = std::move(operand.boxes);
        all.push_back(std::move(operand.value));
    }
    auto made = together(std::move(all), false);
    made.boxes = std::move(boxes);
    return made;
}

Compiled disjunction(std::vector<Compiled> operands)
{
    constexpr std::size_t most_boxes = 32;
    std::vector<BoundingBox> boxes;
    bool are_all_somewhere = true;
    std::vector<Evaluation> all;
    for (auto& operand : operands) {
        are_all_somewhere = are_all_somewhere && !operand.boxes.empty();
        std::ranges::move(operand.boxes, std::back_inserter(boxes));
        all.push_back(std::move(operand.value));
    }
    auto made = together(std::move(all), true);
    if (are_all_somewhere && boxes.size() <= most_boxes)
        made.boxes = std::move(boxes);
    return made;
}

Compiled negation(Compiled operand)
{
    return condition([value = std::move(operand.value)](Feature const* feature) -> Datum {
        auto const datum = value(feature);
        return datum.is_null() ? Datum{} : Datum{!is_true(datum)};
    });
}

Compiled comparison(Op op, Compiled a, Compiled b)
{
    if (op != Op::equal && op != Op::not_equal) {
        return condition([op, left = std::move(a.value), right = std::move(b.value)](Feature const* feature) {
            auto const order = order_of(left(feature), right(feature));
            return truth(order ? std::optional{fulfils(op, *order)} : std::nullopt);
        });
    }
    if (b.found && !a.found)
        std::swap(a, b);
    bool const is_equal = op == Op::equal;
    if (b.is_constant) {                                   // the usual case: computed once
        return condition([is_equal, left = asked(a), right = b.value(nullptr)](Feature const* feature) {
            auto const same = any_of(left(feature), [&](Datum const& one) { return equal(one, right); });
            return truth(same ? std::optional{*same == is_equal} : std::nullopt);
        });
    }
    return condition([is_equal, left = asked(a), right = asked(b)](Feature const* feature) {
        auto const other = right(feature);
        auto const same =
            any_of(left(feature), [&](Datum const& one) { return any_of(other, [&](Datum const& two) { return equal(one, two); }); });
        return truth(same && !other.is_null() ? std::optional{*same == is_equal} : std::nullopt);
    });
}

Compiled between(Compiled value, Compiled low, Compiled high)
{
    return condition([value = std::move(value.value), low = std::move(low.value), high = std::move(high.value)](Feature const* feature) {
        auto const datum = value(feature);
        auto const from = order_of(datum, low(feature));
        auto const to = order_of(datum, high(feature));
        if ((from && *from < 0) || (to && *to > 0))
            return Datum{false};
        return from && to ? Datum{true} : Datum{};
    });
}

Compiled among(Compiled value, std::vector<Compiled> choices)
{
    bool const are_constant_texts =
        std::ranges::all_of(choices, [](Compiled const& choice) { return choice.is_constant && choice.type == Type::text; });
    if (are_constant_texts) {
        std::set<std::string, std::less<>> texts;
        for (auto const& choice : choices)
            texts.insert(*choice.value(nullptr).as<std::string>());
        return condition([value = asked(value), texts = std::move(texts)](Feature const* feature) {
            return truth(any_of(value(feature), [&](Datum const& one) {
                return one.as<std::string>() ? std::optional{texts.contains(*one.as<std::string>())} : std::nullopt;
            }));
        });
    }
    std::vector<Evaluation> all;
    for (auto& choice : choices)
        all.push_back(std::move(choice.value));
    return condition([value = asked(value), all = std::move(all)](Feature const* feature) {
        auto const datum = value(feature);
        bool is_unknown = datum.is_null();
        for (auto const& choice : all) {
            auto const other = choice(feature);
            auto const same = any_of(datum, [&](Datum const& one) { return equal(one, other); });
            if (same.value_or(false))
                return Datum{true};
            is_unknown = is_unknown || !same || other.is_null();
        }
        return is_unknown ? Datum{} : Datum{false};
    });
}

Compiled like(Compiled value, Compiled const& pattern)
{
    Pattern wanted{*pattern.value(nullptr).as<std::string>()};
    return condition([value = asked(value), wanted = std::move(wanted)](Feature const* feature) {
        return truth(any_of(value(feature), [&](Datum const& one) {
            return one.as<std::string>() ? std::optional{wanted.matches(*one.as<std::string>())} : std::nullopt;
        }));
    });
}

Compiled is_null(Compiled value)
{
    return condition([value = asked(value)](Feature const* feature) { return Datum{value(feature).is_null()}; });
}

Compiled arithmetic(Op op, Compiled a, Compiled b)
{
    auto const compute = [&] {
        switch (op) {
        case Op::add: return &Arithmetic::add;
        case Op::subtract: return &Arithmetic::subtract;
        case Op::multiply: return &Arithmetic::multiply;
        case Op::divide: return &Arithmetic::divide;
        case Op::divide_whole: return &Arithmetic::divide_whole;
        case Op::remainder: return &Arithmetic::remainder;
        default: return &Arithmetic::power;
        }
    }();
    return {.type = Type::number,
            .value = [compute, left = std::move(a.value), right = std::move(b.value)](Feature const* feature) -> Datum {
                auto const x = left(feature), y = right(feature);
                if (!x.as<Number>() || !y.as<Number>())
                    return {};
                auto const result = compute(*x.as<Number>(), *y.as<Number>());
                return result ? Datum{*result} : Datum{};
            }};
}

Compiled folded(Op op, Compiled text)
{
    auto const fold = op == Op::casei ? &case_folded : &without_accents;
    auto const of = [fold](Evaluation value) -> Evaluation {
        if (!value)
            return {};
        return [fold, value = std::move(value)](Feature const* feature) -> Datum {
            auto datum = value(feature);
            if (auto* one = std::get_if<std::string>(&datum.is))
                *one = fold(*one);
            if (auto* list = std::get_if<List>(&datum.is))
                for (auto& element : list->elements)
                    if (auto* one = std::get_if<std::string>(&element.is))
                        *one = fold(*one);
            return datum;
        };
    };
    return {.type = Type::text, .value = of(std::move(text.value)), .found = of(std::move(text.found))};
}

Compiled spatial(Relation relation, Compiled a, Compiled b)
{
    if (a.region && !b.region) {                           // the constant is what is prepared
        std::swap(a, b);
        relation = relation == Relation::within ? Relation::contains : relation == Relation::contains ? Relation::within : relation;
    }
    if (!b.region) {
        return condition([relation, left = std::move(a.value), right = std::move(b.value)](Feature const* feature) {
            auto const x = left(feature), y = right(feature);
            if (x.is_null() || y.is_null())
                return Datum{};
            return Datum{Related{**y.as<Geometry const*>()}.holds(relation, **x.as<Geometry const*>())};
        });
    }
    auto made = condition([relation, region = b.region, kept = a.region, left = std::move(a.value)](Feature const* feature) {
        auto const geometry = left(feature);
        return geometry.is_null() ? Datum{} : Datum{region->holds(relation, **geometry.as<Geometry const*>())};
    });
    if (relation != Relation::disjoint && a.is_geometry_of_feature)
        made.boxes = b.region->boxes();
    return made;
}

Compiled temporal(Op op, Compiled a, Compiled b)
{
    auto const holds = [op](Period x, Period y) {
        if (x.is_of_days != y.is_of_days) {
            x = in_milliseconds(x);
            y = in_milliseconds(y);
        }
        switch (op) {
        case Op::t_after: return x.begin > y.end;
        case Op::t_before: return x.end < y.begin;
        case Op::t_contains: return x.begin < y.begin && x.end > y.end;
        case Op::t_disjoint: return x.end < y.begin || x.begin > y.end;
        case Op::t_during: return x.begin > y.begin && x.end < y.end;
        case Op::t_equals: return x == y;
        case Op::t_finished_by: return x.begin < y.begin && x.end == y.end;
        case Op::t_finishes: return x.begin > y.begin && x.end == y.end;
        case Op::t_intersects: return x.begin <= y.end && x.end >= y.begin;
        case Op::t_meets: return x.end == y.begin;
        case Op::t_met_by: return x.begin == y.end;
        case Op::t_overlapped_by: return x.begin > y.begin && x.begin < y.end && x.end > y.end;
        case Op::t_overlaps: return x.begin < y.begin && x.end > y.begin && x.end < y.end;
        case Op::t_started_by: return x.begin == y.begin && x.end > y.end;
        default: return x.begin == y.begin && x.end < y.end;
        }
    };
    return condition([holds, left = std::move(a.value), right = std::move(b.value)](Feature const* feature) {
        auto const x = left(feature), y = right(feature);
        return x.as<Period>() && y.as<Period>() ? Datum{holds(*x.as<Period>(), *y.as<Period>())} : Datum{};
    });
}

Compiled of_arrays(Op op, Compiled a, Compiled b)
{
    auto const has = [](List const& list, Datum const& element) {
        return std::ranges::find(list.elements, element) != list.elements.end();
    };
    auto const has_all = [has](List const& list, List const& others) {
        return std::ranges::all_of(others.elements, [&](Datum const& element) { return has(list, element); });
    };
    return condition([op, has, has_all, left = std::move(a.value), right = std::move(b.value)](Feature const* feature) {
        auto const x = left(feature), y = right(feature);
        if (!x.as<List>() || !y.as<List>())
            return Datum{};
        auto const &first = *x.as<List>(), &second = *y.as<List>();
        switch (op) {
        case Op::a_contains: return Datum{has_all(first, second)};
        case Op::a_contained_by: return Datum{has_all(second, first)};
        case Op::a_overlaps: return Datum{std::ranges::any_of(second.elements, [&](Datum const& element) { return has(first, element); })};
        default: return Datum{has_all(first, second) && has_all(second, first)};
        }
    });
}

}  // namespace yihong::cql2
