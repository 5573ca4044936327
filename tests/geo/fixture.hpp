#pragma once

// Small sources, written by GDAL itself into a folder of the test.
#include "temporary_folder.hpp"

#include "yihong/geo/load_layers.hpp"
#include "yihong/geometry/geojson.hpp"

#include <cpl_conv.h>
#include <gdal_priv.h>
#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace yihong::geo_test {

struct Row {
    std::string wkt;                                           // empty: null geometry
    std::string name;
};

struct VectorFile {
    std::string driver = "GeoJSON";
    std::string crs = "EPSG:4326";                             // empty: none
    std::string layer = "things";
    std::vector<std::string> layer_options = {};
    OGRwkbGeometryType type = wkbUnknown;
};

inline OGRSpatialReference reference(std::string const& crs)
{
    OGRSpatialReference srs;
    EXPECT_EQ(srs.SetFromUserInput(crs.c_str()), OGRERR_NONE) << crs;
    srs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    return srs;
}

/// Appends a layer with the attribute `name` to the file, or makes it.
inline void write_vector(std::string const& path, std::vector<Row> const& rows, VectorFile const& file = {})
{
    GDALAllRegister();
    auto* const driver = GetGDALDriverManager()->GetDriverByName(file.driver.c_str());
    ASSERT_TRUE(driver) << file.driver;
    bool const append = std::filesystem::exists(path);
    auto* const dataset = append ? GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE)
                                 : driver->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    ASSERT_TRUE(dataset) << CPLGetLastErrorMsg();
    OGRSpatialReference srs = file.crs.empty() ? OGRSpatialReference{} : reference(file.crs);
    CPLStringList options;
    for (auto const& option : file.layer_options)
        options.AddString(option.c_str());
    auto* const layer = dataset->CreateLayer(file.layer.c_str(), file.crs.empty() ? nullptr : &srs, file.type, options.List());
    ASSERT_TRUE(layer) << CPLGetLastErrorMsg();
    OGRFieldDefn field{"name", OFTString};
    ASSERT_EQ(layer->CreateField(&field), OGRERR_NONE);
    for (auto const& row : rows) {
        OGRFeatureUniquePtr const feature{OGRFeature::CreateFeature(layer->GetLayerDefn())};
        feature->SetField(layer->GetLayerDefn()->GetFieldIndex("name"), row.name.c_str());
        if (!row.wkt.empty()) {
            OGRGeometry* geometry = nullptr;
            ASSERT_EQ(OGRGeometryFactory::createFromWkt(row.wkt.c_str(), nullptr, &geometry), OGRERR_NONE) << row.wkt;
            feature->SetGeometryDirectly(geometry);
        }
        ASSERT_EQ(layer->CreateFeature(feature.get()), OGRERR_NONE) << CPLGetLastErrorMsg();
    }
    GDALClose(dataset);
}

/// The nearest river; nameless: none is within reach.
inline RiverLine river_near(OverlayFacts const& facts) { return facts.rivers.empty() ? RiverLine{} : facts.rivers.front(); }

inline void write_text(std::string const& path, std::string const& text) { std::ofstream{path, std::ios::binary} << text; }

/// One band of doubles, rows from the north.
inline void write_raster(std::string const& path, std::vector<std::vector<double>> const& rows, std::array<double, 6> position,
                         std::string const& crs = "EPSG:4326", std::optional<double> nodata = std::nullopt)
{
    GDALAllRegister();
    int const width = static_cast<int>(rows.front().size());
    int const height = static_cast<int>(rows.size());
    auto* const dataset = GetGDALDriverManager()->GetDriverByName("GTiff")->Create(path.c_str(), width, height, 1, GDT_Float32, nullptr);
    ASSERT_TRUE(dataset);
    dataset->SetGeoTransform(position.data());
    if (!crs.empty()) {
        auto const srs = reference(crs);
        dataset->SetSpatialRef(&srs);
    }
    if (nodata)
        dataset->GetRasterBand(1)->SetNoDataValue(*nodata);
    for (int y = 0; y < height; ++y) {
        auto row = rows[static_cast<std::size_t>(y)];
        ASSERT_EQ(dataset->GetRasterBand(1)->RasterIO(GF_Write, 0, y, width, 1, row.data(), width, 1, GDT_Float64, 0, 0), CE_None);
    }
    GDALClose(dataset);
}

inline LayerDeclaration declare(std::string id, std::string source, LayerRole role = LayerRole::other)
{
    LayerDeclaration d;
    d.title = "图层 " + id;
    d.id = std::move(id);
    d.source = std::move(source);
    d.role = role;
    return d;
}

inline std::shared_ptr<LayerSet const> load(std::vector<LayerDeclaration> const& layers, std::vector<RasterZoneRule> const& rules = {})
{
    auto loaded = load_layers(layers, rules);
    if (!loaded) {
        for (auto const& failure : loaded.error())
            ADD_FAILURE() << code_name(failure.code) << ": " << failure.detail;
        return nullptr;
    }
    return *loaded;
}

inline std::vector<Failure> failures(std::vector<LayerDeclaration> const& layers, std::vector<RasterZoneRule> const& rules = {})
{
    auto loaded = load_layers(layers, rules);
    return loaded ? std::vector<Failure>{} : loaded.error();
}

/// Exactly one failure, and it says all of these.
inline void expect_failure(std::vector<Failure> const& found, Errc code, std::vector<std::string> const& said)
{
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].code, code) << found[0].detail;
    for (auto const& text : said)
        EXPECT_NE(found[0].detail.find(text), std::string::npos) << '"' << text << "\" is not in: " << found[0].detail;
}

inline std::string geojson(Geometry const& geometry)
{
    std::string text;
    append_geojson(text, geometry);
    return text;
}

}  // namespace yihong::geo_test
