#include "mqtt.hpp"

#include "address_guard.hpp"
#include "texts.hpp"

#include <mosquitto.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <netdb.h>
#include <random>
#include <stdexcept>
#include <sys/socket.h>

namespace yihong::notify {
namespace {

using Kind = Outcome::Kind;
using Clock = std::chrono::steady_clock;

struct MosquittoDeleter {
    void operator()(mosquitto* client) const noexcept { mosquitto_destroy(client); }
};

void start_library()
{
    static int const started = mosquitto_lib_init();
    if (started != MOSQ_ERR_SUCCESS)
        throw std::runtime_error{"libmosquitto does not start"};
}

struct Broker {
    std::string host;
    int port = 1883;
    bool tls = false;
};

/// \pre the configuration has checked the URL
Broker broker_of(std::string_view url)
{
    Broker to;
    to.tls = url.starts_with("mqtts:");
    to.port = to.tls ? 8883 : 1883;
    auto const [host, port] = authority_of(url);
    to.host = host;
    std::from_chars(port.data(), port.data() + port.size(), to.port);
    return to;
}

/// What one publishing waits for; the callbacks run inside mosquitto_loop, on the sender's thread.
struct Delivery {
    int connected = -1;                            // the broker's answer
    bool published = false;
};

}  // namespace

std::string mqtt_topic(Event const& event, Channel const& channel, std::string_view public_url)
{
    auto values = template_values(event, public_url);
    for (auto& [name, value] : values) {
        std::ranges::replace_if(value, [](char c) { return c == '/' || c == '+' || c == '#' || static_cast<unsigned char>(c) < ' '; }, '_');
        if (value.empty())
            value = "-";                           // no empty level
    }
    return render_template(channel.topic, values).value_or(std::string{});
}

MqttSender::MqttSender(Channel const& channel, SenderContext const& context)
    : channel_{channel}, public_url_{context.settings.public_url}, stopping_{context.stopping}
{
    start_library();
}

Outcome MqttSender::send(std::span<Event const> events)
{
    auto const& event = events.front();
    auto const broker = broker_of(channel_.url);
    auto const end = Clock::now() + channel_.timeout;
    auto const addresses = resolve(broker.host);
    if (!addresses)
        return {Kind::unreachable, addresses.error().detail, std::nullopt};
    if (auto const* const inner = channel_.allow_private ? nullptr : find_inner(*addresses))
        return {Kind::unreachable, inner_refusal(address_text(*inner)), std::nullopt};
    Delivery delivery;
    auto const id = fmt::format("yihong-{}-{:08x}", channel_.id, std::random_device{}());
    std::unique_ptr<mosquitto, MosquittoDeleter> const client{mosquitto_new(id.c_str(), true, &delivery)};
    if (!client)
        throw std::bad_alloc{};
    if (!channel_.username.empty())
        mosquitto_username_pw_set(client.get(), channel_.username.c_str(),
                                  channel_.secrets.empty() ? nullptr : channel_.secrets.front().c_str());
    if (broker.tls) {
        auto const* const ca_file = channel_.ca_file.empty() ? nullptr : channel_.ca_file.c_str();
        if (ca_file == nullptr)
            mosquitto_int_option(client.get(), MOSQ_OPT_TLS_USE_OS_CERTS, 1);
        if (int const error = mosquitto_tls_set(client.get(), ca_file, nullptr, nullptr, nullptr, nullptr); error != MOSQ_ERR_SUCCESS)
            return {Kind::unreachable, fmt::format("TLS cannot be set up: {}", mosquitto_strerror(error)), std::nullopt};
    }
    mosquitto_connect_callback_set(client.get(), [](mosquitto*, void* to, int code) { static_cast<Delivery*>(to)->connected = code; });
    mosquitto_publish_callback_set(client.get(), [](mosquitto*, void* to, int) { static_cast<Delivery*>(to)->published = true; });
    // Without TLS the address that was judged is the one connected to, so that a name that means something else a moment later is of
    // no use. With TLS the name is needed for the certificate, and the certificate keeps other machines out.
    auto const host = broker.tls ? broker.host : address_text(*(*addresses)->ai_addr);
    if (int const error = mosquitto_connect_async(client.get(), host.c_str(), broker.port, 30); error != MOSQ_ERR_SUCCESS)
        return {
            Kind::unreachable,
            fmt::format("cannot connect: {}", error == MOSQ_ERR_ERRNO ? std::generic_category().message(errno) : mosquitto_strerror(error)),
            std::nullopt};
    bool sent = false;
    while (!delivery.published) {
        if (stopping_ != nullptr && stopping_->load())
            return {Kind::failed, "stopped", std::nullopt};
        if (Clock::now() >= end)
            return {sent ? Kind::failed : Kind::unreachable, "the broker did not answer in time", std::nullopt};
        if (int const error = mosquitto_loop(client.get(), 100, 1); error != MOSQ_ERR_SUCCESS)
            return {Kind::unreachable,
                    delivery.connected > 0 ? fmt::format("the broker refused: {}", mosquitto_connack_string(delivery.connected))
                                           : fmt::format("the connection broke: {}", mosquitto_strerror(error)),
                    std::nullopt};
        if (delivery.connected == 0 && !sent) {
            auto const topic = mqtt_topic(event, channel_, public_url_);
            int const error = mosquitto_publish(client.get(), nullptr, topic.c_str(), static_cast<int>(event.document.size()),
                                                event.document.data(), channel_.qos, false);
            if (error != MOSQ_ERR_SUCCESS)
                return {Kind::refused, fmt::format("cannot be published: {}", mosquitto_strerror(error)), std::nullopt};
            sent = true;
        }
    }
    mosquitto_disconnect(client.get());
    return {};
}

}  // namespace yihong::notify
