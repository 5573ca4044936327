#include "progress_bar.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace yihong {

ProgressBar::ProgressBar(std::string name, std::string rate, bool quiet)
    : name_{std::move(name)}, rate_{std::move(rate)}, shown_{!quiet && ::isatty(STDERR_FILENO) == 1}
{}

void ProgressBar::show(double share, std::uint64_t count) const
{
    if (!shown_)
        return;
    double const seconds = std::max(1e-3, std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
    share = std::clamp(share, 0.0, 1.0);
    auto const filled = static_cast<std::size_t>(share * 30);
    double const left = share > 0 ? seconds / share - seconds : 0;
    fmt::print(stderr, "\r{} [{}{}] {:3.0f} % · {:.0f} {} · 剩余 {:.0f} s left ", name_, std::string(filled, '#'),
               std::string(30 - filled, '.'), share * 100, static_cast<double>(count) / seconds, rate_, left);
}

void ProgressBar::end() const
{
    if (shown_)
        fmt::print(stderr, "\n");
}

}  // namespace yihong
