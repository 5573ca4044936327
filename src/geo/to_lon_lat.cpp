#include "to_lon_lat.hpp"

#include "gdal_source.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/geo/gcj02.hpp"

#include <cpl_conv.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

namespace yihong::geo {
namespace {

struct ListDeleter {
    void operator()(PJ_OBJ_LIST* list) const noexcept { proj_list_destroy(list); }
};
struct FactoryDeleter {
    void operator()(PJ_OPERATION_FACTORY_CONTEXT* factory) const noexcept { proj_operation_factory_context_destroy(factory); }
};
using Candidates = std::unique_ptr<PJ_OBJ_LIST, ListDeleter>;

constexpr double wgs84_semi_major_m = 6378137.0;               // of CGCS2000 too: such datums agree with WGS 84 within metres

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

bool is_position(LonLat p)
{
    return p.lon >= -180 && p.lon <= 180 && p.lat >= -90 && p.lat <= 90;       // false for NaN
}

/// Do the data stand north first, where a map would have east first?
bool stands_north_first(OGRSpatialReference const& srs)
{
    OGRSpatialReference usual{srs};
    usual.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    auto const& as_said = srs.GetDataAxisToSRSAxisMapping();
    auto const& as_usual = usual.GetDataAxisToSRSAxisMapping();
    return as_said.size() >= 2 && as_usual.size() >= 2 && (as_said[0] != as_usual[0] || as_said[1] != as_usual[1]);
}

std::string wkt_of(OGRSpatialReference const& srs)
{
    OGRSpatialReference flat{srs};
    flat.StripVertical();
    flat.DemoteTo2D(nullptr);
    char* text = nullptr;
    char const* const options[] = {"FORMAT=WKT2_2018", nullptr};
    std::string wkt = flat.exportToWkt(&text, options) == OGRERR_NONE && text ? text : "";
    CPLFree(text);
    return wkt;
}

/// All transformations that PROJ knows, wherever they were made for. \param ballpark also those that leave the datum as it is
Candidates candidates(PJ_CONTEXT* context, PJ const* from, PJ const* to, bool ballpark)
{
    std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, FactoryDeleter> const factory{proj_create_operation_factory_context(context, nullptr)};
    proj_operation_factory_context_set_grid_availability_use(context, factory.get(),
                                                             PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    proj_operation_factory_context_set_crs_extent_use(context, factory.get(), PJ_CRS_EXTENT_NONE);
    proj_operation_factory_context_set_allow_ballpark_transformations(context, factory.get(), ballpark);
    Candidates list{proj_create_operations(context, from, to, factory.get())};
    if (list && proj_list_get_count(list.get()) == 0)
        list.reset();
    return list;
}

LonLat moved_by(PJ* transformation, PJ_DIRECTION direction, LonLat point)
{
    PJ_COORD const out = proj_trans(transformation, direction, proj_coord(point.lon, point.lat, 0, HUGE_VAL));
    proj_errno_reset(transformation);
    return {out.xy.x, out.xy.y};
}

/// How far a box lies outside another, in degrees; 0: inside.
double outside(BoundingBox const& box, BoundingBox const& area)
{
    return std::max({0.0, area.west - box.west, box.east - area.east, area.south - box.south, box.north - area.north});
}

double semi_major_m(PJ_CONTEXT* context, PJ const* crs)
{
    double metres = 0;
    if (PJ* const ellipsoid = proj_get_ellipsoid(context, crs)) {
        proj_ellipsoid_get_parameters(context, ellipsoid, &metres, nullptr, nullptr, nullptr);
        proj_destroy(ellipsoid);
    }
    return metres;
}

}  // namespace

Result<ToLonLat> ToLonLat::make(OGRSpatialReference const* file, LayerDeclaration const& declaration, Extent const& extent)
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
    if (auto chosen = made.choose(srs, declaration, extent); !chosen)
        return std::unexpected{std::move(chosen.error())};
    return made;
}

/// Of the transformations that were made for where the layer lies, the most accurate; else the one that was made for next to it: parameters
/// of a datum change by some ten metres over a country, the datums themselves lie a hundred apart.
Result<void> ToLonLat::choose(OGRSpatialReference const& srs, LayerDeclaration const& declaration, Extent const& extent)
{
    GdalMessages const messages;
    std::string said;
    context_.reset(proj_context_create());
    proj_log_func(context_.get(), &said, [](void* to, int, char const* text) { static_cast<std::string*>(to)->assign(text); });
    north_first_ = stands_north_first(srs);
    PjPtr const from{proj_create(context_.get(), wkt_of(srs).c_str())};
    PjPtr const to{proj_create(context_.get(), "EPSG:4326")};
    auto list = from && to ? candidates(context_.get(), from.get(), to.get(), false) : nullptr;
    bool const shifted = list != nullptr;
    if (!list && from && to)
        list = candidates(context_.get(), from.get(), to.get(), true);
    auto const normalized = [&](int i) {
        PjPtr const candidate{proj_list_get(context_.get(), list.get(), i)};
        return PjPtr{proj_normalize_for_visualization(context_.get(), candidate.get())};
    };
    if (list)
        transformation_ = normalized(0);
    if (!transformation_) {
        proj_log_func(context_.get(), nullptr, [](void*, int, char const*) {});
        std::string const why = messages.failed() || said.empty() ? messages.errors() : to_valid_utf8(said);
        return std::unexpected{
            layer_failure(Errc::unsupported, declaration, "its CRS cannot be turned into longitude/latitude (" + why + "); set `crs`")};
    }

    BoundingBox here;
    if (auto const box = extent ? extent() : std::nullopt)
        for (LonLat const corner :
             {LonLat{box->west, box->south}, {box->east, box->south}, {box->west, box->north}, {box->east, box->north}})
            if (LonLat const p = moved(PJ_FWD, corner); is_position(p))
                here.extend(p);
    std::tuple best{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    for (int i = 0; i < proj_list_get_count(list.get()); ++i) {
        PjPtr const candidate{proj_list_get(context_.get(), list.get(), i)};
        BoundingBox area{-180, -90, 180, 90};
        proj_get_area_of_use(context_.get(), candidate.get(), &area.west, &area.south, &area.east, &area.north, nullptr);
        double const accuracy = proj_coordoperation_get_accuracy(context_.get(), candidate.get());
        std::tuple const rank{here.is_empty() ? 0.0 : outside(here, area), accuracy < 0 ? 1000.0 : accuracy};
        auto pj = rank < best ? normalized(i) : nullptr;
        if (!pj)
            continue;
        best = rank;
        transformation_ = std::move(pj);
    }

    char const* const said_name = proj_get_name(transformation_.get());
    std::string const operation = said_name ? to_valid_utf8(said_name) : "";
    bool const is_near_wgs84 = semi_major_m(context_.get(), from.get()) == wgs84_semi_major_m;
    if (!shifted && !is_near_wgs84)
        log::warning("layer_datum_not_shifted",
                     {{"layer", declaration.id},
                      {"source", declaration.source},
                      {"operation", operation},
                      {"advice", "no public parameters lead from its datum to WGS 84: it may lie some 100 m beside its place; convert it "
                                 "with the survey office's parameters, or set `crs` to a PROJ text with +towgs84"}});
    else if (shifted && !is_near_wgs84 && std::get<0>(best) > 0)
        log::warning("layer_datum_shifted_from_elsewhere",
                     {{"layer", declaration.id},
                      {"source", declaration.source},
                      {"operation", operation},
                      {"advice", "these public parameters were made for a neighbouring area: good to some 10 m; convert it with the survey "
                                 "office's parameters where that matters"}});
    else if (shifted && !is_near_wgs84)
        log::info("layer_datum_shifted", {{"layer", declaration.id}, {"operation", operation}, {"accuracy_m", std::get<1>(best)}});
    proj_log_func(context_.get(), nullptr, [](void*, int, char const*) {});  // `said` ends here
    return {};
}

LonLat ToLonLat::moved(PJ_DIRECTION direction, LonLat point) const
{
    if (direction == PJ_FWD && north_first_)
        std::swap(point.lon, point.lat);
    LonLat out = moved_by(transformation_.get(), direction, point);
    if (direction == PJ_INV && north_first_)
        std::swap(out.lon, out.lat);
    return out;
}

bool ToLonLat::apply(std::span<LonLat> points)
{
    if (transformation_)
        for (auto& p : points)
            p = moved(PJ_FWD, p);
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
    if (transformation_)
        p = moved(PJ_INV, p);
    point = p;
    return std::isfinite(p.lon) && std::isfinite(p.lat);
}

}  // namespace yihong::geo
