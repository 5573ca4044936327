#include "play_stations.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/config/sites.hpp"
#include "yihong/readings_io/archive.hpp"
#include "yihong/station/fleet.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <map>

namespace yihong {
namespace {

using station::StationOptions;

/// `ammonia_nitrogen=3` by parameter.
Result<std::map<ParameterId, double>> parse_scales(std::vector<std::string> const& texts, ParameterBook const& parameters)
{
    std::map<ParameterId, double> scales;
    for (auto const& text : texts) {
        auto const sign = std::min(text.find('='), text.size());
        auto const* parameter = parameters.find(std::string_view{text}.substr(0, sign));
        auto const factor = Decimal::parse(std::string_view{text}.substr(std::min(sign + 1, text.size())));
        if (!parameter || !factor || *factor <= Decimal{} || *factor > Decimal{1000, 0})
            return fail(Errc::bad_value, "--scale: '" + text + "' is not PARAMETER=FACTOR, such as ammonia_nitrogen=3 (factors to 1000)");
        scales[parameter->id] = factor->to_double();
    }
    return scales;
}

/// Better or worse water than it was; a value that leaves the range of numbers stays.
void scale_values(Record& record, std::map<ParameterId, double> const& scales)
{
    for (auto& reading : record.readings) {
        auto const scale = scales.find(reading.parameter);
        if (scale == scales.end() || !reading.has_value)
            continue;
        if (auto const value = Decimal::from_double(reading.value.to_double() * scale->second))
            reading.value = value->rounded(reading.value.scale());
    }
}

/// Of records of one period the last, ascending by time: a loop that sends the first as well would revise it each time.
void keep_last_of_each_period(std::vector<Record>& records)
{
    std::map<std::pair<UtcTime, IntervalKind>, Record> last;
    for (auto& record : records)
        last.insert_or_assign({record.time, record.interval}, std::move(record));
    records.clear();
    for (auto& [period, record] : last)
        records.push_back(std::move(record));
}

/// Records of each site, ascending by time.
using RecordsOfSites = std::map<std::string, std::vector<Record>, std::less<>>;

Result<RecordsOfSites> read_records(PlayOptions const& options, SiteRegistry const& sites, ParameterBook const& parameters)
{
    constexpr std::size_t rows_a_batch = 5'000;
    auto const scales = parse_scales(options.scale, parameters);
    if (!scales)
        return std::unexpected{scales.error()};
    RecordsOfSites records;
    for (auto const& file : options.readings) {
        auto opened = ArchiveReader::open(
            file, {.names = {sites, parameters}, .format = {}, .skip_unknown_sites = true, .on_unknown_place = {}, .date = {}});
        if (!opened)
            return fail(opened.error().code, file + ": " + opened.error().detail);
        for (;;) {
            auto batch = (*opened)->next(rows_a_batch);
            if (!batch)
                return fail(batch.error().code, file + ": " + batch.error().detail);
            if (!*batch)
                break;
            for (auto& parsed : (*batch)->records)
                if (hj212::command_of(parsed.record.interval) != 0)
                    records[parsed.site->id].push_back(std::move(parsed.record));
        }
    }
    auto const now = utc_now();
    for (auto& [id, of_site] : records) {
        if (options.loop)
            keep_last_of_each_period(of_site);
        std::ranges::sort(of_site, {}, &Record::time);
        for (auto& record : of_site) {
            scale_values(record, *scales);
            if (options.as_normal)
                record.status = StationStatus::normal;
        }
        if (options.from_last > 0 && of_site.size() > options.from_last)
            of_site.erase(of_site.begin(), of_site.end() - static_cast<std::ptrdiff_t>(options.from_last));
        if (!options.shift_to_now || options.loop)
            continue;
        auto const shift = station::shift_to(now, of_site, Device{}.minute_interval);
        for (auto& record : of_site)
            record.time += shift;
    }
    return records;
}

/// How long the loop of each site takes. Sites of one kind of data take equally long, so that they stay in step.
using LoopPeriods = std::map<std::string, std::chrono::milliseconds, std::less<>>;

/// Sites whose longest period is the same have the same kind of data.
IntervalKind kind_of(std::vector<Record> const& of_site) { return std::ranges::max(of_site, {}, &Record::interval).interval; }

/// Moves the records of all sites with one kind of data together, so that a round of them is just over at `round_ends`.
void let_rounds_end(RecordsOfSites& records, UtcTime round_ends)
{
    std::map<IntervalKind, std::vector<Record>> newest;
    for (auto const& [id, of_site] : records)
        newest[kind_of(of_site)].push_back(of_site.back());
    for (auto& [id, of_site] : records) {
        auto const shift = station::shift_to(round_ends, newest[kind_of(of_site)], Device{}.minute_interval);
        for (auto& record : of_site)
            record.time += shift;
    }
}

/// Moves the records of each site to where their loop stands now. Shorter loops begin earlier by whole rounds, so that all play from about
/// the same moment on.
LoopPeriods begin_loops(RecordsOfSites& records, UtcTime now)
{
    auto const minute_interval = Device{}.minute_interval;
    std::map<IntervalKind, std::chrono::milliseconds> of_kind;
    for (auto& [id, of_site] : records) {
        auto& period = of_kind[kind_of(of_site)];
        period = std::max(period, station::loop_period_of(of_site, minute_interval));
    }
    LoopPeriods periods;
    auto first = now;
    for (auto& [id, of_site] : records) {
        periods[id] = of_kind[kind_of(of_site)];
        station::move_into_last_loop(of_site, now, periods[id], minute_interval);
        first = std::min(first, of_site.front().time);
    }
    for (auto& [id, of_site] : records) {
        auto const earlier = (of_site.front().time - first) / periods[id] * periods[id];
        for (auto& record : of_site)
            record.time -= earlier;
    }
    return periods;
}

/// What a site's logger usually calls itself.
std::string system_type_of(Site const* site)
{
    if (!site)
        return "21";
    switch (site->kind) {
    case SiteKind::water_section:
    case SiteKind::lake_section: return "21";
    case SiteKind::air_station: return "22";
    case SiteKind::outfall:
    case SiteKind::wastewater_plant: return "32";
    }
    return "21";
}

/// PREFIX0001 …; one station alone keeps the name as it is.
std::vector<Device> made_up(PlayOptions const& options, RecordsOfSites const& records, CrcForm crc)
{
    auto sites = options.sites;
    if (sites.empty())
        for (auto const& [id, of_site] : records)
            sites.push_back(id);
    std::vector<Device> devices;
    for (std::size_t i = 0; i < options.count; ++i) {
        Device device;
        device.mn = options.count == 1 ? options.mn : fmt::format("{}{:04}", options.mn, i + 1);
        device.password = options.password;
        device.crc = crc;
        device.sm4_key = options.sm4_key;
        if (!sites.empty())
            device.site = sites[i % sites.size()];
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<std::vector<Device>> devices_to_play(PlayOptions const& options, Config const& config, RecordsOfSites const& records)
{
    auto const crc = parse_crc_form(options.crc);
    if (!crc)
        return fail(crc.error().code, "--crc: " + crc.error().detail);
    if (!options.mn.empty())
        return made_up(options, records, *crc);
    std::vector<Device> devices;
    for (auto const& device : config.devices)
        if (options.devices.empty() || std::ranges::find(options.devices, device.mn) != options.devices.end())
            devices.push_back(device);
    for (auto const& mn : options.devices)
        if (std::ranges::find(devices, mn, &Device::mn) == devices.end())
            return fail(Errc::not_found, fmt::format("--device {}: the config has no such device; name one of its [[devices]] by mn", mn));
    if (devices.empty())
        return fail(Errc::missing_field, "the config has no [[devices]]; add one, or make stations up with --mn");
    return devices;
}

Result<std::chrono::milliseconds> duration_of(std::string_view option, std::string_view text)
{
    auto duration = parse_duration(text);
    if (!duration)
        return fail(duration.error().code, fmt::format("{}: {}", option, duration.error().detail));
    return duration;
}

Result<std::vector<StationOptions>> to_stations(PlayOptions const& options, std::vector<Device> const& devices,
                                                RecordsOfSites const& records, LoopPeriods const& loops, SiteRegistry const& sites,
                                                StandardsBook const& standards)
{
    StationOptions common;
    common.window = options.window;
    common.resends = options.resends;
    common.asks_answers = !options.unanswered;
    common.left_out_every = options.gap;
    common.announces_start = options.start_up;
    common.asks_for_clock = options.clock_request;
    auto const heartbeat = duration_of("--heartbeat", options.heartbeat);
    auto const timeout = duration_of("--answer-timeout", options.answer_timeout);
    if (!heartbeat || !timeout)
        return std::unexpected{heartbeat ? timeout.error() : heartbeat.error()};
    common.answer_timeout = *timeout;
    if (!options.misbehave.empty()) {
        auto const misbehaviour = station::parse_misbehaviour(options.misbehave);
        if (!misbehaviour)
            return fail(misbehaviour.error().code, "--misbehave: " + misbehaviour.error().detail);
        common.misbehaviour = *misbehaviour;
    }
    // A fleet on one site shares its uploads.
    std::map<std::string, station::Uploads> shared;
    std::vector<StationOptions> stations;
    for (auto const& device : devices) {
        auto const* site = sites.find(device.site);
        if (!device.site.empty() && !site)
            return fail(Errc::unknown_site, fmt::format("device {}: there is no site '{}'", device.mn, device.site));
        auto one = common;
        one.mn = device.mn;
        one.password = device.password;
        one.crc = device.crc;
        one.st = !options.st.empty() ? options.st : !device.system_types.empty() ? device.system_types.front() : system_type_of(site);
        auto const edition = hj212::parse_edition(!options.edition.empty() ? options.edition : one.st == "21" ? "surface-water" : "2017");
        if (!edition)
            return fail(edition.error().code, "--edition: " + edition.error().detail);
        one.edition = *edition;
        if (version_bits(one.edition) == version_bits(hj212::Edition::hj212_2025))
            one.heartbeat = *heartbeat;                // earlier editions have none
        if (!device.sm4_key.empty()) {
            auto const key = hj212::Sm4::from_key(device.sm4_key);
            if (!key)
                return fail(key.error().code, fmt::format("device {}: {}", device.mn, key.error().detail));
            one.key = *key;
        }
        if (auto const of_site = records.find(site ? site->id : ""); of_site != records.end()) {
            bool const has_own_form = options.mn.empty();
            auto& uploads = shared[has_own_form ? "device " + device.mn : "site " + of_site->first];
            if (!uploads) {
                // ST 21 and 22 send our units, all others those of HJ 212-2017 Appendix B (see Device::units)
                auto const factors = hj212::FactorTable::make(standards, device.units, one.st != "21" && one.st != "22");
                if (!factors)
                    return fail(factors.error().code, fmt::format("device {}: {}", device.mn, factors.error().detail));
                station::UploadForm const form{.edition = one.edition,
                                               .time_is_end = device.time_is_end,
                                               .minute_interval = device.minute_interval,
                                               .factors = &*factors};
                uploads = std::make_shared<std::vector<station::Upload> const>(
                    station::to_uploads(of_site->second, standards.parameters(), form));
            }
            one.uploads = uploads;
            if (auto const loop = loops.find(of_site->first); loop != loops.end())
                one.loop_period = loop->second;
        }
        stations.push_back(std::move(one));
    }
    return stations;
}

std::string summary(station::FleetTotals const& totals, std::size_t stations, double seconds)
{
    std::string line;
    JsonWriter json{line};
    auto const count = [&](std::string_view name, std::uint64_t value) { json.member(name, static_cast<std::int64_t>(value)); };
    auto const milliseconds = [](std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000; };
    json.begin_object();
    count("stations", stations);
    json.member("seconds", std::round(seconds * 1000) / 1000);
    count("sent", totals.sent);
    count("acknowledged", totals.acknowledged);
    count("resent", totals.resent);
    count("refused", totals.refused);
    count("unsent", totals.unsent);
    count("left_out", totals.left_out);
    json.member("acknowledged_per_second", std::round(static_cast<double>(totals.acknowledged) / std::max(seconds, 1e-3)));
    json.key("answer_ms").begin_object();
    json.member("p50", milliseconds(totals.answer_times.at(0.5)))
        .member("p99", milliseconds(totals.answer_times.at(0.99)))
        .member("max", milliseconds(totals.answer_times.longest()));
    json.end_object();
    count("connections", totals.connected);
    count("connections_lost", totals.lost);
    count("connections_failed", totals.failed_connects);
    count("requests", totals.requests);
    count("heartbeats", totals.heartbeats);
    count("duplicated", totals.duplicated);
    count("flooded", totals.flooded);
    count("spoilt", totals.spoilt);
    count("bad_frames_received", totals.bad_frames);
    json.end_object();
    return line;
}

Result<double> parse_speed(std::string_view text)
{
    if (text == "max")
        return 0.0;
    auto const speed = Decimal::parse(text);
    if (!speed || *speed < Decimal{0, 0})
        return fail(Errc::bad_value, fmt::format("--speed: '{}' is neither max nor a number such as 1 or 3600", text));
    return speed->to_double();
}

/// Everything that the command line and the files say. \return every problem
struct Plan {
    station::FleetOptions fleet;
    std::vector<StationOptions> stations;
};
std::expected<Plan, Problems> make_plan(Overrides const& overrides, PlayOptions const& options)
{
    auto const config = load_config_with(overrides);
    if (!config)
        return std::unexpected{config.error()};
    auto const standards = load_standards(config->standards_directory);
    auto loaded = load_sites(config->site_files);
    if (!standards)
        return std::unexpected{standards.error()};
    if (!loaded)
        return std::unexpected{loaded.error()};
    SiteRegistry const sites{std::move(*loaded)};
    auto const one = [](Failure const& failure) { return std::unexpected{Problems{failure}}; };
    auto const endpoint = parse_endpoint(options.connect);
    if (!endpoint)
        return one({endpoint.error().code, "--connect: " + endpoint.error().detail});
    auto const speed = parse_speed(options.speed);
    if (!speed)
        return one(speed.error());
    auto const round_ends = options.round_ends.empty() ? UtcTime{} : parse_rfc3339(options.round_ends);
    if (!round_ends)
        return one({round_ends.error().code, "--round-ends: " + round_ends.error().detail});
    auto records = read_records(options, sites, standards->parameters());
    if (!records)
        return one(records.error());
    if (options.loop && !options.round_ends.empty())
        let_rounds_end(*records, *round_ends);
    auto const loops = options.loop ? begin_loops(*records, utc_now()) : LoopPeriods{};
    auto const devices = devices_to_play(options, *config, *records);
    if (!devices)
        return one(devices.error());
    auto stations = to_stations(options, *devices, *records, loops, sites, *standards);
    if (!stations)
        return one(stations.error());
    auto const has_uploads = [](StationOptions const& one_station) { return one_station.uploads && !one_station.uploads->empty(); };
    if (!options.forever && std::ranges::none_of(*stations, has_uploads))
        return one({Errc::no_value, "there is nothing to send: name files that hold readings of these sites with --readings, or only "
                                    "answer the host with --forever"});
    Plan plan;
    plan.fleet.address = endpoint->address;
    plan.fleet.port = endpoint->port;
    plan.fleet.threads = options.threads;
    plan.fleet.speed = *speed;
    plan.fleet.stays = options.forever || options.loop;
    plan.fleet.connect_attempts = plan.fleet.stays ? 0 : 5;
    plan.stations = std::move(*stations);
    return plan;
}

}  // namespace

int play_stations(Overrides const& overrides, PlayOptions const& options)
{
    auto plan = make_plan(overrides, options);
    if (!plan) {
        print_problems(plan.error());
        return 1;
    }
    auto const count = plan->stations.size();
    boost::asio::io_context context{1};
    boost::asio::signal_set signals{context, SIGTERM, SIGINT};
    station::StationFleet fleet{std::move(plan->fleet), std::move(plan->stations)};
    bool interrupted = false;
    signals.async_wait([&](boost::system::error_code const& error, int) {
        if (error)
            return;
        interrupted = true;
        fleet.stop();
    });
    auto const start = std::chrono::steady_clock::now();
    fleet.start([&] { boost::asio::post(context, [&] { signals.cancel(); }); });
    context.run();
    fleet.wait();
    auto const totals = fleet.totals();
    fmt::print("{}\n", summary(totals, count, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()));
    return !interrupted && totals.unsent + totals.refused > 0 ? 1 : 0;
}

}  // namespace yihong
