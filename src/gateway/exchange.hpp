#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace yihong::gateway {

/// How a command goes: sent, again after silence, answered by QnRtn, then data and ExeRtn. No I/O and no clock; times are arguments.
class Exchange {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Plan {
        bool is_notice = false;                    ///< ends with 9013
        bool starts_uploads = false;               ///< uploads are no part of it, but prove that it was done where no ExeRtn comes
        std::chrono::milliseconds timeout{10'000}; ///< for the answer, and after each frame for the next
        int resends = 3;
        std::chrono::milliseconds longest{3'600'000};
    };
    enum class State : std::uint8_t { sent, accepted, done, no_data, refused, failed, timeout };
    enum class Step : std::uint8_t { nothing, changed, resend };

    /// The first frame leaves at `now`.
    Exchange(Plan plan, Time now) : plan_{plan}, begun_{now}, deadline_{now + plan.timeout} {}

    /// A reply (9011 to 9014) with the QN of the command. \param code its QnRtn or ExeRtn; none counts as an unknown error
    Step on_reply(int cn, std::optional<int> code, Time now);
    /// An upload with the CN of the command. \param same_qn it has the QN too
    Step on_upload(bool same_qn, Time now);
    Step on_time(Time now);

    [[nodiscard]] bool ended() const noexcept { return state_ > State::accepted; }
    /// Whether uploads belong to it now.
    [[nodiscard]] bool takes_uploads() const noexcept { return state_ == State::accepted; }
    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] int attempts() const noexcept { return attempts_; }
    [[nodiscard]] std::optional<int> qn_rtn() const noexcept { return qn_rtn_; }
    [[nodiscard]] std::optional<int> exe_rtn() const noexcept { return exe_rtn_; }

private:
    Step enter(State state);

    Plan plan_;
    State state_ = State::sent;
    Time begun_, deadline_;
    int attempts_ = 1;
    bool saw_upload_ = false;
    std::optional<int> qn_rtn_, exe_rtn_;
};

}  // namespace yihong::gateway
