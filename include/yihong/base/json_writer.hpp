#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong {

/// Writes JSON into a string, keys in the order of the calls: shortest round-trip numbers, `null` for non-finite ones,
/// malformed UTF-8 replaced. Commas are its own business.
///
///     JsonWriter json{out};
///     json.begin_object().key("id").value("zhangliuzhuang").key("class").value(4).end_object();
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) noexcept : out_{out} {}

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(char const* text) { return value(std::string_view{text}); }
    JsonWriter& value(double number);
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(bool flag);
    JsonWriter& value(Decimal const& number);     ///< as it came: 7.10 → 7.10
    JsonWriter& value(UtcTime time);              ///< RFC 3339 text, UTC
    JsonWriter& null();
    /// Bytes that are JSON already.
    JsonWriter& raw(std::string_view json);
    template <typename T>
    JsonWriter& member(std::string_view name, T const& content)
    {
        return key(name).value(content);
    }
    /// `null` for nothing.
    template <typename T>
    JsonWriter& member_or_null(std::string_view name, std::optional<T> const& content)
    {
        return content ? key(name).value(*content) : key(name).null();
    }
    /// `null` for an empty text.
    JsonWriter& text_or_null(std::string_view name, std::string_view text)
    {
        return text.empty() ? key(name).null() : key(name).value(text);
    }

private:
    void separate();
    /// As it is, when nothing in it needs escaping. \param colon it is a key \return false: nothing was written
    bool append_plain(std::string_view text, bool colon);
    std::string& out_;
    bool need_comma_ = false;
};

}  // namespace yihong
