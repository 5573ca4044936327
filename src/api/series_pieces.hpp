#pragma once

#include "series_json.hpp"

#include "yihong/base/least_recent.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::api {

/// Where a series is cut: at round times, so that pages of any days share the pieces.
struct PieceWindow {
    std::string key;                               ///< site, interval, parameters and number of the window
    TimeInterval time;
};
/// The windows of a page in their order, some 24 records each.
/// \return nothing where the page is not made of pieces: it is no JSON, or has no one interval, or no two ends, or is long
std::optional<std::vector<PieceWindow>> windows_of(SeriesRequest const& request);
/// Makes the pieces that are null, those of windows in a row with one look into the store. On a reader thread. \return which it made
std::vector<std::size_t> make_missing(SeriesRequest const& request, std::span<PieceWindow const> windows,
                                      std::span<std::shared_ptr<SeriesPiece const>> pieces, Site const& site, World const& world,
                                      Records const& records);
/// The page of finished pieces, one for each window.
SeriesPage join_pieces(SeriesRequest const& request, Site const& site, std::span<std::shared_ptr<SeriesPiece const> const> pieces,
                       std::string const& self_url, std::string const& page_url);

/// Pieces by the version of their site's series; another version is a miss, so that a correction shows at once. The longest unused are thrown
/// out first. Thread-safe.
class SeriesPieces {
public:
    /// One for each window; null where there is none of this version.
    [[nodiscard]] std::vector<std::shared_ptr<SeriesPiece const>> find(std::span<PieceWindow const> windows, std::string_view version);
    /// \param limit_bytes what all pieces may take from now on
    void put(std::string_view key, std::string_view version, std::shared_ptr<SeriesPiece const> piece, std::size_t limit_bytes);
    [[nodiscard]] std::size_t bytes() const;

private:
    mutable std::mutex mutex_;
    LeastRecent<std::shared_ptr<SeriesPiece const>> pieces_;
};

}  // namespace yihong::api
