#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/features/source.hpp"
#include "yihong/geometry/crs84.hpp"
#include "yihong/state/current_state.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::edr {

struct SeriesTexts {
    std::string_view id;
    std::string_view records;                      ///< id of the collection of the records
    std::string_view title, title_en, description;
};

/// A collection of series (监测序列), as it is at one moment: the sites of a kind that have a place, and the records that are read for them.
struct Series {
    SeriesTexts const* texts = nullptr;
    std::shared_ptr<World const> world;
    std::shared_ptr<FeatureSource const> records;
    std::vector<Site const*> sites = {};  ///< of the world, in its order
    std::vector<std::size_t> parameters = {};  ///< columns of the records that hold what is measured
    std::size_t site_column = 0;
    std::size_t interval_column = 0;
    std::size_t not_valid_column = 0;

    [[nodiscard]] Column const& column(std::size_t index) const { return records->schema().columns()[index]; }
    [[nodiscard]] BoundingBox bounds() const;
};

/// Those that have a site with a place and an item that was ever measured.
std::vector<Series> all_series(CurrentState const& state);
/// \return nothing where there is none of this id
std::optional<Series> find_series(CurrentState const& state, std::string_view id);

/// What is read of a collection.
struct SeriesQuery {
    std::vector<Site const*> sites;
    TimeInterval time;
    std::vector<std::size_t> parameters;  ///< columns; never none
    bool names_parameters = false;  ///< the request did; otherwise they are all
    std::vector<std::string> intervals;  ///< none: all
};
/// The records of some of the sites, oldest first.
FeatureQuery records_of(Series const& series, SeriesQuery const& query, std::vector<Site const*> const& sites);

/// What of a record counts: a value that it flags as not valid is none.
class ValidValues {
public:
    ValidValues(Series const& series, Feature const& record)
        : series_{series}, record_{record}, flagged_{record.value(series.not_valid_column)}
    {}
    [[nodiscard]] Value of(std::size_t column) const;

private:
    Series const& series_;
    Feature const& record_;
    Value flagged_;
};

/// The name of a site where it has one, else its id.
std::string_view name_of(Site const& site) noexcept;

}  // namespace yihong::edr
