#pragma once

#include "series_json.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
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
    struct Entry {
        std::string key;
        std::string version;
        std::shared_ptr<SeriesPiece const> piece;
    };
    static std::size_t charge_of(Entry const& entry) noexcept;
    void drop(std::list<Entry>::iterator entry);

    mutable std::mutex mutex_;
    std::list<Entry> entries_;  // newest use first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
    std::size_t bytes_ = 0;
};

}  // namespace yihong::api
