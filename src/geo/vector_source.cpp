#include "vector_source.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"

#include <cpl_string.h>
#include <fmt/format.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <unordered_set>

namespace yihong::geo {
namespace {

constexpr std::size_t max_features = 1'000'000;
constexpr std::size_t max_vertices = 20'000'000;               // 320 MB of coordinates

struct ReadFeature {
    LayerFeature feature;
    std::string name;
    std::array<Parts, 3> by_dimension;                         // points, lines, polygons
};

// ---- attribute text of Shapefiles that do not say how it is encoded

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

/// Most Chinese Shapefiles are GBK and carry no .cpg; GDAL then takes them for Latin-1. Looks at the bytes themselves.
/// \return `GBK`, `UTF-8`, or null when GDAL's reading stands
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

Result<GDALDataset*> open_vector(LayerDeclaration const& declaration, OpenDatasets& open)
{
    std::string const key = declaration.source + '\n' + declaration.encoding;
    if (auto const found = open.find(key); found != open.end())
        return found->second.get();
    auto dataset = open_dataset(declaration.source, GDAL_OF_VECTOR, declaration.encoding.empty() ? nullptr : declaration.encoding.c_str());
    if (dataset && declaration.encoding.empty()) {
        GdalMessages const quiet;
        if (char const* const guess = guess_shapefile_encoding(**dataset, declaration.source)) {
            log::info("layer_encoding_guessed", {{"layer", declaration.id}, {"source", declaration.source}, {"encoding", guess}});
            dataset = open_dataset(declaration.source, GDAL_OF_VECTOR, guess);
        }
    }
    if (!dataset)
        return std::unexpected{layer_failure(dataset.error().code, declaration, dataset.error().detail)};
    return open.emplace(key, std::move(*dataset)).first->second.get();
}

template <typename Names>
std::string listed(Names const& names)
{
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : ", ") + std::string{name};
    return text.empty() ? "none" : text;
}

Result<OGRLayer*> find_layer(GDALDataset& dataset, LayerDeclaration const& declaration)
{
    std::vector<std::string> names;
    for (auto* const layer : dataset.GetLayers())
        names.emplace_back(layer->GetName());
    if (names.empty())
        return std::unexpected{layer_failure(Errc::not_found, declaration, "there is no vector layer in it")};
    if (declaration.source_layer.empty()) {
        if (names.size() > 1)
            log::warning("layer_first_of_several",
                         {{"layer", declaration.id}, {"source", declaration.source}, {"taken", names[0]}, {"all", listed(names)}});
        return dataset.GetLayer(0);
    }
    if (auto* const layer = dataset.GetLayerByName(declaration.source_layer.c_str()))
        return layer;
    std::string const detail = "there is no layer \"" + declaration.source_layer + "\" in it; it has: " + listed(names);
    return std::unexpected{layer_failure(Errc::not_found, declaration, detail)};
}

// ---- attributes

struct Columns {
    std::vector<int> kept;                                     // field numbers, in the order served
    std::vector<LayerAttribute> attributes;
    int id = -1;
    int name = -1;
};

std::optional<AttributeType> type_of(OGRFieldDefn const& field)
{
    switch (field.GetType()) {
    case OFTInteger: return field.GetSubType() == OFSTBoolean ? AttributeType::boolean : AttributeType::integer;
    case OFTInteger64: return AttributeType::integer;
    case OFTReal: return AttributeType::real;
    case OFTDate: return AttributeType::date;
    case OFTDateTime: return AttributeType::date_time;
    case OFTBinary: return std::nullopt;
    default: return AttributeType::text;
    }
}

Result<Columns> choose_columns(OGRFeatureDefn& definition, LayerDeclaration const& declaration)
{
    std::vector<std::string> available;
    for (int i = 0; i < definition.GetFieldCount(); ++i)
        available.push_back(to_valid_utf8(definition.GetFieldDefn(i)->GetNameRef()));
    auto const find = [&](std::string const& name) { return definition.GetFieldIndex(name.c_str()); };
    auto const missing = [&](std::string const& key, std::string const& name) {
        std::string const detail = key + " names \"" + name + "\", which the layer does not have; it has: " + listed(available);
        return std::unexpected{layer_failure(Errc::not_found, declaration, detail)};
    };

    Columns columns;
    auto const keep = [&](int i, std::string const& title) {
        if (auto const type = type_of(*definition.GetFieldDefn(i))) {
            columns.kept.push_back(i);
            columns.attributes.push_back({available[static_cast<std::size_t>(i)], title, *type});
        }
    };
    for (auto const& [name, title] : declaration.attributes) {
        if (find(name) < 0)
            return missing("attributes", name);
        keep(find(name), title);
    }
    if (declaration.attributes.empty())
        for (int i = 0; i < definition.GetFieldCount(); ++i)
            keep(i, "");
    if (!declaration.id_attribute.empty() && (columns.id = find(declaration.id_attribute)) < 0)
        return missing("id_attribute", declaration.id_attribute);
    columns.name = find(declaration.name_attribute);
    if (columns.name < 0 && !declaration.name_attribute.empty() && declaration.name_attribute != "name")
        return missing("name_attribute", declaration.name_attribute);
    return columns;
}

std::string time_text(OGRFeature const& feature, int field, bool with_time)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
    float second = 0;
    feature.GetFieldAsDateTime(field, &year, &month, &day, &hour, &minute, &second, &zone);
    std::string text = fmt::format("{:04}-{:02}-{:02}", year, month, day);
    if (!with_time)
        return text;
    int const quarters = zone >= 2 ? zone - 100 : 32;          // without a zone the file means Beijing time
    text += fmt::format("T{:02}:{:02}:{:02}", hour, minute, static_cast<int>(second));
    return text + (quarters == 0
                       ? "Z"
                       : fmt::format("{}{:02}:{:02}", quarters < 0 ? '-' : '+', std::abs(quarters) / 4, std::abs(quarters) % 4 * 15));
}

AttributeValue value_of(OGRFeature const& feature, int field, AttributeType type)
{
    if (!feature.IsFieldSetAndNotNull(field))
        return {};
    switch (type) {
    case AttributeType::boolean: return feature.GetFieldAsInteger(field) != 0;
    case AttributeType::integer: return std::int64_t{feature.GetFieldAsInteger64(field)};
    case AttributeType::real: {
        double const v = feature.GetFieldAsDouble(field);
        return std::isfinite(v) ? AttributeValue{v} : AttributeValue{};
    }
    case AttributeType::date: return time_text(feature, field, false);
    case AttributeType::date_time: return time_text(feature, field, true);
    case AttributeType::text: break;
    }
    return to_valid_utf8(feature.GetFieldAsString(field));
}

// ---- geometry

Ring ring_of(OGRSimpleCurve const& curve)
{
    Ring ring;
    ring.reserve(static_cast<std::size_t>(curve.getNumPoints()));
    for (int i = 0; i < curve.getNumPoints(); ++i)
        ring.push_back({curve.getX(i), curve.getY(i)});        // Z and M stay behind
    return ring;
}

/// Sorts the pieces of a linear geometry by dimension. Rings too short to enclose anything are left out.
void collect(OGRGeometry const& geometry, std::array<Parts, 3>& out)
{
    OGRwkbGeometryType const type = wkbFlatten(geometry.getGeometryType());
    if (geometry.IsEmpty())
        return;
    if (type == wkbPoint) {
        out[0].push_back({{{geometry.toPoint()->getX(), geometry.toPoint()->getY()}}});
    } else if (OGR_GT_IsSubClassOf(type, wkbLineString)) {
        if (auto line = ring_of(*geometry.toLineString()); line.size() >= 2)
            out[1].push_back({std::move(line)});
    } else if (OGR_GT_IsSubClassOf(type, wkbPolygon)) {
        std::vector<Ring> rings;
        for (auto const* const r : *geometry.toPolygon()) {
            Ring ring = ring_of(*r);
            if (!ring.empty() && ring.front() != ring.back())
                ring.push_back(ring.front());
            if (ring.size() >= 4)
                rings.push_back(std::move(ring));
            else if (rings.empty())
                return;                                        // without an outer ring its holes mean nothing
        }
        if (!rings.empty())
            out[2].push_back(std::move(rings));
    } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
        for (auto const* const piece : *geometry.toGeometryCollection())
            collect(*piece, out);
    } else if (OGR_GT_IsSubClassOf(type, wkbPolyhedralSurface)) {
        for (auto const* const piece : *geometry.toPolyhedralSurface())
            collect(*piece, out);
    }
}

std::size_t vertex_count(Parts const& parts)
{
    std::size_t n = 0;
    for (auto const& part : parts)
        for (auto const& ring : part)
            n += ring.size();
    return n;
}

/// RFC 7946: outer rings counter-clockwise, holes clockwise.
void wind(Parts& polygons)
{
    for (auto& part : polygons)
        for (std::size_t r = 0; r < part.size(); ++r) {
            Ring& ring = part[r];
            double twice_area = 0;
            for (std::size_t i = 0; i + 1 < ring.size(); ++i)  // relative to the first point: keeps the digits of small rings
                twice_area += (ring[i].lon - ring[0].lon) * (ring[i + 1].lat - ring[0].lat) -
                              (ring[i + 1].lon - ring[0].lon) * (ring[i].lat - ring[0].lat);
            if ((twice_area > 0) != (r == 0))
                std::ranges::reverse(ring);
        }
}

/// Mends polygons that are not valid. \return why they were not; empty: nothing to do
std::string mend(Parts& polygons, Geos& geos)
{
    auto const c = geos.handle();
    auto const g = geos.geometry(polygons, 2);
    if (GEOSisValid_r(c, g.get()) == 1)
        return {};
    std::string why = "invalid";
    if (char* const reason = GEOSisValidReason_r(c, g.get())) {
        why = reason;
        GEOSFree_r(c, reason);
    }
    // The structure method keeps overlapping parts as their union; the linework one would punch a hole there.
    GEOSMakeValidParams* const how = GEOSMakeValidParams_create_r(c);
    GEOSMakeValidParams_setMethod_r(c, how, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(c, how, 0);
    GEOSGeometry* const mended = GEOSMakeValidWithParams_r(c, g.get(), how);
    GEOSMakeValidParams_destroy_r(c, how);
    polygons = geos.parts(geos.own(mended, "mending a polygon").get(), 2);
    return why;
}

/// Topology-preserving simplification of one feature with a tolerance in metres.
Parts simplified(Parts const& parts, int dim, double tolerance_m, Geos& geos)
{
    BoundingBox box;
    for (auto const& part : parts)
        for (auto const& p : part.front())
            box.extend(p);
    double const shrink = std::max(0.01, std::cos((box.south + box.north) / 2 * std::numbers::pi / 180));
    auto const scaled = [&](Parts moved, double by) {
        for (auto& part : moved)
            for (auto& ring : part)
                for (auto& p : ring)
                    p.lon *= by;
        return moved;
    };
    auto const source = geos.geometry(scaled(parts, shrink), dim);
    auto const thinner = geos.own(GEOSTopologyPreserveSimplify_r(geos.handle(), source.get(), tolerance_m / 111'320.0), "simplifying");
    Parts result = scaled(geos.parts(thinner.get(), dim), 1 / shrink);
    return result.empty() ? parts : result;
}

/// A layer has one dimension: what its role asks for, or else what most features have.
int choose_dimension(std::vector<ReadFeature> const& features, LayerRole role)
{
    std::array<std::size_t, 3> count{};
    for (auto const& f : features)
        for (std::size_t d = 0; d < 3; ++d)
            count[d] += !f.by_dimension[d].empty();
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

Result<std::vector<ReadFeature>> read_features(OGRLayer& source, Columns const& columns, LayerDeclaration const& declaration)
{
    GdalMessages messages;
    auto const where_failure = [&] {
        return std::unexpected{layer_failure(Errc::bad_value, declaration, "where \"" + declaration.where + "\": " + messages.errors())};
    };
    if (!declaration.where.empty() && source.SetAttributeFilter(declaration.where.c_str()) != OGRERR_NONE)
        return where_failure();
    messages.clear();
    source.ResetReading();

    std::vector<ReadFeature> features;
    std::unordered_set<std::string> ids;
    std::size_t vertices = 0;
    while (OGRFeatureUniquePtr const f{source.GetNextFeature()}) {
        ReadFeature read;
        read.feature.id = columns.id < 0 ? std::to_string(f->GetFID()) : to_valid_utf8(f->GetFieldAsString(columns.id));
        if (read.feature.id.empty() || !ids.insert(read.feature.id).second) {
            std::string const detail = "feature id \"" + read.feature.id + "\" " + (read.feature.id.empty() ? "is empty" : "occurs twice") +
                                       " in id_attribute \"" + declaration.id_attribute +
                                       "\"; choose an attribute that is unique, or leave it out";
            return std::unexpected{layer_failure(Errc::duplicate_id, declaration, detail)};
        }
        if (columns.name >= 0 && f->IsFieldSetAndNotNull(columns.name))
            read.name = trimmed(to_valid_utf8(f->GetFieldAsString(columns.name)));
        for (std::size_t i = 0; i < columns.kept.size(); ++i)
            read.feature.values.push_back(value_of(*f, columns.kept[i], columns.attributes[i].type));
        if (auto const* const geometry = f->GetGeometryRef()) {
            if (geometry->hasCurveGeometry(TRUE)) {
                std::unique_ptr<OGRGeometry> const linear{geometry->getLinearGeometry()};
                if (linear)
                    collect(*linear, read.by_dimension);
            } else {
                collect(*geometry, read.by_dimension);
            }
        }
        for (auto const& parts : read.by_dimension)
            vertices += vertex_count(parts);
        features.push_back(std::move(read));
        if (features.size() > max_features || vertices > max_vertices)
            return std::unexpected{layer_failure(
                Errc::too_large, declaration,
                fmt::format("more than {} features or {} vertices; clip or simplify it with ogr2ogr", max_features, max_vertices))};
    }
    if (messages.failed() && features.empty() && !declaration.where.empty())        // some drivers look at the filter only now
        return where_failure();
    if (messages.failed())
        return std::unexpected{layer_failure(
            Errc::broken_file, declaration,
            fmt::format("reading stopped after {} features ({}); the file is damaged, bring it again or repair it with ogr2ogr",
                        features.size(), messages.errors()))};
    for (auto const& text : messages.warnings())
        log::warning("layer_source_warning", {{"layer", declaration.id}, {"source", declaration.source}, {"message", text}});
    return features;
}

}  // namespace

Result<LoadedLayer> load_vector(LayerDeclaration const& declaration, OpenDatasets& open, Geos& geos)
{
    auto const dataset = open_vector(declaration, open);
    if (!dataset)
        return std::unexpected{dataset.error()};
    auto const source = find_layer(**dataset, declaration);
    if (!source)
        return std::unexpected{source.error()};
    auto columns = choose_columns(*(*source)->GetLayerDefn(), declaration);
    if (!columns)
        return std::unexpected{columns.error()};
    auto to_lon_lat = ToLonLat::make((*source)->GetSpatialRef(), declaration);
    if (!to_lon_lat)
        return std::unexpected{to_lon_lat.error()};
    auto read = read_features(**source, *columns, declaration);
    (*source)->SetAttributeFilter(nullptr);                    // the dataset is shared with the next declaration
    if (!read)
        return std::unexpected{read.error()};

    int const dim = choose_dimension(*read, declaration.role);
    auto layer = declared_layer(declaration);
    layer->attributes = std::move(columns->attributes);

    LoadedLayer loaded;
    loaded.reach_m = declaration.reach_m;
    bool const overlays = declaration.role != LayerRole::other;
    bool const named = columns->name >= 0;
    bool multi = false;
    std::size_t drawn = 0;
    Notes lost, other_dimension, mended;
    for (auto& f : *read) {
        Parts& parts = f.by_dimension[static_cast<std::size_t>(dim)];
        for (int d = 0; d < 3; ++d)
            if (d != dim && !f.by_dimension[static_cast<std::size_t>(d)].empty()) {
                other_dimension.add(f.feature.id, "has pieces of another dimension than the layer, left out; split the layer by `where`");
                break;
            }
        bool const placed = std::ranges::all_of(
            parts, [&](auto& part) { return std::ranges::all_of(part, [&](Ring& ring) { return to_lon_lat->apply(ring); }); });
        if (!placed) {
            lost.add(f.feature.id, "coordinates are no longitude/latitude or cannot be reprojected; set `crs`");
            parts.clear();
        }
        if (dim == 2 && !parts.empty()) {
            if (auto const why = mend(parts, geos); !why.empty())
                mended.add(f.feature.id, why);
            wind(parts);
        }
        drawn += !parts.empty();
        if (overlays && declaration.simplify_m > 0)
            loaded.exact.push_back(parts);
        if (declaration.simplify_m > 0 && dim > 0 && !parts.empty()) {
            parts = simplified(parts, dim, declaration.simplify_m, geos);
            if (dim == 2)
                wind(parts);
        }
        multi = multi || parts.size() > 1;
        f.feature.geometry.parts = std::move(parts);
        loaded.names.push_back(named ? std::move(f.name) : layer->title);
    }
    if (lost.count > 0 && (drawn == 0 || to_lon_lat->is_assumed()))
        return std::unexpected{
            layer_failure(Errc::unsupported, declaration,
                          (to_lon_lat->is_assumed() ? "neither the file nor the config names a CRS, and " : "") + lost.first)};
    if (drawn > 0 && dim != 2 && (layer->role == LayerRole::boundary || layer->role == LayerRole::zone || layer->role == LayerRole::lake))
        return std::unexpected{
            layer_failure(Errc::unsupported, declaration, "a " + std::string{to_text(layer->role)} + " layer needs polygons")};
    if (drawn > 0 && dim == 0 && layer->role == LayerRole::river)
        return std::unexpected{layer_failure(Errc::unsupported, declaration, "a river layer needs lines or polygons")};

    static constexpr std::array types{GeometryType::point, GeometryType::line_string, GeometryType::polygon};
    GeometryType const single = types[static_cast<std::size_t>(dim)];
    GeometryType const type = multi ? static_cast<GeometryType>(static_cast<int>(single) + 1) : single;
    layer->geometry_type = drawn > 0 ? type : GeometryType::none;
    layer->features.reserve(read->size());
    for (auto& f : *read) {
        f.feature.geometry.type = f.feature.geometry.parts.empty() ? GeometryType::none : type;
        f.feature.bounds = f.feature.geometry.bounds();
        if (!f.feature.geometry.parts.empty())
            layer->bounds.extend(f.feature.bounds);
        layer->features.push_back(std::move(f.feature));
    }

    lost.log("layer_geometry_lost", declaration);
    other_dimension.log("layer_geometry_left_out", declaration);
    mended.log("layer_geometry_mended", declaration);
    if (to_lon_lat->is_assumed() && drawn > 0)
        log::warning("layer_crs_assumed", {{"layer", layer->id}, {"source", declaration.source}, {"crs", "EPSG:4326"}});
    if (drawn == 0)
        log::warning("layer_empty", {{"layer", layer->id}, {"source", declaration.source}, {"features", layer->features.size()}});
    log::info("layer_loaded",
              {{"layer", layer->id}, {"features", layer->features.size()}, {"geometry", geojson_name(layer->geometry_type)}});
    loaded.layer = std::move(layer);
    return loaded;
}

}  // namespace yihong::geo
