#pragma once

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
    using Features = std::span<std::shared_ptr<Feature const> const>;
    /// The places of the features whose bounds meet one of the boxes, and of those without geometry; ascending.
    /// \param features always as long, with the same geometries
    [[nodiscard]] std::vector<std::uint32_t> candidates(Features features, std::span<BoundingBox const> boxes) const;

private:
    void build(Features features) const;
    mutable std::once_flag once_;
    mutable BoxTree tree_;
    mutable std::vector<std::uint32_t> placeless_;
};

/// Features in memory. Immutable; the next state of a collection is another source with the features that did not change.
class MemorySource final : public FeatureSource {
public:
    using Features = std::vector<std::shared_ptr<Feature const>>;

    /// \param metadata its count, bounds and time are found here
    /// \param features ascending by `id_less`, each id once
    /// \param before a source of as many features at the same places in the same order: its index and bounds hold here as well; may be null
    MemorySource(SourceMetadata metadata, std::shared_ptr<Schema const> schema, Features features, MemorySource const* before = nullptr);

    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return metadata_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return *schema_; }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const override;
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override;

    [[nodiscard]] Features const& features() const noexcept { return features_; }
    [[nodiscard]] std::shared_ptr<Schema const> const& shared_schema() const noexcept { return schema_; }

private:
    [[nodiscard]] std::vector<std::uint32_t> matching(FeatureQuery const& query) const;
    void sort(std::vector<std::uint32_t>& places, std::vector<SortKey> const& keys) const;

    SourceMetadata metadata_;
    std::shared_ptr<Schema const> schema_;
    Features features_;
    std::shared_ptr<FeatureIndex const> index_;
};

}  // namespace yihong
