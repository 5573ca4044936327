#include "shapefile_encoding.hpp"

#include "yihong/base/text.hpp"

#include <cpl_string.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace yihong::geo {
namespace {

bool is_gbk(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80)
            continue;
        if (lead == 0x80 || lead == 0xFF)
            return false;
        if (++i == text.size())
            return true;                                       // a DBF field is cut by bytes, in the middle of a character
        auto const trail = static_cast<unsigned char>(text[i]);
        if (trail < 0x30 || (trail > 0x39 && trail < 0x40) || trail == 0x7F || trail == 0xFF)
            return false;
    }
    return true;
}

}  // namespace

char const* guess_shapefile_encoding(GDALDataset& opened, std::string const& source)
{
    if (!EQUAL(opened.GetDriverName(), "ESRI Shapefile"))
        return nullptr;
    bool silent = false;
    for (auto* const layer : opened.GetLayers()) {
        char** const said = layer->GetMetadata("SHAPEFILE");
        char const* const ldid = CSLFetchNameValue(said, "LDID_VALUE");
        bool const latin_by_default = !ldid || EQUAL(ldid, "87") || EQUAL(ldid, "0");
        silent = silent || (!CSLFetchNameValue(said, "ENCODING_FROM_CPG") && latin_by_default);
    }
    if (!silent)
        return nullptr;
    auto const raw = open_dataset(source, GDAL_OF_VECTOR, "");
    if (!raw)
        return nullptr;
    bool plain = true;
    bool gbk = true;
    bool utf8 = true;
    auto const look = [&](std::string_view text) {
        plain = plain && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        gbk = gbk && is_gbk(text);
        utf8 = utf8 && is_valid_utf8(text);
    };
    for (auto* const layer : (*raw)->GetLayers()) {
        std::vector<int> text_fields;
        for (int i = 0; i < layer->GetLayerDefn()->GetFieldCount(); ++i) {
            look(layer->GetLayerDefn()->GetFieldDefn(i)->GetNameRef());
            if (layer->GetLayerDefn()->GetFieldDefn(i)->GetType() == OFTString)
                text_fields.push_back(i);
        }
        for (auto const& feature : *layer)
            for (int const i : text_fields)
                look(feature->GetFieldAsString(i));
    }
    return plain ? nullptr : utf8 ? "UTF-8" : gbk ? "GBK" : nullptr;
}

}  // namespace yihong::geo
