#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yihong::http {

/// One value of a family; `labels` as they stand between braces: `forward="province"`.
struct MetricSample {
    std::string labels;
    double value = 0;
};

/// Adds a family of figures in Prometheus' text format 0.0.4. \param type `counter` or `gauge`
void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   std::vector<MetricSample> const& samples);
/// The same for a figure without labels.
void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help, double value);

}  // namespace yihong::http
