#pragma once

#include "yihong/base/time.hpp"
#include "yihong/features/expression.hpp"
#include "yihong/features/feature.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

struct SortKey {
    std::size_t column = 0;
    bool descending = false;
};

/// Which features of a source, in which order, and which page of them.
struct FeatureQuery {
    static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

    std::vector<BoundingBox> boxes = {};           ///< none: everywhere; two where a box crosses the antimeridian
    std::optional<TimeInterval> time = {};
    Expression filter = {};                        ///< as it is made: everything
    std::vector<SortKey> sort = {};                ///< before the id; none: by id alone
    std::size_t limit = no_limit;
    std::size_t offset = 0;
    std::optional<std::string> after = {};         ///< the page begins behind this feature; not together with `offset`
    /// Everything begins with the few features that between them have a value in every column where any has one, so that whoever takes the types of a
    /// collection from its first features finds them; `offset` counts in that order. A source may pass over the wish.
    bool lead = false;
    std::vector<std::string> seen = {};  ///< features that a page before brought out of turn: they do not come again
    std::vector<std::size_t> properties = {};  ///< columns that are wanted, so that a source need not fetch others; none: all

    /// Nothing is filtered, nothing sorted.
    [[nodiscard]] bool is_of_everything() const noexcept
    {
        auto const* const conditions = std::get_if<And>(&filter.node);
        return boxes.empty() && !time && conditions != nullptr && conditions->operands.empty() && sort.empty();
    }
};

/// The features of one page, one after the other, so that an answer of any length takes bounded memory.
class FeatureStream {
public:
    virtual ~FeatureStream() = default;
    /// \return null at the end of the page
    [[nodiscard]] virtual std::shared_ptr<Feature const> next() = 0;
    /// How many match on all pages together; none: the source does not count.
    [[nodiscard]] virtual std::optional<std::size_t> matched() const noexcept = 0;
    /// How many that match come before the page; a source that does not count says the query's offset.
    [[nodiscard]] virtual std::size_t first() const noexcept = 0;
    /// Whether others match behind the page. A source that does not count may know only once the page has been read.
    [[nodiscard]] virtual bool has_more() const noexcept = 0;
    /// How many of the first features of the page stand there out of turn (`FeatureQuery::lead`).
    [[nodiscard]] virtual std::size_t leading() const noexcept { return 0; }
    /// The ids of all that have come out of turn by the end of the page, in the order in which they came: no page behind it brings them again.
    [[nodiscard]] virtual std::vector<std::string> out_of_turn() const { return {}; }
};

/// What a collection says of itself.
struct SourceMetadata {
    std::string id = {};
    std::string title = {};
    std::string title_en = {};
    std::string description = {};
    std::string attribution = {};
    std::string license = {};
    GeometryType geometry_type = GeometryType::point;
    std::optional<std::size_t> count = {};  ///< of its features; none: nobody has counted
    BoundingBox bounds = {};  ///< of all features; empty when none has a geometry
    TimeInterval time = {};  ///< of all features; both ends absent when none has a time
    /// When the newest of it was received or changed: the same after a restart. None: nobody knows.
    std::optional<UtcTime> as_of = {};
    /// Asking it reads a file or a store: `select`, `find` and the stream may take long, and no I/O thread asks.
    bool blocks = false;
    bool keeps_past = false;  ///< it can be had as it was, or was known, at a moment
    /// Differs whenever anything served from the collection differs, within one run: a cache key.
    std::string version = {};
};

/// A collection of features as whoever serves it sees it: sites of a kind, a layer, alerts, or what a store holds. Any thread may ask.
class FeatureSource {
public:
    virtual ~FeatureSource() = default;
    [[nodiscard]] virtual SourceMetadata const& metadata() const noexcept = 0;
    [[nodiscard]] virtual Schema const& schema() const noexcept = 0;
    /// \pre the query is about this source's schema. The source outlives the stream.
    [[nodiscard]] virtual std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const = 0;
    /// \return null when there is none
    [[nodiscard]] virtual std::shared_ptr<Feature const> find(std::string_view id) const = 0;
};

}  // namespace yihong
