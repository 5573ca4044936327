#include "grammar.hpp"
#include "operators.hpp"
#include "pieces.hpp"
#include "shape_text.hpp"

#include <algorithm>
#include <iterator>

namespace yihong::cql2 {
namespace {

/// Puts pieces together while their text is read: each rule takes what it is made of from the end of a stack.
class Builder {
public:
    Builder(std::string_view text, Budget const& budget) : pieces{text, budget}, text_{text} {}

    Pieces pieces;

    [[nodiscard]] std::size_t byte_of(char const* at) const noexcept { return static_cast<std::size_t>(at - text_.data()); }

    template <typename What>
    void push(char const* at, What&& what)
    {
        stack_.push_back({.node = pieces.make(byte_of(at), std::forward<What>(what)), .byte = byte_of(at)});
    }
    void push_name(char const* at, std::string name, bool is_quoted)
    {
        push(at, Property{std::move(name)});
        stack_.back().is_quoted = is_quoted;
    }
    void push_number(char const* at, std::string_view text)
    {
        auto const number = Number::parse(text);
        if (!number)
            pieces.refuse(number.error().code, byte_of(at), number.error().detail);
        push(at, *number);
    }
    void push_shape(char const* at, std::string_view text)
    {
        auto read = read_shape(text);
        if (!read)
            pieces.refuse(read.error().code, byte_of(at), read.error().detail);
        stack_.push_back({.node = pieces.shape(byte_of(at), *std::move(read)), .byte = byte_of(at)});
    }

    /// The topmost pieces become the arguments of a call.
    void reduce(Op op, std::size_t count)
    {
        auto taken = take(count);
        push_call(op, std::move(taken));
    }
    /// Chains of AND and of OR are one call.
    void reduce_chain(Op op)
    {
        auto taken = take(2);
        if (taken.front().chain != op) {
            push_call(op, std::move(taken));
            stack_.back().chain = op;
            return;
        }
        auto& chain = taken.front();
        chain.depth = std::max(chain.depth, taken.back().depth + 1);
        pieces.check_depth(taken.back().byte, chain.depth);
        std::get<Call>(chain.node.what).arguments.push_back(std::move(taken.back().node));
        stack_.push_back(std::move(chain));
    }
    void reduce_negative()
    {
        auto taken = take(1);
        auto minus = Entry{.node = pieces.make(taken.front().byte, Number{std::int64_t{-1}}), .byte = taken.front().byte};
        taken.insert(taken.begin(), std::move(minus));
        push_call(Op::multiply, std::move(taken));
    }

    void open() { marks_.push_back(stack_.size()); }
    void reduce_listed()
    {
        auto taken = take_listed();
        push_array(std::move(taken));
        reduce(Op::in, 2);
    }
    void reduce_parentheses(char const* at)
    {
        auto taken = take_listed();
        if (taken.size() == 1) {
            taken.front().chain.reset();
            ++taken.front().brackets;
            stack_.push_back(std::move(taken.front()));
            return;
        }
        for (auto& entry : taken)
            make_array(entry);
        push_array(std::move(taken), byte_of(at));
    }
    /// A name with its arguments. What stands alone in brackets there, or in an array, is an array, where an array may stand.
    void reduce_call()
    {
        auto taken = take_listed();
        auto const named = std::move(take(1).front());
        auto& name = std::get<Property>(named.node.what).name;
        auto const op = named.is_quoted ? Op::function : op_named(name);
        bool const takes_arrays = op == Op::function || (op >= Op::a_equals && op <= Op::a_overlaps);
        std::size_t depth = 1;
        Nodes arguments;
        for (auto& entry : taken) {
            if (takes_arrays)
                make_array(entry);
            depth = std::max(depth, entry.depth + 1);
            arguments.push_back(std::move(entry.node));
        }
        auto node = pieces.call(named.byte, name, std::move(arguments), depth);
        stack_.push_back({.node = std::move(node), .byte = named.byte, .depth = depth});
    }
    void reduce_interval(char const* at)
    {
        auto taken = take(2);
        Interval interval;
        std::size_t depth = 1;
        for (auto& entry : taken) {
            depth = std::max(depth, entry.depth + 1);
            interval.ends.push_back(pieces.end_of_interval(std::move(entry.node)));
        }
        stack_.push_back({.node = pieces.make(byte_of(at), std::move(interval), depth), .byte = byte_of(at), .depth = depth});
    }
    void reduce_box(char const* at)
    {
        Box box;
        for (auto const& entry : take_listed())
            box.numbers.push_back(std::get<Number>(entry.node.what).to_double());
        if (auto const problem = box_problem(box); !problem.empty())
            pieces.refuse(Errc::bad_value, byte_of(at), problem);
        push(at, std::move(box));
    }
    void reduce_date(char const* at)
    {
        auto const taken = std::move(take(1).front());
        push(at, pieces.date(taken.node.place, std::get<std::string>(taken.node.what)));
    }
    void reduce_timestamp(char const* at)
    {
        auto const taken = std::move(take(1).front());
        push(at, pieces.timestamp(taken.node.place, std::get<std::string>(taken.node.what)));
    }

    Node result() { return pieces.whole(std::move(stack_.back().node)); }

    /// How deep rules stand within themselves at this moment, from here to the end of the scope.
    class Level {
    public:
        Level(Builder& builder, char const* at) : builder_{builder}
        {
            builder.pieces.check_depth(builder.byte_of(at), builder.depth_ + 1);
            ++builder.depth_;
        }
        ~Level() { --builder_.depth_; }
        Level(Level const&) = delete;
        Level& operator=(Level const&) = delete;

    private:
        Builder& builder_;
    };

private:
    struct Entry {
        Node node;
        std::size_t byte = 0;
        std::size_t depth = 1;
        std::optional<Op> chain = {};              ///< of a call that further operands of the same operator join
        std::size_t brackets = 0;                  ///< round it alone
        bool is_quoted = false;
    };

    /// An array of one for each pair of brackets.
    void make_array(Entry& entry)
    {
        for (; entry.brackets > 0; --entry.brackets)
            entry.node = pieces.make(entry.byte, Array{{std::move(entry.node)}}, ++entry.depth);
    }

    std::vector<Entry> take(std::size_t count)
    {
        auto const first = stack_.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<Entry> taken{std::make_move_iterator(first), std::make_move_iterator(stack_.end())};
        stack_.erase(first, stack_.end());
        return taken;
    }
    std::vector<Entry> take_listed()
    {
        auto const mark = marks_.back();
        marks_.pop_back();
        return take(stack_.size() - mark);
    }
    static std::pair<Nodes, std::size_t> nodes_of(std::vector<Entry> taken)
    {
        std::size_t depth = 1;
        Nodes nodes;
        for (auto& entry : taken) {
            depth = std::max(depth, entry.depth + 1);
            nodes.push_back(std::move(entry.node));
        }
        return {std::move(nodes), depth};
    }
    void push_call(Op op, std::vector<Entry> taken)
    {
        auto const byte = taken.front().byte;
        auto [nodes, depth] = nodes_of(std::move(taken));
        stack_.push_back({.node = pieces.call(byte, op, std::move(nodes), depth), .byte = byte, .depth = depth});
    }
    void push_array(std::vector<Entry> taken, std::optional<std::size_t> at = {})
    {
        auto const byte = at ? *at : taken.front().byte;
        auto [nodes, depth] = nodes_of(std::move(taken));
        stack_.push_back({.node = pieces.make(byte, Array{std::move(nodes)}, depth), .byte = byte, .depth = depth});
    }

    std::string_view text_;
    std::vector<Entry> stack_;
    std::vector<std::size_t> marks_;
    std::size_t depth_ = 0;
};

/// `''` and `\'` are a quote, `\\` is a backslash; \a \b \t \n \v \f \r are control characters. Any other backslash stands for itself, as that of a
/// pattern does.
std::string unescaped(std::string_view body)
{
    constexpr std::string_view names = "'\\abtnvfr", meanings = "'\\\a\b\t\n\v\f\r";
    std::string text;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] == '\'') {
            text += body[i++];
        } else if (auto const at = body[i] == '\\' && i + 1 < body.size() ? names.find(body[i + 1]) : std::string_view::npos;
                   at != std::string_view::npos) {
            text += meanings[at];
            ++i;
        } else {
            text += body[i];
        }
    }
    return text;
}

std::string without_quotes(std::string_view quoted)
{
    std::string name;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        name += quoted[i];
        i += quoted[i] == '"';
    }
    return name;
}

template <typename Rule>
struct action : tao::pegtl::nothing<Rule> {};

/// A rule that may stand within itself.
struct Guarded : tao::pegtl::maybe_nothing {
    template <typename Rule, tao::pegtl::apply_mode mode, tao::pegtl::rewind_mode rewind, template <typename...> class Action,
              template <typename...> class Control, typename Input>
    [[nodiscard]] static bool match(Input& input, Builder& builder)
    {
        Builder::Level const level{builder, input.current()};
        return tao::pegtl::match<Rule, mode, rewind, Action, Control>(input, builder);
    }
};
template <>
struct action<grammar::expression> : Guarded {};
template <>
struct action<grammar::negation> : Guarded {};
template <>
struct action<grammar::negative> : Guarded {
    template <typename Input>
    static void apply(Input const&, Builder& builder)
    {
        builder.reduce_negative();
    }
};
template <>
struct action<grammar::shape_body> : Guarded {};

/// What the builder does when a rule has matched `in`.
template <auto handler>
struct Does {
    template <typename Input>
    static void apply(Input const& in, Builder& builder)
    {
        handler(in, builder);
    }
};
template <>
struct action<grammar::plain_name> : Does<[](auto const& in, Builder& b) { b.push_name(in.begin(), in.string(), false); }> {};
template <>
struct action<grammar::quoted_name>
    : Does<[](auto const& in, Builder& b) { b.push_name(in.begin(), without_quotes(in.string_view()), true); }> {};
template <>
struct action<grammar::plain_number> : Does<[](auto const& in, Builder& b) { b.push_number(in.begin(), in.string_view()); }> {};
template <>
struct action<grammar::text_body> : Does<[](auto const& in, Builder& b) { b.push(in.begin() - 1, unescaped(in.string_view())); }> {};
template <>
struct action<grammar::kw_true> : Does<[](auto const& in, Builder& b) { b.push(in.begin(), true); }> {};
template <>
struct action<grammar::kw_false> : Does<[](auto const& in, Builder& b) { b.push(in.begin(), false); }> {};
template <>
struct action<grammar::date> : Does<[](auto const& in, Builder& b) { b.reduce_date(in.begin()); }> {};
template <>
struct action<grammar::timestamp> : Does<[](auto const& in, Builder& b) { b.reduce_timestamp(in.begin()); }> {};
template <>
struct action<grammar::interval> : Does<[](auto const& in, Builder& b) { b.reduce_interval(in.begin()); }> {};
template <>
struct action<grammar::box_open> : Does<[](auto const&, Builder& b) { b.open(); }> {};
template <>
struct action<grammar::box> : Does<[](auto const& in, Builder& b) { b.reduce_box(in.begin()); }> {};
template <>
struct action<grammar::shape_text> : Does<[](auto const& in, Builder& b) { b.push_shape(in.begin(), in.string_view()); }> {};
template <>
struct action<grammar::open_list> : Does<[](auto const&, Builder& b) { b.open(); }> {};
template <>
struct action<grammar::call_tail> : Does<[](auto const&, Builder& b) { b.reduce_call(); }> {};
template <>
struct action<grammar::parentheses> : Does<[](auto const& in, Builder& b) { b.reduce_parentheses(in.begin()); }> {};
template <>
struct action<grammar::like> : Does<[](auto const&, Builder& b) { b.reduce(Op::like, 2); }> {};
template <>
struct action<grammar::between> : Does<[](auto const&, Builder& b) { b.reduce(Op::between, 3); }> {};
template <>
struct action<grammar::in> : Does<[](auto const&, Builder& b) { b.reduce_listed(); }> {};
template <>
struct action<grammar::negated> : Does<[](auto const&, Builder& b) { b.reduce(Op::logical_not, 1); }> {};
template <>
struct action<grammar::not_that> : Does<[](auto const&, Builder& b) { b.reduce(Op::logical_not, 1); }> {};
template <>
struct action<grammar::is_null> : Does<[](auto const&, Builder& b) { b.reduce(Op::is_null, 1); }> {};
template <>
struct action<grammar::is_not_null> : Does<[](auto const&, Builder& b) { b.reduce(Op::is_null, 1), b.reduce(Op::logical_not, 1); }> {};

template <Op op, typename Symbol, typename Right>
struct action<grammar::binary<op, Symbol, Right>> {
    template <typename Input>
    static void apply(Input const&, Builder& builder)
    {
        if constexpr (op == Op::logical_and || op == Op::logical_or)
            builder.reduce_chain(op);
        else
            builder.reduce(op, 2);
    }
};

/// A rule that has to match and does not ends the reading with what is missing there.
template <typename Rule>
struct control : tao::pegtl::normal<Rule> {
    template <typename Input>
    [[noreturn]] static void raise(Input const& in, Builder& builder)
    {
        builder.pieces.refuse(Errc::bad_syntax, builder.byte_of(in.current()), grammar::missing<Rule>);
    }
};

}  // namespace

Result<Node> parse_text(std::string_view text, Budget const& budget)
{
    try {
        Builder builder{text, budget};
        tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input{text.data(), text.data() + text.size(), ""};
        tao::pegtl::parse<grammar::filter, action, control>(input, builder);
        return builder.result();
    } catch (Refusal& refusal) {
        return std::unexpected{std::move(refusal.why)};
    }
}

}  // namespace yihong::cql2
