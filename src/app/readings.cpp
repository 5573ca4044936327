#include "readings.hpp"

#include "yihong/base/text.hpp"
#include "yihong/readings_io/archive.hpp"

#include <algorithm>
#include <deque>

namespace yihong {

std::filesystem::path store_folder(Config const& config) { return config.store.path / "store"; }

LocalStoreOptions store_options(Config const& config)
{
    LocalStoreOptions options;
    options.block_cache_bytes = config.store.cache_mb << 20U;
    options.frames_max_bytes = std::uint64_t{config.store.frames_max_mb} << 20U;
    options.frames_max_age = config.store.frames_max_age;
    return options;
}

Result<ParsedBatch> read_posted(std::string_view body, std::string_view content_type, World const& world)
{
    NameBook const names{*world.sites, world.standards->parameters()};
    auto const media_type = trimmed(content_type.substr(0, content_type.find(';')));
    auto const is = [&](std::string_view name) {
        return std::ranges::equal(media_type, name, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    };
    if (is("application/json"))
        return read_json(body, names);
    if (is("application/x-ndjson") || is("application/ndjson"))
        return read_ndjson(body, names);
    if (is("text/csv"))
        return read_csv(body, names);
    return fail(Errc::unsupported, "Content-Type '" + std::string{media_type.substr(0, 60)} +
                                       "' is not one of application/json, application/x-ndjson, text/csv");
}

Result<ParsedBatch> read_quarantined(QuarantineEntry const& entry, World const& world)
{
    return read_text(entry.format, entry.raw, {*world.sites, world.standards->parameters()});
}

Result<api::ImportProgress> import_slice(api::ImportRequest const& request, Intake& intake, Writer& writer, Sites& sites)
{
    constexpr std::size_t rows_a_batch = 5'000;
    constexpr int batches_a_slice = 8;

    auto world = intake.world();
    std::deque<Site> created;
    ArchiveContext context{.names = {*world->sites, world->standards->parameters()},
                           .format = request.format,
                           .skip_unknown_sites = !request.keep_unknown,
                           .on_unknown_place = {},
                           .date = {}};
    if (request.create_sites) {
        context.on_unknown_place = [&](PublishedPlace const& place) {
            created.push_back(make_site_for(place));
            std::string const id = created.back().id;
            created.back().number = sites.number_sites({&id, 1}).front();
            return &created.back();
        };
    }
    auto opened = ArchiveReader::open(request.file, std::move(context));
    if (!opened)
        return std::unexpected{std::move(opened.error())};
    auto& reader = **opened;
    if (request.offset > 0) {
        if (auto resumed = reader.resume({request.offset, request.line, request.row}); !resumed)
            return std::unexpected{std::move(resumed.error())};
    }
    api::ImportProgress progress;
    progress.format = reader.format();
    std::string const source = "import " + std::filesystem::path{request.file}.filename().string();
    std::size_t registered = 0;
    for (int i = 0; i < batches_a_slice && !progress.finished; ++i) {
        auto batch = reader.next(rows_a_batch);
        if (!batch)
            return std::unexpected{std::move(batch.error())};
        if (!*batch) {
            progress.finished = true;
            break;
        }
        if (registered < created.size()) {         // before their first records, so that these are seen on the map
            PreparedBatch registration;
            registration.new_sites.assign(created.begin() + static_cast<std::ptrdiff_t>(registered), created.end());
            registered = created.size();
            auto sites = intake.world()->sites->all();
            sites.insert(sites.end(), registration.new_sites.begin(), registration.new_sites.end());
            intake.submit_and_wait(std::move(registration));
            replace_world(writer, make_world(world->standards, std::move(sites), world->layers, world->alerts, world->digest));
        }
        auto prepared = intake.prepare(std::move(**batch), source, *world, utc_now());
        prepared.quiet = true;                     // history: nobody can act on it any more
        auto const report = intake.submit_and_wait(std::move(prepared));
        progress.accepted += report.accepted;
        progress.duplicates += report.duplicates;
        progress.revised += report.revised;
        progress.rejected += report.rejected.size();
    }
    auto const position = reader.position();
    progress.offset = position.offset;
    progress.line = position.line;
    progress.row = position.row;
    progress.bytes_read = reader.bytes_read();
    progress.bytes_total = reader.bytes_total();
    progress.rows = reader.counts().rows;
    progress.empty = reader.counts().empty;
    progress.unknown_site_rows = reader.counts().unknown_site_rows;
    progress.sites_created = created.size();
    return progress;
}

}  // namespace yihong
