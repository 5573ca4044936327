#include "yihong/history/record_keeper.hpp"

#include "yihong/history/record_source.hpp"
#include "yihong/state/site_collections.hpp"
#include "yihong/state/site_feature.hpp"

namespace yihong {

RecordKeeper::RecordKeeper(Records const& records, CurrentState const& state) : records_{records}, world_{state.world.load()}
{
    for (auto const kind : {SiteKind::water_section, SiteKind::air_station, SiteKind::outfall})
        collections_[collection_of(kind)] = {.kind = kind, .columns = routine_parameters(kind, world_->standards->parameters())};
    for (auto const& newest : records.newest({}))
        if (auto const* site = world_->sites->numbered(newest.site))
            look_at(*site, newest);
}

void RecordKeeper::look_at(Site const& site, Record const& record)
{
    auto& collection = collections_[collection_of(site.kind)];
    collection.changed |= add_columns(collection.columns, record) || !collection.has_records;
    collection.has_records = true;
}

void RecordKeeper::on_record(RecordTaken const& taken, GroupUnderWay& group)
{
    if (auto const* site = group.world().sites->numbered(taken.record.site))
        look_at(*site, taken.record);
}

void RecordKeeper::committed(CommitMade const& made)
{
    if (made.new_world)
        world_ = made.new_world;
    for (auto& collection : collections_) {
        if (!collection.changed && !made.new_world)
            continue;
        collection.changed = false;
        made.network.show(make_record_source(world_, collection.kind, collection.columns, collection.has_records, records_));
    }
}

}  // namespace yihong
