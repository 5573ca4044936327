#include "local_client.hpp"

#include <simdjson.h>

namespace yihong {

std::expected<std::unique_ptr<LocalClient>, Problems> LocalClient::connect(Overrides const& overrides)
{
    auto const config = load_config_with(overrides);
    if (!config)
        return std::unexpected{config.error()};
    auto const& data = config->store.path;
    if (auto const running = read_control(data)) {
        std::unique_ptr<LocalClient> client{new LocalClient{data, *running, nullptr}};
        try {
            // a service that was killed leaves its file behind; whoever has the port now does not know the secret
            if (client->request("GET", "/api/v1/quarantine?limit=1").status == 200)
                return client;
        } catch (std::runtime_error const&) {
            // nobody listens there any more
        }
    }
    auto own = ServiceHost::start(overrides, Purpose::command);
    if (!own)
        return std::unexpected{std::move(own.error())};
    Control const control{(*own)->address(), (*own)->port(), (*own)->control_secret()};
    return std::unique_ptr<LocalClient>{new LocalClient{data, control, std::move(*own)}};
}

http::ClientReply LocalClient::request(std::string_view method, std::string const& target, http::TakeBody const& take) const
{
    return http::request(control_.address, control_.port, method, target,
                         {{"Authorization", "Bearer " + control_.secret}, {"Accept", "application/json"}}, {}, std::chrono::hours{12},
                         take);
}

std::string problem_detail(http::ClientReply const& reply)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view detail;
    if (parser.parse(reply.body).get(root) == simdjson::SUCCESS && root["detail"].get(detail) == simdjson::SUCCESS)
        return std::string{detail};
    return reply.body;
}

}  // namespace yihong
