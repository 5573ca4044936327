#pragma once

#include "round.hpp"
#include "shared.hpp"

#include "yihong/hj212/frame.hpp"
#include "yihong/net/io_threads.hpp"

#include <list>
#include <memory>
#include <vector>

namespace yihong::gateway {

class Session;

/// The sessions of one I/O thread and what they share; touched by that thread only.
class ThreadState final : public net::Served {
public:
    /// \param is_first keeps the time for what all threads share
    ThreadState(Shared& everything, bool is_first) : shared{everything}, round{everything.intake}, buffer(128 * 1024), is_first_{is_first}
    {}

    void take(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote) override;
    void tick(Clock::time_point now) override;
    void begin_to_stop() override { close_all(); }
    [[nodiscard]] bool is_done() const override { return sessions_.empty(); }
    void close_all() override;

    Shared& shared;
    Round round;
    std::vector<char> buffer;  ///< every session reads into it; nothing stays in it across a wait
    std::vector<hj212::Field> fields;  ///< scratch of the data area

private:
    std::list<std::shared_ptr<Session>> sessions_;
    bool is_first_;
};

}  // namespace yihong::gateway
