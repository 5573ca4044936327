#include "read_features.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <unordered_set>

namespace yihong::geo {
namespace {

constexpr std::size_t max_features = 1'000'000;
constexpr std::size_t max_vertices = 20'000'000;               // 320 MB of coordinates

// ---- attributes

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

bool is_list(OGRFeature const& feature, int field)
{
    auto const type = feature.GetFieldDefnRef(field)->GetType();
    return type == OFTStringList || type == OFTIntegerList || type == OFTInteger64List || type == OFTRealList;
}

/// A list as JSON text: `["甲","乙"]`, `[1,2.5]`.
std::string list_text(OGRFeature const& feature, int field)
{
    std::string text;
    JsonWriter json{text};
    json.begin_array();
    int count = 0;
    auto const* const definition = feature.GetFieldDefnRef(field);
    if (definition->GetType() == OFTStringList) {
        for (char** word = feature.GetFieldAsStringList(field); word && *word; ++word)
            json.value(to_valid_utf8(*word));
    } else if (definition->GetType() == OFTIntegerList) {
        int const* const numbers = feature.GetFieldAsIntegerList(field, &count);
        for (int i = 0; i < count; ++i)
            definition->GetSubType() == OFSTBoolean ? json.value(numbers[i] != 0) : json.value(std::int64_t{numbers[i]});
    } else if (definition->GetType() == OFTInteger64List) {
        GIntBig const* const numbers = feature.GetFieldAsInteger64List(field, &count);
        for (int i = 0; i < count; ++i)
            json.value(std::int64_t{numbers[i]});
    } else {
        double const* const numbers = feature.GetFieldAsDoubleList(field, &count);
        for (int i = 0; i < count; ++i)
            json.value(numbers[i]);
    }
    json.end_array();
    return text;
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
    if (is_list(feature, field))
        return list_text(feature, field);
    return to_valid_utf8(feature.GetFieldAsString(field));
}

// ---- geometry

Positions positions_of(OGRSimpleCurve const& curve)
{
    Positions ring;
    ring.reserve(static_cast<std::size_t>(curve.getNumPoints()));
    for (int i = 0; i < curve.getNumPoints(); ++i)
        ring.push_back({curve.getX(i), curve.getY(i)});        // Z and M stay behind
    return ring;
}

/// Sorts the pieces of a linear geometry by dimension. Rings too short to enclose anything are left out.
void collect(OGRGeometry const& geometry, Pieces& out)
{
    OGRwkbGeometryType const type = wkbFlatten(geometry.getGeometryType());
    if (geometry.IsEmpty())
        return;
    if (type == wkbPoint) {
        out.points.positions.push_back({geometry.toPoint()->getX(), geometry.toPoint()->getY()});
    } else if (OGR_GT_IsSubClassOf(type, wkbLineString)) {
        if (auto line = positions_of(*geometry.toLineString()); line.size() >= 2)
            out.lines.lines.push_back(std::move(line));
    } else if (OGR_GT_IsSubClassOf(type, wkbPolygon)) {
        std::vector<Positions> rings;
        for (auto const* const r : *geometry.toPolygon()) {
            Positions ring = positions_of(*r);
            if (!ring.empty() && ring.front() != ring.back())
                ring.push_back(ring.front());
            if (ring.size() >= 4)
                rings.push_back(std::move(ring));
            else if (rings.empty())
                return;                                        // without an outer ring its holes mean nothing
        }
        if (!rings.empty())
            out.polygons.polygons.push_back({std::move(rings)});
    } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
        for (auto const* const piece : *geometry.toGeometryCollection())
            collect(*piece, out);
    } else if (OGR_GT_IsSubClassOf(type, wkbPolyhedralSurface)) {
        for (auto const* const piece : *geometry.toPolyhedralSurface())
            collect(*piece, out);
    }
}

}  // namespace

bool Pieces::has(int dimension) const noexcept
{
    return !(dimension == 0 ? points.positions.empty() : dimension == 1 ? lines.lines.empty() : polygons.polygons.empty());
}

Geometry Pieces::take(int dimension)
{
    if (!has(dimension))
        return {};
    return dimension == 0 ? Geometry{std::move(points)} : dimension == 1 ? Geometry{std::move(lines)} : Geometry{std::move(polygons)};
}

std::size_t Pieces::position_count() const noexcept
{
    std::size_t n = points.positions.size();
    for (auto const& line : lines.lines)
        n += line.size();
    for (auto const& polygon : polygons.polygons)
        for (auto const& ring : polygon.rings)
            n += ring.size();
    return n;
}

std::string listed(std::vector<std::string> const& names)
{
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

Result<Columns> choose_columns(OGRFeatureDefn& definition, FieldNames const& names, LayerDeclaration const& declaration)
{
    auto const& available = names.all();
    auto const find = [&](std::string const& name) { return names.find(name); };
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
    if (!declaration.accuracy_attribute.empty() && (columns.accuracy = find(declaration.accuracy_attribute)) < 0)
        return missing("accuracy_attribute", declaration.accuracy_attribute);
    return columns;
}

Result<std::vector<ReadFeature>> read_features(OGRLayer& source, Columns const& columns, FieldNames const& names,
                                               LayerDeclaration const& declaration)
{
    GdalMessages messages;
    auto const where_failure = [&] {
        std::string const detail = "where \"" + declaration.where + "\": " + messages.errors() + "; write name = 'text', names with " +
                                   "blanks or signs in double quotes; it has: " + listed(names.all());
        return std::unexpected{layer_failure(Errc::bad_value, declaration, detail)};
    };
    OGRFeatureQuery query;
    bool const filters_here = !declaration.where.empty() && names.unambiguous();
    if (!declaration.where.empty()) {
        auto const where = names.translated(declaration.where);
        if ((filters_here ? query.Compile(names.unambiguous(), where.c_str()) : source.SetAttributeFilter(where.c_str())) != OGRERR_NONE)
            return where_failure();
    }
    messages.clear();
    source.ResetReading();

    std::vector<ReadFeature> features;
    std::unordered_set<std::string> ids;
    std::string twice;
    std::size_t vertices = 0;
    while (OGRFeatureUniquePtr const f{source.GetNextFeature()}) {
        if (filters_here && !query.Evaluate(f.get()))
            continue;
        ReadFeature read;
        read.feature.id = columns.id < 0 ? std::to_string(f->GetFID()) : to_valid_utf8(f->GetFieldAsString(columns.id));
        bool const is_new = ids.insert(read.feature.id).second;
        if (!is_new && twice.empty())
            twice = read.feature.id;
        if (columns.id >= 0 && (read.feature.id.empty() || !is_new)) {
            std::string const detail = "feature id \"" + read.feature.id + "\" " + (read.feature.id.empty() ? "is empty" : "occurs twice") +
                                       " in id_attribute \"" + declaration.id_attribute +
                                       "\"; choose an attribute that is unique, or leave it out";
            return std::unexpected{layer_failure(Errc::duplicate_id, declaration, detail)};
        }
        if (columns.name >= 0 && f->IsFieldSetAndNotNull(columns.name))
            read.name = trimmed(to_valid_utf8(f->GetFieldAsString(columns.name)));
        if (columns.accuracy >= 0 && f->IsFieldSetAndNotNull(columns.accuracy))
            if (double const metres = f->GetFieldAsDouble(columns.accuracy); std::isfinite(metres) && metres > 0)
                read.accuracy_m = metres;
        for (std::size_t i = 0; i < columns.kept.size(); ++i)
            read.feature.values.push_back(value_of(*f, columns.kept[i], columns.attributes[i].type));
        if (auto const* const geometry = f->GetGeometryRef()) {
            if (geometry->hasCurveGeometry(TRUE)) {
                std::unique_ptr<OGRGeometry> const linear{geometry->getLinearGeometry()};
                if (linear)
                    collect(*linear, read.pieces);
            } else {
                collect(*geometry, read.pieces);
            }
        }
        vertices += read.pieces.position_count();
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
    if (columns.id < 0 && !twice.empty()) {
        for (std::size_t i = 0; i < features.size(); ++i)
            features[i].feature.id = std::to_string(i + 1);
        log::warning("layer_ids_renumbered", {{"layer", declaration.id},
                                              {"source", declaration.source},
                                              {"twice", twice},
                                              {"advice", "its features have an id twice, so they are numbered in their order instead; mend "
                                                         "the file, or name an attribute that is unique as `id_attribute`"}});
    }
    for (auto const& text : messages.warnings())
        log::warning("layer_source_warning", {{"layer", declaration.id}, {"source", declaration.source}, {"message", text}});
    return features;
}

}  // namespace yihong::geo
