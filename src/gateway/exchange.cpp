#include "exchange.hpp"

#include "yihong/hj212/segment.hpp"

namespace yihong::gateway {

namespace cn = hj212::cn;

Exchange::Step Exchange::enter(State state)
{
    state_ = state;
    return Step::changed;
}

Exchange::Step Exchange::on_reply(int command, std::optional<int> code, Time now)
{
    constexpr int accepted = 1, done = 1, no_data = 100, unknown = 100;
    if (ended())
        return Step::nothing;
    if (command == cn::notice_answer)
        return plan_.is_notice ? enter(State::done) : Step::nothing;
    if (command == cn::request_answer) {
        if (state_ == State::accepted)
            return Step::nothing;                  // the answer to a frame that was sent again
        qn_rtn_ = code.value_or(unknown);
        if (*qn_rtn_ != accepted)
            return enter(State::refused);
        deadline_ = now + plan_.timeout;
        return enter(plan_.is_notice ? State::done : State::accepted);
    }
    if (command == cn::execution_result) {
        exe_rtn_ = code.value_or(2);
        return enter(*exe_rtn_ == done ? State::done : *exe_rtn_ == no_data ? State::no_data : State::failed);
    }
    return Step::nothing;
}

Exchange::Step Exchange::on_upload(bool same_qn, Time now)
{
    if (ended() || plan_.is_notice)
        return Step::nothing;
    bool const proves_acceptance = state_ == State::sent && same_qn;   // its 9011 was lost
    if (state_ == State::sent && !same_qn)
        return Step::nothing;                      // one that came anyway
    state_ = State::accepted;
    saw_upload_ = true;
    if (!plan_.starts_uploads || proves_acceptance)
        deadline_ = now + plan_.timeout;
    return Step::changed;
}

Exchange::Step Exchange::on_time(Time now)
{
    if (ended())
        return Step::nothing;
    if (now - begun_ >= plan_.longest)
        return enter(State::timeout);
    if (now < deadline_)
        return Step::nothing;
    if (state_ == State::accepted)
        return enter(plan_.starts_uploads && saw_upload_ ? State::done : State::timeout);
    if (attempts_ > plan_.resends)
        return enter(State::timeout);
    ++attempts_;
    deadline_ = now + plan_.timeout;
    return Step::resend;
}

}  // namespace yihong::gateway
