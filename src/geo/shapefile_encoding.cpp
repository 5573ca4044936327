#include "shapefile_encoding.hpp"

#include "yihong/base/text.hpp"

#include <cpl_string.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace yihong::geo {
namespace {

constexpr bool is_in(unsigned char byte, unsigned low, unsigned high) noexcept { return byte >= low && byte <= high; }

/// What texts look like as UTF-8 and as GB18030. A DBF cuts names and values by bytes, in the middle of a character: its beginning is passed over.
class BytesSeen {
public:
    void add(std::string_view text)
    {
        if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
            return;
        plain_ = false;
        bool const utf8 = add_as_utf8(text);
        bool const gb = add_as_gb(text);
        is_utf8_ = is_utf8_ && utf8;
        is_gb_ = is_gb_ && gb;
        if (!utf8 && !gb && neither_.empty())
            neither_ = to_valid_utf8(text);
    }

    [[nodiscard]] bool plain() const noexcept { return plain_; }
    [[nodiscard]] bool is_utf8() const noexcept { return is_utf8_; }
    [[nodiscard]] bool is_gb() const noexcept { return is_gb_; }
    [[nodiscard]] std::string const& neither() const noexcept { return neither_; }
    /// Has characters of four bytes, which GBK does not know.
    [[nodiscard]] bool needs_gb18030() const noexcept { return quads_ > 0; }
    /// Nearly all pairs stand in the rows of GB 2312, as those of Chinese text do; the bytes of other encodings are scattered over GBK.
    [[nodiscard]] bool looks_gb() const noexcept { return is_gb_ && pairs_ > 0 && common_pairs_ * 10 >= pairs_ * 9; }
    /// It decodes to Chinese characters, not to the rare letters of which GBK bytes sometimes make valid UTF-8 (联通).
    [[nodiscard]] bool looks_utf8() const noexcept { return is_utf8_ && east_asian_ > 0 && east_asian_ >= other_; }

private:
    bool add_as_utf8(std::string_view text)
    {
        std::size_t end = text.size();  // without a character that is cut
        for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
            auto const byte = static_cast<unsigned char>(text[text.size() - back]);
            if (is_in(byte, 0x80, 0xBF))
                continue;
            std::size_t const length = is_in(byte, 0xC2, 0xDF) ? 2 : is_in(byte, 0xE0, 0xEF) ? 3 : is_in(byte, 0xF0, 0xF4) ? 4 : 1;
            if (length > back)
                end -= back;
            break;
        }
        text = text.substr(0, end);
        if (!is_valid_utf8(text))
            return false;
        for (char const c : text) {
            auto const byte = static_cast<unsigned char>(c);
            if (is_in(byte, 0xE3, 0xE9) || byte == 0xEF || byte == 0xF0)  // U+3000 to 9FFF, full-width forms, rarer characters
                ++east_asian_;
            else if (byte >= 0xC2)
                ++other_;
        }
        return true;
    }

    bool add_as_gb(std::string_view text)
    {
        auto const at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (at(i) < 0x80)
                continue;
            if (!is_in(at(i), 0x81, 0xFE))
                return false;
            if (i + 1 == text.size())
                return true;  // cut
            if (is_in(at(i + 1), 0x30, 0x39)) {
                bool const fits =
                    (i + 2 >= text.size() || is_in(at(i + 2), 0x81, 0xFE)) && (i + 3 >= text.size() || is_in(at(i + 3), 0x30, 0x39));
                if (!fits)
                    return false;
                quads_ += i + 3 < text.size();
                i += 3;
                continue;
            }
            if (!is_in(at(i + 1), 0x40, 0xFE) || at(i + 1) == 0x7F)
                return false;
            ++pairs_;
            common_pairs_ += is_in(at(i), 0xA1, 0xF7) && at(i + 1) >= 0xA1;
            ++i;
        }
        return true;
    }

    bool plain_ = true;
    bool is_utf8_ = true;
    bool is_gb_ = true;
    std::size_t pairs_ = 0, common_pairs_ = 0, quads_ = 0;
    std::size_t east_asian_ = 0, other_ = 0;
    std::string neither_;
};

enum class Said { nothing, utf8, gb, gb2312, other };

/// \param name what the .cpg or the DBF header says, as GDAL reads it
Said meaning_of(std::string name)
{
    std::erase_if(name, [](char c) { return c == '-' || c == '_' || c == ' '; });
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (std::string_view const prefix : {"ANSI", "CP", "WINDOWS", "MS"})
        if (name.starts_with(prefix))
            name.erase(0, prefix.size());
    if (name.starts_with("UTF8") || name == "65001")
        return Said::utf8;
    if (name == "GB2312" || name == "EUCCN" || name == "20936")
        return Said::gb2312;
    if (name.starts_with("GB") || name == "936" || name == "54936")
        return Said::gb;
    for (std::string_view const single_bytes : {"", "OEM", "ASCII", "USASCII", "88591", "ISO88591", "LATIN1", "1252", "437", "850"})
        if (name == single_bytes)
            return Said::nothing;
    return Said::other;
}

std::string said_by(OGRLayer& layer)
{
    char** const metadata = layer.GetMetadata("SHAPEFILE");
    for (char const* const key : {"CPG_VALUE", "ENCODING_FROM_CPG", "ENCODING_FROM_LDID"})
        if (char const* const said = CSLFetchNameValue(metadata, key); said && *said)
            return to_valid_utf8(said);
    return {};
}

BytesSeen look_at(GDALDataset& raw)
{
    BytesSeen seen;
    for (auto* const layer : raw.GetLayers()) {
        std::vector<int> text_fields;
        for (int i = 0; i < layer->GetLayerDefn()->GetFieldCount(); ++i) {
            seen.add(layer->GetLayerDefn()->GetFieldDefn(i)->GetNameRef());
            if (layer->GetLayerDefn()->GetFieldDefn(i)->GetType() == OFTString)
                text_fields.push_back(i);
        }
        for (auto const& feature : *layer)
            for (int const i : text_fields)
                seen.add(feature->GetFieldAsString(i));
    }
    return seen;
}

}  // namespace

EncodingLook look_at_encoding(GDALDataset& opened, std::string const& source)
{
    EncodingLook look;
    if (!EQUAL(opened.GetDriverName(), "ESRI Shapefile"))
        return look;
    for (auto* const layer : opened.GetLayers())
        if (look.said.empty())
            look.said = said_by(*layer);
    auto const said = meaning_of(look.said);
    if (said == Said::other)
        return look;
    auto const raw = open_dataset(source, GDAL_OF_VECTOR, "");
    if (!raw)
        return look;
    auto const seen = look_at(**raw);
    if (seen.plain())
        return look;

    bool const says_gb = said == Said::gb || said == Said::gb2312;
    // where the bytes fit both, what looks like Chinese in one of them, and else the file's word
    bool const utf8 = seen.is_utf8() &&
                      (!seen.is_gb() || (seen.looks_utf8() && !(says_gb && seen.looks_gb())) || (said == Said::utf8 && !seen.looks_gb()));
    bool const gb = !utf8 && seen.is_gb() && (said != Said::nothing || look.said.empty() || seen.looks_gb());
    if (utf8) {
        look.encoding = said == Said::utf8 ? "" : "UTF-8";
        look.contradicted = says_gb;
    } else if (gb) {
        bool const stands = said == Said::gb && !seen.needs_gb18030();
        look.encoding = stands ? "" : seen.needs_gb18030() || said == Said::gb2312 ? "GB18030" : "GBK";
        look.contradicted = said == Said::utf8;
    } else if (said != Said::nothing || look.said.empty()) {
        look.unreadable = seen.neither();
    }
    return look;
}

}  // namespace yihong::geo
