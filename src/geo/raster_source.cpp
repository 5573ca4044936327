#include "raster_source.hpp"

#include "yihong/base/log.hpp"

#include <cmath>

namespace yihong::geo {

Result<Raster> Raster::open(LayerDeclaration const& declaration)
{
    auto dataset = open_dataset(declaration.source, GDAL_OF_RASTER);
    if (!dataset)
        return std::unexpected{layer_failure(dataset.error().code, declaration, dataset.error().detail)};
    GDALDataset& d = **dataset;
    if (EQUAL(d.GetDriverName(), "VRT"))
        GDALAllRegister();                                     // its tiles may be of any format and are opened later
    std::array<double, 6> to_map{};
    Raster raster{nullptr, {}};
    if (d.GetRasterCount() < 1 || d.GetGeoTransform(to_map.data()) != CE_None ||
        !GDALInvGeoTransform(to_map.data(), raster.to_cell_.data()))
        return std::unexpected{layer_failure(Errc::unsupported, declaration,
                                             "the raster is not georeferenced; give it a position with gdal_translate -a_ullr")};
    auto const corner_of = [&](double column, double row) {
        return LonLat{to_map[0] + column * to_map[1] + row * to_map[2], to_map[3] + column * to_map[4] + row * to_map[5]};
    };
    double const columns = d.GetRasterXSize();
    double const rows = d.GetRasterYSize();
    auto place = ToLonLat::make(d.GetSpatialRef(), declaration, [&] {
        auto const first = corner_of(0, 0);
        BoundingBox extent{first.lon, first.lat, first.lon, first.lat};
        for (LonLat const corner : {corner_of(0, 0), corner_of(columns, 0), corner_of(0, rows), corner_of(columns, rows)})
            extent.extend(corner);
        return std::optional{extent};
    });
    if (!place)
        return std::unexpected{place.error()};
    raster.place_ = std::move(*place);

    auto layer = declared_layer(declaration);
    constexpr int steps = 16;                                  // the edges may bend in longitude/latitude
    bool any = false;
    for (int i = 0; i <= steps; ++i)
        for (int j = 0; j <= steps; ++j) {
            std::array corner{corner_of(columns * i / steps, rows * j / steps)};
            if (raster.place_.apply(corner)) {
                layer->bounds.extend(corner[0]);
                any = true;
            } else if (raster.place_.is_assumed()) {
                return std::unexpected{
                    layer_failure(Errc::unsupported, declaration,
                                  "neither the file nor the config names a CRS, and its extent is no longitude/latitude; set `crs`")};
            }
        }
    if (!any)
        return std::unexpected{
            layer_failure(Errc::unsupported, declaration, "its extent cannot be turned into longitude/latitude; set `crs`")};

    GDALRasterBand& band = *d.GetRasterBand(1);
    int known = 0;
    if (double const nodata = band.GetNoDataValue(&known); known)
        raster.nodata_ = nodata;
    if (double const scale = band.GetScale(&known); known)
        raster.scale_ = scale;
    if (double const offset = band.GetOffset(&known); known)
        raster.offset_ = offset;
    log::info("layer_loaded",
              {{"layer", layer->id}, {"columns", d.GetRasterXSize()}, {"rows", d.GetRasterYSize()}, {"geometry", "raster"}});
    raster.layer_ = std::move(layer);
    raster.dataset_ = std::move(*dataset);
    return raster;
}

std::optional<double> Raster::sample(LonLat position)
{
    LonLat p = position;
    if (!place_.undo(p))
        return std::nullopt;
    double const column = std::floor(to_cell_[0] + p.lon * to_cell_[1] + p.lat * to_cell_[2]);
    double const row = std::floor(to_cell_[3] + p.lon * to_cell_[4] + p.lat * to_cell_[5]);
    if (!(column >= 0 && column < dataset_->GetRasterXSize() && row >= 0 && row < dataset_->GetRasterYSize()))
        return std::nullopt;
    GdalMessages const messages;
    double value = 0;
    CPLErr const done = dataset_->GetRasterBand(1)->RasterIO(GF_Read, static_cast<int>(column), static_cast<int>(row), 1, 1, &value, 1, 1,
                                                             GDT_Float64, 0, 0);
    if (done != CE_None || messages.failed()) {
        log::error("raster_unreadable", {{"layer", layer_->id}, {"message", messages.errors()}});
        return std::nullopt;
    }
    if (!std::isfinite(value) || (nodata_ && (value == *nodata_ || std::abs(value - *nodata_) < 1e-7 * std::abs(*nodata_))))
        return std::nullopt;
    return value * scale_ + offset_;
}

}  // namespace yihong::geo
