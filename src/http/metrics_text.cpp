#include "yihong/http/metrics_text.hpp"

#include <array>
#include <charconv>

namespace yihong::http {

void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   std::vector<MetricSample> const& samples)
{
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
    for (auto const& sample : samples) {
        out.append(name);
        if (!sample.labels.empty())
            out.append("{").append(sample.labels).append("}");
        std::array<char, 32> digits{};
        auto const [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), sample.value);
        out.append(" ").append(digits.data(), end).append("\n");
    }
}

void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help, double value)
{
    append_metric(out, name, type, help, std::vector<MetricSample>{{{}, value}});
}

}  // namespace yihong::http
