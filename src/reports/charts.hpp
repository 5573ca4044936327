#pragma once

#include "yihong/reports/picture.hpp"

#include <string>
#include <vector>

/// Charts of reports.
namespace yihong::charts {

inline constexpr double width_mm = 156;  // of the text on A4 (GB/T 9704)

/// A part of a bar.
struct Part {
    int count = 0;
    std::string label;
    std::string fill;
};
/// A bar of 100 %.
struct Bar {
    std::string name;
    std::vector<Part> parts;
};
/// One bar under the other, each as wide as all others, its parts by their counts; bars without any are left out.
Picture shares(std::string title, std::vector<Bar> const& bars);

/// A bar as long as its value.
struct Length {
    std::string name;
    double value = 0;
    std::string label;  ///< the value as it is printed
    std::string fill;
};
/// Lengths from the left; a line stands where `mark` is. \param mark_label what it is
Picture lengths(std::string title, std::vector<Length> const& bars, double mark, std::string const& mark_label);

}  // namespace yihong::charts
