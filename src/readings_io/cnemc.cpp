#include "cnemc.hpp"

#include "plain_text.hpp"
#include "record_fields.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/quality_control.hpp"
#include "yihong/model/value_text.hpp"

#include <algorithm>

namespace yihong {
namespace {

using namespace std::chrono;

constexpr std::size_t no_column = SIZE_MAX;

struct KnownValue {
    std::string_view parameter;
    std::string_view column;           // archived shape, air feed
    std::string_view column_zh;        // the publishing system's own table, unit aside
    std::string_view unit;             // where the column does not say
};
constexpr std::array water_values{
    KnownValue{"water_temperature", "water_temp", "水温", "degC"},
    KnownValue{"ph", "ph", "pH", "dimensionless"},
    KnownValue{"dissolved_oxygen", "do", "溶解氧", "mg/L"},
    KnownValue{"conductivity", "conductivity", "电导率", "uS/cm"},
    KnownValue{"turbidity", "turbidity", "浊度", "NTU"},
    KnownValue{"codmn", "codmn", "高锰酸盐指数", "mg/L"},
    KnownValue{"ammonia_nitrogen", "nh3n", "氨氮", "mg/L"},
    KnownValue{"total_phosphorus", "tp", "总磷", "mg/L"},
    KnownValue{"total_nitrogen", "tn", "总氮", "mg/L"},
    KnownValue{"chlorophyll_a", "chla", "叶绿素α", "mg/L"},
    KnownValue{"algae_density", "algae", "藻密度", "cells/L"},
};
constexpr std::array air_values{
    KnownValue{"pm25", "pm2_5", "", "ug/m3"},  KnownValue{"pm25_24h", "pm2_5_24h", "", "ug/m3"},
    KnownValue{"pm10", "pm10", "", "ug/m3"},   KnownValue{"pm10_24h", "pm10_24h", "", "ug/m3"},
    KnownValue{"so2", "so2", "", "ug/m3"},     KnownValue{"so2_24h", "so2_24h", "", "ug/m3"},
    KnownValue{"no2", "no2", "", "ug/m3"},     KnownValue{"no2_24h", "no2_24h", "", "ug/m3"},
    KnownValue{"co", "co", "", "mg/m3"},       KnownValue{"co_24h", "co_24h", "", "mg/m3"},
    KnownValue{"o3", "o3", "", "ug/m3"},       KnownValue{"o3_24h", "o3_24h", "", "ug/m3"},
    KnownValue{"o3_8h", "o3_8h", "", "ug/m3"}, KnownValue{"o3_8h_24h", "o3_8h_24h", "", "ug/m3"},
};

/// `水温(℃)` → (`水温`, `℃`)
std::pair<std::string_view, std::string_view> split_unit(std::string_view column)
{
    column = without_blanks(column);
    for (auto const& [open, close] : {std::pair<std::string_view, std::string_view>{"(", ")"}, {"（", "）"}}) {
        auto const at = column.find(open);
        if (at != std::string_view::npos && column.ends_with(close))
            return {without_blanks(column.substr(0, at)),
                    without_blanks(column.substr(at + open.size(), column.size() - at - open.size() - close.size()))};
    }
    return {column, {}};
}

std::string_view known_unit(std::string_view published)
{
    if (published == "℃")
        return "degC";
    if (published == "无量纲")
        return "dimensionless";
    if (published == "μS/cm" || published == "µS/cm")
        return "uS/cm";
    return published;
}

KnownValue const* find_value(std::span<KnownValue const> known, std::string_view name)
{
    auto const found =
        std::ranges::find_if(known, [&](KnownValue const& v) { return name == v.column || (!v.column_zh.empty() && name == v.column_zh); });
    return found == known.end() ? nullptr : &*found;
}

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size())
        return std::nullopt;
    int value = 0;
    for (char const c : text.substr(at, count)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<UtcTime> beijing_time(int y, int m, int d, int h, int min)
{
    year_month_day const date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (!date.ok() || h > 23 || min > 59)
        return std::nullopt;
    return beijing_midnight(date) + hours{h} + minutes{min};
}

/// `4/1 12:00`, `4月1日 12时` in a year.
std::optional<UtcTime> time_in_year(int y, std::string_view text)
{
    std::string const plain = with_plain_letters(text);
    auto const end = std::min(plain.find_first_not_of("0123456789"), plain.size());
    auto const behind = std::string_view{plain}.substr(end);
    bool const has_hour =
        plain.find(':') != std::string::npos || plain.find("时") != std::string::npos || plain.find("点") != std::string::npos;
    if (end == 0 || end > 2 || !has_hour)
        return std::nullopt;
    std::string const separator = behind.starts_with("月") ? "年" : std::string{behind.substr(0, 1)};
    return read_sheet_time(std::to_string(y) + separator + plain);
}

/// `04-01 12:00` in the year that the hint leaves.
std::optional<UtcTime> time_without_year(std::string_view text, DateHint const& hint)
{
    auto const m = number_at(text, 0, 2), d = number_at(text, 3, 2), h = number_at(text, 6, 2), min = number_at(text, 9, 2);
    bool const is_usual = text.size() == 11 && text[2] == '-' && text[5] == ' ' && text[8] == ':' && m && d && h && min;
    int const y = static_cast<int>(beijing_date(hint.time).year());
    std::optional<UtcTime> best;
    for (int const candidate : {y + 1, y, y - 1}) {
        auto const time = is_usual ? beijing_time(candidate, *m, *d, *h, *min) : time_in_year(candidate, text);
        if (!time)
            continue;
        if (hint.collected && *time <= hint.time + days{1})
            return time;
        if (!hint.collected && (!best || abs(*time - hint.time) < abs(*best - hint.time)))
            best = time;
    }
    return best;
}

std::optional<DateHint> read_collected(std::string_view text)
{
    if (auto const time = parse_rfc3339(text))
        return DateHint{*time, true};
    if (auto const date = parse_date(text))
        return DateHint{beijing_midnight(*date) + days{1}, true};   // some moment of that day
    if (auto const time = read_sheet_time(text))
        return DateHint{*time, true};
    return std::nullopt;
}

Result<StationStatus> read_station_status(std::string_view text)
{
    if (text.empty() || text == "正常")
        return StationStatus::normal;
    if (text == "维护")
        return StationStatus::maintenance;
    if (text == "停站" || text == "不具备运行条件")
        return StationStatus::stopped;
    if (is_no_value(text))
        return StationStatus::normal;
    return fail(Errc::bad_value, "站点情况 " + quote(text) + " is not known");
}

/// `/Date(1718452800000)/`, milliseconds since 1970, as the platform's JSON has it.
std::optional<UtcTime> read_json_date(std::string_view text)
{
    if (!text.starts_with("/Date("))
        return std::nullopt;
    text.remove_prefix(6);
    std::int64_t ms = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && digits < 15 && text[digits] >= '0' && text[digits] <= '9'; ++digits)
        ms = ms * 10 + (text[digits] - '0');
    auto const rest = text.substr(digits);
    if (digits == 0 || !rest.ends_with(")/") || (rest.size() > 2 && rest.size() != 7))       // an offset changes nothing
        return std::nullopt;
    UtcTime const time{milliseconds{ms}};
    return time < sys_days{year{2200} / 1 / 1} ? std::optional{time} : std::nullopt;
}

/// The platform had o3 and o3_24h the wrong way round up to 2023-11-09: its o3_24h moved with the hour, its o3 was the highest hour of the day so
/// far. The hour of the change is not known, so around it the values decide: no hour is above the highest of its day.
bool has_swapped_ozone(UtcTime time, Reading const* hour, Reading const* highest)
{
    constexpr sys_days change = sys_days{year{2023} / November / 10};
    constexpr days unsure{2};
    auto const day = sys_days{beijing_date(time)};
    if (day >= change - unsure && day < change + unsure && hour != nullptr && highest != nullptr && hour->has_value && highest->has_value &&
        hour->value != highest->value)
        return hour->value > highest->value;
    return day < change;
}

/// Stable everywhere and for ever (FNV-1a, then mixed), unlike std::hash.
std::uint64_t stable_hash(std::string_view text)
{
    std::uint64_t h = 0xCBF29CE484222325U;
    for (char const c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    h = (h ^ (h >> 33U)) * 0xFF51AFD7ED558CCDU;
    return h ^ (h >> 33U);
}

std::optional<double> coordinate(std::string_view text, double limit)
{
    auto const parsed = Decimal::parse(without_blanks(text));
    if (!parsed || parsed->is_zero() || parsed->to_double() < -limit || parsed->to_double() > limit)
        return std::nullopt;
    return parsed->to_double();
}

}  // namespace

std::string PublishedPlace::external_id() const { return air ? code : province + "/" + name; }

Site make_site_for(PublishedPlace const& place)
{
    std::string const external = place.external_id();
    Site site;
    site.name = place.name;
    site.level = "national";
    site.external_ids = {{"cnemc", external}};
    if (place.air) {
        bool const safe =
            !external.empty() && std::ranges::all_of(external, [](unsigned char c) { return c < 128 && std::isalnum(c) != 0; });
        site.kind = SiteKind::air_station;
        site.position = place.position;
        if (place.position)
            site.coordinate_accuracy_m = 600;  // the publisher names no datum: GCJ-02 cannot be ruled out
        site.source = "CNEMC hourly air quality feed";
        if (safe) {
            site.id = "cnemc-" + external;
            return site;
        }
    } else {
        constexpr std::array<std::string_view, 6> lakes{"湖", "水库", "淀", "泊", "池", "海"};
        bool const lake = std::ranges::any_of(lakes, [&](std::string_view end) { return place.river.ends_with(end); });
        site.kind = lake ? SiteKind::lake_section : SiteKind::water_section;
        site.water_body = place.river;
        site.source = "CNEMC automatic surface-water monitoring, position not published; river or lake judged by the water body's name";
    }
    std::string hash(8, '\0');
    for (std::uint64_t h = stable_hash(external); char& byte : hash) {
        byte = static_cast<char>(h >> 56U);
        h <<= 8U;
    }
    site.id = "cnemc-" + to_hex(hash).substr(0, 10);
    return site;
}

std::optional<DateHint> date_in_name(std::string_view name)
{
    for (std::size_t at = 0; at + 7 <= name.size(); ++at) {
        if (at > 0 && number_at(name, at - 1, 1))
            continue;
        auto const y = number_at(name, at, 4);
        if (!y || *y < 1990 || *y > 2200)
            continue;
        auto const compact_month = number_at(name, at + 4, 2), compact_day = number_at(name, at + 6, 2);
        auto const month_number = name[at + 4] == '-' ? number_at(name, at + 5, 2) : compact_month;
        if (!month_number || (compact_month && !compact_day))
            continue;
        auto const day_number = compact_month                                   ? compact_day
                                : at + 10 <= name.size() && name[at + 7] == '-' ? number_at(name, at + 8, 2)
                                                                                : std::nullopt;
        if (auto const time = beijing_time(*y, *month_number, day_number.value_or(15), 12, 0))
            return DateHint{*time, false};
    }
    return std::nullopt;
}

std::optional<CnemcTable::Field> CnemcTable::field_of(bool air, std::string_view column)
{
    struct Known {
        Field field;
        std::string_view column, column_zh;
    };
    static constexpr std::array water{Known{collected, "collected", "采集时间"},  Known{province, "province", "省份"},
                                      Known{name, "section", "断面名称"},         Known{city, "city", "所在地市"},
                                      Known{river, "river", "所属河流"},          Known{time, "monitoring_time", "监测时间"},
                                      Known{status, "station_status", "站点情况"}};
    static constexpr std::array feed{Known{code, "stationcode", ""}, Known{time, "timepoint", ""},      Known{name, "positionname", ""},
                                     Known{city, "area", ""},        Known{longitude, "longitude", ""}, Known{latitude, "latitude", ""}};
    std::span<Known const> const known = air ? std::span<Known const>{feed} : std::span<Known const>{water};
    auto const found = std::ranges::find_if(known, [&](Known const& k) { return column == k.column || (!air && column == k.column_zh); });
    return found == known.end() ? std::nullopt : std::optional{found->field};
}

bool CnemcTable::is_water(std::span<std::string_view const> header)
{
    bool has_name = false, has_time = false;
    for (std::string_view const column : header) {
        auto const field = field_of(false, without_blanks(column));
        has_name |= field == name;
        has_time |= field == time;
    }
    return has_name && has_time;
}

bool CnemcTable::is_air(std::span<std::string_view const> header)
{
    bool has_code = false, has_time = false;
    for (std::string_view const column : header) {
        auto const field = field_of(true, without_blanks(column));
        has_code |= field == code;
        has_time |= field == time;
    }
    return has_code && has_time;
}

bool CnemcTable::is_water_value(std::string_view column) { return find_value(water_values, split_unit(column).first) != nullptr; }

Result<CnemcTable> CnemcTable::from_header(bool air, std::span<std::string_view const> header, ParameterBook const& parameters)
{
    std::span<KnownValue const> const known = air ? std::span<KnownValue const>{air_values} : std::span<KnownValue const>{water_values};
    CnemcTable table;
    table.air_ = air;
    table.fields_.fill(no_column);
    std::vector<std::pair<KnownValue const*, std::size_t>> unrounded;
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::string_view column = without_blanks(header[i]);
        if (auto const field = field_of(air, column)) {
            if (table.fields_[*field] == no_column)
                table.fields_[*field] = i;
            continue;
        }
        bool const is_raw = !air && column.ends_with("_raw");
        if (is_raw)
            column.remove_suffix(4);
        auto const [base, unit_text] = split_unit(column);
        KnownValue const* const value = find_value(known, base);
        Parameter const* const parameter = value == nullptr ? nullptr : parameters.find(value->parameter);
        if (parameter == nullptr)
            continue;  // the publisher's class, AQI, texts for the public: not needed
        if (is_raw) {
            unrounded.emplace_back(value, i);
            continue;
        }
        if (std::ranges::find(table.values_, parameter, &ValueColumn::parameter) != table.values_.end())
            return fail(Errc::bad_syntax, "line 1, column " + std::to_string(i + 1) + ": " + quote(column) + " is there twice");
        std::string unit{unit_text.empty() ? value->unit : known_unit(unit_text)};
        if (unit == parameter->unit)
            unit.clear();
        else if (auto const tried = to_canonical_unit(Decimal{1, 0}, unit, *parameter); !tried)
            return fail(tried.error().code, "line 1, column " + std::to_string(i + 1) + ": " + tried.error().detail);
        table.values_.push_back({parameter, i, no_column, std::move(unit)});
    }
    for (auto const& [value, column] : unrounded) {
        auto const found =
            std::ranges::find(table.values_, value->parameter, [](ValueColumn const& v) -> std::string_view { return v.parameter->name; });
        if (found != table.values_.end())
            found->unrounded = column;
    }
    auto const needed = air ? std::vector{code, time} : std::vector{province, name, time};
    for (Field const field : needed) {
        if (table.fields_[field] == no_column)
            return fail(Errc::missing_field,
                        air ? "the header lacks stationcode or timepoint" : "the header lacks 省份, 断面名称 or 监测时间");
    }
    if (table.values_.empty())
        return fail(Errc::missing_field, "the header names no value");
    std::ranges::sort(table.values_, {}, [](ValueColumn const& v) { return v.parameter->id; });
    if (air) {
        table.ozone_hour_ = parameters.find("o3");
        table.ozone_highest_ = parameters.find("o3_24h");
    }
    return table;
}

std::string_view CnemcTable::cell(std::span<std::string_view const> cells, Field field) const
{
    return fields_[field] == no_column ? std::string_view{} : without_blanks(cells[fields_[field]]);
}

bool CnemcTable::has_collected() const noexcept { return air_ || fields_[collected] != no_column; }

void CnemcTable::place_key(std::span<std::string_view const> cells, std::string& key) const
{
    key.assign(cell(cells, air_ ? code : province));
    if (!air_)
        key.append("/").append(cell(cells, name));
}

PublishedPlace CnemcTable::place(std::span<std::string_view const> cells) const
{
    PublishedPlace place;
    place.air = air_;
    place.province = cell(cells, province);
    place.name = cell(cells, name);
    place.code = cell(cells, code);
    place.river = cell(cells, river);
    place.city = cell(cells, city);
    auto const lon = coordinate(cell(cells, longitude), 180), lat = coordinate(cell(cells, latitude), 90);
    if (air_ && lon && lat)
        place.position = LonLat{*lon, *lat};
    return place;
}

Result<UtcTime> CnemcTable::read_time(std::span<std::string_view const> cells, std::optional<DateHint> const& hint) const
{
    std::string_view const text = cell(cells, time);
    if (auto const date = read_json_date(text))
        return *date;
    std::string with_offset{text};
    if (text.size() == 16 && text[4] == '-')
        with_offset += ":00";
    if (with_offset.size() == 19 && with_offset[4] == '-') {
        with_offset += "+08:00";
        if (auto const parsed = parse_rfc3339(with_offset))
            return parsed;
    }
    if (auto const parsed = read_any_time(text); parsed || text.size() > 19 || air_)
        return parsed;
    auto const date = has_collected() ? read_collected(cell(cells, collected)) : hint;
    if (!date)
        return fail(Errc::bad_time, quote(text) + " has no year, and " +
                                        (has_collected() ? "'collected' is no time either" : "the file's date is not known"));
    auto const read = time_without_year(text, *date);
    if (!read)
        return fail(Errc::bad_time, quote(text) + " is not a time like 04-01 12:00");
    return *read;
}

void CnemcTable::read_values(std::span<std::string_view const> cells, CnemcRow& row, bool& any) const
{
    Record& record = row.record.record;
    record.readings.reserve(values_.size());
    for (ValueColumn const& column : values_) {
        std::string_view const published = without_blanks(cells[column.published]);
        if (published.empty() || published == "*")
            continue;  // not measured there
        Reading& reading = record.readings.emplace_back();
        reading.parameter = column.parameter->id;
        auto failure = read_reading(published, column.unit, *column.parameter, reading);
        if (reading.has_value && !failure && column.unrounded != no_column) {
            Reading unrounded = reading;
            unrounded.marks = Mark::none;
            if (!read_reading(cells[column.unrounded], column.unit, *column.parameter, unrounded) && unrounded.has_value)
                reading = unrounded;
        }
        any |= failure || reading.has_value || reading.marks != Mark::none;
        if (failure) {
            row.bad_cells.push_back({at_place(column.parameter->name, std::move(*failure)),
                                     {.parameter = column.parameter->name, .value = published, .unit = column.unit}});
            record.readings.pop_back();
        }
    }
}

void CnemcTable::put_ozone_right(CnemcRow& row) const
{
    if (!ozone_hour_ || !ozone_highest_)
        return;
    Record& record = row.record.record;
    if (!has_swapped_ozone(record.time, record.find(ozone_hour_->id), record.find(ozone_highest_->id)))
        return;
    for (Reading& reading : record.readings) {
        if (reading.parameter == ozone_hour_->id)
            reading.parameter = ozone_highest_->id;
        else if (reading.parameter == ozone_highest_->id)
            reading.parameter = ozone_hour_->id;
    }
    for (auto& bad : row.bad_cells) {
        if (bad.text.parameter == ozone_hour_->name)
            bad.text.parameter = ozone_highest_->name;
        else if (bad.text.parameter == ozone_highest_->name)
            bad.text.parameter = ozone_hour_->name;
    }
    (void)sort_readings(record);
}

CnemcRow CnemcTable::read(std::span<std::string_view const> cells, std::optional<DateHint> const& hint) const
{
    CnemcRow row;
    Record& record = row.record.record;
    record.interval = air_ ? IntervalKind::hour : IntervalKind::four_hours;
    bool any = false;
    read_values(cells, row, any);
    if (record.readings.empty() && !row.bad_cells.empty())
        row.problem = row.bad_cells.front().failure;
    auto const station_status = read_station_status(cell(cells, status));
    bool const has_time = !is_no_value(cell(cells, time));
    row.empty = !any && (!has_time || (station_status && *station_status == StationStatus::normal));
    if (row.empty || row.problem)
        return row;
    if (!station_status) {
        row.problem = station_status.error();
    } else if (!has_time) {
        row.problem = Failure{Errc::bad_time, "the row has values but no time"};
    } else if (auto const read = read_time(cells, hint); !read) {
        row.problem = Failure{read.error().code, "time: " + to_valid_utf8(read.error().detail)};
    } else {
        record.time = *read;
        record.status = *station_status;
        put_ozone_right(row);
    }
    return row;
}

}  // namespace yihong
