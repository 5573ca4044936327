// readings_io_bench [seconds]: values per second of processor time of each live format, 10 values a record, 500 records a body.
#include "yihong/readings_io/readings.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace yihong;

/// Processor time: what else runs on the machine does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

constexpr int sites = 500, values = 10, records = 500, bodies = 64;
constexpr std::string_view names[values] = {
    "water_temperature", "ph",           "dissolved_oxygen", "codmn",        "ammonia_nitrogen", "total_phosphorus",
    "total_nitrogen",    "conductivity", "turbidity",        "chlorophyll_a"};

SiteRegistry make_sites()
{
    std::vector<Site> all(sites);
    for (int i = 0; i < sites; ++i) {
        all[static_cast<std::size_t>(i)].id = "bench-section-" + std::to_string(i);
        all[static_cast<std::size_t>(i)].number = static_cast<SiteNumber>(i + 1);
    }
    return SiteRegistry{std::move(all)};
}

ParameterBook make_parameters()
{
    std::vector<Parameter> all(values);
    for (std::size_t i = 0; i < values; ++i) {
        all[i].id = static_cast<ParameterId>(i + 1);
        all[i].name = names[i];
        all[i].unit = "mg/L";
    }
    return ParameterBook{std::move(all)};
}

enum class Form { wide_csv, long_csv, json, ndjson };

/// Body `n`: 500 hourly records, each of another site when `by_time`, else all of one site.
std::string make_body(Form form, int n, bool by_time)
{
    std::string body = form == Form::wide_csv ? "site,time,interval" : form == Form::long_csv ? "site,time,interval,parameter,value\n" : "";
    if (form == Form::wide_csv) {
        for (auto const name : names)
            body.append(",").append(name);
        body += "\n";
    }
    if (form == Form::json)
        body += "[";
    unsigned random = static_cast<unsigned>(n) * 2654435761U + 1;
    for (int i = 0; i < records; ++i) {
        std::string const site = "bench-section-" + std::to_string(by_time ? i : n);
        auto const hour = UtcTime{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}} + std::chrono::hours{by_time ? n : i};
        std::string const time = format_beijing(hour);
        if (form == Form::wide_csv)
            body += site + "," + time + ",hour";
        if (form == Form::json || form == Form::ndjson)
            body += R"({"site":")" + site + R"(","time":")" + time + R"(","interval":"hour","values":{)";
        for (int k = 0; k < values; ++k) {
            random = random * 1664525U + 1013904223U;
            std::string const value = Decimal{static_cast<std::int64_t>(random >> 16U) % 10000, k % 4}.to_string();
            switch (form) {
            case Form::wide_csv: body += "," + value; break;
            case Form::long_csv: body += site + "," + time + ",hour," + std::string{names[k]} + "," + value + "\n"; break;
            default: body.append(k > 0 ? ",\"" : "\"").append(names[k]).append("\":").append(value);
            }
        }
        if (form == Form::wide_csv)
            body += "\n";
        if (form == Form::json)
            body += i + 1 < records ? "}}," : "}}]";
        if (form == Form::ndjson)
            body += "}}\n";
    }
    return body;
}

}  // namespace

int main(int argc, char** argv)
{
    double const seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
    SiteRegistry const registry = make_sites();
    ParameterBook const parameters = make_parameters();
    NameBook const book{registry, parameters};
    struct Run {
        char const* name;
        Form form;
        Result<ParsedBatch> (*read)(std::string_view, NameBook const&);
    };
    for (Run const& run : {Run{"wide csv", Form::wide_csv, read_csv}, Run{"long csv", Form::long_csv, read_csv},
                           Run{"json", Form::json, read_json}, Run{"ndjson", Form::ndjson, read_ndjson}}) {
        for (bool const by_time : {true, false}) {
            std::vector<std::string> all;
            std::size_t bytes = 0;
            for (int n = 0; n < bodies; ++n)
                bytes += all.emplace_back(make_body(run.form, n, by_time)).size();
            std::size_t read_values = 0, read_bodies = 0;
            double const begin = processor_seconds();
            double elapsed = 0;
            do {
                for (auto const& body : all) {
                    auto const batch = run.read(body, book);
                    if (!batch || !batch->refused.empty() || batch->records.size() != records) {
                        std::fprintf(stderr, "%s was not read\n", run.name);
                        return 1;
                    }
                    for (auto const& record : batch->records)
                        read_values += record.record.readings.size();
                }
                read_bodies += all.size();
                elapsed = processor_seconds() - begin;
            } while (elapsed < seconds);
            std::printf("%-9s %-8s %6.1f M values/s %7.0f MB/s %6.1f bytes a value\n", run.name, by_time ? "by time" : "by site",
                        static_cast<double>(read_values) / elapsed / 1e6,
                        static_cast<double>(bytes) / bodies * static_cast<double>(read_bodies) / elapsed / 1e6,
                        static_cast<double>(bytes) / bodies / (records * values));
        }
    }
}
