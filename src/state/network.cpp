#include "yihong/state/network.hpp"

#include "yihong/base/log.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {
namespace {

struct TableTitle {
    std::string_view id, title, title_en, description;
    SiteKind kind;
};

constexpr std::array<TableTitle, 3> titles{{
    {"water-sections", "地表水断面", "Water sections",
     "断面与湖库点位的最新监测记录及水质类别（GB 3838）。 Newest record and water class of every river section and lake point.",
     SiteKind::water_section},
    {"air-stations", "空气质量监测站", "Air stations",
     "空气站的最新监测记录及空气质量指数（HJ 633）。 Newest record and air quality index of every station.", SiteKind::air_station},
    {"outfalls", "排污口与污水处理厂", "Outfalls and treatment plants",
     "排污口与污水处理厂的最新监测记录。 Newest record of every outfall and wastewater treatment plant.", SiteKind::outfall},
}};

std::size_t table_of(SiteKind kind) noexcept
{
    switch (kind) {
    case SiteKind::water_section:
    case SiteKind::lake_section: return 0;
    case SiteKind::air_station: return 1;
    case SiteKind::outfall:
    case SiteKind::wastewater_plant: return 2;
    }
    return 2;
}

/// A record of an interval that is judged wins over any other; then the newer wins; at the same time the longer interval does.
bool replaces(Record const& candidate, std::optional<Record> const& current, Site const& site) noexcept
{
    auto const rank = [&](Record const& r) { return std::tuple{site.judges(r.interval), r.time, r.interval}; };
    return !current || rank(candidate) >= rank(*current);
}

bool is_stale(SiteState const& state, UtcTime now) noexcept
{
    return !state.newest || now - state.newest->time > freshness(state.newest->interval);
}

}  // namespace

std::chrono::minutes freshness(IntervalKind kind) noexcept
{
    using namespace std::chrono_literals;
    switch (kind) {
    case IntervalKind::realtime:
    case IntervalKind::minute: return 1h;
    case IntervalKind::hour: return 3h;
    case IntervalKind::four_hours: return 12h;     // a round begins at its time, takes four hours and is published some hours later
    case IntervalKind::day: return 72h;
    case IntervalKind::sample: return std::chrono::days{35};
    }
    return 1h;
}

std::string Network::next_version() { return std::to_string(++version_); }

std::optional<std::size_t> Network::site_index(SiteNumber number) const noexcept
{
    return world_ ? world_->sites->index_of(number) : std::nullopt;
}

void Network::reset(std::shared_ptr<World const> world, std::vector<Record> const& newest, UtcTime now)
{
    std::vector<std::shared_ptr<SiteState const>> before;
    for (auto const& slot : slots_)
        before.push_back(slot.state);
    world_ = std::move(world);
    auto const& sites = world_->sites->all();
    slots_.assign(sites.size(), {});
    changed_.clear();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        slots_[i].state = std::make_shared<SiteState const>(SiteState{world_, i, std::nullopt});
        slots_[i].table = table_of(sites[i].kind);
    }
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        tables_[t].as_of.reset();
        tables_[t].columns = routine_parameters(titles[t].kind, world_->standards->parameters());
    }
    for (auto const& record : newest)
        apply(record);
    for (auto const& state : before) {
        if (state->missing_periods)
            set_missing(state->site().number, *state->missing_periods);
        set_alert(state->site().number, state->alert);
    }
    layer_collections_.clear();
    for (auto const& layer : world_->layers->layers())
        if (layer->role != LayerRole::raster)
            layer_collections_.push_back(make_layer_collection(layer, next_version()));
    for (auto& table : tables_)
        table.columns_changed = true;
    rebuild(now);
    changes_.clear();                                  // another world, not a change of its sites
    next_stale_check_ = now + std::chrono::milliseconds{1};    // at whatever later time
}

void Network::apply(Record record)
{
    auto const index = site_index(record.site);
    if (!index)
        return;
    auto& slot = slots_[*index];
    if (!replaces(record, slot.state->newest, slot.state->site()))
        return;
    auto next = std::make_shared<SiteState>(*slot.state);
    next->newest = std::move(record);
    auto const& newest = *next->newest;
    slot.state = next;
    mark_changed(*index);
    auto& table = tables_[slot.table];
    table.as_of = std::max(table.as_of.value_or(newest.received_at), newest.received_at);
    for (auto const& reading : newest.readings) {
        auto const at = std::ranges::lower_bound(table.columns, reading.parameter);
        if (at == table.columns.end() || *at != reading.parameter) {
            table.columns.insert(at, reading.parameter);
            table.columns_changed = true;
        }
    }
}

void Network::set_missing(SiteNumber site, int periods)
{
    auto const index = site_index(site);
    if (!index || slots_[*index].state->missing_periods == periods)
        return;
    auto next = std::make_shared<SiteState>(*slots_[*index].state);
    next->missing_periods = periods;
    slots_[*index].state = std::move(next);
    mark_changed(*index);
}

void Network::set_alert(SiteNumber site, std::shared_ptr<Alert const> alert)
{
    auto const index = site_index(site);
    if (!index || slots_[*index].state->alert == alert)
        return;
    auto next = std::make_shared<SiteState>(*slots_[*index].state);
    next->alert = std::move(alert);
    slots_[*index].state = std::move(next);
    mark_changed(*index);
}

void Network::show(std::shared_ptr<FeatureSource const> collection)
{
    auto const known = std::ranges::find(others_, collection->metadata().id, [](auto const& other) { return other->metadata().id; });
    if (known == others_.end())
        others_.push_back(std::move(collection));
    else
        *known = std::move(collection);
    others_changed_ = true;
}

SiteState const* Network::state(SiteNumber site) const noexcept
{
    auto const index = site_index(site);
    return index ? slots_[*index].state.get() : nullptr;
}

void Network::mark_changed(std::size_t index)
{
    auto& slot = slots_[index];
    tables_[slot.table].changed = true;
    if (!slot.changed) {
        slot.changed = true;
        changed_.push_back(index);
    }
}

bool Network::publish(UtcTime now)
{
    if (now >= next_stale_check_) {
        next_stale_check_ = now + std::chrono::minutes{1};
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            if (slots_[i].stale != is_stale(*slots_[i].state, now))
                mark_changed(i);
        }
    }
    if (changed_.empty() && !others_changed_)
        return false;
    rebuild(now);
    return true;
}

void Network::rebuild(UtcTime now)
{
    fresh_.clear();
    changes_.clear();
    struct Next {
        std::shared_ptr<Schema const> schema;
        MemorySource::Features features;
        MemorySource const* before = nullptr;              // whose positions these still are; null: there is none
    };
    std::array<Next, 3> tables;
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        auto const& table = tables_[t];
        if (table.columns_changed) {
            tables[t].schema = std::make_shared<Schema const>(site_schema(titles[t].kind, table.columns, world_->standards->parameters()));
        } else if (table.changed) {
            tables[t] = {table.published->shared_schema(), table.published->features(), table.published.get()};
        }
    }
    auto const made = [&](std::size_t index) {
        auto& slot = slots_[index];
        slot.stale = is_stale(*slot.state, now);
        auto feature = make_site_feature(slot.state, slot.stale, tables[slot.table].schema);
        fresh_.push_back(feature);
        if (slot.changed)
            changes_.push_back(feature);
        slot.changed = false;
        return feature;
    };
    for (std::size_t i = 0; i < slots_.size(); ++i) {       // whole tables: first publication, or another set of columns
        auto& slot = slots_[i];
        if (!tables_[slot.table].columns_changed)
            continue;
        slot.position = tables[slot.table].features.size();
        tables[slot.table].features.push_back(made(i));
    }
    for (std::size_t const i : changed_) {
        auto const& slot = slots_[i];
        if (!tables_[slot.table].columns_changed)
            tables[slot.table].features[slot.position] = made(i);
    }
    auto next = std::make_shared<Catalog>();
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        auto& table = tables_[t];
        auto& [schema, features, before] = tables[t];
        if (schema) {
            SourceMetadata metadata{.id = std::string{titles[t].id},
                                    .title = std::string{titles[t].title},
                                    .title_en = std::string{titles[t].title_en},
                                    .description = std::string{titles[t].description},
                                    .as_of = table.as_of,
                                    .version = next_version()};
            table.published = std::make_shared<MemorySource const>(std::move(metadata), schema, std::move(features), before);
        }
        table.changed = table.columns_changed = false;
        next->collections.push_back(table.published);
    }
    changed_.clear();
    others_changed_ = false;
    next->collections.insert(next->collections.end(), others_.begin(), others_.end());
    next->collections.insert(next->collections.end(), layer_collections_.begin(), layer_collections_.end());
    next->version = next_version();
    catalog_.publish(std::move(next));
}

void Network::warm() const
{
    for (auto const& feature : fresh_)
        (void)feature->geojson();
}

}  // namespace yihong
