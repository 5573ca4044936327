#include "round.hpp"

#include "yihong/net/answer_of.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_records = 10'000;       // of a job: half of what the writer takes as a group
constexpr std::chrono::milliseconds queue_pause{20};

/// The first `count` elements.
template <typename T>
std::vector<T> cut_front(std::vector<T>& all, std::size_t count)
{
    if (count == all.size())
        return std::exchange(all, {});
    auto const end = all.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<T> front{std::make_move_iterator(all.begin()), std::make_move_iterator(end)};
    all.erase(all.begin(), end);
    return front;
}

}  // namespace

asio::awaitable<bool> Round::commit(asio::any_io_executor executor, PreparedBatch batch)
{
    auto const join = [&](Told told) {
        batches_.push_back(std::move(batch));
        sessions_.push_back(std::move(told));
        if (!is_under_way_)
            hand_in_soon(executor);
    };
    bool const kept = co_await net::answer_of<bool>(join);
    co_return kept;
}

/// Behind what the other sessions have to do now, so that they come along.
void Round::hand_in_soon(asio::any_io_executor const& executor)
{
    is_under_way_ = true;
    asio::post(executor, [this, executor] { hand_in(executor); });
}

void Round::hand_in(asio::any_io_executor const& executor)
{
    std::size_t count = 0;
    for (std::size_t records = 0; count < batches_.size() && records < most_records; ++count)
        records += batches_[count].records.size();
    auto batches = cut_front(batches_, count);
    auto sessions = std::make_shared<std::vector<Told>>(cut_front(sessions_, count));
    auto const done = [this, executor, sessions](bool kept) {
        asio::post(executor, [this, executor, sessions, kept] { answered(*sessions, kept, executor); });
    };
    if (intake_.submit(std::move(batches), done))
        return;
    batches_.insert(batches_.begin(), std::make_move_iterator(batches.begin()), std::make_move_iterator(batches.end()));
    sessions_.insert(sessions_.begin(), std::make_move_iterator(sessions->begin()), std::make_move_iterator(sessions->end()));
    auto const pause = std::make_shared<asio::steady_timer>(executor, queue_pause);
    pause->async_wait([this, executor, pause](boost::system::error_code) { hand_in(executor); });
}

/// The next job first: the writer writes it while the answers go out.
void Round::answered(std::vector<Told> const& sessions, bool kept, asio::any_io_executor const& executor)
{
    is_under_way_ = !batches_.empty();
    if (is_under_way_)
        hand_in(executor);
    for (auto const& told : sessions)
        told(kept);
}

}  // namespace yihong::gateway
