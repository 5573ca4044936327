#include "yihong/notify/heartbeat.hpp"

#include "curl.hpp"

#include "yihong/base/log.hpp"

namespace yihong::notify {

void Heartbeat::start()
{
    if (settings_.url.empty())
        return;
    stopping_ = false;
    thread_ = std::thread{[this] { run(); }};
}

void Heartbeat::stop()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

bool Heartbeat::can_commit()
{
    struct Answer {
        bool given = false;
        bool kept = false;
    };
    auto const answer = std::make_shared<Answer>();
    bool const taken = writer_.submit(ProbeJob{[this, answer](bool writable) {
        std::lock_guard const lock{mutex_};
        answer->given = true;
        answer->kept = writable;
        wake_.notify_all();
    }});
    std::unique_lock lock{mutex_};
    // always answered: by the commit, or by its failure
    if (taken)
        wake_.wait(lock, [&] { return answer->given; });
    return answer->kept;
}

void Heartbeat::run()
{
    Channel target;
    target.id = "heartbeat";
    target.url = settings_.url;
    target.allow_private = settings_.allow_private;
    Curl curl{target, &stopping_};
    bool was_well = true;
    for (;;) {
        bool const alive = can_commit();
        auto const outcome = alive ? outcome_of(curl.http(settings_.url, {}, std::nullopt), target)
                                   : Outcome{Outcome::Kind::failed, "the store takes no commits", std::nullopt};
        bool const well = outcome.kind == Outcome::Kind::delivered;
        if (well != was_well && !stopping_)
            well ? log::info("heartbeat_recovered")
                 : log::warning("heartbeat_failed", {{"target", shown_target(target)}, {"error", outcome.error}});
        was_well = well;
        std::unique_lock lock{mutex_};
        if (wake_.wait_for(lock, settings_.interval, [&] { return stopping_.load(); }))
            return;
    }
}

}  // namespace yihong::notify
