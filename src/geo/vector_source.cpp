#include "vector_source.hpp"

#include "read_features.hpp"
#include "to_lon_lat.hpp"

#include "yihong/base/log.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace yihong::geo {
namespace {

Result<VectorDataset*> open_vector(LayerDeclaration const& declaration, OpenDatasets& open)
{
    std::string const key = declaration.source + '\n' + declaration.encoding;
    if (auto const found = open.find(key); found != open.end())
        return found->second.get();
    auto dataset = VectorDataset::open(declaration);
    if (!dataset)
        return std::unexpected{dataset.error()};
    return open.emplace(key, std::move(*dataset)).first->second.get();
}

/// RFC 7946: outer rings counter-clockwise, holes clockwise.
void wind(MultiPolygon& polygons)
{
    for (auto& [rings] : polygons.polygons)
        for (std::size_t r = 0; r < rings.size(); ++r) {
            Positions& ring = rings[r];
            double twice_area = 0;
            for (std::size_t i = 0; i + 1 < ring.size(); ++i)  // relative to the first point: keeps the digits of small rings
                twice_area += (ring[i].lon - ring[0].lon) * (ring[i + 1].lat - ring[0].lat) -
                              (ring[i + 1].lon - ring[0].lon) * (ring[i].lat - ring[0].lat);
            if ((twice_area > 0) != (r == 0))
                std::ranges::reverse(ring);
        }
}

/// A layer has one dimension: what its role asks for, or else what most features have.
int choose_dimension(std::vector<ReadFeature> const& features, LayerRole role)
{
    std::array<std::size_t, 3> count{};
    for (auto const& f : features)
        for (std::size_t d = 0; d < 3; ++d)
            count[d] += f.pieces.has(static_cast<int>(d));
    if (role == LayerRole::river && count[1] > 0)
        return 1;
    if ((role == LayerRole::boundary || role == LayerRole::zone || role == LayerRole::lake) && count[2] > 0)
        return 2;
    return static_cast<int>(std::ranges::max_element(count) - count.begin());
}

/// Features whose geometry was changed or lost, for one log line a layer.
struct Notes {
    std::size_t count = 0;
    std::string first;
    void add(std::string const& id, std::string const& why)
    {
        if (count++ == 0)
            first = "feature " + id + ": " + why;
    }
    void log(char const* event, LayerDeclaration const& d) const
    {
        if (count > 0)
            log::warning(event, {{"layer", d.id}, {"source", d.source}, {"features", count}, {"first", first}});
    }
};

/// The geometry of a layer's features on its way from the source's pieces to what is served.
class Shaper {
public:
    Shaper(LayerDeclaration const& declaration, int dimension, ToLonLat& to_lon_lat, Geos& geos)
        : declaration_{declaration}, dimension_{dimension}, to_lon_lat_{to_lon_lat}, geos_{geos}
    {}

    /// Longitude/latitude, valid, in the winding of RFC 7946; several points, lines or polygons, or none.
    Geometry placed(Pieces pieces, std::string const& id)
    {
        for (int d = 0; d < 3; ++d)
            if (d != dimension_ && pieces.has(d)) {
                other_dimension_.add(id, "has pieces of another dimension than the layer, left out; split the layer by `where`");
                break;
            }
        Geometry geometry = pieces.take(dimension_);
        bool placed = true;
        for_each_sequence(geometry, [&](std::span<LonLat> positions) { placed = placed && to_lon_lat_.apply(positions); });
        if (!placed) {
            lost_.add(id, "coordinates are no longitude/latitude or cannot be reprojected; set `crs`");
            return {};
        }
        if (auto* const polygons = std::get_if<MultiPolygon>(&geometry)) {
            if (auto const why = geos_.mend(*polygons); !why.empty())
                mended_.add(id, why);
            wind(*polygons);
            if (polygons->polygons.empty())
                return {};
        }
        ++drawn_;
        return geometry;
    }

    /// Thinner by the declaration's tolerance, for display.
    [[nodiscard]] Geometry displayed(Geometry geometry) const
    {
        if (!(declaration_.simplify_m > 0) || dimension_ == 0 || part_count(geometry) == 0)
            return geometry;
        geometry = geos_.simplified(geometry, declaration_.simplify_m);
        if (auto* const polygons = std::get_if<MultiPolygon>(&geometry))
            wind(*polygons);
        return geometry;
    }

    /// What keeps the layer from being served, given its role.
    [[nodiscard]] Result<void> check() const
    {
        auto const refused = [&](std::string const& why) { return std::unexpected{layer_failure(Errc::unsupported, declaration_, why)}; };
        if (lost_.count > 0 && (drawn_ == 0 || to_lon_lat_.is_assumed()))
            return refused((to_lon_lat_.is_assumed() ? "neither the file nor the config names a CRS, and " : "") + lost_.first);
        LayerRole const role = declaration_.role;
        if (drawn_ > 0 && dimension_ != 2 && (role == LayerRole::boundary || role == LayerRole::zone || role == LayerRole::lake))
            return refused("a " + std::string{to_text(role)} + " layer needs polygons");
        if (drawn_ > 0 && dimension_ == 0 && role == LayerRole::river)
            return refused("a river layer needs lines or polygons");
        return {};
    }

    void log(Layer const& layer) const
    {
        lost_.log("layer_geometry_lost", declaration_);
        other_dimension_.log("layer_geometry_left_out", declaration_);
        mended_.log("layer_geometry_mended", declaration_);
        if (to_lon_lat_.is_assumed() && drawn_ > 0)
            log::warning("layer_crs_assumed", {{"layer", layer.id}, {"source", declaration_.source}, {"crs", "EPSG:4326"}});
        if (drawn_ == 0)
            log::warning("layer_empty", {{"layer", layer.id}, {"source", declaration_.source}, {"features", layer.features.size()}});
        log::info("layer_loaded",
                  {{"layer", layer.id}, {"features", layer.features.size()}, {"geometry", geojson_name(layer.geometry_type)}});
    }

private:
    LayerDeclaration const& declaration_;
    int dimension_;
    ToLonLat& to_lon_lat_;
    Geos& geos_;
    std::size_t drawn_ = 0;
    Notes lost_, other_dimension_, mended_;
};

/// A layer has one type: several points, lines or polygons where any feature has several.
void unify(Layer& layer)
{
    bool const multi = std::ranges::any_of(layer.features, [](auto const& f) { return part_count(f.geometry) > 1; });
    for (auto& feature : layer.features) {
        auto& geometry = feature.geometry;
        if (!multi) {
            if (auto* const points = std::get_if<MultiPoint>(&geometry))
                geometry = Point{points->positions.front()};
            else if (auto* const lines = std::get_if<MultiLineString>(&geometry))
                geometry = LineString{std::move(lines->lines.front())};
            else if (auto* const polygons = std::get_if<MultiPolygon>(&geometry))
                geometry = Polygon{std::move(polygons->polygons.front())};
        }
        if (part_count(geometry) == 0)
            continue;
        layer.geometry_type = type_of(geometry);
        feature.bounds = bounds_of(geometry);
        layer.bounds.extend(feature.bounds);
    }
}

}  // namespace

Result<LoadedLayer> load_vector(LayerDeclaration const& declaration, OpenDatasets& open, Geos& geos)
{
    auto const dataset = open_vector(declaration, open);
    if (!dataset)
        return std::unexpected{dataset.error()};
    auto const source = (*dataset)->find_layer(declaration);
    if (!source)
        return std::unexpected{source.error()};
    auto const& names = (*dataset)->names_of(**source, declaration);
    auto columns = choose_columns(*(*source)->GetLayerDefn(), names, declaration);
    if (!columns)
        return std::unexpected{columns.error()};
    auto const reference = (*dataset)->reference_of(**source, declaration);
    if (!reference)
        return std::unexpected{reference.error()};
    auto to_lon_lat = ToLonLat::make(*reference, declaration, [&]() -> std::optional<BoundingBox> {
        OGREnvelope box;
        if ((*source)->GetExtent(&box, TRUE) != OGRERR_NONE)
            return std::nullopt;
        return BoundingBox{box.MinX, box.MinY, box.MaxX, box.MaxY};
    });
    if (!to_lon_lat)
        return std::unexpected{to_lon_lat.error()};
    auto read = read_features(**source, *columns, names, declaration);
    (*source)->SetAttributeFilter(nullptr);                    // the dataset is shared with the next declaration
    if (!read)
        return std::unexpected{read.error()};

    auto layer = declared_layer(declaration);
    layer->attributes = std::move(columns->attributes);
    LoadedLayer loaded;
    loaded.reach_m = declaration.reach_m;
    loaded.approximate = declaration.approximate;
    bool const keeps_exact = declaration.role != LayerRole::other && declaration.simplify_m > 0;
    Shaper shaper{declaration, choose_dimension(*read, declaration.role), *to_lon_lat, geos};
    layer->features.reserve(read->size());
    for (auto& f : *read) {
        try {
            Geometry geometry = shaper.placed(std::move(f.pieces), f.feature.id);
            if (keeps_exact)
                loaded.exact.push_back(geometry);
            f.feature.geometry = shaper.displayed(std::move(geometry));
        } catch (std::runtime_error const& e) {                // GEOS gave up
            return std::unexpected{layer_failure(Errc::broken_file, declaration, "feature " + f.feature.id + ": " + e.what())};
        }
        layer->features.push_back(std::move(f.feature));
        loaded.accuracy_m.push_back(f.accuracy_m ? f.accuracy_m : declaration.accuracy_m);
        loaded.names.push_back(columns->name >= 0 ? std::move(f.name) : layer->title);
    }
    if (auto const fit = shaper.check(); !fit)
        return std::unexpected{fit.error()};
    unify(*layer);
    shaper.log(*layer);
    loaded.layer = std::move(layer);
    return loaded;
}

}  // namespace yihong::geo
