#pragma once

#include <atomic>
#include <cstddef>

namespace yihong::http {

/// What the request bodies of all connections may hold in memory together (在途请求正文). The last eighth is for small ones, so that a few large
/// uploads that are held open shut nobody's readings out. Any thread.
class BodyBudget {
public:
    explicit BodyBudget(std::size_t bytes) noexcept : bytes_{bytes} {}

    /// Of one body; given back when it ends.
    class Share {
    public:
        explicit Share(BodyBudget& budget) noexcept : budget_{budget} {}
        ~Share() { budget_.taken_ -= mine_; }
        Share(Share const&) = delete;
        Share& operator=(Share const&) = delete;

        /// The body takes so many bytes now. \return false when they are not there; the share stays as it was
        [[nodiscard]] bool grow_to(std::size_t bytes) noexcept
        {
            if (bytes <= mine_)
                return true;
            auto const most = bytes <= small_body ? budget_.bytes_ : budget_.bytes_ / 8 * 7;
            auto const more = bytes - mine_;
            if (budget_.taken_.fetch_add(more) + more > most) {
                budget_.taken_ -= more;
                return false;
            }
            mine_ = bytes;
            return true;
        }

    private:
        BodyBudget& budget_;
        std::size_t mine_ = 0;
    };

private:
    static constexpr std::size_t small_body = 128 * 1024;
    std::size_t bytes_;
    std::atomic<std::size_t> taken_{0};
};

}  // namespace yihong::http
