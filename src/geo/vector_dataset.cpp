#include "vector_dataset.hpp"

#include "kml_names.hpp"
#include "read_features.hpp"
#include "shapefile_encoding.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::geo {
namespace {

/// The beginning and the end of a file: where a GeoJSON has its `crs`.
std::string ends_of(std::string const& path)
{
    constexpr std::size_t piece = 64 * 1024;
    std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> const file{VSIFOpenL(path.c_str(), "rb"), VSIFCloseL};
    if (!file)
        return {};
    std::string text(piece, '\0');
    text.resize(VSIFReadL(text.data(), 1, piece, file.get()));
    VSIFSeekL(file.get(), 0, SEEK_END);
    auto const size = VSIFTellL(file.get());
    if (size > text.size()) {
        auto const from = std::max<vsi_l_offset>(text.size(), size - std::min<vsi_l_offset>(size, piece));
        VSIFSeekL(file.get(), from, SEEK_SET);
        std::string end(static_cast<std::size_t>(size - from), '\0');
        end.resize(VSIFReadL(end.data(), 1, end.size(), file.get()));
        text += end;
    }
    return text;
}

/// What follows a key and its colon; empty: the key is not there.
std::string_view behind_key(std::string_view text, std::string_view key)
{
    auto const found = text.find(key);
    if (found == std::string_view::npos)
        return {};
    auto rest = trimmed(text.substr(found + key.size()));
    if (!rest.starts_with(':'))
        return {};
    return trimmed(rest.substr(1));
}

/// `"crs": {"type": "name", "properties": {"name": "…"}}` of GeoJSON as it was before RFC 7946.
std::optional<std::string> crs_name_in(std::string_view geojson)
{
    auto const crs = behind_key(geojson, "\"crs\"");
    if (!crs.starts_with('{'))
        return std::nullopt;
    auto const name = behind_key(behind_key(crs.substr(0, 1000), "\"properties\""), "\"name\"");
    auto const close = name.starts_with('"') ? name.find('"', 1) : std::string_view::npos;
    if (close == std::string_view::npos)
        return std::nullopt;
    return std::string{name.substr(1, close - 1)};
}

bool is_known_crs(std::string const& name)
{
    GdalMessages const quiet;
    OGRSpatialReference srs;
    char const* const limits[] = {"ALLOW_NETWORK_ACCESS=NO", "ALLOW_FILE_ACCESS=NO", nullptr};
    return srs.SetFromUserInput(name.c_str(), limits) == OGRERR_NONE;
}

bool exists(std::string const& path)
{
    VSIStatBufL status;
    return VSIStatL(path.c_str(), &status) == 0;
}

}  // namespace

Result<std::unique_ptr<VectorDataset>> VectorDataset::open(LayerDeclaration const& declaration)
{
    auto const failed = [&](Failure const& failure) { return std::unexpected{layer_failure(failure.code, declaration, failure.detail)}; };
    auto plain = plain_kml(declaration.source);
    auto const& source = plain ? plain->source : declaration.source;
    auto dataset = open_dataset(source, GDAL_OF_VECTOR, declaration.encoding.empty() ? nullptr : declaration.encoding.c_str());
    if (!dataset)
        return failed(dataset.error());
    if (declaration.encoding.empty()) {
        GdalMessages const quiet;
        auto const found = look_at_encoding(**dataset, source);
        if (!found.unreadable.empty())
            log::warning("layer_text_unreadable", {{"layer", declaration.id},
                                                   {"source", declaration.source},
                                                   {"said", found.said},
                                                   {"first", found.unreadable},
                                                   {"advice", "the attribute text is neither what the file says, nor UTF-8, nor GB18030; "
                                                              "set `encoding`"}});
        if (!found.encoding.empty()) {
            if (found.contradicted)
                log::warning("layer_encoding_contradicted",
                             {{"layer", declaration.id},
                              {"source", declaration.source},
                              {"said", found.said},
                              {"taken", found.encoding},
                              {"advice", "the bytes are not what .cpg or the DBF says; `encoding` decides it"}});
            else
                log::info("layer_encoding_guessed",
                          {{"layer", declaration.id}, {"source", declaration.source}, {"encoding", found.encoding}});
            dataset = open_dataset(source, GDAL_OF_VECTOR, found.encoding.c_str());
            if (!dataset)
                return failed(dataset.error());
        }
    }
    std::unique_ptr<VectorDataset> opened{new VectorDataset{std::move(*dataset)}};
    if (plain) {
        opened->copy_ = std::move(plain->source);
        opened->original_names_ = std::move(plain->original);
    }
    return opened;
}

VectorDataset::~VectorDataset()
{
    dataset_.reset();
    if (!copy_.empty())
        forget_plain_kml(copy_);
}

Result<OGRLayer*> VectorDataset::find_layer(LayerDeclaration const& declaration)
{
    std::vector<std::string> names;
    for (auto* const layer : dataset_->GetLayers())
        names.emplace_back(layer->GetName());
    if (names.empty())
        return std::unexpected{layer_failure(Errc::not_found, declaration, "there is no vector layer in it")};
    if (declaration.source_layer.empty()) {
        if (names.size() > 1)
            log::warning("layer_first_of_several",
                         {{"layer", declaration.id}, {"source", declaration.source}, {"taken", names[0]}, {"all", listed(names)}});
        return dataset_->GetLayer(0);
    }
    if (auto* const layer = dataset_->GetLayerByName(declaration.source_layer.c_str()))
        return layer;
    std::string const detail = "there is no layer \"" + declaration.source_layer + "\" in it; it has: " + listed(names);
    return std::unexpected{layer_failure(Errc::not_found, declaration, detail)};
}

FieldNames const& VectorDataset::names_of(OGRLayer& layer, LayerDeclaration const& declaration)
{
    auto const known = names_.find(&layer);
    if (known != names_.end())
        return known->second;
    auto const& names = names_.emplace(&layer, FieldNames{*dataset_, layer, original_names_}).first->second;
    if (!names.renamed().empty())
        log::warning("layer_attributes_renamed", {{"layer", declaration.id},
                                                  {"source", declaration.source},
                                                  {"attributes", listed(names.renamed())},
                                                  {"advice", "the file cuts their names short, or has one twice"}});
    return names;
}

Result<OGRSpatialReference const*> VectorDataset::reference_of(OGRLayer& layer, LayerDeclaration const& declaration)
{
    OGRSpatialReference const* const said = layer.GetSpatialRef();
    if (!declaration.crs.empty())
        return said;
    std::string_view const driver = dataset_->GetDriverName();
    auto const refused = [&](std::string const& what) {
        return std::unexpected{layer_failure(Errc::bad_value, declaration,
                                             what + " is not known to PROJ, so where it lies is not known either; set `crs`, "
                                                    "for example EPSG:4490 (CGCS2000) or EPSG:4326 (WGS 84)")};
    };
    if (driver == "GeoJSON" || driver == "GeoJSONSeq") {
        if (auto const name = crs_name_in(ends_of(declaration.source)); name && !is_known_crs(*name))
            return refused("its crs \"" + to_valid_utf8(*name) + "\"");
    } else if (driver == "ESRI Shapefile" && (!said || said->IsEmpty())) {
        if (std::string const projection = CPLResetExtension(declaration.source.c_str(), "prj"); exists(projection))
            return refused("what its .prj says (\"" + to_valid_utf8(ends_of(projection).substr(0, 60)) + "…\")");
    }
    return said;
}

}  // namespace yihong::geo
