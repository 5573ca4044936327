#include "operators.hpp"
#include "pieces.hpp"
#include "shape_text.hpp"

#include "yihong/base/json_cursor.hpp"
#include "yihong/base/json_writer.hpp"

#include <algorithm>
#include <optional>

namespace yihong::cql2 {
namespace {

/// Pieces of an object that is being read: which of them stand there says what it is.
struct Members {
    std::optional<std::string> op = {};
    std::optional<Nodes> arguments = {};
    std::size_t depth = 1;                         ///< of what stands within
    std::optional<Node> value = {};                ///< of an object of one member
    bool is_geometry = false;
};

class JsonReader {
public:
    JsonReader(std::string_view text, Budget const& budget) : pieces_{text, budget}, text_{text}, cursor_{text} {}

    Node read()
    {
        auto node = pieces_.whole(value(1).first);
        if (!cursor_.failed() && !cursor_.at_end())
            pieces_.refuse(Errc::bad_syntax, cursor_.offset(), "something follows the filter");
        check();
        return node;
    }

private:
    using Deep = std::pair<Node, std::size_t>;             ///< a node, and how many levels it has

    void check() const
    {
        if (!cursor_.failed())
            return;
        auto why = cursor_.failure().detail;
        if (auto const colon = why.find(": "); colon != std::string::npos)
            why.erase(0, colon + 2);                       // line and column: the character is told
        pieces_.refuse(Errc::bad_syntax, std::min(cursor_.offset(), text_.size()), why);
    }

    Deep value(std::size_t level)
    {
        char const next = cursor_.peek();
        auto const byte = cursor_.offset();
        pieces_.check_depth(byte, level);
        std::string_view text;
        switch (next) {
        case '{': return object(level);
        case '[': {
            auto [elements, depth] = list(level);
            return {pieces_.make(byte, Array{std::move(elements)}, depth), depth};
        }
        case '"':
            cursor_.string(text);
            check();
            return {pieces_.make(byte, std::string{text}), 1};
        case 't':
        case 'f':
            cursor_.literal(next == 't' ? "true" : "false");
            check();
            return {pieces_.make(byte, next == 't'), 1};
        case 'n': pieces_.refuse(Errc::bad_syntax, byte, "null is no value; {\"op\":\"isNull\",\"args\":[…]} asks for it");
        default: break;
        }
        cursor_.number(text);
        check();
        auto const number = Number::parse(text);
        if (!number)
            pieces_.refuse(number.error().code, byte, number.error().detail);
        return {pieces_.make(byte, *number), 1};
    }

    std::pair<Nodes, std::size_t> list(std::size_t level)
    {
        if (cursor_.peek() != '[')
            pieces_.refuse(Errc::bad_syntax, cursor_.offset(), "an array is missing");
        cursor_.open();
        std::size_t depth = 1;
        Nodes nodes;
        for (bool first = true; cursor_.next_element(first);) {
            auto [node, below] = value(level + 1);
            nodes.push_back(std::move(node));
            depth = std::max(depth, below + 1);
        }
        check();
        return {std::move(nodes), depth};
    }

    std::string text_member()
    {
        std::string_view text;
        if (cursor_.peek() != '"')
            pieces_.refuse(Errc::bad_syntax, cursor_.offset(), "a text is missing");
        cursor_.string(text);
        check();
        return std::string{text};
    }

    Deep object(std::size_t level)
    {
        auto const byte = cursor_.offset();
        Members members;
        cursor_.open();
        std::string_view key;
        for (bool first = true; cursor_.next_member(first, key);)
            member(key, byte, level, members);
        check();
        if (members.op) {
            if (!members.arguments)
                pieces_.refuse(Errc::bad_syntax, byte, "\"args\" is missing beside \"op\"");
            return call(byte, members);
        }
        if (members.is_geometry) {
            auto shape = read_shape_json(text_.substr(byte, cursor_.offset() - byte));
            if (!shape)
                pieces_.refuse(shape.error().code, byte, "in the geometry, " + shape.error().detail);
            return {pieces_.shape(byte, *std::move(shape)), 1};
        }
        if (!members.value)
            pieces_.refuse(Errc::bad_syntax, byte,
                           "an object is a geometry or has one of \"op\", \"property\", \"date\", \"timestamp\", \"interval\", \"bbox\"");
        return {*std::move(members.value), members.depth};
    }

    /// What follows a name.
    void member(std::string_view key, std::size_t byte, std::size_t level, Members& members)
    {
        if (key == "op") {
            members.op = text_member();
        } else if (key == "args") {
            auto [nodes, depth] = list(level);
            members.arguments = std::move(nodes);
            members.depth = depth;
        } else if (key == "property") {
            auto name = text_member();
            if (name.empty())                              // no text has a form for it
                pieces_.refuse(Errc::bad_syntax, byte, "the name of a property is missing");
            members.value = pieces_.make(byte, Property{std::move(name)});
        } else if (key == "date") {
            members.value = pieces_.make(byte, pieces_.date(pieces_.place(byte), text_member()));
        } else if (key == "timestamp") {
            members.value = pieces_.make(byte, pieces_.timestamp(pieces_.place(byte), text_member()));
        } else if (key == "interval") {
            auto [ends, depth] = list(level);
            if (ends.size() != 2)
                pieces_.refuse(Errc::bad_syntax, byte, "an interval has two ends");
            for (auto& end : ends)
                end = pieces_.end_of_interval(std::move(end));
            members.value = pieces_.make(byte, Interval{std::move(ends)}, depth);
            members.depth = depth;
        } else if (key == "bbox" && !members.is_geometry) {
            members.value = box(byte, list(level).first);
        } else {
            members.is_geometry = members.is_geometry || key == "coordinates" || key == "geometries";
            cursor_.skip_value();
        }
    }

    Node box(std::size_t byte, Nodes const& numbers)
    {
        Box box;
        for (auto const& node : numbers) {
            auto const* number = std::get_if<Number>(&node.what);
            if (!number)
                pieces_.refuse(Errc::bad_syntax, node.place, "a number is missing");
            box.numbers.push_back(number->to_double());
        }
        if (auto const problem = box_problem(box); !problem.empty())
            pieces_.refuse(Errc::bad_value, byte, problem);
        return pieces_.make(byte, std::move(box));
    }

    Deep call(std::size_t byte, Members& members)
    {
        auto const op = op_named(*members.op);
        auto const depth = members.depth;
        if (op == Op::function) {
            if (members.op->empty())
                pieces_.refuse(Errc::bad_syntax, byte, "\"op\" is empty");
            return {pieces_.call(byte, *std::move(members.op), *std::move(members.arguments), depth), depth};
        }
        auto node = pieces_.call(byte, op, *std::move(members.arguments), depth);
        if (op == Op::in && !std::holds_alternative<Array>(std::get<Call>(node.what).arguments[1].what))
            pieces_.refuse(Errc::bad_syntax, byte, "the second argument of \"in\" is an array");
        return {std::move(node), depth};
    }

    Pieces pieces_;
    std::string_view text_;
    JsonCursor cursor_;
};

class JsonNodes {
public:
    explicit JsonNodes(std::string& out) : json_{out} {}

    void write(Node const& node)
    {
        std::visit([this](auto const& what) { write(what); }, node.what);
    }

private:
    void write(bool flag) { json_.value(flag); }
    void write(Number const& number) { json_.raw(number.to_string()); }
    void write(std::string const& text) { json_.value(text); }
    void write(Date date) { json_.begin_object().member("date", format_date(date)).end_object(); }
    void write(UtcTime time) { json_.begin_object().member("timestamp", time).end_object(); }
    void write(Open) { json_.value(".."); }
    void write(Property const& property) { json_.begin_object().member("property", property.name).end_object(); }
    void write(Box const& box)
    {
        json_.begin_object().key("bbox").begin_array();
        for (double const number : box.numbers)
            json_.value(number);
        json_.end_array().end_object();
    }
    void write(Shape const& shape)
    {
        std::string text;
        write_shape(text, shape);
        json_.raw(text);
    }
    void write(Interval const& interval)
    {
        json_.begin_object().key("interval").begin_array();
        for (auto const& end : interval.ends) {
            if (auto const* date = std::get_if<Date>(&end.what))
                json_.value(format_date(*date));
            else if (auto const* time = std::get_if<UtcTime>(&end.what))
                json_.value(*time);
            else
                write(end);
        }
        json_.end_array().end_object();
    }
    void write(Array const& array) { write(array.elements); }
    void write(Nodes const& nodes)
    {
        json_.begin_array();
        for (auto const& node : nodes)
            write(node);
        json_.end_array();
    }
    void write(Call const& call)
    {
        json_.begin_object().member("op", call.op == Op::function ? std::string_view{call.function} : word_of(call.op).json);
        json_.key("args");
        write(call.arguments);
        json_.end_object();
    }

    JsonWriter json_;
};

}  // namespace

Result<Node> parse_json(std::string_view text, Budget const& budget)
{
    try {
        return JsonReader{text, budget}.read();
    } catch (Refusal& refusal) {
        return std::unexpected{std::move(refusal.why)};
    }
}

std::string to_json(Node const& node)
{
    std::string out;
    JsonNodes{out}.write(node);
    return out;
}

}  // namespace yihong::cql2
