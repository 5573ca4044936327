#include "operators.hpp"
#include "shape_text.hpp"

#include "yihong/base/text.hpp"
#include "yihong/cql2/syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::cql2 {
namespace {

void append_number(std::string& out, double number)
{
    std::array<char, 32> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

bool is_letter(unsigned char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Names of ASCII letters and of Chinese ones (U+4E00 to U+9FFF) go without quotes, unless the language has another use for them.
void append_name(std::string& out, std::string_view name, bool is_called)
{
    constexpr std::array taken{"and", "or", "not", "like", "between", "in", "is", "null", "div", "true", "false"};
    constexpr std::array heads{"date",    "timestamp",  "interval",        "bbox",         "envelope",          "point", "linestring",
                               "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"};
    bool is_plain = !name.empty();
    for (std::size_t i = 0; i < name.size() && is_plain; ++i) {
        auto const c = static_cast<unsigned char>(name[i]);
        bool const is_han = c >= 0xE5 && c <= 0xE9 && i + 2 < name.size();
        bool const may_follow = i > 0 && ((c >= '0' && c <= '9') || c == '.');
        is_plain = is_letter(c) || is_han || may_follow;
        i += is_han ? 2 : 0;
    }
    std::string lower{name};
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    auto const is_among = [&](auto const& words) { return std::ranges::find(words, lower) != words.end(); };
    if (is_plain && !is_among(taken) && !(is_called && is_among(heads))) {
        out += name;
        return;
    }
    out += '"';
    for (char const c : name)
        out.append(c == '"' ? 2 : 1, c);
    out += '"';
}

void append_quoted(std::string& out, std::string_view text)
{
    constexpr std::string_view names = "abtnvfr", controls = "\a\b\t\n\v\f\r";
    out += '\'';
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (auto const at = controls.find(c); at != std::string_view::npos)
            (out += '\\') += names[at];
        else if (c == '\\' && !(i + 1 < text.size() && (text[i + 1] == '%' || text[i + 1] == '_')))
            out += "\\\\";                                 // that of a pattern needs no other before it
        else
            out.append(c == '\'' ? 2 : 1, c);
    }
    out += '\'';
}

class TextWriter {
public:
    std::string out;

    /// \param binding what does not bind so tightly goes in brackets
    void write(Node const& node, Binding binding)
    {
        auto const* call = std::get_if<Call>(&node.what);
        bool const is_in_brackets = call && word_of(call->op).binding < binding;
        out += is_in_brackets ? "(" : "";
        std::visit([this](auto const& what) { write(what); }, node.what);
        out += is_in_brackets ? ")" : "";
    }

private:
    void write(bool flag) { out += flag ? "TRUE" : "FALSE"; }
    void write(Number const& number) { out += number.to_string(); }
    void write(std::string const& text) { append_quoted(out, text); }
    void write(Date date) { out.append("DATE('").append(format_date(date)).append("')"); }
    void write(UtcTime time) { out.append("TIMESTAMP('").append(format_rfc3339(time)).append("')"); }
    void write(Open) { out += "'..'"; }
    void write(Property const& property) { append_name(out, property.name, false); }
    void write(Box const& box)
    {
        out += "BBOX(";
        for (bool first = true; double const number : box.numbers) {
            out += first ? "" : ", ";
            first = false;
            append_number(out, number);
        }
        out += ')';
    }
    void write(Shape const& shape) { out += to_wkt(shape); }
    void write(Interval const& interval)
    {
        out += "INTERVAL(";
        for (bool first = true; auto const& end : interval.ends) {
            out += first ? "" : ", ";
            first = false;
            if (auto const* date = std::get_if<Date>(&end.what))
                append_quoted(out, format_date(*date));
            else if (auto const* time = std::get_if<UtcTime>(&end.what))
                append_quoted(out, format_rfc3339(*time));
            else
                write(end, Binding::disjunction);
        }
        out += ')';
    }
    void write(Array const& array) { write_list(array.elements); }
    void write(Call const& call)
    {
        auto const& word = word_of(call.op);
        auto const& arguments = call.arguments;
        if (!word.symbol.empty()) {
            write_operator(word, arguments);
        } else if (is_called(call.op)) {
            if (call.op == Op::function)
                append_name(out, call.function, true);
            else
                out += text_name(call.op);
            write_list(arguments);
        } else if (call.op == Op::logical_not) {
            write_not(arguments.front());
        } else {
            write_test(call, false);
        }
    }

    void write_list(Nodes const& nodes)
    {
        out += '(';
        for (bool first = true; auto const& node : nodes) {
            out += first ? "" : ", ";
            first = false;
            write(node, Binding::disjunction);
        }
        out += ')';
    }

    void write_operator(Word const& word, Nodes const& operands)
    {
        auto const tighter = static_cast<Binding>(static_cast<int>(word.binding) + 1);
        // what stands first may be of the same operator where it is read from the left: a - b - c
        bool const is_from_left = word.binding == Binding::sum || word.binding == Binding::product;
        for (bool first = true; auto const& operand : operands) {
            if (!first)
                out.append(" ").append(word.symbol).append(" ");
            write(operand, first && is_from_left ? word.binding : tighter);
            first = false;
        }
    }

    /// NOT stands within a test where it can: a NOT LIKE b, a IS NOT NULL.
    void write_not(Node const& operand)
    {
        auto const* call = std::get_if<Call>(&operand.what);
        bool const is_test = call && (call->op == Op::like || call->op == Op::between || call->op == Op::in || call->op == Op::is_null);
        if (is_test) {
            write_test(*call, true);
            return;
        }
        out += "NOT ";
        write(operand, Binding::negation);
    }

    void write_test(Call const& call, bool is_negated)
    {
        auto const& arguments = call.arguments;
        write(arguments[0], Binding::sum);
        if (call.op == Op::is_null) {
            out += is_negated ? " IS NOT NULL" : " IS NULL";
            return;
        }
        out.append(is_negated ? " NOT " : " ").append(text_name(call.op)).append(" ");
        if (call.op == Op::in) {
            write_list(std::get<Array>(arguments[1].what).elements);
            return;
        }
        write(arguments[1], Binding::sum);
        if (call.op == Op::between) {
            out += " AND ";
            write(arguments[2], Binding::sum);
        }
    }
};

}  // namespace

std::string to_text(Node const& node)
{
    TextWriter writer;
    writer.write(node, Binding::disjunction);
    return std::move(writer.out);
}

}  // namespace yihong::cql2
