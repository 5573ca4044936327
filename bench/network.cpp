#include "commands.hpp"
#include "history.hpp"

#include "yihong/base/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <stdexcept>

namespace yihong::bench {
namespace {

struct Place {
    double lon;
    double lat;
};

/// China's sections lie thick in the east; Yuncheng's within its own bounds.
std::vector<Place> places(NetworkOptions const& options)
{
    std::mt19937_64 random{7};
    std::vector<Place> all;
    auto const between = [&](double low, double high) { return std::round(std::uniform_real_distribution{low, high}(random) * 1e5) / 1e5; };
    for (int i = 0; i < options.sites; ++i) {
        if (options.area == "yuncheng")
            all.push_back({between(110.25, 112.05), between(34.6, 35.8)});
        else if (i % 4 == 0)
            all.push_back({between(82, 108), between(26, 44)});
        else
            all.push_back({between(104, 121), between(23, 42)});
    }
    return all;
}

void write_site(JsonWriter& json, int i, Place place)
{
    constexpr std::array<std::string_view, 6> rivers{"黄河", "汾河", "涑水河", "浍河", "渭河", "沁河"};
    constexpr std::array<std::string_view, 5> towns{"龙门", "张留庄", "上亳城", "小韩村", "河津大桥"};
    auto const n = static_cast<std::size_t>(i);
    auto const name = fmt::format("{}{}号", towns[n % towns.size()], i + 1);
    json.begin_object()
        .member("type", "Feature")
        .member("id", site_id(i))
        .key("geometry")
        .raw(fmt::format(R"({{"type":"Point","coordinates":[{},{}]}})", place.lon, place.lat));
    json.key("properties")
        .begin_object()
        .member("name", name)
        .member("name_en", fmt::format("Section {}", i + 1))
        .member("kind", "water_section");
    json.member("level", "national").member("water_body", rivers[n % rivers.size()]).member("target_class", 2 + i % 3);
    json.key("external_ids").begin_object().member("cnemc", "某省/" + name).end_object();
    json.member("coordinate_accuracy_m", 50).member("source", "bench: made up").end_object().end_object();
}

/// Grows a box round a point of the middle Yellow River until it holds 200.
std::string box_of_200(std::vector<Place> const& all)
{
    constexpr Place centre{112, 35};
    std::vector<double> distances;
    for (auto const& p : all)
        distances.push_back(std::max(std::abs(p.lon - centre.lon), std::abs(p.lat - centre.lat)));
    auto const nth = distances.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(200, distances.size()) - 1);
    std::ranges::nth_element(distances, nth);
    double const half = *nth + 1e-6;
    return fmt::format("{:.6f},{:.6f},{:.6f},{:.6f}", centre.lon - half, centre.lat - half, centre.lon + half, centre.lat + half);
}

void write_file(std::filesystem::path const& file, std::string_view text)
{
    std::ofstream out{file, std::ios::binary};
    out << text;
    out.close();
    if (!out)
        throw std::runtime_error{file.string() + " cannot be written"};
}

}  // namespace

void network(NetworkOptions const& options)
{
    auto const all = places(options);
    std::string sites;
    JsonWriter json{sites};
    json.begin_object().member("type", "FeatureCollection").key("features").begin_array();
    for (int i = 0; i < options.sites; ++i)
        write_site(json, i, all[static_cast<std::size_t>(i)]);
    json.end_array().end_object();
    std::filesystem::create_directories(options.folder);
    write_file(options.folder / "sites.geojson", sites);

    History const history{options.sites, 1};
    UtcTime const newest = std::chrono::floor<std::chrono::hours>(utc_now());
    std::string csv = csv_header();
    for (int i = 0; i < options.sites; ++i)
        append_record(csv, Form::csv, i, newest, "4h", history.at(i, 0));
    write_file(options.folder / "newest.csv", csv);
    write_file(options.folder / "bbox.txt", box_of_200(all));
}

}  // namespace yihong::bench
