#include "yihong/features/memory_source.hpp"

#include "yihong/features/leading.hpp"
#include "yihong/model/site.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <numeric>
#include <ranges>
#include <utility>

namespace yihong {
namespace {

/// The first place whose feature is so, as all behind it are; the end where none is.
template <typename IsSo>
std::size_t first_place(FeatureList const& features, IsSo const& is_so)
{
    auto const places = std::views::iota(std::size_t{0}, features.size());
    return static_cast<std::size_t>(std::ranges::partition_point(places, [&](std::size_t i) { return !is_so(*features[i]); }) -
                                    places.begin());
}

/// The page as places in the list of features, found at once: counting what matches has to look at each anyway.
class PageOfMemory final : public FeatureStream {
public:
    PageOfMemory(FeatureList const& features, std::vector<std::uint32_t> page, std::size_t matched, std::size_t first,
                 std::size_t leading = 0, std::vector<std::uint32_t> out_of_turn = {})
        : features_{features}, page_{std::move(page)}, matched_{matched}, first_{first}, leading_{leading},
          out_of_turn_{std::move(out_of_turn)}
    {}
    [[nodiscard]] std::shared_ptr<Feature const> next() override { return at_ < page_.size() ? features_[page_[at_++]] : nullptr; }
    [[nodiscard]] std::optional<std::size_t> matched() const noexcept override { return matched_; }
    [[nodiscard]] std::size_t first() const noexcept override { return first_; }
    [[nodiscard]] bool has_more() const noexcept override { return first_ + page_.size() < matched_; }
    [[nodiscard]] std::size_t leading() const noexcept override { return leading_; }
    [[nodiscard]] std::vector<std::string> out_of_turn() const override
    {
        std::vector<std::string> ids;
        for (auto const place : out_of_turn_)
            ids.push_back(features_[place]->id());
        return ids;
    }

private:
    FeatureList const& features_;
    std::vector<std::uint32_t> page_;
    std::size_t at_ = 0;
    std::size_t matched_;
    std::size_t first_;
    std::size_t leading_;
    std::vector<std::uint32_t> out_of_turn_;
};

bool meets(Feature const& feature, std::vector<BoundingBox> const& boxes)
{
    return type_of(feature.geometry()) == GeometryType::none ||
           std::ranges::any_of(boxes, [&](BoundingBox const& box) { return intersects(feature.geometry(), box); });
}

}  // namespace

void FeatureIndex::build(FeatureList const& features) const
{
    std::vector<BoundingBox> boxes;
    boxes.reserve(features.size());
    for (auto const& feature : features) {
        if (boxes.emplace_back(bounds_of(feature->geometry())).is_empty())
            placeless_.push_back(static_cast<std::uint32_t>(boxes.size() - 1));
    }
    tree_ = BoxTree{boxes};
}

std::vector<std::uint32_t> FeatureIndex::candidates(FeatureList const& features, std::span<BoundingBox const> boxes) const
{
    std::call_once(once_, [&] { build(features); });
    // a bit a feature brings them into order, each once, whatever the boxes have in common
    std::vector<std::uint64_t> bits((features.size() + 63) / 64);
    auto const mark = [&](std::uint32_t place) { bits[place / 64] |= std::uint64_t{1} << place % 64; };
    std::ranges::for_each(placeless_, mark);
    for (auto const& box : boxes)
        std::ranges::for_each(tree_.query(box), mark);
    std::vector<std::uint32_t> places;
    for (std::size_t word = 0; word < bits.size(); ++word) {
        for (auto rest = bits[word]; rest != 0; rest &= rest - 1)
            places.push_back(static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(rest))));
    }
    return places;
}

bool LeadingFeatures::hold(std::optional<UtcTime> as_of) const noexcept
{
    return as_of == as_of_ || (as_of && as_of_ && *as_of < *as_of_ + std::chrono::minutes{1});
}

std::vector<std::uint32_t> const& LeadingFeatures::of(FeatureList const& features, Schema const& schema) const
{
    std::call_once(once_, [&] {
        auto const at = [&](std::uint32_t place) -> Feature const& { return *features[place]; };
        places_ = leading_places(features.size(), at, schema);
    });
    return places_;
}

MemorySource::MemorySource(SourceMetadata metadata, std::shared_ptr<Schema const> schema, Features features)
    : metadata_{std::move(metadata)}, schema_{std::move(schema)}, features_{std::move(features)},
      index_{std::make_shared<FeatureIndex const>()}, leading_{std::make_shared<LeadingFeatures const>(metadata_.as_of)}
{
    metadata_.bounds = {};
    for (auto const& feature : features_)
        metadata_.bounds.extend(bounds_of(feature->geometry()));
    metadata_.count = features_.size();
    metadata_.time = features_.time();
}

MemorySource::MemorySource(SourceMetadata metadata, MemorySource const& before, std::span<FeatureList::Change const> changes)
    : metadata_{std::move(metadata)}, schema_{before.schema_}, features_{before.features_.with(changes)}, index_{before.index_},
      leading_{before.leading_->hold(metadata_.as_of) ? before.leading_ : std::make_shared<LeadingFeatures const>(metadata_.as_of)}
{
    metadata_.bounds = before.metadata_.bounds;
    metadata_.count = features_.size();
    metadata_.time = features_.time();
}

std::vector<std::uint32_t> MemorySource::matching(FeatureQuery const& query) const
{
    std::vector<std::uint32_t> places;
    std::span<BoundingBox const> const boxes = query.boxes.empty() ? boxes_of(query.filter) : query.boxes;
    if (boxes.empty()) {
        places.resize(features_.size());
        std::iota(places.begin(), places.end(), 0U);
    } else {
        places = index_->candidates(features_, boxes);
    }
    std::erase_if(places, [&](std::uint32_t place) {
        Feature const& feature = *features_[place];
        return !(query.boxes.empty() || meets(feature, query.boxes)) ||
               (query.time && feature.time() && !query.time->contains(*feature.time())) || !holds(query.filter, feature);
    });
    return places;
}

void MemorySource::sort(std::vector<std::uint32_t>& places, std::vector<SortKey> const& keys) const
{
    struct Entry {
        std::vector<Value> values;
        std::uint32_t place;
    };
    std::vector<Entry> entries;
    for (auto const place : places) {
        auto& entry = entries.emplace_back();
        entry.place = place;
        for (auto const& key : keys)
            entry.values.push_back(features_[place]->value(key.column));
    }
    std::ranges::sort(entries, [&](Entry const& a, Entry const& b) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (auto const order = compare(a.values[i], b.values[i]); order != 0)
                return keys[i].descending ? order > 0 : order < 0;
        }
        return a.place < b.place;                          // which is the order of the ids
    });
    std::ranges::transform(entries, places.begin(), &Entry::place);
}

std::uint32_t MemorySource::behind(std::string_view id) const
{
    return static_cast<std::uint32_t>(first_place(features_, [&](Feature const& feature) { return id_less(id, feature.id()); }));
}

std::vector<std::uint32_t> MemorySource::out_of_turn(FeatureQuery const& query) const
{
    std::vector<std::uint32_t> places;
    for (auto const& id : query.seen)
        if (auto const place = behind(id); place > 0 && features_[place - 1]->id() == id)
            places.push_back(place - 1);
    if (query.lead && query.limit > 1 && !query.after && places.empty()) {
        auto const& leading = leading_->of(features_, *schema_);
        places.assign(leading.begin(), leading.begin() + static_cast<std::ptrdiff_t>(std::min(leading.size(), query.limit - 1)));
        bool const are_first_anyway = std::ranges::all_of(places, [&](auto place) { return place < places.size(); });
        if (are_first_anyway)
            places.clear();
    }
    return places;
}

/// No need to look at what is not on the page.
std::unique_ptr<FeatureStream> MemorySource::page_of_all(FeatureQuery const& query) const
{
    auto const early = out_of_turn(query);
    auto passed_over = early;                              // what does not come at its turn
    std::ranges::sort(passed_over);
    bool const leads = query.seen.empty() && !early.empty();
    std::size_t first = query.after ? behind(*query.after) : std::min(query.offset, features_.size());
    std::vector<std::uint32_t> page;
    if (leads) {
        page.assign(early.begin() + static_cast<std::ptrdiff_t>(std::min(first, early.size())), early.end());
        first -= std::min(first, early.size());            // of the others
        for (auto const place : passed_over)
            first += place <= first ? 1U : 0U;
        first = std::min(first, features_.size());
    }
    std::size_t const led = page.size();
    auto const early_behind = static_cast<std::size_t>(passed_over.end() - std::ranges::lower_bound(passed_over, first));
    std::size_t const room = std::min(query.limit, features_.size());
    page.reserve(std::min(room, led + features_.size() - first));
    for (auto place = static_cast<std::uint32_t>(first); place < features_.size() && page.size() < room; ++place)
        if (passed_over.empty() || !std::ranges::binary_search(passed_over, place))
            page.push_back(place);
    return std::make_unique<PageOfMemory>(features_, std::move(page), features_.size(), led == 0 ? first + early_behind : query.offset, led,
                                          early);
}

std::unique_ptr<FeatureStream> MemorySource::select(FeatureQuery const& query) const
{
    if (query.is_of_everything())
        return page_of_all(query);
    auto places = matching(query);
    std::size_t first = std::min(query.offset, places.size());
    if (!query.sort.empty()) {
        sort(places, query.sort);
        if (query.after) {
            auto const at = std::ranges::find_if(places, [&](auto place) { return features_[place]->id() == *query.after; });
            first = at == places.end() ? places.size() : static_cast<std::size_t>(at - places.begin()) + 1;
        }
    } else if (query.after) {
        first = static_cast<std::size_t>(std::ranges::lower_bound(places, behind(*query.after)) - places.begin());
    }
    std::size_t const matched = places.size();
    places.resize(first + std::min(query.limit, matched - first));
    places.erase(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(first));
    return std::make_unique<PageOfMemory>(features_, std::move(places), matched, first);
}

std::shared_ptr<Feature const> MemorySource::find(std::string_view id) const
{
    auto const place = first_place(features_, [&](Feature const& feature) { return !id_less(feature.id(), id); });
    return place < features_.size() && features_[place]->id() == id ? features_[place] : nullptr;
}

}  // namespace yihong
