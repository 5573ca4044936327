#include "yihong/standards/standards_book.hpp"

#include "toml_table.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace yihong {
namespace {

constexpr std::int64_t max_parameter_id = 4095;      // the books keep tables by id

bool ascends(std::vector<Decimal> const& values, bool strictly)
{
    return std::ranges::adjacent_find(values, [&](Decimal const& a, Decimal const& b) { return strictly ? a >= b : a > b; }) ==
           values.end();
}

class Loader {
public:
    std::expected<StandardsBook, std::vector<Failure>> load(std::vector<StandardsFile> const& files)
    {
        std::vector<std::pair<StandardsFile const*, toml::table>> parsed;
        for (auto const& file : files) {
            try {
                parsed.emplace_back(&file, toml::parse(std::string_view{file.text}));
            } catch (toml::parse_error const& error) {
                problems_.add(file.name, error.source().begin.line, std::string{error.description()});
            }
        }
        // Parameters first: everything else names them.
        for (bool const parameters : {true, false})
            for (auto const& [file, table] : parsed)
                if ((table["kind"].value<std::string_view>() == "parameters") == parameters)
                    read_file(*file, table);
        // A file that could not be read leaves gaps; to name those too would only confuse.
        if (problems_.list.empty())
            check_whole();
        if (!problems_.list.empty())
            return std::unexpected{std::move(problems_.list)};
        return std::move(book_);
    }

private:
    void read_file(StandardsFile const& file, toml::table const& table)
    {
        file_ = &file.name;
        TomlTable reader{table, file.name, "", problems_};
        auto const kind = reader.text("kind");
        if (kind == "parameters")
            read_parameters(reader);
        else if (kind == "water")
            read_water(reader);
        else if (kind == "aqi")
            read_aqi(reader);
        else if (kind == "air_limits")
            read_air_limits(reader);
        else if (kind == "air_statistics")
            read_air_statistics(reader);
        else if (kind == "water_evaluation")
            read_water_evaluation(reader);
        else if (kind == "factor_units")
            read_factor_units(reader);
        else {
            if (reader.has("kind"))
                reader.problem("kind", "must be one of parameters, water, aqi, air_limits, air_statistics, water_evaluation, factor_units");
            return;                    // what the other keys mean is unknown then
        }
        reader.finish();
    }

    Edition read_edition(TomlTable& reader)
    {
        Edition edition;
        edition.number = static_cast<std::uint8_t>(reader.integer("number", 1, 255));
        edition.label = reader.text("label");
        edition.title_zh = reader.text("title_zh");
        edition.title_en = reader.text("title_en");
        edition.source = reader.text("source");
        edition.effective_from = reader.date("effective_from");
        if (!reader.has("effective_from"))
            reader.problem("effective_from", "is missing");
        edition.effective_to = reader.date("effective_to");
        if (edition.effective_to && edition.effective_from && *edition.effective_to < *edition.effective_from)
            reader.problem("effective_to", "lies before effective_from");
        if (auto const [at, added] = numbers_.emplace(edition.number, *file_); !added)
            reader.problem("number", std::to_string(edition.number) + " is taken by " + at->second);
        return edition;
    }

    /// A parameter by our name. \return 0, with the problem noted, when there is none
    Parameter const* parameter(TomlTable const& reader, std::string_view key, std::string const& name)
    {
        auto const* found = book_.parameters_.find(name);
        if (found && found->name == name)
            return found;
        if (!name.empty())
            reader.problem(key, "names '" + name + "', which is no parameter");
        return nullptr;
    }
    Parameter const* parameter(TomlTable& reader, std::string_view key = "parameter") { return parameter(reader, key, reader.text(key)); }

    void read_parameters(TomlTable& reader)
    {
        if (!book_.parameters_.all().empty())
            return reader.problem("kind", "parameters stands in another file already");
        (void)reader.text("source", "");
        std::vector<Parameter> all;
        std::set<ParameterId> ids;
        std::set<std::string, std::less<>> names;
        reader.tables("parameters", [&](TomlTable& row) {
            Parameter p;
            p.id = static_cast<ParameterId>(row.integer("id", 1, max_parameter_id));
            p.name = row.text("name");
            p.name_zh = row.text("name_zh");
            p.name_en = row.text("name_en");
            p.code = row.text("code", "");
            p.other_codes = row.texts("other_codes");
            auto const medium = row.text("medium");
            if (medium == "water" || medium == "air" || medium == "other")
                p.medium = medium == "water" ? Medium::water : medium == "air" ? Medium::air : Medium::other;
            else
                row.problem("medium", "must be water, air or other");
            p.unit = row.text("unit");
            p.decimals = static_cast<int>(row.integer("decimals", 0, 9));
            p.group = row.text("group", "");
            p.minimum = row.optional_number("min");
            p.maximum = row.optional_number("max");
            p.emission_maximum = row.optional_number("max_emission");
            p.detection_limit = row.optional_number("detection_limit");
            if (p.minimum && p.maximum && *p.minimum > *p.maximum)
                row.problem("min", "is above max");
            if (p.emission_maximum && p.maximum && *p.emission_maximum < *p.maximum)
                row.problem("max_emission", "is below max");
            if (p.detection_limit && *p.detection_limit <= Decimal{})
                row.problem("detection_limit", "must be above 0");
            if (!ids.insert(p.id).second)
                row.problem("id", std::to_string(p.id) + " is given twice");
            auto const name_character = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
            if (!std::ranges::all_of(p.name, name_character))
                row.problem("name", "may hold only a-z, 0-9 and _");
            auto const unique = [&](std::string_view key, std::string const& name) {
                if (!name.empty() && !names.insert(name).second)
                    row.problem(key, "'" + name + "' names another parameter too");
            };
            unique("name", p.name);
            unique("code", p.code);
            for (auto const& code : p.other_codes)
                unique("other_codes", code);
            all.push_back(std::move(p));
        });
        book_.parameters_ = ParameterBook{std::move(all)};
    }

    void read_water(TomlTable& reader)
    {
        WaterStandard standard;
        standard.edition = read_edition(reader);
        reader.tables("items", [&](TomlTable& row) {
            WaterItem item;
            auto const* p = parameter(row);
            if (p) {
                item.parameter = p->id;
                item.decimals = p->decimals;
            }
            auto const rule = row.text("rule");
            item.graded = row.flag("graded", true);
            item.has_multiple = row.flag("multiple", true);
            item.toxic = row.flag("toxic", false);
            item.rounds_readings = row.flag("round", true);
            item.clause = row.text("clause");
            item.clause_zh = row.text("clause_zh");
            if (rule == "range" || rule == "change") {
                item.rule = rule == "range" ? LimitRule::range : LimitRule::change;
                if (auto const ends = row.numbers(rule, 2, 2); ends.size() == 2) {
                    item.range_low = ends[0];
                    item.range_high = ends[1];
                    if (ends[0] >= ends[1])
                        row.problem(rule, "must ascend");
                }
            } else if (rule == "maximum" || rule == "minimum") {
                item.rule = rule == "maximum" ? LimitRule::maximum : LimitRule::minimum;
                item.river_limits = row.has("river") || !row.has("lake");
                if (item.river_limits)
                    read_limits(row, "river", item.rule, item.river);
                if (row.has("lake"))
                    read_limits(row, "lake", item.rule, item.lake);
                else
                    item.lake = item.river;
            } else if (row.has("rule")) {
                row.problem("rule", "must be maximum, minimum, range or change");
            }
            if (p && std::ranges::find(standard.items, item.parameter, &WaterItem::parameter) != standard.items.end())
                row.problem("parameter", "'" + p->name + "' is given twice");
            standard.items.push_back(std::move(item));
        });
        if (reader.has("drinking_water"))
            reader.tables("drinking_water", [&](TomlTable& row) {
                auto const* p = parameter(row);
                standard.drinking_water.push_back(
                    {p ? p->id : ParameterId{0}, row.number("limit"), p ? p->decimals : 0, row.text("clause"), row.text("clause_zh")});
            });
        std::ranges::sort(standard.items, {}, &WaterItem::parameter);
        for (std::size_t i = 0; i < standard.items.size(); ++i) {
            auto const id = standard.items[i].parameter;
            if (standard.by_parameter.size() <= id)
                standard.by_parameter.resize(id + 1U, -1);
            standard.by_parameter[id] = static_cast<std::int16_t>(i);
        }
        for (auto const& name : reader.texts("owed")) {
            auto const* p = parameter(reader, "owed", name);
            auto const* item = p ? standard.find(p->id) : nullptr;
            if (p && (!item || !item->graded))
                reader.problem("owed", "'" + name + "' is no item that is graded here");
            else if (p)
                standard.owed.push_back(p->id);
        }
        std::ranges::sort(standard.owed);
        book_.water_.push_back(std::move(standard));
    }

    static void read_limits(TomlTable& row, std::string_view key, LimitRule rule, std::array<Decimal, 5>& into)
    {
        auto limits = row.numbers(key, 5, 5);
        if (limits.size() != 5)
            return;
        std::ranges::copy(limits, into.begin());
        if (std::ranges::any_of(limits, [](Decimal const& limit) { return limit <= Decimal{}; }))
            row.problem(key, "must be above 0");
        if (rule == LimitRule::minimum)
            std::ranges::reverse(limits);
        if (!ascends(limits, false))
            row.problem(key, rule == LimitRule::minimum ? "must descend from class I to V" : "must ascend from class I to V");
    }

    void read_aqi(TomlTable& reader)
    {
        AqiStandard standard;
        standard.edition = read_edition(reader);
        standard.rounds_concentration = reader.flag("rounds_concentration");
        standard.missing_blocks_publication = reader.flag("missing_blocks_publication");
        std::vector<std::string> above_columns;
        reader.tables("columns", [&](TomlTable& row) {
            IaqiColumn column;
            column.name = row.text("name");
            if (auto const* p = parameter(row)) {
                column.parameter = p->id;
                column.decimals = p->decimals;
            }
            if (row.has("day_parameter"))
                if (auto const* p = parameter(row, "day_parameter"))
                    column.day_parameter = p->id;
            column.breakpoints = row.numbers("breakpoints", 2, iaqi_levels.size());
            if (!ascends(column.breakpoints, true) || (!column.breakpoints.empty() && !column.breakpoints[0].is_zero()))
                row.problem("breakpoints", "must ascend from 0");
            column.above = static_cast<int>(row.integer("above", 0, 500, 500));
            above_columns.push_back(row.text("above_column", ""));
            if (standard.column(column.name))
                row.problem("name", "'" + column.name + "' is given twice");
            standard.columns.push_back(std::move(column));
        });
        auto const index = [&](std::string const& name, std::string_view key) -> std::optional<std::size_t> {
            if (auto const* found = standard.column(name))
                return static_cast<std::size_t>(found - standard.columns.data());
            reader.problem(key, "names column '" + name + "', which is not there");
            return std::nullopt;
        };
        auto const indices = [&](std::string_view key, std::size_t fewest, std::vector<std::size_t>& into) {
            for (auto const& name : reader.texts(key, fewest))
                if (auto const found = index(name, key))
                    into.push_back(*found);
        };
        indices("hourly", 1, standard.hourly);
        indices("daily", 1, standard.daily);
        indices("hourly_needs_one_of", 0, standard.hourly_needs_one_of);
        for (std::size_t i = 0; i < above_columns.size(); ++i)
            if (!above_columns[i].empty())
                standard.columns[i].above_column = index(above_columns[i], "columns");
        book_.aqi_.push_back(std::move(standard));
    }

    std::optional<Averaging> averaging(TomlTable& row)
    {
        static std::map<std::string, Averaging, std::less<>> const names{{"1h", Averaging::hour},
                                                                         {"8h", Averaging::eight_hours},
                                                                         {"24h", Averaging::day},
                                                                         {"quarter", Averaging::quarter},
                                                                         {"year", Averaging::year}};
        auto const found = names.find(row.text("averaging"));
        if (found != names.end())
            return found->second;
        if (row.has("averaging"))
            row.problem("averaging", "must be 1h, 8h, 24h, quarter or year");
        return std::nullopt;
    }

    void read_air_limits(TomlTable& reader)
    {
        AirLimits standard;
        standard.edition = read_edition(reader);
        reader.tables("limits", [&](TomlTable& row) {
            auto const* p = parameter(row);
            auto const time = averaging(row);
            AirLimit const limit{p ? p->id : ParameterId{0}, time.value_or(Averaging::day), row.number("class1"), row.number("class2"),
                                 row.flag("basic", true)};
            if (limit.class1 > limit.class2)
                row.problem("class1", "is above class2");
            if (limit.class1 <= Decimal{})
                row.problem("class1", "must be above 0");
            if (p && time && standard.find(limit.parameter, limit.averaging))
                row.problem("parameter", "'" + p->name + "' has two limits for this averaging");
            standard.limits.push_back(limit);
        });
        book_.air_limits_.push_back(std::move(standard));
    }

    void read_air_statistics(TomlTable& reader)
    {
        AirStatistics s;
        s.edition = read_edition(reader);
        reader.table("validity", [&](TomlTable& t) {
            auto const count = [&](std::string_view key, std::int64_t most) { return static_cast<int>(t.integer(key, 1, most)); };
            s.hours_a_day = count("hours_a_day", 24);
            s.hours_in_8h = count("hours_in_8h", 8);
            s.means_8h_a_day = count("means_8h_a_day", 24);
            s.first_8h_ends_at = count("first_8h_ends_at", 24);
            s.days_a_month = count("days_a_month", 31);
            s.days_in_february = count("days_in_february", 29);
            s.days_a_year = count("days_a_year", 366);
            s.points_percent = count("points_percent", 100);
        });
        reader.tables("statistics", [&](TomlTable& row) {
            AirStatistics::Item item;
            if (auto const* p = parameter(row))
                item.parameter = p->id;
            item.mean = row.flag("mean");
            item.percentile = row.number("percentile");
            item.averaging = averaging(row).value_or(Averaging::day);
            if (item.percentile <= Decimal{} || item.percentile > Decimal{1, 0})
                row.problem("percentile", "must lie above 0 and not above 1");
            s.items.push_back(item);
        });
        reader.table("composite_index", [&](TomlTable& t) {
            t.table("limits", [&](TomlTable& limits) {
                for (auto const& [name, limit] : limits.number_map()) {
                    auto const* p = book_.parameters_.find(name);
                    if (!p || p->name != name)
                        limits.problem(name, "is no parameter");
                    else if (limit <= Decimal{})
                        limits.problem(name, "must be above 0");
                    else
                        s.composite_limits.emplace_back(p->id, limit);
                }
            });
        });
        book_.air_statistics_.push_back(std::move(s));
    }

    void read_water_evaluation(TomlTable& reader)
    {
        WaterEvaluation e;
        e.edition = read_edition(reader);
        auto const percent = [](TomlTable& t, std::string_view key) { return static_cast<int>(t.integer(key, 0, 100)); };
        reader.table("basin", [&](TomlTable& t) {
            e.sections_for_shares = static_cast<int>(t.integer("sections_for_shares", 1, 1000));
            e.excellent_good = percent(t, "excellent_good");
            e.fine_good = percent(t, "fine_good");
            e.moderate_bad = percent(t, "moderate_bad");
            e.heavy_bad = percent(t, "heavy_bad");
            e.main_pollutants = static_cast<int>(t.integer("main_pollutants", 1, 24));
            if (e.fine_good > e.excellent_good)
                t.problem("fine_good", "is above excellent_good");
            if (e.moderate_bad > e.heavy_bad)
                t.problem("moderate_bad", "is above heavy_bad");
        });
        reader.table("change", [&](TomlTable& t) {
            e.change_some = percent(t, "some");
            e.change_clear = percent(t, "clear");
            if (e.change_some > e.change_clear)
                t.problem("some", "is above clear");
        });
        reader.table("tli", [&](TomlTable& t) {
            t.tables("items", [&](TomlTable& row) {
                auto const* p = parameter(row);
                e.tli.push_back(
                    {p ? p->id : ParameterId{0}, row.number("a").to_double(), row.number("b").to_double(), row.number("r").to_double()});
                if (e.tli.back().r == 0)
                    row.problem("r", "must not be 0");
            });
            e.tli_bounds = t.numbers("bounds", 4, 4);
            if (!ascends(e.tli_bounds, true))
                t.problem("bounds", "must ascend");
        });
        reader.table("trend", [&](TomlTable& t) {
            t.tables("critical", [&](TomlTable& row) {
                WaterEvaluation::Critical const c{static_cast<int>(row.integer("n", 3, 10000)), row.number("p05"), row.number("p01")};
                if (!e.critical.empty() && c.n <= e.critical.back().n)
                    row.problem("n", "must ascend");
                e.critical.push_back(c);
            });
        });
        reader.table("cwqi", [&](TomlTable& t) {
            for (auto const& name : t.texts("items", 1))
                if (auto const* p = parameter(t, "items", name))
                    e.cwqi.push_back(p->id);
        });
        book_.water_evaluation_.push_back(std::move(e));
    }

    void read_factor_units(TomlTable& reader)
    {
        FactorUnits units;
        units.edition = read_edition(reader);
        std::set<std::string> codes;
        reader.tables("factors", [&](TomlTable& row) {
            FactorUnits::Factor f;
            f.code = row.text("code");
            f.unit = row.text("unit");
            f.total_unit = row.text("total", "");
            f.type = row.text("type", "");
            f.in_standard = row.flag("in_standard", true);
            if (auto const* p = book_.parameters_.find(f.code))
                f.parameter = p->id;
            else if (!f.code.empty())
                row.problem("code", "'" + f.code + "' belongs to no parameter");
            if (!codes.insert(f.code).second)
                row.problem("code", "'" + f.code + "' is given twice");
            units.factors.push_back(std::move(f));
        });
        std::ranges::sort(units.factors, {}, &FactorUnits::Factor::code);
        book_.factor_units_.push_back(std::move(units));
    }

    /// Orders the editions by date. One without an end ends where the next begins, so that a revised standard is one new file.
    template <typename Standard>
    void order(std::vector<Standard>& editions)
    {
        for (std::size_t i = 1; i < editions.size(); ++i)    // a handful; std::sort would be compiled once for each kind
            for (std::size_t j = i; j > 0 && editions[j].edition.effective_from < editions[j - 1].edition.effective_from; --j)
                std::swap(editions[j], editions[j - 1]);
        for (std::size_t i = 0; i + 1 < editions.size(); ++i) {
            auto& earlier = editions[i].edition;
            auto const& later = editions[i + 1].edition;
            if (!earlier.effective_to && *earlier.effective_from < *later.effective_from)
                earlier.effective_to = Date{std::chrono::sys_days{*later.effective_from} - std::chrono::days{1}};
            if (!earlier.effective_to || *earlier.effective_to >= *later.effective_from)
                problems_.add(numbers_[later.number], 0,
                              "effective_from overlaps with " + earlier.label + " in " + numbers_[earlier.number]);
        }
    }

    void check_whole()
    {
        if (book_.parameters_.all().empty())
            problems_.add("standards", 0, "no file of kind \"parameters\" is there");
        if (book_.water_.empty())
            problems_.add("standards", 0, "no file of kind \"water\" is there");
        if (book_.aqi_.empty())
            problems_.add("standards", 0, "no file of kind \"aqi\" is there");
        order(book_.water_);
        order(book_.aqi_);
        order(book_.air_limits_);
        order(book_.air_statistics_);
        order(book_.water_evaluation_);
        order(book_.factor_units_);
    }

    StandardsBook book_;
    TomlProblems problems_;
    std::string const* file_ = nullptr;
    std::map<std::uint8_t, std::string> numbers_;      // edition → its file
};

}  // namespace

std::expected<StandardsBook, std::vector<Failure>> parse_standards(std::vector<StandardsFile> const& files) { return Loader{}.load(files); }

}  // namespace yihong
