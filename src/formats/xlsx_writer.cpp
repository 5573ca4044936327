#include "writers.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/wkt.hpp"
#include "yihong/sheets/workbook.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace yihong::formats {
namespace {

using sheets::Cell;

constexpr double width_of_moment = 17;                     // a narrower column shows ####
constexpr std::size_t longest_text = 32'767;               // bytes are at least as many as the letters that Excel counts

/// What a cell shows of a column.
struct CellSource {
    std::size_t column;
    /// The time whose moment it shows, as a date of Excel.
    std::optional<std::size_t> beijing_of = {};
};

std::vector<CellSource> cells_of(Table const& table)
{
    std::vector<CellSource> cells;
    for (auto const column : columns_of(table)) {
        auto& cell = cells.emplace_back(column);
        std::string_view const name = table.schema->columns()[column].name;
        constexpr std::string_view ending = "_beijing";
        if (!name.ends_with(ending))
            continue;
        auto const time = table.schema->find(name.substr(0, name.size() - ending.size()));
        if (time && table.schema->columns()[*time].type == AttributeType::date_time)
            cell.beijing_of = time;
    }
    return cells;
}

/// One sheet of features, others where it is full, and one that says what the columns are.
class XlsxWriter final : public FeatureWriter {
public:
    XlsxWriter(Table table, std::filesystem::path const& file)
        : table_{std::move(table)}, cells_{cells_of(table_)}, book_{file, {.any_size = true}}
    {
        begin_sheet();
    }

    void add(Feature const& feature) override
    {
        if (!book_.has_room())
            begin_sheet();
        row_.clear();
        row_.push_back(text(feature.id()));
        auto const shape = table_.has_geometry ? rounded(shown_geometry(table_, feature), table_.form.decimals) : Geometry{};
        if (has_points()) {
            auto const* point = std::get_if<Point>(&shape);
            row_.push_back(point ? Cell{point->position.lon} : Cell{});
            row_.push_back(point ? Cell{point->position.lat} : Cell{});
        }
        for (auto const& cell : cells_)
            row_.push_back(shown(cell, feature));
        if (table_.has_geometry && !has_points()) {
            auto const wkt = type_of(shape) == GeometryType::none ? std::string{} : to_wkt(shape);
            row_.push_back(text(wkt.size() <= longest_text ? wkt : "too long for a cell"));
        }
        book_.add_row(row_);
    }

    void finish() override
    {
        describe_columns();
        book_.finish();
    }

private:
    [[nodiscard]] bool has_points() const noexcept { return table_.has_geometry && table_.geometry_type == GeometryType::point; }

    static Cell text(std::string_view value) { return value.empty() ? Cell{} : Cell{std::string{cut_to(value, longest_text)}}; }

    [[nodiscard]] Cell shown(CellSource const& cell, Feature const& feature) const
    {
        auto const value =
            cell.beijing_of ? feature.value(*cell.beijing_of) : shown_value(table_.schema->columns()[cell.column], feature, Profile::flat);
        if (auto const number = number_of(value))
            return *number;
        if (auto const* flag = std::get_if<bool>(&value))
            return *flag;
        if (auto const* date = std::get_if<Date>(&value))
            return *date;
        if (auto const* time = std::get_if<UtcTime>(&value); time && cell.beijing_of)
            return *time;
        return text(to_text(value));
    }

    void begin_sheet()
    {
        std::string name{cut_to(table_.name, 24)};
        std::ranges::replace_if(name, [](char c) { return std::string_view{"[]:*?/\\'"}.contains(c); }, '_');
        if (++sheets_ > 1)
            name += " " + std::to_string(sheets_);
        std::vector<sheets::Column> columns{{id_column(*table_.schema)}};
        if (has_points()) {
            columns.push_back({table_.in_degrees ? "lon" : "east"});
            columns.push_back({table_.in_degrees ? "lat" : "north"});
        }
        for (auto const& cell : cells_)
            columns.push_back({table_.schema->columns()[cell.column].name, cell.beijing_of ? width_of_moment : sheets::Column{}.width});
        if (table_.has_geometry && !has_points())
            columns.push_back({"geometry"});
        book_.begin_sheet(name, columns);
    }

    void describe_columns()
    {
        book_.begin_sheet("字段 Columns", std::array<sheets::Column, 4>{{{"name", 28}, {"名称", 28}, {"title", 28}, {"unit"}}});
        for (auto const& cell : cells_) {
            auto const& column = table_.schema->columns()[cell.column];
            book_.add_row(std::array{text(column.name), text(column.title), text(column.title_en), text(column.unit)});
        }
    }

    Table table_;
    std::vector<CellSource> cells_;
    sheets::Workbook book_;
    std::vector<Cell> row_;                                ///< of the feature that is written, to make it in the same place
    int sheets_ = 0;
};

}  // namespace

std::unique_ptr<FeatureWriter> xlsx_writer(Table table, std::filesystem::path const& file)
{
    return std::make_unique<XlsxWriter>(std::move(table), file);
}

}  // namespace yihong::formats
