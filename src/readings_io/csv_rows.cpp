#include "csv_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace yihong {
namespace {

constexpr auto ends_plain_text = [] {
    std::array<bool, 256> table{};
    table[','] = table['\n'] = table['"'] = true;
    return table;
}();

}  // namespace

CsvRows::CsvRows(std::string_view text, std::size_t first_line) : text_{text}, line_{first_line}
{
    if (text_.starts_with("\xEF\xBB\xBF"))
        at_ = 3;
}

/// From behind the opening quote to behind the closing one; the content becomes a field.
char const* CsvRows::quoted_field(char const* p)
{
    char const* const end = text_.data() + text_.size();
    char const* start = p;
    std::string* joined = nullptr;
    for (;;) {
        auto const* quote = static_cast<char const*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
        line_ += static_cast<std::size_t>(std::count(p, quote == nullptr ? end : quote, '\n'));
        if (quote == nullptr) {
            open_quote_ = true;
            fields_.emplace_back(start, static_cast<std::size_t>(end - start));
            return end;
        }
        bool const doubled = quote + 1 < end && quote[1] == '"';
        if (doubled && joined == nullptr)
            joined = &unescaped_.emplace_back();
        if (joined != nullptr)
            joined->append(start, quote + doubled);
        if (!doubled) {
            fields_.push_back(joined != nullptr ? std::string_view{*joined}
                                                : std::string_view{start, static_cast<std::size_t>(quote - start)});
            return quote + 1;
        }
        p = start = quote + 2;
    }
}

bool CsvRows::next()
{
    fields_.clear();
    if (!unescaped_.empty())
        unescaped_.clear();
    stray_quote_ = 0;
    closed_ = open_quote_ = false;
    for (; at_ < text_.size(); ++at_, ++line_) {
        auto const end = text_.find_first_not_of('\r', at_);
        if (end == std::string_view::npos || text_[end] != '\n')
            break;
        at_ = end;
    }
    begin_ = at_;
    row_line_ = line_;
    if (at_ >= text_.size())
        return false;

    char const* const end = text_.data() + text_.size();
    char const* p = text_.data() + at_;
    char const* row_end = end;
    for (;;) {
        bool const quoted = p < end && *p == '"';
        if (quoted)
            p = quoted_field(p + 1);
        char const* const start = p;
        for (;;) {
            while (p < end && !ends_plain_text[static_cast<unsigned char>(*p)])
                ++p;
            if (p == end || *p != '"')
                break;
            stray_quote_ = stray_quote_ != 0 ? stray_quote_ : fields_.size() + !quoted;
            ++p;
        }
        bool const last = p == end || *p == '\n';
        char const* stop = p;
        while (last && stop > start && stop[-1] == '\r')
            --stop;
        if (quoted) {
            if (stop != start && stray_quote_ == 0)
                stray_quote_ = fields_.size();                      // text behind the closing quote
        } else {
            fields_.emplace_back(start, static_cast<std::size_t>(stop - start));
        }
        if (last) {
            row_end = stop;
            closed_ = p < end;
            line_ += closed_;
            at_ = static_cast<std::size_t>(p - text_.data()) + closed_;
            break;
        }
        ++p;
    }
    raw_ = text_.substr(begin_, static_cast<std::size_t>(row_end - text_.data()) - begin_);
    return true;
}

}  // namespace yihong
