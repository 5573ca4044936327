#include "yihong/history/past.hpp"

#include "yihong/features/memory_source.hpp"
#include "yihong/history/known_marks.hpp"
#include "yihong/history/known_records.hpp"
#include "yihong/history/record_source.hpp"
#include "yihong/state/recent_records.hpp"
#include "yihong/state/site_collections.hpp"
#include "yihong/state/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace yihong {
namespace {

/// The sites at a moment: all of them are of it, whenever their newest record was measured.
class AtAMoment final : public FeatureSource {
public:
    explicit AtAMoment(MemorySource source) : source_{std::move(source)} {}
    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return source_.metadata(); }
    [[nodiscard]] Schema const& schema() const noexcept override { return source_.schema(); }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const override
    {
        auto asked = query;
        asked.time.reset();
        return source_.select(asked);
    }
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override { return source_.find(id); }

private:
    MemorySource source_;
};

/// \param recent those of the site, in any order
std::shared_ptr<SiteState const> state_of(std::shared_ptr<World const> const& world, std::size_t index, std::span<Record const> recent,
                                          UtcTime at)
{
    auto const& site = world->sites->all()[index];
    NewestReadings readings;
    Record const* newest = nullptr;
    for (auto const& record : recent) {
        (void)readings.take(record);
        if (is_newest_of(site, record, newest))
            newest = &record;
    }
    SiteState state{.world = world, .site_index = index, .newest = newest ? std::optional{*newest} : std::nullopt, .present = {}};
    state.stale = is_stale(state.newest, at);
    state.of_the_past = true;
    state.present = std::make_shared<Present const>(world, index, std::move(readings), state.stale && newest ? newest->time : at);
    return std::make_shared<SiteState const>(std::move(state));
}

}  // namespace

std::shared_ptr<FeatureSource const> Past::of(FeatureSource const& present, std::optional<UtcTime> at,
                                              std::optional<UtcTime> known_at) const
{
    if (!at && !known_at)
        return nullptr;
    for (auto const& collection : site_collections) {
        if (collection.id == present.metadata().id)
            return sites_at(metadata_of(collection), collection.kind, at, known_at);
        if (!known_at || record_collection_id(collection.kind) != present.metadata().id)
            continue;
        auto const world = state_.world.load();
        std::vector<ParameterId> columns;
        for (auto const& column : present.schema().columns())
            if (auto const* parameter = world->standards->parameters().find(column.name))
                columns.push_back(parameter->id);
        std::ranges::sort(columns);
        struct Known {                                 // what is read lives as long as the source
            KnownRecords records;
            std::shared_ptr<FeatureSource const> source = {};
        };
        auto known = std::make_shared<Known>(Known{.records = {records_, *known_at}});
        known->source = make_record_source(world, collection.kind, columns, true, known->records);
        return {known, known->source.get()};
    }
    for (auto const what : all_periods_of)
        if (known_at && period_collection_id(what) == present.metadata().id)
            return periods_known(what, *known_at);
    return nullptr;
}

std::shared_ptr<FeatureSource const> Past::periods_known(PeriodOf what, UtcTime known_at) const
{
    struct Known {                                         // what is read lives as long as the source
        Known(KnownRecords all, std::shared_ptr<MarkBook const> marked) : records{all}, marks{std::move(marked)} {}
        KnownRecords records;
        Snapshot<MarkBook> marks;
        std::shared_ptr<FeatureSource const> source;
    };
    auto const known = std::make_shared<Known>(KnownRecords{records_, known_at}, marks_known_at(journal_, known_at));
    auto const world = state_.world.load();
    PeriodMaterials const materials{known->records, nullptr, settings_, known->marks, known_at};
    known->source = make_period_source(what, world, period_data(what, *world, records_), materials);
    return {known, known->source.get()};
}

std::shared_ptr<FeatureSource const> Past::sites_at(SourceMetadata metadata, SiteKind kind, std::optional<UtcTime> at,
                                                    std::optional<UtcTime> known_at) const
{
    auto const world = state_.world.load();
    auto const moment = std::min(at.value_or(known_at.value_or(UtcTime::max())), utc_now());
    auto const& sites = world->sites->all();
    std::vector<SiteNumber> numbers;
    for (auto const& site : sites)
        if (collection_of(site.kind) == collection_of(kind))
            numbers.push_back(site.number);
    auto const recent = known_at ? recent_records(KnownRecords{records_, *known_at}, *world->sites, numbers, moment)
                                 : recent_records(records_, *world->sites, numbers, moment);
    auto columns = routine_parameters(kind, world->standards->parameters());
    std::map<SiteNumber, std::span<Record const>> of_site;
    for_each_site(recent, [&](std::span<Record const> own) {
        of_site[own.front().site] = own;
        for (auto const& record : own)
            add_columns(columns, record);
    });
    auto const schema = std::make_shared<Schema const>(site_schema(kind, columns, world->standards->parameters()));
    MemorySource::Features features;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (collection_of(sites[i].kind) != collection_of(kind))
            continue;
        auto const records = of_site.find(sites[i].number);
        auto const own = records == of_site.end() ? std::span<Record const>{} : records->second;
        features.push_back(make_site_feature(state_of(world, i, own, moment), schema));
    }
    metadata.title += fmt::format("（{}）", format_beijing_minute(moment));
    metadata.title_en += " at " + format_rfc3339(moment);
    MemorySource source{std::move(metadata), schema, std::move(features)};
    if (at)
        return std::make_shared<AtAMoment const>(std::move(source));
    return std::make_shared<MemorySource const>(std::move(source));
}

}  // namespace yihong
