#include "commands.hpp"
#include "history.hpp"
#include "http_load.hpp"
#include "sqlite.hpp"

#include "yihong/periods/calendar.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <fstream>
#include <functional>
#include <stdexcept>

namespace yihong::bench {
namespace {

/// `of(0), of(1), …` of each item.
std::string list(std::function<std::string(std::size_t)> const& of)
{
    std::string out;
    for (std::size_t p = 0; p < measured.size(); ++p)
        out += (p > 0 ? ", " : "") + of(p);
    return out;
}

/// Means of months from the records: a day counts with 4 of its 6 rounds, a month with 60 % of its days. In the order of the key, so that nothing
/// has to be sorted.
std::string months_of_records(std::string const& where)
{
    return fmt::format("SELECT site, month, {} FROM (SELECT site, month, {} FROM record {} GROUP BY site, month, day) AS daily GROUP BY "
                       "site, month",
                       list([](auto p) {
                           return fmt::format(
                               "CASE WHEN count(v{0}) * 5 >= (SELECT days FROM calendar WHERE calendar.month = daily.month) * 3 THEN "
                               "avg(v{0}) END AS v{0}",
                               p);
                       }),
                       list([](auto p) { return fmt::format("CASE WHEN count(v{0}) >= 4 THEN avg(v{0}) END AS v{0}", p); }), where);
}

std::size_t item(std::string_view name)
{
    for (std::size_t p = 0; p < measured.size(); ++p)
        if (measured[p].name == name)
            return p;
    throw std::logic_error{std::string{name} + " is not measured"};
}

/// By the limits of GB 3838-2002 for rivers, of the mean rounded to the decimals of the assessment.
std::string class_of(std::string_view name, int decimals, std::string_view better, std::array<double, 5> const& limits)
{
    std::string out = "CASE";
    for (std::size_t i = 0; i < limits.size(); ++i)
        out += fmt::format(" WHEN round(CAST(v{} AS numeric), {}) {} {} THEN {}", item(name), decimals, better, limits[i], i + 1);
    return out + " ELSE 6 END";
}

/// \param greatest what the database calls the function
std::string class_query(std::string_view greatest, std::string const& months)
{
    return fmt::format("SELECT site, {}({}, {}, {}, {}, CASE WHEN round(v{}) BETWEEN 6 AND 9 THEN 1 ELSE 6 END), {} FROM (SELECT site, "
                       "{} FROM ({}) AS monthly GROUP BY site) AS yearly",
                       greatest, class_of("dissolved_oxygen", 1, ">=", {7.5, 6, 5, 3, 2}), class_of("codmn", 1, "<=", {2, 4, 6, 10, 15}),
                       class_of("ammonia_nitrogen", 2, "<=", {0.15, 0.5, 1, 1.5, 2}),
                       class_of("total_phosphorus", 3, "<=", {0.02, 0.1, 0.2, 0.3, 0.4}), item("ph"),
                       list([](auto p) { return fmt::format("v{}", p); }), list([](auto p) { return fmt::format("avg(v{0}) AS v{0}", p); }),
                       months);
}

void fill_calendar(Sqlite const& db, int year)
{
    db.execute("CREATE TABLE calendar(month INTEGER PRIMARY KEY, days INTEGER)");
    for (auto const& month : months_of(parse_period(std::to_string(year)).value()))
        db.execute(fmt::format("INSERT INTO calendar VALUES({}, {})", static_cast<unsigned>(month.last_day().month()),
                               static_cast<unsigned>(month.last_day().day())));
}

}  // namespace

void fill_year(YearOptions const& options)
{
    auto const history = History::of_years(options.sites, options.year, 1);
    Sqlite const db{options.file};
    db.execute("PRAGMA journal_mode = OFF");
    db.execute("PRAGMA synchronous = OFF");  // how quickly it fills is not measured here
    db.execute(fmt::format("CREATE TABLE record(site INTEGER, month INTEGER, day INTEGER, time INTEGER, {}, PRIMARY KEY(site, month, day, "
                           "time)) WITHOUT ROWID",
                           list([](auto p) { return fmt::format("v{} REAL", p); })));
    fill_calendar(db, options.year);
    auto const insert =
        db.prepare(fmt::format("INSERT INTO record VALUES(?1, ?2, ?3, ?4, {})", list([](auto p) { return fmt::format("?{}", p + 5); })));
    db.execute("BEGIN");
    for (int site = 0; site < history.sites(); ++site)
        for (int round = 0; round < history.hours(); ++round) {
            auto* const s = insert.get();
            auto const date = beijing_date(history.time(round));
            sqlite3_bind_int(s, 1, site);
            sqlite3_bind_int(s, 2, static_cast<int>(static_cast<unsigned>(date.month())));
            sqlite3_bind_int(s, 3, static_cast<int>(static_cast<unsigned>(date.day())));
            sqlite3_bind_int64(s, 4, history.time(round).time_since_epoch().count());
            for (std::size_t p = 0; p < measured.size(); ++p)
                sqlite3_bind_double(s, static_cast<int>(p) + 5, Decimal{history.at(site, round)[p], measured[p].decimals}.to_double());
            db.step(insert);
            sqlite3_reset(s);
        }
    db.execute("COMMIT");
    db.execute("CREATE TABLE month_mean AS " + months_of_records(""));
}

void query_year(YearOptions const& options)
{
    auto const where = options.site < 0 ? std::string{} : fmt::format("WHERE site = {}", options.site);
    auto const months = options.of_months ? "SELECT * FROM month_mean " + where : months_of_records(where);
    if (options.sql)
        return fmt::print("{};\n", class_query("greatest", months));
    Sqlite const db{options.file};
    db.execute("PRAGMA mmap_size = 8589934592");
    std::string answer;
    int sections = 0;
    auto const begin = Clock::now();
    auto const query = db.prepare(class_query("max", months));
    while (db.step(query)) {
        answer += fmt::format("{} {}\n", site_id(sqlite3_column_int(query.get(), 0)), sqlite3_column_int(query.get(), 1));
        ++sections;
    }
    double const seconds = seconds_since(begin);
    if (sections != (options.site < 0 ? options.sites : 1))
        throw std::runtime_error{"the table does not hold the year"};
    if (!options.classes.empty() && !(std::ofstream{options.classes} << answer))
        throw std::runtime_error{options.classes.string() + " cannot be written"};
    fmt::print("{:.2f}\n", seconds * 1e3);
}

}  // namespace yihong::bench
