#include "history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace yihong::bench {

std::string site_id(int site) { return fmt::format("section-{:04}", site + 1); }

History::History(int sites, int hours) : sites_{sites}, hours_{hours}
{
    constexpr double return_to_level = 0.02;
    std::mt19937_64 random{42};
    std::normal_distribution<double> normal;
    std::vector<std::array<double, measured.size()>> levels(static_cast<std::size_t>(sites));
    for (auto& site : levels)
        for (std::size_t p = 0; p < measured.size(); ++p)
            site[p] = measured[p].level * std::exp(measured[p].spread * normal(random));
    auto now = levels;
    values_.reserve(static_cast<std::size_t>(sites) * static_cast<std::size_t>(hours));
    for (int hour = 0; hour < hours; ++hour) {
        for (std::size_t s = 0; s < now.size(); ++s) {
            Values values;
            for (std::size_t p = 0; p < measured.size(); ++p) {
                double& v = now[s][p];
                v += measured[p].step * std::exp(1.2 * normal(random)) * (random() & 1 ? 1 : -1) + (levels[s][p] - v) * return_to_level;
                v = std::clamp(v, 1.0, measured[p].most);
                values[p] = static_cast<std::int32_t>(std::lround(v));
            }
            values_.push_back(values);
        }
    }
}

History History::of_years(int sites, int first_year, int years)
{
    auto const midnight = [](int year) { return beijing_midnight(std::chrono::year{year} / 1 / 1); };
    constexpr std::chrono::hours round{4};
    History history{sites, static_cast<int>((midnight(first_year + years) - midnight(first_year)) / round)};
    history.begin_ = midnight(first_year);
    history.step_ = round;
    return history;
}

std::string csv_header()
{
    std::string header = "site,time,interval";
    for (auto const& m : measured)
        header.append(",").append(m.name);
    return header + "\n";
}

void append_record(std::string& out, Form form, int site, UtcTime time, std::string_view interval, History::Values const& values)
{
    if (form == Form::csv) {
        out.append(site_id(site)).append(",").append(format_beijing(time)).append(",").append(interval);
        for (std::size_t p = 0; p < measured.size(); ++p) {
            out += ',';
            Decimal{values[p], measured[p].decimals}.append_to(out);
        }
        out += '\n';
        return;
    }
    if (form == Form::line) {
        out.append("water,interval=").append(interval).append(",site=").append(site_id(site));
        for (std::size_t p = 0; p < measured.size(); ++p) {
            out.append(p > 0 ? "," : " ").append(measured[p].name) += '=';
            Decimal{values[p], measured[p].decimals}.append_to(out);
        }
        out += fmt::format(" {}\n", std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
        return;
    }
    out.append(R"({"site":")")
        .append(site_id(site))
        .append(R"(","time":")")
        .append(format_beijing(time))
        .append(R"(","interval":")")
        .append(interval);
    out += R"(","values":{)";
    for (std::size_t p = 0; p < measured.size(); ++p) {
        out.append(p > 0 ? ",\"" : "\"").append(measured[p].name).append("\":");
        Decimal{values[p], measured[p].decimals}.append_to(out);
    }
    out += "}}";
}

std::string post_of(Form form, std::string const& body)
{
    return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                       form == Form::line ? "/write?db=bench&precision=s" : "/api/v1/readings",
                       form == Form::csv    ? "text/csv"
                       : form == Form::json ? "application/json"
                                            : "text/plain",
                       body.size(), body);
}

}  // namespace yihong::bench
