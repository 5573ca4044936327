#include "yihong/history/period_source.hpp"

#include "period_feature.hpp"

#include "yihong/features/leading.hpp"
#include "yihong/state/site_collections.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace yihong {
namespace {

struct Texts {
    std::string_view id, title, title_en, description;
    GeometryType geometry;
    SiteKind kind;  ///< of the sites that it is made of, for all kinds of their collection
};
Texts const& texts_of(PeriodOf what)
{
    static constexpr std::array<Texts, 7> texts{{
        {"section-periods", "断面时段评价", "Sections by period",
         "断面与湖库点位按时段的均值、类别、达标情况，一个断面一个时段一个要素；列出各月、各年，其他时段用 period 指定",
         GeometryType::point, SiteKind::water_section},
        {"river-periods", "河流时段评价", "Rivers by period",
         "河流按时段的断面类别比例与水质状况，一条河流一个时段一个要素；几何为图层中的河流", GeometryType::multi_line_string,
         SiteKind::water_section},
        {"area-periods", "区域时段评价", "Areas by period",
         "考核归属（未写的按所在县）、市、国控省控市控按时段的优良、达标、劣Ⅴ类断面，一个区域一个时段一个要素；几何为图层中的政区",
         GeometryType::multi_polygon, SiteKind::water_section},
        {"air-periods", "空气站时段评价", "Air stations by period", "空气站按时段的优良天数、浓度、综合指数，一个站点一个时段一个要素",
         GeometryType::point, SiteKind::air_station},
        {"air-area-periods", "县市空气时段评价", "Air of counties and the city by period",
         "县（市、区）和本市按时段的优良天数、浓度、综合指数，日值为评价点位的平均，一个区域一个时段一个要素；几何为图层中的政区",
         GeometryType::multi_polygon, SiteKind::air_station},
        {"outfall-periods", "排口时段统计", "Outfalls and plants by period",
         "排污口和污水处理厂按时段的均值与限值、达标天数、传输率、有效率、排放量，一个排口一个污染物一个时段一个要素", GeometryType::point,
         SiteKind::outfall},
        {"lake-periods", "湖库时段评价", "Lakes by period",
         "湖库按时段的水质类别、总氮类别、综合营养状态指数及其分项，盐度、水位只列出，一个湖库一个时段一个要素；几何为图层中的湖库",
         GeometryType::multi_polygon, SiteKind::lake_section},
    }};
    return texts[static_cast<std::size_t>(what)];
}

std::shared_ptr<PeriodPlaces const> places_of(PeriodOf what, std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    switch (what) {
    case PeriodOf::section: return section_places(std::move(world), materials);
    case PeriodOf::river: return group_places(false, std::move(world), materials);
    case PeriodOf::area: return group_places(true, std::move(world), materials);
    case PeriodOf::air_area: return air_area_places(std::move(world), materials);
    case PeriodOf::outfall: return outfall_places(std::move(world), materials);
    case PeriodOf::lake: return lake_places(std::move(world), materials);
    case PeriodOf::air_station: break;
    }
    return air_places(std::move(world), materials);
}

bool begins_before(Period const& a, Period const& b) noexcept { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; }

/// The months and years that the data touches.
std::vector<Period> listed_periods(TimeInterval const& data)
{
    std::vector<Period> all;
    if (!data.begin || !data.end)
        return all;
    for (auto const kind : {PeriodKind::month, PeriodKind::year})
        for (auto one = period_of(kind, *data.begin); one.begin <= *data.end; one = period_of(kind, one.end))
            all.push_back(one);
    std::ranges::sort(all, begins_before);
    return all;
}

/// \return whether it says no more than that the column is one of these texts, which are added
bool add_texts(std::vector<std::string>& texts, std::size_t column, Expression const& condition)
{
    if (auto const* any = std::get_if<Or>(&condition.node))
        return std::ranges::all_of(any->operands, [&](Expression const& one) { return add_texts(texts, column, one); });
    auto const* equals = std::get_if<Equals>(&condition.node);
    if (equals == nullptr || equals->column != column)
        return false;
    texts.push_back(equals->text);
    return true;
}

/// What the column has to be one of. \return nothing where the filter does not say
std::optional<std::vector<std::string>> wanted_texts(Expression const& filter, std::size_t column)
{
    auto const* all = std::get_if<And>(&filter.node);
    auto const conditions = all ? std::span<Expression const>{all->operands} : std::span<Expression const>{&filter, 1};
    for (auto const& one : conditions)
        if (std::vector<std::string> texts; add_texts(texts, column, one))
            return texts;
    return std::nullopt;
}

struct Shared {
    std::shared_ptr<PeriodPlaces const> places;
    std::vector<Period> listed;
    std::optional<UtcTime> known_at;
    std::size_t id = 0, period = 0, kind = 0;  ///< columns

    [[nodiscard]] UtcTime as_of() const { return known_at.value_or(utc_now()); }

    [[nodiscard]] std::vector<Period> periods_of(FeatureQuery const& query) const
    {
        auto periods = listed;
        if (auto const codes = wanted_texts(query.filter, period)) {
            periods.clear();
            for (auto const& code : *codes)
                if (auto const one = parse_listed_period(code); one && std::ranges::find(periods, *one) == periods.end())
                    periods.push_back(*one);
            std::ranges::sort(periods, begins_before);
        }
        if (auto const kinds = wanted_texts(query.filter, kind))
            std::erase_if(periods, [&](Period const& one) { return std::ranges::find(*kinds, to_text(one.kind)) == kinds->end(); });
        if (query.time)
            std::erase_if(periods, [&](Period const& one) { return !query.time->contains(one.begin); });
        if (!query.sort.empty() && query.sort.front().descending)
            std::ranges::reverse(periods);
        return periods;
    }
    [[nodiscard]] std::vector<std::size_t> places_of(FeatureQuery const& query) const
    {
        std::vector<std::size_t> wanted;
        auto const ids = wanted_texts(query.filter, id);
        auto const boxes = query.boxes.empty() ? boxes_of(query.filter) : std::span<BoundingBox const>{query.boxes};
        for (std::size_t i = 0; i < places->size(); ++i) {
            auto const& shape = places->geometry(i);
            bool const is_inside = boxes.empty() || type_of(shape) == GeometryType::none ||
                                   std::ranges::any_of(boxes, [&](BoundingBox const& box) { return intersects(shape, box); });
            if (is_inside && (!ids || std::ranges::find(*ids, places->id(i)) != ids->end()))
                wanted.push_back(i);
        }
        if (!query.sort.empty() && query.sort.front().descending)
            std::ranges::reverse(wanted);
        return wanted;
    }
};

/// Where a feature is found again.
struct FeatureKey {
    std::size_t place;
    Period period;
    std::string id;
};

/// The id of a feature up to the dot, and the code of the period behind it. \return nothing without a dot
std::optional<std::pair<std::string_view, std::string_view>> parts_of(std::string_view id)
{
    auto const dot = id.rfind('.');
    return dot == std::string_view::npos ? std::nullopt : std::optional{std::pair{id.substr(0, dot), id.substr(dot + 1)}};
}

/// Evaluates as it is pulled.
class PeriodStream final : public FeatureStream {
public:
    /// \param leading features that come before their turn
    PeriodStream(std::shared_ptr<Shared const> shared, FeatureQuery const& query, std::span<FeatureKey const> leading)
        : shared_{std::move(shared)}, filter_{query.filter}, limit_{query.limit}, offset_{query.offset},
          periods_{shared_->periods_of(query)}, places_{shared_->places_of(query)}, early_{query}
    {
        for (auto const& [place, period, id] : EarlyFeatures::of_page(leading, limit_))
            for (auto& feature : shared_->places->make(place, period, as_of_))
                if (feature->id() == id)
                    early_.add(std::move(feature));
        if (query.after)
            begin_behind(*query.after);
        for (auto skipped = early_.skipped(); skipped < offset_ && fetch(); ++skipped)
            ++taken_;
    }

    [[nodiscard]] std::shared_ptr<Feature const> next() override
    {
        if (auto feature = early_.next()) {
            ++given_;
            return feature;
        }
        if (!fetch())
            return nullptr;
        if (given_ == limit_) {
            has_more_ = true;
            return nullptr;
        }
        ++given_;
        return std::move(ready_[taken_++]);
    }
    [[nodiscard]] std::optional<std::size_t> matched() const noexcept override { return std::nullopt; }
    [[nodiscard]] std::size_t first() const noexcept override { return offset_; }
    [[nodiscard]] bool has_more() const noexcept override { return has_more_; }
    [[nodiscard]] std::size_t leading() const noexcept override { return early_.leading(); }
    [[nodiscard]] std::vector<std::string> out_of_turn() const override { return early_.ids(); }

private:
    /// \return whether the next one is ready
    bool fetch()
    {
        while (taken_ == ready_.size() && period_ < periods_.size() && !places_.empty())
            make_next();
        return taken_ < ready_.size();
    }
    /// Makes those of the place whose turn it is. \param after an id of them: only those behind it; empty: all
    void make_next(std::string_view after = {})
    {
        taken_ = 0;
        ready_ = shared_->places->make(places_[place_], periods_[period_], as_of_);
        if (++place_ == places_.size()) {
            place_ = 0;
            ++period_;
        }
        if (!after.empty()) {
            auto const last = std::ranges::find(ready_, after, [](auto const& feature) -> std::string const& { return feature->id(); });
            ready_.erase(ready_.begin(), last == ready_.end() ? last : last + 1);
        }
        std::erase_if(ready_, [&](auto const& feature) {
            return !holds(filter_, *feature) || std::ranges::find(early_.ids(), feature->id()) != early_.ids().end();
        });
    }
    /// Behind what never was there is nothing.
    void begin_behind(std::string_view id)
    {
        auto const [of, code] = parts_of(id).value_or(std::pair<std::string_view, std::string_view>{});
        auto const place_id = shared_->places->place_of(of);
        auto const period = std::ranges::find(periods_, code, period_code);
        auto const place = std::ranges::find_if(places_, [&](std::size_t one) { return shared_->places->id(one) == place_id; });
        if (period == periods_.end() || place == places_.end()) {
            period_ = periods_.size();
            return;
        }
        period_ = static_cast<std::size_t>(period - periods_.begin());
        place_ = static_cast<std::size_t>(place - places_.begin());
        if (place_id != of) {                              // others of the place may come behind it
            make_next(id);
        } else if (++place_ == places_.size()) {
            place_ = 0;
            ++period_;
        }
    }

    std::shared_ptr<Shared const> shared_;
    Expression filter_;
    std::size_t limit_, offset_;
    std::vector<Period> periods_;
    std::vector<std::size_t> places_;
    EarlyFeatures early_;
    UtcTime as_of_ = shared_->as_of();
    std::size_t period_ = 0, place_ = 0;
    PeriodFeatures ready_;
    std::size_t taken_ = 0;  ///< of those that are ready
    std::size_t given_ = 0;
    bool has_more_ = false;
};

class PeriodSource final : public FeatureSource {
public:
    PeriodSource(std::shared_ptr<Shared const> shared, SourceMetadata metadata) : shared_{std::move(shared)}, metadata_{std::move(metadata)}
    {}

    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return metadata_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return *shared_->places->schema(); }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const override
    {
        bool const leads = query.lead && query.is_of_everything() && !query.after && query.seen.empty();
        return std::make_unique<PeriodStream>(shared_, query, leads ? kept_.get([this] { return leading(); }) : std::vector<FeatureKey>{});
    }
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override
    {
        auto const parts = parts_of(id);
        if (!parts)
            return nullptr;
        auto const place = shared_->places->place_of(parts->first);
        auto const period = parse_listed_period(parts->second);
        for (std::size_t i = 0; period && i < shared_->places->size(); ++i)
            if (shared_->places->id(i) == place)
                for (auto& feature : shared_->places->make(i, *period, shared_->as_of()))
                    if (feature->id() == id)
                        return std::move(feature);
        return nullptr;
    }

private:
    /// Among the newest periods of some of the places.
    [[nodiscard]] std::vector<FeatureKey> leading() const
    {
        constexpr std::size_t most_places = 60;
        constexpr std::size_t most = 600;
        std::vector<FeatureKey> keys;
        std::vector<std::shared_ptr<Feature const>> features;
        auto const count = shared_->places->size();
        auto const some = std::min(count, most_places);
        auto const as_of = shared_->as_of();
        for (auto period = shared_->listed.rbegin(); period != shared_->listed.rend() && features.size() < most; ++period)
            for (std::size_t i = 0; i < some; ++i)
                for (auto& feature : shared_->places->make(i * count / some, *period, as_of)) {
                    keys.push_back({i * count / some, *period, feature->id()});
                    features.push_back(std::move(feature));
                }
        std::vector<FeatureKey> chosen;
        for (auto const place : leading_places(features.size(), [&](std::uint32_t i) -> Feature const& { return *features[i]; }, schema()))
            chosen.push_back(keys[place]);
        return chosen;
    }

    std::shared_ptr<Shared const> shared_;
    SourceMetadata metadata_;
    KeptLeading<FeatureKey> kept_;
};

}  // namespace

std::string_view period_collection_id(PeriodOf what) noexcept { return texts_of(what).id; }
SiteKind kind_of(PeriodOf what) noexcept { return texts_of(what).kind; }

TimeInterval period_data(PeriodOf what, World const& world, Records const& records)
{
    TimeInterval data;
    auto const widen = [&](Record const& record) {
        data.begin = data.begin ? std::min(*data.begin, record.time) : record.time;
        data.end = data.end ? std::max(*data.end, record.time) : record.time;
        return true;
    };
    HistoryQuery oldest;
    oldest.limit = 1;
    for (auto const& site : world.sites->all())
        if (collection_of(site.kind) == collection_of(kind_of(what)))
            oldest.sites.push_back(site.number);
    if (oldest.sites.empty())
        return data;
    records.visit_history(oldest, widen);
    for (auto const& newest : records.newest({.before = {}, .sites = oldest.sites, .interval = {}}))
        widen(newest);
    std::vector<TimeInterval> beyond{{}};
    if (data.begin)
        beyond = {{std::nullopt, *data.begin - std::chrono::milliseconds{1}}, {*data.end + std::chrono::milliseconds{1}, std::nullopt}};
    for (auto const site : oldest.sites)
        for (auto const& stretch : beyond)
            for (auto const& withdrawn : records.revisions(site, stretch))
                widen(withdrawn.record);
    return data;
}

std::shared_ptr<FeatureSource const> make_period_source(PeriodOf what, std::shared_ptr<World const> world, TimeInterval const& data,
                                                        PeriodMaterials const& materials)
{
    auto const& text = texts_of(what);
    SourceMetadata metadata{.id = std::string{text.id},
                            .title = std::string{text.title},
                            .title_en = std::string{text.title_en},
                            .description = std::string{text.description},
                            .geometry_type = text.geometry,
                            .blocks = true,
                            .keeps_past = true};
    Shared shared{.places = places_of(what, std::move(world), materials), .listed = listed_periods(data), .known_at = materials.known_at};
    auto const& schema = *shared.places->schema();
    shared.id = schema.find("site").or_else([&] { return schema.find("name"); }).value();
    shared.period = *schema.find("period");
    shared.kind = *schema.find("period_kind");
    if (shared.listed.empty() || shared.places->size() == 0)
        metadata.count = 0;
    for (std::size_t i = 0; i < shared.places->size(); ++i)
        metadata.bounds.extend(bounds_of(shared.places->geometry(i)));
    return std::make_shared<PeriodSource const>(std::make_shared<Shared const>(std::move(shared)), std::move(metadata));
}

}  // namespace yihong
