#include "yihong/gateway/gateway.hpp"

#include "key_renewal.hpp"
#include "reception.hpp"
#include "refill.hpp"
#include "session.hpp"

#include "yihong/base/log.hpp"
#include "yihong/http/listen.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

class IoThread {
public:
    IoThread(Shared& shared, tcp::endpoint const& endpoint, std::chrono::milliseconds tick)
        : acceptor_{http::shared_acceptor(io_, endpoint)}, state_{shared}, tick_{tick}
    {}

    [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
    void start(bool is_first)
    {
        auto const taker = [this](tcp::socket socket, tcp::endpoint const& remote) { take(std::move(socket), remote); };
        asio::co_spawn(io_, http::accept_each(acceptor_, "hj212_accept_failed", taker), asio::detached);
        asio::co_spawn(io_, watch(is_first), asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }
    void begin_to_stop()
    {
        asio::post(io_, [this] {
            error_code ignored;
            acceptor_.close(ignored);
            state_.stopping = true;
            state_.close_all();
            timer_.cancel();
        });
    }
    void join()
    {
        if (thread_.joinable())
            thread_.join();
    }

private:
    void take(tcp::socket socket, tcp::endpoint const& remote)
    {
        auto const source = http::unmapped(remote.address());
        if (!state_.shared.admit(source))
            return;
        error_code ignored;
        socket.non_blocking(true, ignored);
        http::watch_peer(socket);
        auto const session = std::make_shared<Session>(std::move(socket), remote, state_);
        auto const place = state_.sessions.insert(state_.sessions.end(), session);
        asio::co_spawn(io_, session->run(), [this, place, source](std::exception_ptr const&) {
            state_.sessions.erase(place);
            state_.shared.release(source);
        });
    }

    /// One timer for the deadlines of all sessions; on the first thread also for what all share.
    asio::awaitable<void> watch(bool is_first)
    {
        while (!state_.stopping || !state_.sessions.empty()) {
            error_code ec;
            timer_.expires_after(tick_);
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            state_.expire(Clock::now());
            if (!is_first)
                continue;
            state_.shared.desk.tick(Clock::now());
            for (auto const& line : state_.shared.board.overdue_splits(utc_now(), state_.shared.options.split_deadline))
                log::warning("hj212_part_missing", {{"split", line}});
        }
    }

    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    asio::steady_timer timer_{io_};
    ThreadState state_;
    std::chrono::milliseconds tick_;
    std::thread thread_;
};

}  // namespace

struct Gateway::State {
    State(GatewayOptions options, Intake& intake, Records const& records, std::vector<Device> const& devices)
        : shared{std::move(options), intake, devices}, refill{shared.options, intake, records, shared.book, shared.board, shared.desk},
          renewal{shared.options, shared.book, shared.board, shared.desk, shared.keys}
    {}
    Shared shared;
    Refill refill;
    KeyRenewal renewal;
    std::vector<std::unique_ptr<IoThread>> threads;
    std::uint16_t port = 0;
};

Gateway::Gateway(GatewayOptions options, Intake& intake, Records const& records, std::vector<Device> const& devices)
    : state_{std::make_unique<State>(std::move(options), intake, records, devices)}
{}

Gateway::~Gateway() { stop(); }

void Gateway::start()
{
    auto const& options = state_->shared.options;
    auto const shortest = std::min({options.first_frame_deadline, options.idle_deadline, options.write_deadline, options.segment_deadline,
                                    options.split_deadline, options.command_timeout});
    auto const tick = std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{1000});
    try {
        auto endpoint = http::probed_endpoint(options.address, options.port);
        for (int i = 0; i < std::max(options.threads, 1); ++i) {
            state_->threads.push_back(std::make_unique<IoThread>(state_->shared, endpoint, tick));
            endpoint = state_->threads.back()->endpoint();
        }
        state_->port = endpoint.port();
    } catch (std::exception const& error) {
        state_->threads.clear();
        throw std::runtime_error{"cannot listen for HJ 212 on " + options.address + ":" + std::to_string(options.port) + ": " +
                                 error.what()};
    }
    for (std::size_t i = 0; i < state_->threads.size(); ++i)
        state_->threads[i]->start(i == 0);
    state_->refill.start();
    state_->renewal.start();
}

void Gateway::stop()
{
    state_->refill.stop();
    state_->renewal.stop();
    for (auto& thread : state_->threads)
        thread->begin_to_stop();
    for (auto& thread : state_->threads)
        thread->join();
    state_->threads.clear();
    state_->shared.desk.stop();
}

std::uint16_t Gateway::port() const noexcept { return state_->port; }

void Gateway::replace_devices(std::vector<Device> const& devices)
{
    state_->shared.book.publish(std::make_shared<DeviceBook const>(devices, state_->shared.intake.world(), state_->shared.keys));
}

Result<ParsedBatch> Gateway::read_again(QuarantineEntry const& entry, World const& world) const
{
    // the source is `hj212 10.1.2.3:40112` or `hj212 [fd00::1]:40112`
    std::string_view address = entry.source;
    address.remove_prefix(std::min(address.find(' ') + 1, address.size()));
    address = address.substr(0, address.rfind(':'));
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    error_code ec;
    auto const source = asio::ip::make_address(address, ec);
    if (ec)
        return fail(Errc::bad_value, "the entry's source is no address");
    hj212::FrameDecoder decoder{9999};
    decoder.feed(entry.raw);
    auto const frame = decoder.next();
    if (!frame)
        return fail(Errc::bad_syntax, "the entry holds no frame");
    std::vector<hj212::Field> fields;
    auto const book = devices();
    auto reception = receive(*frame, *book, source, entry.received_at, fields);
    if (reception.kind != Reception::Kind::record)
        return std::unexpected{reception.kind == Reception::Kind::refused ? reception.failure
                                                                          : Failure{Errc::no_value, "no record comes of the frame"}};
    auto const* site = world.sites->find(reception.device->site->id);
    if (!site)
        return fail(Errc::unknown_site, "the device's site is gone");
    ParsedBatch batch;
    batch.format = frame_format;
    for (auto const& failure : reception.meaning->refused)
        batch.refused.push_back({0, failure, entry.raw, reception.device->device.mn});
    reception.meaning->record.site = site->number;
    batch.records.push_back({std::move(reception.meaning->record), site, 0, entry.raw});
    return batch;
}

std::shared_ptr<DeviceBook const> Gateway::devices() const { return state_->shared.book.load(); }
CommandDesk& Gateway::commands() noexcept { return state_->shared.desk; }
KeyRing& Gateway::keys() noexcept { return state_->shared.keys; }
StatusBoard const& Gateway::board() const noexcept { return state_->shared.board; }

GatewayFigures Gateway::figures() const
{
    auto const& s = state_->shared;
    return {s.connections, s.accepted_connections, s.bytes,         s.frames,    s.acknowledged, s.bad_crc,
            s.refused,     s.repeated_refusals,    s.skipped_bytes, s.unfinished};
}

}  // namespace yihong::gateway
