#include "harness.hpp"

#include "yihong/base/json_writer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace yihong::http::test {

std::string WireReply::header(std::string_view name) const
{
    for (std::size_t at = head.find("\r\n"); at != std::string::npos && at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
        auto const line = std::string_view{head}.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        auto const colon = line.find(':');
        if (colon == name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0)
            return std::string{line.substr(colon + 2)};
    }
    return "(none)";
}

Wire::Wire(std::uint16_t port, char const* from) : handle_{::socket(AF_INET, SOCK_STREAM, 0)}
{
    if (from != nullptr) {
        sockaddr_in local{};
        local.sin_family = AF_INET;
        inet_pton(AF_INET, from, &local.sin_addr);
        if (::bind(handle_, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0)
            throw std::runtime_error{"cannot bind the test client"};
    }
    connect(port);
}

Wire::Wire(std::uint16_t port, int socket) : handle_{socket} { connect(port); }

void Wire::connect(std::uint16_t port) const
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(handle_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error{"cannot connect"};
}

Wire::~Wire() { ::close(handle_); }

bool Wire::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Wire::end_sending() { ::shutdown(handle_, SHUT_WR); }

bool Wire::fill(std::chrono::milliseconds patience)
{
    pollfd waiting{handle_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0)
        return false;
    char piece[65536];
    auto const received = ::recv(handle_, piece, sizeof piece, 0);
    if (received <= 0)
        return false;
    buffer_.append(piece, static_cast<std::size_t>(received));
    return true;
}

WireReply Wire::read(bool head_only, std::chrono::milliseconds patience)
{
    WireReply reply;
    std::size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (!fill(patience))
            return reply;
    reply.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = std::stoi(reply.head.substr(9, 3));
    auto const length = reply.header("Content-Length");
    std::size_t const size = head_only || length == "(none)" ? 0 : std::stoul(length);
    while (buffer_.size() < size)
        if (!fill(patience))
            return {};
    reply.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return reply;
}

std::string Wire::read_until(std::string_view mark, std::chrono::milliseconds patience)
{
    std::size_t at;
    while ((at = buffer_.find(mark)) == std::string::npos)
        if (!fill(patience))
            return std::exchange(buffer_, {});
    auto text = buffer_.substr(0, at + mark.size());
    buffer_.erase(0, text.size());
    return text;
}

std::string Wire::read_some(std::size_t most, std::chrono::milliseconds patience)
{
    if (buffer_.empty() && !fill(patience))
        return {};
    auto bytes = buffer_.substr(0, most);
    buffer_.erase(0, bytes.size());
    return bytes;
}

bool Wire::closed(std::chrono::milliseconds patience)
{
    auto const deadline = std::chrono::steady_clock::now() + patience;
    while (buffer_.empty()) {
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd waiting{handle_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
            return false;
        if (!fill(std::chrono::milliseconds{0}))
            return true;
    }
    return false;
}

namespace {

Reply echo(Request const& request)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("method", to_text(request.method)).member("path", request.path).member("query_text", request.query_text);
    json.key("query").begin_array();
    for (auto const& [name, value] : request.query)
        json.value(name + "=" + value);
    json.end_array().key("parameters").begin_array();
    for (auto const& parameter : request.path_parameters)
        json.value(parameter);
    json.end_array()
        .member("root", request.root_url())
        .member("peer", request.peer)
        .member("principal", request.principal.name)
        .member("body", request.body)
        .end_object();
    return make_reply(200, "application/json", std::move(out));
}

std::vector<Route> routes(net::Pool& pool, std::vector<Route> more)
{
    auto const page = std::make_shared<Content const>(std::string(100'000, 'x'), "v1");
    std::vector<Route> all{
        {.pattern = "/", .handler = QuickHandler{echo}},
        {.pattern = "/echo", .handler = QuickHandler{echo}},
        {.method = Method::post, .pattern = "/echo", .scope = Scope::none, .handler = QuickHandler{echo}, .body_limit = 1000},
        {.pattern = "/collections/{}/items", .handler = QuickHandler{echo}},
        {.pattern = "/collections/{}/items/{}", .handler = QuickHandler{echo}},
        {.pattern = "/page", .handler = QuickHandler{[page](Request const&) {
                                 Reply reply;
                                 reply.content_type = "application/geo+json";
                                 reply.body = page;
                                 reply.headers = {{"Vary", "Accept"}, {"Link", "</x>; rel=\"next\""}};
                                 return reply;
                             }}},
        {.pattern = "/html",
         .handler = QuickHandler{[](Request const&) { return make_reply(200, "text/html; charset=utf-8", "<p>水</p>"); }}},
        {.pattern = "/split", .handler = QuickHandler{[](Request const& request) {
                                  auto reply = make_reply(200, "text/plain", "ok");
                                  reply.headers.emplace_back("Location", *request.query_value("to"));
                                  return reply;
                              }}},
        {.pattern = "/throws", .handler = QuickHandler{[](Request const&) -> Reply { throw std::runtime_error{"secret of the store"}; }}},
        {.method = Method::post, .pattern = "/ingest", .scope = Scope::ingest, .handler = QuickHandler{echo}, .body_limit = 100},
        {.method = Method::post, .pattern = "/admin", .scope = Scope::admin, .handler = QuickHandler{echo}, .body_limit = 100},
        {.pattern = "/free", .scope = Scope::none, .handler = QuickHandler{echo}},
        {.pattern = "/slow", .handler = WaitingHandler{[&pool](Request const&) -> boost::asio::awaitable<Reply> {
                                 auto job = [] {
                                     std::this_thread::sleep_for(std::chrono::milliseconds{200});
                                     return make_reply(200, "text/plain", "slow");
                                 };
                                 Reply reply = co_await pool.run(std::move(job));
                                 co_return reply;
                             }}},
    };
    std::ranges::move(more, std::back_inserter(all));
    return all;
}

std::optional<Principal> authenticate(std::string_view token)
{
    if (token == "reader")
        return Principal{"r", {Scope::read}};
    if (token == "station")
        return Principal{"s", {Scope::ingest}};
    if (token == "chief")
        return Principal{"c", {Scope::admin}};
    return std::nullopt;
}

}  // namespace

TestServer::TestServer(ServerOptions options, std::vector<Route> more)
    : router_{std::make_shared<Router const>(routes(pool_, std::move(more)))}
{
    options.port = 0;
    server_ = std::make_unique<Server>(std::move(options), router_, authenticate, [this](RequestSummary const& summary) {
        std::lock_guard const lock{mutex_};
        seen_.push_back({summary.method, std::string{summary.route}, summary.status, summary.bytes_sent, std::string{summary.peer},
                         std::string{summary.principal}});
    });
    server_->start();
}

TestServer::~TestServer() { server_->stop(); }

WireReply TestServer::ask(std::string_view bytes, bool head_only) const
{
    Wire wire{port()};
    wire.send(bytes);
    return wire.read(head_only);
}

WireReply TestServer::get(std::string_view target, std::string_view lines) const
{
    std::string request{"GET "};
    request.append(target).append(" HTTP/1.1\r\nHost: example.test\r\n").append(lines).append("\r\n");
    return ask(request);
}

std::vector<TestServer::Seen> TestServer::seen(std::size_t count) const
{
    for (int i = 0; i < 1000; ++i) {                   // a client may have its reply a moment earlier
        {
            std::lock_guard const lock{mutex_};
            if (seen_.size() >= count)
                return seen_;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return {};
}

std::string outcome(std::uint16_t port, std::string_view bytes)
{
    Wire wire{port};
    wire.send(bytes);
    auto const reply = wire.read(bytes.starts_with("HEAD "));
    std::string const status = reply.status == 0 ? "" : std::to_string(reply.status);
    bool const closed = wire.closed(std::chrono::milliseconds{reply.header("Connection") == "close" || reply.status == 0 ? 3000 : 30});
    return status + (closed ? status.empty() ? "close" : "+close" : "");
}

}  // namespace yihong::http::test
