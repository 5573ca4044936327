#pragma once

#include "yihong/http/server.hpp"
#include "yihong/ports/store_admin.hpp"
#include "yihong/write/writer.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace yihong::api {

/// Figures for Prometheus. `observe` is called on the I/O threads for every request.
class Metrics {
public:
    Metrics();
    ~Metrics();
    void observe(http::RequestSummary const& request);
    /// A cache that shows how much it keeps. Before the first exposition. \param of a word, its label
    void watch_cache(std::string of, std::function<std::size_t()> bytes);
    /// The text exposition format 0.0.4.
    [[nodiscard]] std::string exposition(WriterCounters const& writer, StoreStats const& store, std::size_t connections) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace yihong::api
