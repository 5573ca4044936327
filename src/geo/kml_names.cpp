#include "kml_names.hpp"

#include "gdal_source.hpp"

#include "yihong/base/text.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

namespace yihong::geo {
namespace {

constexpr vsi_l_offset size_limit = 256U << 20U;

bool has_extension(std::string const& source, char const* extension) { return EQUAL(CPLGetExtension(source.c_str()), extension); }

/// The document of a KMZ: its first `.kml`.
std::string document_of(std::string const& source)
{
    if (has_extension(source, "kml"))
        return source;
    if (!has_extension(source, "kmz"))
        return {};
    std::string const folder = "/vsizip/" + source;
    CPLStringList const files{VSIReadDirRecursive(folder.c_str())};
    for (int i = 0; i < files.size(); ++i)
        if (has_extension(files[i], "kml"))
            return folder + '/' + files[i];
    return {};
}

std::optional<std::string> text_of(std::string const& path)
{
    GByte* bytes = nullptr;
    vsi_l_offset size = 0;
    if (!VSIIngestFile(nullptr, path.c_str(), &bytes, &size, static_cast<GIntBig>(size_limit)))
        return std::nullopt;
    std::string text{reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)};
    VSIFree(bytes);
    return text;
}

bool is_plain(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// A start or end tag.
struct Tag {
    std::size_t begin = 0;
    std::size_t end = 0;                                       // behind its >
    std::string_view text;
    std::string_view prefix;                                   // of its namespace, with the colon
    std::string_view name;
    bool closes = false;                                       // </…>
    bool is_empty = false;                                     // <…/>
};

/// Every tag in its order. Comments, CDATA and instructions are passed over.
template <typename Visit>
void visit_tags(std::string_view xml, Visit visit)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> passed_over{
        {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}}};
    for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at)) {
        auto const rest = xml.substr(at);
        auto const other = std::ranges::find_if(passed_over, [&](auto const& one) { return rest.starts_with(one.first); });
        auto const end = other == passed_over.end() ? rest.find('>') : rest.find(other->second);
        if (end == std::string_view::npos)
            return;
        if (other != passed_over.end()) {
            at += end;
            continue;
        }
        Tag tag{.begin = at, .end = at + end + 1, .text = rest.substr(0, end + 1), .prefix = {}, .name = {}};
        tag.closes = tag.text.starts_with("</");
        tag.is_empty = tag.text.ends_with("/>");
        auto const from = tag.closes ? 2U : 1U;
        tag.name = tag.text.substr(from, tag.text.find_first_of(" \t\r\n/>", from) - from);
        if (auto const colon = tag.name.find(':'); colon != std::string_view::npos) {
            tag.prefix = tag.name.substr(0, colon + 1);
            tag.name.remove_prefix(colon + 1);
        }
        visit(tag);
        at = tag.end;
    }
}

/// The value of the attribute `name`, as it is written; with its quotes empty: there is none.
std::string_view name_attribute(Tag const& tag)
{
    constexpr std::string_view blanks = " \t\r\n";
    for (auto at = tag.text.find("name"); at != std::string_view::npos; at = tag.text.find("name", at + 4)) {
        auto const equals = tag.text.find_first_not_of(blanks, at + 4);
        if (blanks.find(tag.text[at - 1]) == std::string_view::npos || equals == std::string_view::npos || tag.text[equals] != '=')
            continue;
        auto const quote = tag.text.find_first_not_of(blanks, equals + 1);
        if (quote == std::string_view::npos || (tag.text[quote] != '"' && tag.text[quote] != '\''))
            return {};
        auto const close = tag.text.find(tag.text[quote], quote + 1);
        return close == std::string_view::npos ? std::string_view{} : tag.text.substr(quote + 1, close - quote - 1);
    }
    return {};
}

std::string unescaped(std::string_view text)
{
    std::unique_ptr<char, void (*)(void*)> const plain{CPLUnescapeString(std::string{text}.c_str(), nullptr, CPLES_XML), VSIFree};
    return plain.get();
}

}  // namespace

std::optional<PlainKml> plain_kml(std::string const& source)
{
    GdalMessages const quiet;                                  // whoever opens the source says what is wrong with it
    auto const document = document_of(source);
    auto const text = document.empty() ? std::nullopt : text_of(document);
    if (!text || !is_valid_utf8(*text))
        return std::nullopt;
    bool has_data = false;
    bool has_schema_data = false;
    bool has_names_to_spoil = false;
    visit_tags(*text, [&](Tag const& tag) {
        has_data = has_data || tag.name == "Data";
        has_schema_data = has_schema_data || tag.name == "SchemaData";
        has_names_to_spoil = has_names_to_spoil || (tag.name == "Data" && !tag.closes && !is_plain(name_attribute(tag)));
    });
    bool const is_mixed = has_data && has_schema_data;         // the driver then reads the one and passes over the other
    if (!has_names_to_spoil && !is_mixed)
        return std::nullopt;

    PlainKml made;
    std::map<std::string, std::string> plain;                  // by the name in the file, still escaped
    std::string copy;
    std::size_t copied = 0;
    auto const replace = [&](Tag const& tag, std::string const& by) {
        if (copied <= tag.begin)
            copy.append(*text, copied, tag.begin - copied).append(by);
        copied = std::max(copied, tag.end);
    };
    auto const data_tag = [&](Tag const& tag) {
        std::string const written{name_attribute(tag)};
        auto const [known, is_new] = plain.try_emplace(written, "yihong_data_" + std::to_string(plain.size()));
        if (is_new)
            made.original.emplace(known->second, unescaped(written));
        return fmt::format("<{}Data name=\"{}\"{}>", tag.prefix, known->second, tag.is_empty ? "/" : "");
    };
    bool in_schema = false;                                    // of which a mixed document keeps nothing
    visit_tags(*text, [&](Tag const& tag) {
        if (tag.name == "Data" && !tag.closes)
            return replace(tag, data_tag(tag));
        if (!is_mixed)
            return;
        if (tag.name == "Schema" && !tag.is_empty)
            in_schema = !tag.closes;
        if (in_schema || tag.name == "Schema" || tag.name == "SchemaData" || (tag.name == "SimpleData" && tag.is_empty))
            replace(tag, "");
        else if (tag.name == "SimpleData" && tag.closes)
            replace(tag, fmt::format("</{0}value></{0}Data>", tag.prefix));
        else if (tag.name == "SimpleData")
            replace(tag, fmt::format("{}<{}value>", data_tag(tag), tag.prefix));
    });
    copy.append(*text, copied);

    static std::atomic<unsigned> count{0};
    std::string const folder = "/vsimem/yihong_kml_" + std::to_string(count++);
    made.source = folder + '/' + CPLGetBasename(source.c_str()) + ".kml";
    std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> const file{VSIFOpenL(made.source.c_str(), "wb"), VSIFCloseL};
    if (!file || VSIFWriteL(copy.data(), 1, copy.size(), file.get()) != copy.size())
        return std::nullopt;
    return made;
}

void forget_plain_kml(std::string const& copy) noexcept { VSIUnlink(copy.c_str()); }

}  // namespace yihong::geo
