#pragma once

#include "yihong/features/feature_list.hpp"
#include "yihong/features/source.hpp"
#include "yihong/geometry/box_tree.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace yihong {

/// The spatial index of a list of features. It is built by the first who asks for a box, on that thread: publishing costs nothing, and a
/// collection that nobody asks so has none. Lists whose features stand at the same places in the same order share one.
class FeatureIndex {
public:
    /// The places of the features whose bounds meet one of the boxes, and of those without geometry; ascending.
    /// \param features always as long, with the same geometries
    [[nodiscard]] std::vector<std::uint32_t> candidates(FeatureList const& features, std::span<BoundingBox const> boxes) const;

private:
    void build(FeatureList const& features) const;
    mutable std::once_flag once_;
    mutable BoxTree tree_;
    mutable std::vector<std::uint32_t> placeless_;
};

/// The features that `FeatureQuery::lead` asks for. They are looked for by the first who does, on that thread.
class LeadingFeatures {
public:
    explicit LeadingFeatures(std::optional<UtcTime> as_of) : as_of_{as_of} {}
    /// Whether they still lead when the collection is of this moment: values come and go, but not from one moment to the next.
    [[nodiscard]] bool hold(std::optional<UtcTime> as_of) const noexcept;
    /// Their places, those with most values first. \param features always as long
    [[nodiscard]] std::vector<std::uint32_t> const& of(FeatureList const& features, Schema const& schema) const;

private:
    std::optional<UtcTime> as_of_;
    mutable std::once_flag once_;
    mutable std::vector<std::uint32_t> places_;
};

/// Features in memory. Immutable; the next state of a collection is another source with the features that did not change.
class MemorySource final : public FeatureSource {
public:
    using Features = std::vector<std::shared_ptr<Feature const>>;

    /// \param metadata its count, bounds and time are found here
    /// \param features ascending by `id_less`, each id once
    MemorySource(SourceMetadata metadata, std::shared_ptr<Schema const> schema, Features features);
    /// The next state of a source: other features in some places, the geometries the same. Costs what changes, not what there is.
    MemorySource(SourceMetadata metadata, MemorySource const& before, std::span<FeatureList::Change const> changes);

    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return metadata_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return *schema_; }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const override;
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override;

    [[nodiscard]] FeatureList const& features() const noexcept { return features_; }
    [[nodiscard]] std::shared_ptr<Schema const> const& shared_schema() const noexcept { return schema_; }

private:
    [[nodiscard]] std::vector<std::uint32_t> matching(FeatureQuery const& query) const;
    void sort(std::vector<std::uint32_t>& places, std::vector<SortKey> const& keys) const;
    [[nodiscard]] std::uint32_t behind(std::string_view id) const;
    /// What does not come in the order of the ids, in the order in which it comes.
    [[nodiscard]] std::vector<std::uint32_t> out_of_turn(FeatureQuery const& query) const;
    [[nodiscard]] std::unique_ptr<FeatureStream> page_of_all(FeatureQuery const& query) const;

    SourceMetadata metadata_;
    std::shared_ptr<Schema const> schema_;
    FeatureList features_;
    std::shared_ptr<FeatureIndex const> index_;
    std::shared_ptr<LeadingFeatures const> leading_;
};

}  // namespace yihong
