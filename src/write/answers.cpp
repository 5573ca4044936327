#include "answers.hpp"

#include <utility>

namespace yihong {
namespace {

struct Kept {
    Answer answer;

    void operator()(BatchJob& job) { job.done ? job.done(std::move(answer.report)) : void(); }
    void operator()(BatchesJob& job) const { job.done ? job.done(true) : void(); }
    void operator()(OutboxJob& job) const { job.done ? job.done(true) : void(); }
    void operator()(AlertJob& job) { job.done ? job.done(std::move(answer.alert)) : void(); }
    void operator()(MarkJob& job) { job.done(std::move(answer.marks)); }
    void operator()(WithdrawJob& job) const { job.done(answer.withdrawn); }
    void operator()(MissingPeriodsJob&) const {}
    void operator()(WorldJob& job) const { job.done(); }
    void operator()(ProbeJob& job) const { job.done(true); }
};

struct Lost {
    void operator()(BatchJob& job) const { job.done ? job.done(std::nullopt) : void(); }
    void operator()(BatchesJob& job) const { job.done ? job.done(false) : void(); }
    void operator()(OutboxJob& job) const { job.done ? job.done(false) : void(); }
    void operator()(AlertJob& job) const { job.done ? job.done(std::nullopt) : void(); }
    void operator()(MarkJob& job) const { job.done(std::nullopt); }
    void operator()(WithdrawJob& job) const { job.done(std::nullopt); }
    void operator()(MissingPeriodsJob&) const {}
    void operator()(WorldJob&) const {}
    void operator()(ProbeJob& job) const { job.done(false); }
};

}  // namespace

void tell_kept(Job& job, Answer answer) { std::visit(Kept{std::move(answer)}, job); }
void tell_lost(Job& job) { std::visit(Lost{}, job); }

}  // namespace yihong
