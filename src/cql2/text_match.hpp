#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yihong::cql2 {

/// Without difference of case (CASEI): full folding, ß as ss.
[[nodiscard]] std::string case_folded(std::string_view text);
/// Without accents (ACCENTI): é as e.
[[nodiscard]] std::string without_accents(std::string_view text);

/// A pattern of LIKE: `%` is any text, `_` one character, a backslash makes either of them a letter. Matching takes at most the length of the pattern
/// times that of the text.
class Pattern {
public:
    explicit Pattern(std::string_view pattern);
    [[nodiscard]] bool matches(std::string_view text) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return pieces_.size(); }

private:
    enum class Kind : char { letter, one, any };
    struct Piece {
        Kind kind;
        char byte;
    };
    std::vector<Piece> pieces_;  ///< letters byte by byte; no two `any` in a row
};

}  // namespace yihong::cql2
