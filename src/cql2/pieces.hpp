#pragma once

#include "yihong/cql2/syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::cql2 {

/// Ends the reading of a filter; caught where reading began.
struct Refusal final : std::exception {
    explicit Refusal(Failure failure) : why{std::move(failure)} {}
    [[nodiscard]] char const* what() const noexcept override { return why.detail.c_str(); }
    Failure why;
};

/// What both readers make their trees of: nodes with their places, counted against the budget. Methods that refuse throw a `Refusal`.
class Pieces {
public:
    /// \throws Refusal where the text is too long or not UTF-8
    Pieces(std::string_view text, Budget const& budget);

    [[nodiscard]] Place place(std::size_t byte) const noexcept { return {characters_[byte]}; }
    /// \param depth of pieces within pieces
    template <typename What>
    Node make(std::size_t byte, What&& what, std::size_t depth = 1)
    {
        count(byte, depth);
        return {std::forward<What>(what), place(byte)};
    }
    /// A call by its name: a word of the language, or a function.
    Node call(std::size_t byte, std::string name, Nodes arguments, std::size_t depth);
    Node call(std::size_t byte, Op op, Nodes arguments, std::size_t depth);
    Node shape(std::size_t byte, Shape shape);
    /// The whole of a filter: not a list, which is an argument only.
    [[nodiscard]] Node whole(Node node) const;
    /// What a text means as an end of an interval: `..`, a date or a time; other nodes are what they are.
    [[nodiscard]] Node end_of_interval(Node node) const;
    /// \return a date or a time of this text \throws Refusal
    [[nodiscard]] Date date(Place place, std::string_view text) const;
    [[nodiscard]] UtcTime timestamp(Place place, std::string_view text) const;

    void check_depth(std::size_t byte, std::size_t depth) const;
    [[noreturn]] void refuse(Errc code, std::size_t byte, std::string const& what) const { refuse(code, place(byte), what); }
    [[noreturn]] static void refuse(Errc code, Place place, std::string const& what);

private:
    void count(std::size_t byte, std::size_t depth);

    Budget budget_;
    std::vector<std::uint32_t> characters_;        ///< their numbers, a byte
    std::size_t nodes_ = 0;
    std::size_t positions_ = 0;
};

}  // namespace yihong::cql2
