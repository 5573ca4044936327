#include "gdal_source.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geo/gcj02.hpp"

#include <cpl_conv.h>
#include <gdal_frmts.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#ifdef __has_feature                                           // GCC before 14 has no such word
#if __has_feature(thread_sanitizer)
#define YIHONG_UNDER_TSAN
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(YIHONG_UNDER_TSAN)
// GDAL makes a mutex while holding the global one, and may take the global one while holding the made: a cycle in the
// lock order on paper, but a mutex is made once, before anyone else can hold it. One thread alone sees the report.
extern "C" char const* __tsan_default_suppressions() { return "deadlock:libgdal.so\n"; }
#endif

namespace yihong::geo {
namespace {

/// The formats layers usually come in. Registering all of Debian's costs some 7 MB and the time of loading plug-ins.
void register_usual_drivers()
{
    RegisterOGRGeoPackage();
    RegisterOGRShape();
    RegisterOGRGeoJSON();
    RegisterOGRFlatGeobuf();
    RegisterOGRLIBKML();
    GDALRegister_GTiff();
    GDALRegister_VRT();
}

/// Longitude, latitude in that order, in WGS 84 or CGCS2000, which agree within a metre: nothing to reproject. Making a
/// PROJ transformation takes 50 ms, a quarter of the start-up.
bool is_lon_lat(OGRSpatialReference const& srs)
{
    char const* const authority = srs.GetAuthorityName(nullptr);
    char const* const code = srs.GetAuthorityCode(nullptr);
    if (!authority || !code)
        return false;
    std::string const name = std::string{authority} + ':' + code;
    std::vector<int> const lat_first{2, 1};                            // how the data lie against the CRS's own order
    std::vector<int> const lon_first{1, 2};
    if (name == "EPSG:4326" || name == "EPSG:4490")
        return srs.GetDataAxisToSRSAxisMapping() == lat_first;
    return name == "OGC:CRS84" && srs.GetDataAxisToSRSAxisMapping() == lon_first;
}

bool transform(OGRCoordinateTransformation& t, std::vector<double>& x, std::vector<double>& y, std::vector<int>& success)
{
    success.assign(x.size(), 0);
    t.Transform(static_cast<int>(x.size()), x.data(), y.data(), nullptr, success.data());
    return std::ranges::all_of(success, [](int s) { return s != 0; });
}

bool is_position(LonLat p)
{
    return p.lon >= -180 && p.lon <= 180 && p.lat >= -90 && p.lat <= 90;       // false for NaN
}

}  // namespace

GdalMessages::GdalMessages()
{
    auto const take = [](CPLErr level, CPLErrorNum, char const* text) {
        auto* const self = static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
        auto& list = level >= CE_Failure ? self->errors_ : self->warnings_;
        if (level >= CE_Warning && list.size() < 4)
            list.push_back(to_valid_utf8(text));
    };
    CPLPushErrorHandlerEx(take, this);
    CPLErrorReset();
}

GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

std::string GdalMessages::errors() const
{
    std::string all;
    for (auto const& text : errors_)
        all += (all.empty() ? "" : "; ") + text;
    return all.empty() ? "no reason given" : all;
}

void GdalMessages::clear()
{
    errors_.clear();
    warnings_.clear();
}

Result<DatasetPtr> open_dataset(std::string const& source, unsigned flags, char const* encoding)
{
    std::filesystem::path const path{source};
    std::error_code ignored;
    if (path.is_absolute() && !source.starts_with("/vsi") && !std::filesystem::exists(path, ignored))
        return fail(Errc::broken_file, "there is no such file; correct `source` or put the file there");

    std::string const option = std::string{"ENCODING="} + (encoding ? encoding : "");
    char const* const options[] = {encoding ? option.c_str() : nullptr, nullptr};
    register_usual_drivers();
    {
        GdalMessages const quiet;
        if (auto* d = GDALDataset::Open(source.c_str(), flags, nullptr, options))
            return DatasetPtr{d};
    }
    GDALAllRegister();
    GdalMessages const messages;
    if (auto* d = GDALDataset::Open(source.c_str(), flags | GDAL_OF_VERBOSE_ERROR, nullptr, options))
        return DatasetPtr{d};
    return fail(Errc::broken_file, "GDAL cannot open it (" + messages.errors() + "); check the file with ogrinfo or gdalinfo");
}

std::shared_ptr<Layer> declared_layer(LayerDeclaration const& declaration)
{
    auto layer = std::make_shared<Layer>();
    layer->id = declaration.id;
    layer->title = declaration.title;
    layer->title_en = declaration.title_en;
    layer->description = declaration.description;
    layer->attribution = declaration.attribution;
    layer->license = declaration.license;
    layer->accuracy_m = declaration.accuracy_m;
    layer->role = declaration.role;
    return layer;
}

Failure layer_failure(Errc code, LayerDeclaration const& declaration, std::string const& text)
{
    return {code, "layer \"" + declaration.id + "\": " + declaration.source + ": " + text};
}

Result<ToLonLat> ToLonLat::make(OGRSpatialReference const* file, LayerDeclaration const& declaration)
{
    ToLonLat made;
    made.gcj02_ = declaration.gcj02;
    OGRSpatialReference srs;
    if (!declaration.crs.empty()) {
        GdalMessages const messages;
        if (srs.SetFromUserInput(declaration.crs.c_str()) != OGRERR_NONE) {
            std::string const detail = "crs \"" + declaration.crs + "\" is not known to PROJ (" + messages.errors() +
                                       "); write for example EPSG:4490 or EPSG:4547";
            return std::unexpected{layer_failure(Errc::bad_value, declaration, detail)};
        }
        srs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    } else if (file && !file->IsEmpty()) {
        srs = *file;                   // with the driver's own word on how its coordinates lie against the axes
    } else {
        made.assumed_ = true;
        return made;
    }
    if (is_lon_lat(srs))
        return made;

    GdalMessages const messages;
    OGRSpatialReference lon_lat;
    lon_lat.importFromEPSG(4326);
    lon_lat.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    made.forward_.reset(OGRCreateCoordinateTransformation(&srs, &lon_lat));
    made.backward_.reset(OGRCreateCoordinateTransformation(&lon_lat, &srs));
    if (!made.forward_ || !made.backward_) {
        std::string const detail = "its CRS cannot be turned into longitude/latitude (" + messages.errors() + "); set `crs`";
        return std::unexpected{layer_failure(Errc::unsupported, declaration, detail)};
    }
    return made;
}

bool ToLonLat::apply(std::span<LonLat> points)
{
    if (forward_) {
        GdalMessages const quiet;      // one message a point; the caller counts features instead
        x_.resize(points.size());
        y_.resize(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            x_[i] = points[i].lon;
            y_[i] = points[i].lat;
        }
        if (!transform(*forward_, x_, y_, success_))
            return false;
        for (std::size_t i = 0; i < points.size(); ++i)
            points[i] = {x_[i], y_[i]};
    }
    if (!std::ranges::all_of(points, is_position))
        return false;
    if (gcj02_)
        for (auto& p : points)
            p = gcj02_to_wgs84(p);
    return true;
}

bool ToLonLat::undo(LonLat& point)
{
    LonLat p = gcj02_ ? wgs84_to_gcj02(point) : point;
    if (backward_) {
        GdalMessages const quiet;
        x_.assign(1, p.lon);
        y_.assign(1, p.lat);
        if (!transform(*backward_, x_, y_, success_))
            return false;
        p = {x_[0], y_[0]};
    }
    point = p;
    return std::isfinite(p.lon) && std::isfinite(p.lat);
}

}  // namespace yihong::geo
