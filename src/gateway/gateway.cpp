#include "yihong/gateway/gateway.hpp"

#include "key_renewal.hpp"
#include "reception.hpp"
#include "refill.hpp"
#include "thread_state.hpp"

#include "yihong/net/io_threads.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace yihong::gateway {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

namespace {

/// The device that a frame names, though a hidden password may have changed its length.
KnownDevice const* sender_of(std::string_view bytes, DeviceBook const& book)
{
    auto const end = bytes.rfind("&&");
    auto const begin = bytes.find_first_not_of("#0123456789 ");
    if (end == std::string_view::npos || begin >= end)
        return nullptr;
    auto const segment = hj212::parse_segment(bytes.substr(begin, end + 2 - begin));
    return segment ? book.find(segment->mn) : nullptr;
}

}  // namespace

struct Gateway::State {
    State(GatewayOptions options, Intake& intake, Writer& writer, Records const& records, std::vector<Device> const& devices)
        : shared{std::move(options), intake, devices}, refill{shared.options, writer, records, shared.book, shared.board, shared.desk},
          renewal{shared.options, shared.book, shared.board, shared.desk, shared.keys}
    {}
    Shared shared;
    Refill refill;
    KeyRenewal renewal;
    net::IoThreads threads;
};

Gateway::Gateway(GatewayOptions options, Intake& intake, Writer& writer, Records const& records, std::vector<Device> const& devices)
    : state_{std::make_unique<State>(std::move(options), intake, writer, records, devices)}
{}

Gateway::~Gateway() { stop(); }

void Gateway::start()
{
    auto const& options = state_->shared.options;
    auto const shortest = std::min({options.first_frame_deadline, options.idle_deadline, options.write_deadline, options.segment_deadline,
                                    options.split_deadline, options.command_timeout});
    auto const tick = std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{1000});
    net::ListenOptions const listen{.address = options.address,
                                    .port = options.port,
                                    .threads = options.threads,
                                    .tick = tick,
                                    .accept_event = "hj212_accept_failed",
                                    .encrypted = options.encrypted};
    try {
        state_->threads.start(listen, [this](int index) { return std::make_unique<ThreadState>(state_->shared, index == 0); });
    } catch (std::exception const& error) {
        throw std::runtime_error{std::string{"cannot listen for HJ 212 on "} + error.what()};
    }
    state_->refill.start();
    state_->renewal.start();
}

void Gateway::stop()
{
    state_->refill.stop();
    state_->renewal.stop();
    state_->threads.stop(Clock::now());
    state_->shared.desk.stop();
}

std::uint16_t Gateway::port() const noexcept { return state_->threads.port(); }
std::uint16_t Gateway::tls_port() const noexcept { return state_->threads.tls_port(); }

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
    auto const book = devices();
    auto const* sender = sender_of(entry.raw, *book);
    auto const raw = sender ? state_->shared.tried_passwords.shown(entry.raw, sender->device.password) : std::optional{entry.raw};
    if (!raw)
        return fail(Errc::unauthorized, fmt::format("MN '{}': PW is wrong", sender->device.mn));
    hj212::FrameDecoder decoder{9999};
    decoder.feed(*raw);
    auto frame = decoder.next();
    if (!frame)
        frame = decoder.without_end();
    if (!frame)
        return fail(Errc::bad_syntax, "the entry holds no frame");
    std::vector<hj212::Field> fields;
    SplitTimes splits;
    auto reception = receive(*frame, *book, source, entry.received_at, fields, splits);
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
    return {s.admission.open(), s.accepted_connections, s.bytes,         s.frames,     s.acknowledged,        s.bad_crc,
            s.refused,          s.repeated_refusals,    s.skipped_bytes, s.unfinished, s.admission.refused(), s.frame_quota.left_out()};
}

}  // namespace yihong::gateway
