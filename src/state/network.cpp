#include "yihong/state/network.hpp"

#include "yihong/base/log.hpp"
#include "yihong/state/site_collections.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {

PresentState const& Present::state() const
{
    std::call_once(once_, [this] { state_ = present_state(readings_, world_->sites->all()[site_index_], *world_->standards, at_); });
    return state_;
}

std::string Network::next_version() { return std::to_string(++version_); }

std::optional<std::size_t> Network::site_index(SiteNumber number) const noexcept
{
    return world_ ? world_->sites->index_of(number) : std::nullopt;
}

void Network::reset(std::shared_ptr<World const> world, std::vector<Record> const& recent, UtcTime now)
{
    std::vector<std::shared_ptr<SiteState const>> before;
    for (auto const& slot : slots_)
        before.push_back(slot.state);
    world_ = std::move(world);
    auto const& sites = world_->sites->all();
    slots_.assign(sites.size(), {});
    changed_.clear();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        auto nothing = std::make_shared<Present const>(world_, i, NewestReadings{}, now);
        slots_[i].state = std::make_shared<SiteState const>(
            SiteState{.world = world_, .site_index = i, .newest = std::nullopt, .present = std::move(nothing)});
        slots_[i].table = collection_of(sites[i].kind);
    }
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        tables_[t].as_of.reset();
        tables_[t].columns = routine_parameters(site_collections[t].kind, world_->standards->parameters());
    }
    (void)apply(recent);                               // they stand as they are: nothing is withdrawn
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

std::vector<SiteNumber> Network::apply(std::span<Record const> records)
{
    std::vector<SiteNumber> withdrawn;
    std::vector<std::size_t> touched;
    for (auto const& record : records) {
        auto const index = site_index(record.site);
        if (!index)
            continue;
        bool const is_first = slots_[*index].incoming == nullptr;
        if (take(*index, record) == NewestReadings::Change::outdated)
            withdrawn.push_back(record.site);
        if (is_first && slots_[*index].incoming)
            touched.push_back(*index);
    }
    for (auto const index : touched)
        settle_newest(slots_[index]);
    return withdrawn;
}

void Network::gather(SiteNumber site, std::span<Record const> recent)
{
    auto const index = site_index(site);
    if (!index)
        return;
    auto& slot = slots_[*index];
    slot.readings.emplace();
    slot.readings_changed = true;
    edit(slot).newest.reset();
    for (auto const& record : recent)
        (void)take(*index, record);
    mark_changed(*index);
    settle_newest(slot);
}

NewestReadings::Change Network::take(std::size_t index, Record const& record)
{
    auto& slot = slots_[index];
    auto const& known = slot.state->newest;
    auto const change = edit_readings(slot).take(record);
    bool const is_newest = is_newest_of(slot.state->site(), record, slot.incoming ? slot.incoming : known ? &*known : nullptr);
    if (is_newest)
        slot.incoming = &record;
    if (change == NewestReadings::Change::none && !is_newest) {
        if (!slot.readings_changed)
            slot.readings.reset();
        return change;
    }
    slot.readings_changed = slot.readings_changed || change != NewestReadings::Change::none;
    mark_changed(index);
    auto& table = tables_[slot.table];
    table.as_of = std::max(table.as_of.value_or(record.received_at), record.received_at);
    table.columns_changed |= add_columns(table.columns, record);
    return change;
}

SiteState& Network::edit(Slot& slot)
{
    if (!slot.draft) {
        slot.draft = std::make_shared<SiteState>(*slot.state);
        slot.state = slot.draft;
    }
    return *slot.draft;
}

NewestReadings& Network::edit_readings(Slot& slot)
{
    if (!slot.readings)
        slot.readings = slot.state->present->readings();
    return *slot.readings;
}

void Network::settle_newest(Slot& slot)
{
    auto const* const incoming = std::exchange(slot.incoming, nullptr);
    if (!incoming)
        return;
    edit(slot).newest = *incoming;
    slot.readings_changed = true;                      // the state is as of another moment
}

void Network::settle_present(Slot& slot, UtcTime now)
{
    bool const stale = is_stale(slot.state->newest, now);
    auto edited = std::exchange(slot.readings, std::nullopt);
    if (!slot.readings_changed && stale == slot.state->stale && now <= slot.holds_until)
        return;
    slot.readings_changed = false;
    auto& next = edit(slot);
    auto const& newest = next.newest;
    auto const at = stale && newest ? newest->time : now;
    next.stale = stale;
    auto readings = edited ? *std::move(edited) : next.present->readings();
    slot.holds_until = stale ? UtcTime::max() : std::min(readings.hold_until(at), newest->time + freshness(newest->interval));
    next.present = std::make_shared<Present const>(next.world, next.site_index, std::move(readings), at);
}

void Network::set_missing(SiteNumber site, int periods)
{
    auto const index = site_index(site);
    if (!index || slots_[*index].state->missing_periods == periods)
        return;
    edit(slots_[*index]).missing_periods = periods;
    mark_changed(*index);
}

void Network::set_alert(SiteNumber site, std::shared_ptr<Alert const> alert)
{
    auto const index = site_index(site);
    if (!index || slots_[*index].state->alert == alert)
        return;
    edit(slots_[*index]).alert = std::move(alert);
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
            if (now > slots_[i].holds_until)
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
    std::array<std::shared_ptr<Schema const>, 3> schemas;
    std::array<MemorySource::Features, 3> whole;           // of tables that are made anew
    std::array<std::vector<FeatureList::Change>, 3> changed;
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        auto const& table = tables_[t];
        if (table.columns_changed)
            schemas[t] =
                std::make_shared<Schema const>(site_schema(site_collections[t].kind, table.columns, world_->standards->parameters()));
        else if (table.changed)
            schemas[t] = table.published->shared_schema();
    }
    auto const made = [&](std::size_t index) {
        auto& slot = slots_[index];
        if (slot.changed || now > slot.holds_until)
            settle_present(slot, now);
        slot.draft.reset();
        auto feature = make_site_feature(slot.state, schemas[slot.table]);
        fresh_.push_back(feature);
        if (slot.changed)
            changes_.push_back(feature);
        slot.changed = false;
        return feature;
    };
    if (std::ranges::any_of(tables_, &Table::columns_changed)) {   // the first publication, or another set of columns
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            auto& slot = slots_[i];
            if (!tables_[slot.table].columns_changed)
                continue;
            slot.position = whole[slot.table].size();
            whole[slot.table].push_back(made(i));
        }
    }
    for (std::size_t const i : changed_) {
        auto const& slot = slots_[i];
        if (!tables_[slot.table].columns_changed)
            changed[slot.table].emplace_back(slot.position, made(i));
    }
    auto next = std::make_shared<Catalog>();
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        auto& table = tables_[t];
        if (schemas[t]) {
            auto metadata = metadata_of(site_collections[t]);
            metadata.as_of = table.as_of;
            metadata.version = next_version();
            table.published = table.columns_changed
                                  ? std::make_shared<MemorySource const>(std::move(metadata), schemas[t], std::move(whole[t]))
                                  : std::make_shared<MemorySource const>(std::move(metadata), *table.published, changed[t]);
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
