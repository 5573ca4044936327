#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/parameters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace yihong::api {

inline constexpr std::string_view csv_type = "text/csv; charset=utf-8";
/// Of a text, for the description of the API.
inline constexpr std::string_view text_schema = R"({"type":"string"})";

/// Statistics as CSV (RFC 4180): names of columns, then a row each, field by field.
class CsvRows {
public:
    /// \param head the names, with commas between them
    CsvRows(std::string_view head, bool bom) : out_{bom ? "\xEF\xBB\xBF" : ""} { out_.append(head).append("\r\n"); }

    CsvRows& text(std::string_view field)
    {
        if (!std::exchange(is_first_, false))
            out_ += ',';
        append_csv_field(out_, field);
        return *this;
    }
    CsvRows& number(std::int64_t value) { return text(std::to_string(value)); }
    /// Empty where there is none.
    CsvRows& number(std::optional<Decimal> const& value) { return text(value ? value->to_string() : std::string{}); }
    CsvRows& number(std::optional<int> const& value) { return text(value ? std::to_string(*value) : std::string{}); }
    void end()
    {
        out_ += "\r\n";
        is_first_ = true;
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
    bool is_first_ = true;
};

/// `bom`
template <typename Into>
http::Parameter<Into> bom_parameter()
{
    return http::query("bom",
                       {"CSV 以字节顺序标记开头，供 Excel 识别 UTF-8", "CSV begins with a byte order mark, by which Excel knows UTF-8"},
                       http::flag(), &Into::bom);
}

/// `f` for JSON and CSV, and `bom`.
template <typename Into>
void add_csv_parameters(http::Parameters<Into>& parameters)
{
    parameters.push_back(http::form({http::Form::json, http::Form::csv}, &Into::form));
    parameters.push_back(bom_parameter<Into>());
}

}  // namespace yihong::api
