#include "yihong/http/metrics_text.hpp"

#include <gtest/gtest.h>

namespace yihong::http {
namespace {

TEST(MetricsText, IsPrometheusTextFormat)
{
    std::string out;
    append_metric(out, "yihong_frames_total", "counter", "Frames cut", 4611686018427387904.0);
    append_metric(out, "yihong_waiting", "gauge", "Records that wait", {{"forward=\"a\"", 3}, {"forward=\"b\"", 0.25}});
    EXPECT_EQ(out, "# HELP yihong_frames_total Frames cut\n# TYPE yihong_frames_total counter\nyihong_frames_total 4611686018427387904\n"
                   "# HELP yihong_waiting Records that wait\n# TYPE yihong_waiting gauge\nyihong_waiting{forward=\"a\"} "
                   "3\nyihong_waiting{forward=\"b\"} 0.25\n");
}

}  // namespace
}  // namespace yihong::http
