#include "yihong/features/memory_source.hpp"

#include "yihong/model/site.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace yihong {
namespace {

std::string_view id_of(std::shared_ptr<Feature const> const& feature) noexcept { return feature->id(); }

/// The page as places in the list of features, found at once: counting what matches has to look at each anyway.
class PageOfMemory final : public FeatureStream {
public:
    PageOfMemory(MemorySource::Features const& features, std::vector<std::uint32_t> page, std::size_t matched, std::size_t first)
        : features_{features}, page_{std::move(page)}, matched_{matched}, first_{first}
    {}
    [[nodiscard]] std::shared_ptr<Feature const> next() override { return at_ < page_.size() ? features_[page_[at_++]] : nullptr; }
    [[nodiscard]] std::optional<std::size_t> matched() const noexcept override { return matched_; }
    [[nodiscard]] std::size_t first() const noexcept override { return first_; }
    [[nodiscard]] bool has_more() const noexcept override { return first_ + page_.size() < matched_; }

private:
    MemorySource::Features const& features_;
    std::vector<std::uint32_t> page_;
    std::size_t at_ = 0;
    std::size_t matched_;
    std::size_t first_;
};

bool meets(Feature const& feature, std::vector<BoundingBox> const& boxes)
{
    return type_of(feature.geometry()) == GeometryType::none ||
           std::ranges::any_of(boxes, [&](BoundingBox const& box) { return intersects(feature.geometry(), box); });
}

}  // namespace

void FeatureIndex::build(Features features) const
{
    std::vector<BoundingBox> boxes;
    boxes.reserve(features.size());
    for (auto const& feature : features) {
        if (boxes.emplace_back(bounds_of(feature->geometry())).is_empty())
            placeless_.push_back(static_cast<std::uint32_t>(boxes.size() - 1));
    }
    tree_ = BoxTree{boxes};
}

std::vector<std::uint32_t> FeatureIndex::candidates(Features features, std::span<BoundingBox const> boxes) const
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

MemorySource::MemorySource(SourceMetadata metadata, std::shared_ptr<Schema const> schema, Features features, MemorySource const* before)
    : metadata_{std::move(metadata)}, schema_{std::move(schema)}, features_{std::move(features)},
      index_{before ? before->index_ : std::make_shared<FeatureIndex const>()}
{
    metadata_.count = features_.size();
    metadata_.bounds = before ? before->metadata_.bounds : BoundingBox{};
    metadata_.time = {};
    for (auto const& feature : features_) {
        if (!before)
            metadata_.bounds.extend(bounds_of(feature->geometry()));
        if (auto const time = feature->time()) {
            metadata_.time.begin = std::min(metadata_.time.begin.value_or(*time), *time);
            metadata_.time.end = std::max(metadata_.time.end.value_or(*time), *time);
        }
    }
}

std::vector<std::uint32_t> MemorySource::matching(FeatureQuery const& query) const
{
    std::vector<std::uint32_t> places;
    if (query.boxes.empty()) {
        places.resize(features_.size());
        std::iota(places.begin(), places.end(), 0U);
    } else {
        places = index_->candidates(features_, query.boxes);
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

std::unique_ptr<FeatureStream> MemorySource::select(FeatureQuery const& query) const
{
    auto const behind = [&](std::string_view id) {
        return static_cast<std::uint32_t>(std::ranges::upper_bound(features_, id, id_less, id_of) - features_.begin());
    };
    auto const* const conditions = std::get_if<And>(&query.filter.node);
    bool const is_everything = query.boxes.empty() && !query.time && conditions && conditions->operands.empty() && query.sort.empty();
    if (is_everything) {                                   // no need to look at what is not on the page
        std::size_t const first = query.after ? behind(*query.after) : std::min(query.offset, features_.size());
        std::vector<std::uint32_t> page(std::min(query.limit, features_.size() - first));
        std::iota(page.begin(), page.end(), static_cast<std::uint32_t>(first));
        return std::make_unique<PageOfMemory>(features_, std::move(page), features_.size(), first);
    }
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
    auto const found = std::ranges::lower_bound(features_, id, id_less, id_of);
    return found != features_.end() && (*found)->id() == id ? *found : nullptr;
}

}  // namespace yihong
