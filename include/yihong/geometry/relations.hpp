#pragma once

#include "yihong/geometry/geometry.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace yihong {

/// How two geometries stand to each other (空间关系), as DE-9IM defines it.
enum class Relation : std::uint8_t { intersects, equals, disjoint, touches, within, overlaps, crosses, contains };

/// A geometry that many others are compared with. Used by one thread at a time. Throws std::runtime_error with GEOS's message where that gives up.
class Related {
public:
    /// \pre the geometry is not none, and of a sound shape: rings closed with at least 4 positions, lines of 2
    explicit Related(Geometry const& geometry);
    Related(Related&&) noexcept;
    Related& operator=(Related&&) noexcept;
    ~Related();

    /// Whether `subject` stands so to the geometry: `subject` within it, `subject` contains it. \pre it is not none
    [[nodiscard]] bool holds(Relation relation, Geometry const& subject) const;
    /// Why relations to it are not defined (a ring that crosses itself); empty: they are.
    [[nodiscard]] std::string why_invalid() const;

private:
    struct Handles;
    std::unique_ptr<Handles> handles_;
};

}  // namespace yihong
