#include "gdal_parts.hpp"
#include "writers.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/wkb.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

// The wrapper round the drivers of GDAL that write. A dataset is opened, filled and closed by one thread.
namespace yihong::formats {
namespace {

void register_writing_drivers()
{
    RegisterOGRGeoPackage();
    RegisterOGRKML();
    RegisterOGRShape();
}

struct DatasetCloser {
    void operator()(GDALDataset* dataset) const noexcept { GDALClose(dataset); }
};
struct FeatureDestroyer {
    void operator()(OGRFeature* feature) const noexcept { OGRFeature::DestroyFeature(feature); }
};

/// The type of a layer: lines and areas may be many in one feature.
OGRwkbGeometryType layer_type(Table const& table)
{
    if (!table.has_geometry)
        return wkbNone;
    switch (table.geometry_type) {
    case GeometryType::point: return wkbPoint;
    case GeometryType::multi_point: return wkbMultiPoint;
    case GeometryType::line_string:
    case GeometryType::multi_line_string: return wkbMultiLineString;
    case GeometryType::polygon:
    case GeometryType::multi_polygon: return wkbMultiPolygon;
    case GeometryType::none: break;
    }
    return wkbUnknown;
}

OGRFieldType field_type(Column const& column, bool knows_times)
{
    if (column.is_list())
        return OFTString;
    switch (column.type) {
    case AttributeType::integer: return OFTInteger64;
    case AttributeType::real: return OFTReal;
    case AttributeType::boolean: return OFTInteger;
    case AttributeType::date: return OFTDate;
    case AttributeType::date_time: return knows_times ? OFTDateTime : OFTString;
    case AttributeType::text: break;
    }
    return OFTString;
}

void set_date(OGRFeature& feature, int field, Date date)
{
    feature.SetField(field, static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                     static_cast<int>(static_cast<unsigned>(date.day())));
}

void set_time(OGRFeature& feature, int field, UtcTime time)
{
    constexpr int utc = 100;                               // GDAL's name of the zone
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{time - day};
    auto const seconds = static_cast<float>(clock.seconds().count()) + static_cast<float>(clock.subseconds().count()) / 1000.0F;
    feature.SetField(field, static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                     static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
                     static_cast<int>(clock.minutes().count()), seconds, utc);
}

/// How a driver wants its layer.
struct Wishes {
    std::vector<std::string> names;  ///< of the fields, the id first
    bool knows_times = true;
    std::size_t longest_text = 0;  ///< bytes; 0: any
    char** layer_options = nullptr;
};

class GdalWriter final : public FeatureWriter {
public:
    GdalWriter(std::string const& driver, Table table, std::filesystem::path const& file, Wishes wishes)
        : table_{std::move(table)}, columns_{columns_of(table_)}, wishes_{std::move(wishes)}
    {
        static std::once_flag registered;
        std::call_once(registered, register_writing_drivers);
        Quiet const quiet;
        auto* const found = GetGDALDriverManager()->GetDriverByName(driver.c_str());
        if (found == nullptr)
            throw std::runtime_error{"this GDAL has no driver " + driver};
        dataset_.reset(found->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
        if (!dataset_)
            Quiet::fail(driver);
        auto system = reference_system_of(table_);
        layer_ =
            dataset_->CreateLayer(table_.name.c_str(), table_.has_geometry ? &system : nullptr, layer_type(table_), wishes_.layer_options);
        if (layer_ == nullptr)
            Quiet::fail(driver);
        add_field(wishes_.names.front(), OFTString, false);
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            auto const& column = table_.schema->columns()[columns_[i]];
            add_field(wishes_.names[i + 1], field_type(column, wishes_.knows_times),
                      column.type == AttributeType::boolean && !column.is_list());
        }
        in_transaction_ = dataset_->TestCapability(ODsCTransactions) && dataset_->StartTransaction() == OGRERR_NONE;
        row_.reset(OGRFeature::CreateFeature(layer_->GetLayerDefn()));
    }

    void add(Feature const& feature) override
    {
        Quiet const quiet;
        row_->SetFID(OGRNullFID);                          // the driver gives each its own
        set_text(*row_, fields_.front(), feature.id());
        for (std::size_t i = 0; i < columns_.size(); ++i)
            set(*row_, fields_[i + 1], shown_value(table_.schema->columns()[columns_[i]], feature, Profile::flat));
        if (table_.has_geometry)
            set_geometry(*row_, shown_geometry(table_, feature));
        if (layer_->CreateFeature(row_.get()) != OGRERR_NONE)
            Quiet::fail("feature " + feature.id());
    }

    void finish() override
    {
        Quiet const quiet;
        row_.reset();
        if (in_transaction_ && dataset_->CommitTransaction() != OGRERR_NONE)
            Quiet::fail("the end of the file");
        dataset_.reset();
        if (CPLGetLastErrorType() >= CE_Failure)           // what is written at the end alone: indexes
            Quiet::fail("the end of the file");
    }

private:
    void add_field(std::string const& name, OGRFieldType type, bool is_flag)
    {
        OGRFieldDefn field{name.c_str(), type};
        if (is_flag)
            field.SetSubType(OFSTBoolean);
        if (type == OFTString && wishes_.longest_text > 0)
            field.SetWidth(static_cast<int>(wishes_.longest_text));
        if (layer_->CreateField(&field) != OGRERR_NONE)
            Quiet::fail("field " + name);
        fields_.push_back(layer_->GetLayerDefn()->GetFieldCount() - 1);
    }

    void set_text(OGRFeature& feature, int field, std::string const& text) const
    {
        if (wishes_.longest_text > 0 && text.size() > wishes_.longest_text)
            feature.SetField(field, std::string{cut_to(text, wishes_.longest_text)}.c_str());
        else
            feature.SetField(field, text.c_str());
    }

    void set(OGRFeature& feature, int field, Value const& value) const
    {
        if (is_null(value))
            feature.SetFieldNull(field);
        else if (auto const* text = std::get_if<std::string>(&value))
            set_text(feature, field, *text);
        else if (auto const* whole = std::get_if<std::int64_t>(&value))
            feature.SetField(field, static_cast<GIntBig>(*whole));
        else if (auto const number = number_of(value))
            feature.SetField(field, *number);
        else if (auto const* flag = std::get_if<bool>(&value))
            feature.SetField(field, *flag ? 1 : 0);
        else if (auto const* date = std::get_if<Date>(&value))
            set_date(feature, field, *date);
        else if (auto const* time = std::get_if<UtcTime>(&value); time && wishes_.knows_times)
            set_time(feature, field, *time);
        else
            set_text(feature, field, to_text(value));
    }

    void set_geometry(OGRFeature& feature, Geometry const& geometry) const
    {
        auto const wanted = layer_type(table_);
        if (type_of(geometry) == GeometryType::none) {
            feature.SetGeometryDirectly(nullptr);
            return;
        }
        if (auto const* point = std::get_if<Point>(&geometry); point && (wanted == wkbPoint || wanted == wkbUnknown)) {
            auto made = std::make_unique<OGRPoint>(point->position.lon, point->position.lat);    // most features are one
            made->assignSpatialReference(layer_->GetSpatialRef());
            feature.SetGeometryDirectly(made.release());
            return;
        }
        auto const bytes = to_wkb(geometry);
        OGRGeometry* made = nullptr;
        if (OGRGeometryFactory::createFromWkb(bytes.data(), nullptr, &made, bytes.size()) != OGRERR_NONE)
            Quiet::fail("a geometry");
        if (wanted != wkbUnknown)
            made = OGRGeometryFactory::forceTo(made, wanted);
        made->assignSpatialReference(layer_->GetSpatialRef());
        feature.SetGeometryDirectly(made);
    }

    Table table_;
    std::vector<std::size_t> columns_;
    Wishes wishes_;
    std::unique_ptr<GDALDataset, DatasetCloser> dataset_;
    OGRLayer* layer_ = nullptr;  // the dataset's
    std::vector<int> fields_;  ///< where the id and each column stand in it: a driver may have fields of its own before them, as KML has
    std::unique_ptr<OGRFeature, FeatureDestroyer> row_;    // filled anew for each feature; of the layer's definition, so it goes first
    bool in_transaction_ = false;
};

std::vector<std::string> names_of(Table const& table)
{
    std::vector<std::string> names{id_column(*table.schema)};
    for (auto const column : columns_of(table))
        names.push_back(table.schema->columns()[column].name);
    return names;
}

/// Copies a file into a zip that is being written.
void put_into_zip(std::string const& zip, std::filesystem::path const& file)
{
    struct Closer {
        void operator()(VSILFILE* open) const noexcept { VSIFCloseL(open); }
    };
    using FilePtr = std::unique_ptr<VSILFILE, Closer>;
    FilePtr const in{VSIFOpenL(file.c_str(), "rb")};
    FilePtr const out{VSIFOpenL((zip + "/" + file.filename().string()).c_str(), "wb")};
    if (!in || !out)
        Quiet::fail("the zip");
    std::array<char, 65'536> piece;
    for (std::size_t n = 0; (n = VSIFReadL(piece.data(), 1, piece.size(), in.get())) > 0;)
        if (VSIFWriteL(piece.data(), 1, n, out.get()) != n)
            Quiet::fail("the zip");
}

class ShapefileWriter final : public FeatureWriter {
public:
    ShapefileWriter(Table table, std::filesystem::path file) : file_{std::move(file)}, folder_{file_.parent_path() / "shapefile"}
    {
        std::filesystem::create_directory(folder_);
        auto const names = names_of(table);
        Wishes wishes{.names = short_names(names), .knows_times = false, .longest_text = 254, .layer_options = options_.data()};
        fields_ = "\xEF\xBB\xBF"
                  "field,property,title,title_en,unit\r\n";
        auto const columns = columns_of(table);
        for (std::size_t i = 0; i < names.size(); ++i) {
            Column const nothing{.title = "标识", .title_en = "Identifier"};
            auto const& column = i == 0 ? nothing : table.schema->columns()[columns[i - 1]];
            for (std::string const* text : {&std::as_const(wishes.names)[i], &names[i], &column.title, &column.title_en, &column.unit}) {
                append_csv_field(fields_, *text);
                fields_ += text == &column.unit ? "\r\n" : ",";
            }
        }
        auto const shape = folder_ / (table.name + (table.has_geometry ? ".shp" : ".dbf"));
        writer_.emplace("ESRI Shapefile", std::move(table), shape, std::move(wishes));
    }

    void add(Feature const& feature) override { writer_->add(feature); }

    void finish() override
    {
        writer_->finish();
        Quiet const quiet;
        auto const zip = "/vsizip/" + file_.string();
        struct Closer {
            void operator()(VSILFILE* open) const noexcept { VSIFCloseL(open); }
        };
        std::unique_ptr<VSILFILE, Closer> const whole{VSIFOpenL(zip.c_str(), "wb")};     // open while its parts are
        if (!whole)
            Quiet::fail("the zip");
        for (auto const& part : std::filesystem::directory_iterator{folder_})
            put_into_zip(zip, part.path());
        std::unique_ptr<VSILFILE, Closer> const described{VSIFOpenL((zip + "/fields.csv").c_str(), "wb")};
        if (!described || VSIFWriteL(fields_.data(), 1, fields_.size(), described.get()) != fields_.size())
            Quiet::fail("the zip");
    }

private:
    std::filesystem::path file_;
    std::filesystem::path folder_;
    std::string encoding_ = "ENCODING=UTF-8";
    std::array<char*, 2> options_{encoding_.data(), nullptr};
    std::string fields_;
    std::optional<GdalWriter> writer_;
};

}  // namespace

std::unique_ptr<FeatureWriter> gdal_writer(std::string driver, Table table, std::filesystem::path const& file)
{
    Wishes wishes{.names = names_of(table)};
    return std::make_unique<GdalWriter>(driver, std::move(table), file, std::move(wishes));
}

std::unique_ptr<FeatureWriter> shapefile_writer(Table table, std::filesystem::path const& file)
{
    return std::make_unique<ShapefileWriter>(std::move(table), file);
}

}  // namespace yihong::formats
