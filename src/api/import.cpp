#include "import.hpp"

#include "yihong/readings_io/archive.hpp"

#include <deque>
#include <filesystem>

namespace yihong::api {
namespace {

constexpr std::size_t rows_a_batch = 5'000;
constexpr int batches_a_slice = 8;

/// The sites that an import makes for places that no site file knows. Records point to them, so they stay where they are.
class MadeSites {
public:
    explicit MadeSites(ImportInto into) : into_{into} {}

    Site const* make(PublishedPlace const& place)
    {
        made_.push_back(make_site_for(place));
        std::string const id = made_.back().id;
        made_.back().number = into_.sites.number_sites({&id, 1}).front();
        return &made_.back();
    }
    /// Before their first records are taken in, so that these are seen on the map.
    void register_new(WorldKeeper::Turn& turn)
    {
        if (registered_ == made_.size())
            return;
        PreparedBatch registration;
        registration.new_sites.assign(made_.begin() + static_cast<std::ptrdiff_t>(registered_), made_.end());
        registered_ = made_.size();
        auto const world = into_.intake.world();
        auto sites = world->sites->all();
        sites.insert(sites.end(), registration.new_sites.begin(), registration.new_sites.end());
        into_.intake.submit_and_wait(std::move(registration));
        turn.replace(make_world(world->standards, std::move(sites), world->layers, world->alerts, world->digest));
    }
    [[nodiscard]] std::size_t count() const noexcept { return made_.size(); }

private:
    ImportInto into_;
    std::deque<Site> made_;
    std::size_t registered_ = 0;
};

}  // namespace

Result<ImportProgress> import_slice(ImportRequest const& request, ImportInto into)
{
    auto& intake = into.intake;
    auto turn = into.worlds.take_turn();
    auto const world = intake.world();
    MadeSites made{into};
    ArchiveContext context{.names = {*world->sites, world->standards->parameters()},
                           .format = request.format,
                           .skip_unknown_sites = !request.keep_unknown,
                           .on_unknown_place = {},
                           .date = {}};
    if (request.create_sites)
        context.on_unknown_place = [&made](PublishedPlace const& place) { return made.make(place); };
    auto opened = ArchiveReader::open(request.file, std::move(context));
    if (!opened)
        return std::unexpected{std::move(opened.error())};
    auto& reader = **opened;
    if (request.offset > 0) {
        if (auto resumed = reader.resume({request.offset, request.line, request.row}); !resumed)
            return std::unexpected{std::move(resumed.error())};
    }
    ImportProgress progress;
    progress.format = reader.format();
    std::string const source = "import " + std::filesystem::path{request.file}.filename().string();
    for (int i = 0; i < batches_a_slice && !progress.finished; ++i) {
        auto batch = reader.next(rows_a_batch);
        if (!batch)
            return std::unexpected{std::move(batch.error())};
        if (!*batch) {
            progress.finished = true;
            break;
        }
        made.register_new(turn);
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
    progress.sites_created = made.count();
    return progress;
}

}  // namespace yihong::api
