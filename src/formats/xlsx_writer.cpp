#include "writers.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/wkt.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

namespace yihong::formats {
namespace {

constexpr std::uint32_t most_rows = 1'048'576;             // of a sheet, its head with them
constexpr std::size_t longest_text = 32'767;               // bytes are at least as many as the letters that Excel counts

struct WorkbookCloser {
    void operator()(lxw_workbook* workbook) const noexcept { lxw_workbook_free(workbook); }
};

/// What a cell shows of a column.
struct CellSource {
    std::size_t column;
    /// The time whose moment it shows as a date of Excel in Beijing time: those know no time zone.
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

/// Days since the beginning of 1900, as Excel counts them, in Beijing.
double excel_days(UtcTime time)
{
    constexpr double epoch = 25'569;                       // 1970-01-01
    return epoch + static_cast<double>((time + beijing_offset).time_since_epoch().count()) / 86'400'000.0;
}

double excel_days(Date date) { return 25'569 + static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count()); }

/// One sheet of features, others where it is full, and one that says what the columns are. Rows go to disk as they come.
class XlsxWriter final : public FeatureWriter {
public:
    XlsxWriter(Table table, std::filesystem::path const& file) : table_{std::move(table)}, cells_{cells_of(table_)}
    {
        auto folder = file.parent_path().string();
        lxw_workbook_options options{.constant_memory = LXW_TRUE, .tmpdir = folder.data(), .use_zip64 = LXW_TRUE};
        workbook_.reset(workbook_new_opt(file.c_str(), &options));
        if (!workbook_)
            throw std::runtime_error{"the workbook cannot be made"};
        head_ = workbook_add_format(workbook_.get());
        format_set_bold(head_);
        moment_ = workbook_add_format(workbook_.get());
        format_set_num_format(moment_, "yyyy-mm-dd hh:mm");
        day_ = workbook_add_format(workbook_.get());
        format_set_num_format(day_, "yyyy-mm-dd");
        begin_sheet();
    }

    void add(Feature const& feature) override
    {
        if (row_ == most_rows)
            begin_sheet();
        lxw_col_t at = 0;
        text(at++, feature.id());
        if (has_points()) {
            auto const shape = shown_geometry(table_, feature);
            if (auto const* point = std::get_if<Point>(&shape)) {
                number(at, rounded(point->position.lon));
                number(static_cast<lxw_col_t>(at + 1), rounded(point->position.lat));
            }
            at = static_cast<lxw_col_t>(at + 2);
        }
        for (auto const& cell : cells_)
            show(at++, cell, feature);
        if (table_.has_geometry && !has_points()) {
            auto const shape = shown_geometry(table_, feature);
            auto const wkt = type_of(shape) == GeometryType::none ? std::string{} : to_wkt(shape);
            text(at, wkt.size() <= longest_text ? wkt : "too long for a cell");
        }
        ++row_;
    }

    void finish() override
    {
        describe_columns();
        auto* const workbook = workbook_.release();        // closing frees it, whatever comes of it
        if (auto const error = workbook_close(workbook); error != LXW_NO_ERROR)
            throw std::runtime_error{std::string{"the workbook cannot be written: "} + lxw_strerror(error)};
    }

private:
    [[nodiscard]] bool has_points() const noexcept { return table_.has_geometry && table_.geometry_type == GeometryType::point; }

    [[nodiscard]] double rounded(double number) const
    {
        double const steps = std::pow(10, table_.form.decimals);
        return std::round(number * steps) / steps;
    }

    void begin_sheet()
    {
        std::string name{cut_to(table_.name, 24)};
        std::ranges::replace_if(name, [](char c) { return std::string_view{"[]:*?/\\'"}.contains(c); }, '_');
        if (++sheets_ > 1)
            name += " " + std::to_string(sheets_);
        sheet_ = workbook_add_worksheet(workbook_.get(), name.c_str());
        if (sheet_ == nullptr)
            throw std::runtime_error{"the workbook has no room for another sheet"};
        worksheet_freeze_panes(sheet_, 1, 1);
        row_ = 0;
        lxw_col_t at = 0;
        auto const head = [&](std::string const& text) { worksheet_write_string(sheet_, 0, at++, text.c_str(), head_); };
        head(id_column(*table_.schema));
        if (has_points()) {
            head(table_.in_degrees ? "lon" : "east");
            head(table_.in_degrees ? "lat" : "north");
        }
        for (auto const& cell : cells_)
            head(table_.schema->columns()[cell.column].name);
        if (table_.has_geometry && !has_points())
            head("geometry");
        row_ = 1;
    }

    void text(lxw_col_t at, std::string_view value)
    {
        if (!value.empty())
            worksheet_write_string(sheet_, row_, at, std::string{cut_to(value, longest_text)}.c_str(), nullptr);
    }

    void number(lxw_col_t at, double value, lxw_format* format = nullptr)
    {
        if (std::isfinite(value))
            worksheet_write_number(sheet_, row_, at, value, format);
    }

    void show(lxw_col_t at, CellSource const& cell, Feature const& feature)
    {
        auto const value =
            cell.beijing_of ? feature.value(*cell.beijing_of) : shown_value(table_.schema->columns()[cell.column], feature, Profile::flat);
        if (auto const plain = number_of(value))
            number(at, *plain);
        else if (auto const* flag = std::get_if<bool>(&value))
            worksheet_write_boolean(sheet_, row_, at, *flag ? 1 : 0, nullptr);
        else if (auto const* date = std::get_if<Date>(&value))
            number(at, excel_days(*date), day_);
        else if (auto const* time = std::get_if<UtcTime>(&value); time && cell.beijing_of)
            number(at, excel_days(*time), moment_);
        else
            text(at, to_text(value));
    }

    void describe_columns()
    {
        sheet_ = workbook_add_worksheet(workbook_.get(), "字段 Columns");
        if (sheet_ == nullptr)
            throw std::runtime_error{"the workbook has no room for another sheet"};
        lxw_col_t at = 0;
        for (auto const* title : {"name", "名称", "title", "unit"})
            worksheet_write_string(sheet_, 0, at++, title, head_);
        row_ = 1;
        for (auto const& cell : cells_) {
            auto const& column = table_.schema->columns()[cell.column];
            text(0, column.name);
            text(1, column.title);
            text(2, column.title_en);
            text(3, column.unit);
            ++row_;
        }
    }

    Table table_;
    std::vector<CellSource> cells_;
    std::unique_ptr<lxw_workbook, WorkbookCloser> workbook_;
    lxw_worksheet* sheet_ = nullptr;
    lxw_format* head_ = nullptr;
    lxw_format* moment_ = nullptr;
    lxw_format* day_ = nullptr;
    lxw_row_t row_ = 0;
    int sheets_ = 0;
};

}  // namespace

std::unique_ptr<FeatureWriter> xlsx_writer(Table table, std::filesystem::path const& file)
{
    return std::make_unique<XlsxWriter>(std::move(table), file);
}

}  // namespace yihong::formats
