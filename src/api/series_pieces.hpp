#pragma once

#include "asked_lately.hpp"
#include "series.hpp"

#include "yihong/base/least_recent.hpp"
#include "yihong/compress/packed_text.hpp"

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

/// Records of one site and interval as JSON, with commas between them.
struct PieceText {
    struct Place {
        UtcTime time;
        std::size_t end;                           ///< of the record in `text`; the next one begins behind the comma
    };
    std::string text;
    std::size_t begin = 0;                         ///< of the first record
    std::vector<Place> records;                    ///< ascending

    [[nodiscard]] std::size_t begin_of(std::size_t record) const noexcept { return record == 0 ? begin : records[record - 1].end + 1; }
};

/// The same, packed. Immutable, shared by all pages that show it.
class SeriesPiece {
public:
    explicit SeriesPiece(PieceText const& piece);
    [[nodiscard]] PieceText text() const;
    [[nodiscard]] std::size_t memory() const noexcept { return sizeof(SeriesPiece) + packed_.memory(); }

private:
    PackedText packed_;                            ///< steps from place to place, and the JSON
    std::size_t records_;
};

/// Makes the pieces that were not found, those of windows in a row with one look into the store. On a reader thread.
/// \return one for each window, empty where the piece was found
std::vector<PieceText> make_missing(SeriesRequest const& request, std::span<PieceWindow const> windows,
                                    std::span<std::shared_ptr<SeriesPiece const> const> found, Site const& site, World const& world,
                                    Records const& records);
/// The page of finished pieces, one for each window.
SeriesPage join_pieces(SeriesRequest const& request, Site const& site, std::span<PieceText const> pieces, std::string const& self_url,
                       std::string const& page_url);

/// Pieces by the version of their site's series; another version is a miss, so that a correction shows at once. The longest unused are thrown
/// out first. Thread-safe.
class SeriesPieces {
public:
    /// One for each window; null where there is none of this version.
    [[nodiscard]] std::vector<std::shared_ptr<SeriesPiece const>> find(std::span<PieceWindow const> windows, std::string_view version);
    /// Keeps the piece when it was asked for before: packing what nobody asks for again costs as much as making it.
    /// \param limit_bytes what all pieces may take from now on
    void put_if_asked_before(std::string_view key, std::string_view version, PieceText const& piece, std::size_t limit_bytes);
    [[nodiscard]] std::size_t bytes() const;

private:
    AskedLately<16'384> asked_;
    mutable std::mutex mutex_;
    LeastRecent<std::shared_ptr<SeriesPiece const>> pieces_;
};

}  // namespace yihong::api
