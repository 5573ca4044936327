#pragma once

#include "yihong/base/result.hpp"
#include "yihong/cql2/syntax.hpp"
#include "yihong/features/expression.hpp"
#include "yihong/features/feature.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace yihong::cql2 {

/// What a filter is about.
struct Subject {
    Schema const* schema = nullptr;
    std::size_t features = 1;                      ///< how many it is going to be asked for
    /// Coordinates of the filter to longitude and latitude, where its reference system is another one; empty: they are that.
    std::function<Result<Geometry>(Geometry const&)> to_lonlat = {};
    /// A box of 4 numbers of that system; two where it crosses the antimeridian, none where it has no place.
    std::function<std::vector<BoundingBox>(std::vector<double> const&)> to_boxes = {};
};

/// A filter over the features of one schema, its types checked and its constants computed. Three-valued logic: a comparison with null is neither true
/// nor false, and a feature stays only where the whole is true. Used by one thread at a time.
class Filter final : public Condition {
public:
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;
    ~Filter() override;

    [[nodiscard]] bool holds(Feature const& feature) const override;
    [[nodiscard]] std::vector<BoundingBox> const& boxes() const noexcept override;
    [[nodiscard]] std::optional<std::vector<std::size_t>> const& columns() const noexcept override;

private:
    friend class Compiler;
    struct Parts;
    explicit Filter(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// \return a failure names the place and what is allowed there: Errc::unknown_field for a property that is not queryable, Errc::bad_value for one of
/// another type, Errc::too_large where so many features would cost more than the budget
[[nodiscard]] Result<Filter> make_filter(Node const& node, Subject const& subject, Budget const& budget = {});

}  // namespace yihong::cql2
