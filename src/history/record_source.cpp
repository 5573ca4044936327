#include "yihong/history/record_source.hpp"

#include "record_schema.hpp"

#include "yihong/features/leading.hpp"
#include "yihong/state/site_collections.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

namespace yihong {
namespace {

struct Texts {
    SiteKind kind;
    std::string_view id, title, title_en, description;
};
constexpr std::array<Texts, 3> texts{{
    {SiteKind::water_section, "water-records", "水质监测记录", "Water records",
     "断面与湖库点位的全部监测记录，一条一个要素；按时间、断面、数据类型排列"},
    {SiteKind::air_station, "air-records", "空气监测记录", "Air records", "空气站的全部监测记录，一条一个要素；按时间、站点、数据类型排列"},
    {SiteKind::outfall, "outfall-records", "排口监测记录", "Outfall records",
     "排污口与污水处理厂的全部监测记录，一条一个要素；按时间、站点、数据类型排列"},
}};

Texts const& texts_of(SiteKind kind) { return texts[collection_of(kind)]; }

/// What all records are read of: shared by a source and its streams.
struct Shared {
    std::shared_ptr<World const> world;
    std::shared_ptr<Schema const> schema;
    RecordSchema columns;  // without the schema, which is moved out
    std::vector<Site const*> sites;  // of the kind, in the order of the registry
    Records const& records;

    [[nodiscard]] std::shared_ptr<Feature const> feature(Site const& site, Record const& record) const
    {
        return std::make_shared<RecordFeature const>(world, site, record, schema);
    }
};

Record nothing_of(SiteNumber site)
{
    Record record;
    record.site = site;
    return record;
}

/// The parameters whose readings columns show. \return empty, which is all: they show more than values, or nobody knows which columns
std::vector<ParameterId> parameters_of(Shared const& shared, std::optional<std::vector<std::size_t>> const& columns)
{
    if (!columns || std::ranges::any_of(*columns, [&](std::size_t column) { return shared.columns.needs_readings[column]; }))
        return {};
    std::vector<ParameterId> parameters;
    for (auto const column : *columns)
        if (auto const parameter = shared.columns.parameter[column])
            parameters.push_back(*parameter);
    if (auto const& known = shared.world->standards->parameters().all(); parameters.empty() && !known.empty())
        parameters = {known.front().id};  // none would be all
    return parameters;
}

/// Adds the sites that a condition names by their ids. \return false where it says something else
bool add_named(std::vector<Site const*>& sites, Shared const& shared, Expression const& condition)
{
    if (auto const* any = std::get_if<Or>(&condition.node))
        return std::ranges::all_of(any->operands, [&](Expression const& one) { return add_named(sites, shared, one); });
    auto const* equals = std::get_if<Equals>(&condition.node);
    if (equals == nullptr || equals->column != shared.columns.site)
        return false;
    auto const* site = shared.world->sites->find(equals->text);
    if (site != nullptr && site->id == equals->text && std::ranges::binary_search(shared.sites, site))
        sites.push_back(site);
    return true;
}

/// What the store is asked for, so that it reads no more than it must.
HistoryQuery asked_of_store(std::shared_ptr<Shared const> const& kept, FeatureQuery const& query)
{
    auto const& shared = *kept;
    HistoryQuery asked;
    if (query.time)
        asked.time = *query.time;
    asked.newest_first = !query.sort.empty() && query.sort.front().descending;
    std::vector<Expression const*> about_sites;
    And about_records;
    std::optional<std::vector<Site const*>> named;  // the others need not be looked at, and a network has many
    auto const look_at = [&](Expression const& one) {
        auto const columns = columns_of(one);
        if (columns && std::ranges::all_of(*columns, [&](std::size_t column) { return shared.columns.is_of_site[column]; }))
            about_sites.push_back(&one);
        else
            about_records.operands.push_back(one);
        if (std::vector<Site const*> these; !named && add_named(these, shared, one)) {
            std::ranges::sort(these);
            these.erase(std::ranges::unique(these).begin(), these.end());
            named = std::move(these);
        }
        if (auto const* equals = std::get_if<Equals>(&one.node); equals && equals->column == shared.columns.interval)
            if (auto const kind = parse_interval_kind(equals->text))
                asked.interval = *kind;
    };
    if (auto const* all = std::get_if<And>(&query.filter.node))
        std::ranges::for_each(all->operands, look_at);
    else
        look_at(query.filter);
    std::span<BoundingBox const> const boxes = query.boxes.empty() ? boxes_of(query.filter) : query.boxes;
    for (auto const* site : named ? *named : shared.sites) {
        auto const nothing = shared.feature(*site, nothing_of(site->number));
        bool const is_inside = boxes.empty() || !site->position ||
                               std::ranges::any_of(boxes, [&](BoundingBox const& box) { return box.contains(*site->position); });
        if (is_inside && std::ranges::all_of(about_sites, [&](Expression const* one) { return holds(*one, *nothing); }))
            asked.sites.push_back(site->number);
    }
    if (!query.properties.empty())
        asked.parameters = parameters_of(shared, query.properties);
    if (about_records.operands.empty())
        return asked;
    Expression const condition{std::move(about_records)};
    auto const columns = columns_of(condition);
    asked.condition.parameters = parameters_of(shared, columns);
    asked.condition.holds = [kept, condition, asks_for_id = !columns](Record const& record) {
        auto const* site = kept->world->sites->numbered(record.site);
        if (site == nullptr)
            return false;
        RecordFeature const feature{kept->world, *site, std::cref(record), kept->schema,
                                    asks_for_id ? record_id(*site, record) : std::string{}};
        return holds(condition, feature);
    };
    return asked;
}

/// Reads on as it is pulled; in memory is one piece.
class RecordStream final : public FeatureStream {
public:
    /// \param leading records that come before their turn
    RecordStream(std::shared_ptr<Shared const> shared, FeatureQuery const& query, std::span<HistoryKey const> leading)
        : shared_{std::move(shared)}, limit_{query.limit}, offset_{query.offset}, early_{query}, asked_{asked_of_store(shared_, query)}
    {
        for (auto const& id : query.seen)
            if (auto const key = parse_record_id(*shared_->world->sites, id))
                passed_over_.insert(*key);
        for (auto const& key : EarlyFeatures::of_page(leading, limit_))
            if (auto const record = shared_->records.find(key.site, key.interval, key.time))
                if (auto const* site = shared_->world->sites->numbered(key.site)) {
                    early_.add(shared_->feature(*site, *record));
                    passed_over_.insert(key);
                }
        skipped_ = early_.skipped();
        if (!query.after)
            return;
        asked_.after = parse_record_id(*shared_->world->sites, *query.after);
        ended_ = !asked_.after;  // behind what never was there is nothing
    }

    [[nodiscard]] std::shared_ptr<Feature const> next() override
    {
        if (auto feature = early_.next()) {
            ++given_;
            return feature;
        }
        for (; to_skip() && fetch(); ++skipped_)
            piece_.pop_front();
        if (!fetch())
            return nullptr;
        if (given_ == limit_) {
            has_more_ = true;
            return nullptr;
        }
        ++given_;
        auto feature = std::move(piece_.front());
        piece_.pop_front();
        return feature;
    }
    [[nodiscard]] std::optional<std::size_t> matched() const noexcept override { return std::nullopt; }
    [[nodiscard]] std::size_t first() const noexcept override { return offset_; }
    [[nodiscard]] bool has_more() const noexcept override { return has_more_; }
    [[nodiscard]] std::size_t leading() const noexcept override { return early_.leading(); }
    [[nodiscard]] std::vector<std::string> out_of_turn() const override { return early_.ids(); }

private:
    [[nodiscard]] bool to_skip() const noexcept { return skipped_ < offset_; }

    /// \return whether another feature is there
    bool fetch()
    {
        constexpr std::size_t longest_piece = 16 * 1024;  // of features in memory: the store has its own of records
        while (piece_.empty() && !ended_ && !asked_.sites.empty()) {
            auto const on_page = std::min(limit_ - given_, longest_piece - 1) + 1;  // one more tells whether there are more
            auto const wanted = std::min(on_page + (offset_ - skipped_), longest_piece);
            std::size_t count = 0;
            asked_.limit = wanted + passed_over_.size();
            shared_->records.visit_history(asked_, [&](Record const& record) {
                ++count;
                asked_after_ = history_key(record);
                if (!passed_over_.empty() && passed_over_.contains(asked_after_))
                    return true;
                if (auto const* site = shared_->world->sites->numbered(record.site))
                    piece_.push_back(shared_->feature(*site, record));
                return piece_.size() < wanted;
            });
            ended_ = count < asked_.limit && piece_.size() < wanted;
            if (count > 0)
                asked_.after = asked_after_;
        }
        return !piece_.empty();
    }

    std::shared_ptr<Shared const> shared_;
    std::size_t limit_;
    std::size_t offset_;
    std::size_t skipped_ = 0;
    EarlyFeatures early_;
    HistoryQuery asked_;
    HistoryKey asked_after_;
    std::set<HistoryKey> passed_over_;  // what does not come at its turn
    std::deque<std::shared_ptr<Feature const>> piece_;
    std::size_t given_ = 0;
    bool ended_ = false;
    bool has_more_ = false;
};

class RecordSource final : public FeatureSource {
public:
    RecordSource(std::shared_ptr<Shared const> shared, SourceMetadata metadata) : shared_{std::move(shared)}, metadata_{std::move(metadata)}
    {}

    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return metadata_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return *shared_->schema; }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const override
    {
        bool const leads = query.lead && query.is_of_everything() && !query.after && query.seen.empty();
        return std::make_unique<RecordStream>(shared_, query, leads ? kept_.get([this] { return leading(); }) : std::vector<HistoryKey>{});
    }
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override
    {
        auto const key = parse_record_id(*shared_->world->sites, id);
        auto const* site = key ? shared_->world->sites->numbered(key->site) : nullptr;
        if (site == nullptr || std::ranges::find(shared_->sites, site) == shared_->sites.end())
            return nullptr;
        auto const record = shared_->records.find(key->site, key->interval, key->time);
        return record ? shared_->feature(*site, *record) : nullptr;
    }

private:
    /// Among the newest records of some of the sites.
    [[nodiscard]] std::vector<HistoryKey> leading() const
    {
        constexpr std::size_t most_sites = 200;
        std::vector<SiteNumber> asked;
        auto const count = shared_->sites.size();
        for (std::size_t i = 0; i < std::min(count, most_sites); ++i)
            asked.push_back(shared_->sites[i * count / std::min(count, most_sites)]->number);
        auto const newest = shared_->records.newest({.before = {}, .sites = std::move(asked), .interval = {}});
        std::vector<std::shared_ptr<Feature const>> features;
        for (auto const& record : newest)
            features.push_back(shared_->feature(*shared_->world->sites->numbered(record.site), record));
        std::vector<HistoryKey> keys;
        for (auto const place :
             leading_places(features.size(), [&](std::uint32_t i) -> Feature const& { return *features[i]; }, *shared_->schema))
            keys.push_back(history_key(newest[place]));
        return keys;
    }

    std::shared_ptr<Shared const> shared_;
    SourceMetadata metadata_;
    KeptLeading<HistoryKey> kept_;
};

}  // namespace

std::string_view record_collection_id(SiteKind kind) noexcept { return texts_of(kind).id; }

std::shared_ptr<FeatureSource const> make_record_source(std::shared_ptr<World const> world, SiteKind kind,
                                                        std::span<ParameterId const> columns, bool has_records, Records const& records)
{
    auto const& text = texts_of(kind);
    SourceMetadata metadata{.id = std::string{text.id},
                            .title = std::string{text.title},
                            .title_en = std::string{text.title_en},
                            .description = std::string{text.description},
                            .blocks = true,
                            .keeps_past = true};
    if (!has_records)
        metadata.count = 0;
    auto made = record_schema(kind, columns, world->standards->parameters());
    auto schema = std::make_shared<Schema const>(std::move(made.schema));
    std::vector<Site const*> sites;
    for (auto const& site : world->sites->all()) {
        if (&texts_of(site.kind) != &text)
            continue;
        sites.push_back(&site);
        if (site.position)
            metadata.bounds.extend(*site.position);
    }
    auto shared = std::make_shared<Shared const>(Shared{std::move(world), std::move(schema), std::move(made), std::move(sites), records});
    return std::make_shared<RecordSource const>(std::move(shared), std::move(metadata));
}

}  // namespace yihong
