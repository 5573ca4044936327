#include "field_names.hpp"

#include "yihong/base/text.hpp"

#include <cpl_string.h>

#include <algorithm>
#include <array>
#include <set>

namespace yihong::geo {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";       // U+FFFD, where a character was cut

/// Drivers whose conditions GDAL itself evaluates, by the names of its definition. A database does it with its own names.
bool filters_by_definition(GDALDataset& dataset)
{
    std::string_view const driver = dataset.GetDriverName() ? dataset.GetDriverName() : "";
    return driver == "ESRI Shapefile" || driver == "GeoJSON" || driver == "GeoJSONSeq" || driver == "LIBKML" || driver == "KML";
}

std::string readable(char const* name)
{
    std::string text = to_valid_utf8(name);
    while (text.ends_with(replacement))
        text.resize(text.size() - replacement.size());
    return text;
}

bool same_but_for_case(std::string const& a, std::string const& b) { return EQUAL(a.c_str(), b.c_str()); }

bool is_name_byte(char c) noexcept
{
    return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_ascii(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Words of a condition, which a field of that name does not take from it. It has to stand in quotes.
bool is_keyword(std::string_view word) noexcept
{
    constexpr std::array<std::string_view, 13> keywords{"AND",   "OR",      "NOT",    "IS",   "NULL", "IN",     "LIKE",
                                                        "ILIKE", "BETWEEN", "ESCAPE", "CAST", "AS",   "COLLATE"};
    return std::ranges::any_of(keywords, [&](std::string_view keyword) {
        return keyword.size() == word.size() && EQUALN(keyword.data(), word.data(), word.size());
    });
}

std::string in_quotes(std::string_view name)
{
    std::string out{'"'};
    for (char const c : name) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

FieldNames::FieldNames(GDALDataset& dataset, OGRLayer& layer, std::map<std::string, std::string> const& original)
{
    auto& definition = *layer.GetLayerDefn();
    bool is_ambiguous = false;
    std::set<std::string> taken;
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        std::string const known = definition.GetFieldDefn(i)->GetNameRef();
        auto const other = original.find(known);
        std::string const name = other != original.end() ? other->second : readable(known.c_str());
        std::string served = name;
        for (int n = 2; !taken.insert(served).second; ++n)
            served = name + '_' + std::to_string(n);
        if (served != name || (other == original.end() && name != known))
            renamed_.push_back(served);
        is_ambiguous = is_ambiguous || std::ranges::any_of(internal_, [&](auto const& before) { return same_but_for_case(before, known); });
        served_.push_back(std::move(served));
        internal_.push_back(known);
    }
    if (!is_ambiguous || !filters_by_definition(dataset))
        return;
    unambiguous_.reset(definition.Clone());
    unambiguous_->Reference();
    for (std::size_t i = 0; i < internal_.size(); ++i) {
        internal_[i] = "yihong_field_" + std::to_string(i);
        unambiguous_->GetFieldDefn(static_cast<int>(i))->SetName(internal_[i].c_str());
    }
}

int FieldNames::find(std::string_view name) const noexcept
{
    auto found = std::ranges::find(served_, name);
    if (found == served_.end())
        found = std::ranges::find_if(served_, [&](std::string const& other) {
            return other.size() == name.size() && EQUALN(other.c_str(), name.data(), name.size());
        });
    return found == served_.end() ? -1 : static_cast<int>(found - served_.begin());
}

std::string FieldNames::translated(std::string_view where) const
{
    std::string out;
    auto const add_name = [&](std::string_view name, bool is_quoted) {
        std::string_view known = name;
        if (int const at = !is_quoted && is_keyword(name) ? -1 : find(name); at >= 0)
            known = internal_[static_cast<std::size_t>(at)];
        if (is_quoted || !is_ascii(name) || known != name)
            out += in_quotes(known);
        else
            out += name;
    };
    for (std::size_t at = 0; at < where.size();) {
        char const c = where[at];
        if (c == '\'' || c == '"') {                            // to the closing quote; \ and a doubled quote keep it open
            std::size_t end = at + 1;
            std::string text;
            for (; end < where.size() && where[end] != c; ++end) {
                if (where[end] == '\\' && end + 1 < where.size() && (where[end + 1] == c || where[end + 1] == '\\'))
                    ++end;
                text += where[end];
            }
            if (c == '"' && end < where.size())
                add_name(text, true);
            else
                out += where.substr(at, end - at + 1);
            at = end + 1;
        } else if (is_name_byte(c) && !(c >= '0' && c <= '9')) {
            std::size_t end = at;
            while (end < where.size() && is_name_byte(where[end]))
                ++end;
            add_name(where.substr(at, end - at), false);
            at = end;
        } else if (is_name_byte(c)) {                           // a number, with its exponent
            while (at < where.size() && is_name_byte(where[at]))
                out += where[at++];
        } else {
            out += where[at++];
        }
    }
    return out;
}

}  // namespace yihong::geo
