#include "series_csv.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>

namespace yihong::api {
namespace {

constexpr std::size_t records_a_piece = 500;

/// Goes on behind a page until the series ends.
class RestOfSeries final : public http::BodySource {
public:
    RestOfSeries(SeriesRequest request, std::shared_ptr<World const> world, Site const& site, Records const& records, SeriesPage first)
        : request_{std::move(request)}, world_{std::move(world)}, site_{site}, records_{records}, first_{std::move(first.body)},
          next_{*parse_series_cursor(first.next)}
    {
        request_.query.limit = records_a_piece;
        request_.query.parameters = request_.parameters;
    }

    bool next(std::string& out) override
    {
        if (!first_.empty()) {
            out += std::exchange(first_, {});
            return true;
        }
        request_.query.after = next_;
        std::size_t count = 0;
        records_.visit_series(request_.query, [&](Record const& record) {
            append_csv_rows(out, record, request_, site_, world_->standards->parameters());
            next_ = {record.time, record.interval};
            return ++count < records_a_piece;
        });
        return count == records_a_piece;
    }

private:
    SeriesRequest request_;
    std::shared_ptr<World const> world_;               // the site is one of its own
    Site const& site_;
    Records const& records_;
    std::string first_;
    SeriesCursor next_;
};

}  // namespace

std::string_view csv_head() noexcept { return "site,time,interval,status,parameter,value,unit,flag,time_beijing,water_class,aqi\r\n"; }

void append_csv_rows(std::string& out, Record const& record, SeriesRequest const& request, Site const& site,
                     ParameterBook const& parameters)
{
    auto const begin_row = [&] {
        append_csv_field(out, site.id);
        out += ',';
        append_rfc3339(out, record.time);
        out += ',';
        out += to_text(record.interval);
        out += ',';
        out += to_text(record.status);
        out += ',';
    };
    std::string end = "," + format_beijing_minute(record.time) + ",";
    if (record.verdict.water_class > 0)
        end += std::to_string(record.verdict.water_class);
    end += ',';
    if (record.verdict.aqi > 0)
        end += std::to_string(record.verdict.aqi);
    end += "\r\n";
    if (record.readings.empty()) {                         // nothing but the station's status
        begin_row();
        out += ",,,";
        out += end;
    }
    for (auto const& reading : record.readings) {
        auto const* parameter = parameters.find(reading.parameter);
        if (!parameter || !(request.parameters.empty() || std::ranges::binary_search(request.parameters, reading.parameter)))
            continue;
        begin_row();
        out += parameter->name;
        out += ',';
        if (reading.has_value)
            reading.value.append_to(out);
        out += ',';
        append_csv_field(out, parameter->unit);
        out += ',';
        out += reading.flag.text();
        out += end;
    }
}

http::StreamBody whole_csv(SeriesRequest request, std::shared_ptr<World const> world, Site const& site, Records const& records,
                           SeriesPage first, net::Pool& readers)
{
    auto open = [request = std::move(request), world = std::move(world), &site, &records, first = std::move(first)] {
        return std::make_unique<RestOfSeries>(request, world, site, records, first);
    };
    return {.open = std::move(open), .pool = &readers};
}

}  // namespace yihong::api
