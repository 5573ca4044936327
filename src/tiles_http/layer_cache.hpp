#pragma once

#include "yihong/base/least_recent.hpp"
#include "yihong/features/feature.hpp"
#include "yihong/http/body.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace yihong::tiles_http {

/// One layer of one tile, and the features that it was made of. It holds them, so that none made later can be taken for one of them.
struct KeptLayer {
    std::vector<std::shared_ptr<Feature const>> features;
    std::shared_ptr<http::Content const> content;  ///< never null; its tag comes from the bytes
};

/// Layers of tiles, the longest unused thrown out first. An entry knows the last version of its collection for which it held, so that asking again costs
/// a look-up; with another version whoever asks compares the features, and says so where they are the same. Any thread.
class LayerCache {
public:
    explicit LayerCache(std::size_t limit_bytes) : limit_{limit_bytes} {}

    struct Found {
        std::shared_ptr<KeptLayer const> layer;  ///< null: none of that name
        bool holds = false;  ///< it is of this version
    };
    /// \param version empty: nobody knows, so nothing holds without looking
    [[nodiscard]] Found find(std::string_view key, std::string_view version);
    /// The layer is right for this version. Layers of more than half the limit are not kept.
    void put(std::string_view key, std::string_view version, std::shared_ptr<KeptLayer const> layer);
    [[nodiscard]] std::size_t bytes() const;

private:
    std::size_t limit_;
    mutable std::mutex mutex_;
    LeastRecent<std::shared_ptr<KeptLayer const>> layers_;
};

}  // namespace yihong::tiles_http
