// notify_bench FOLDER [events]: events a second from the outbox on disk through a webhook channel, signed, to a receiver in this
// process that answers at once, until the outbox is empty; and the bare posts of the same bodies over one connection of libcurl.
// FOLDER must not exist; it is on the disk to be measured.
#include "yihong/notify/dispatcher.hpp"
#include "yihong/standards/standards_book.hpp"
#include "yihong/store_local/local_store.hpp"
#include "yihong/write/intake.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace yihong;
using Clock = std::chrono::steady_clock;
namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr int alerts = 200;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class NoLayers final : public LayerSet {
public:
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat) const override { return {}; }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

/// Answers 204 to everything on one connection after the other.
class Sink {
public:
    Sink() : acceptor_{io_, {asio::ip::address_v4::loopback(), 0}}, thread_{[this] { run(); }} {}
    ~Sink()
    {
        stopping_ = true;
        boost::system::error_code ignored;
        asio::ip::tcp::socket knock{io_};
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }
    [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/", acceptor_.local_endpoint().port()); }

private:
    void run()
    {
        while (!stopping_) {
            boost::system::error_code ec;
            asio::ip::tcp::socket socket{io_};
            acceptor_.accept(socket, ec);
            if (stopping_)
                return;
            beast::flat_buffer buffer;
            while (!ec) {
                beast::http::request<beast::http::string_body> request;
                beast::http::read(socket, buffer, request, ec);
                if (ec)
                    break;
                beast::http::response<beast::http::string_body> const answer{beast::http::status::no_content, 11};
                beast::http::write(socket, answer, ec);
            }
        }
    }
    asio::io_context io_;
    asio::ip::tcp::acceptor acceptor_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// Of the size that an event with its evidence has.
std::string event(int n)
{
    return fmt::format(
        R"({{"specversion":"1.0","id":"bench-{0}.{1}","type":"yihong.alert.updated","subject":"bench-{0}","time":"2025-11-06T16:05:12Z","data":{{"alert":{{"id":"bench-{0}",)"
        R"("site":"section","river":"汾河","severity":"alert","peak_severity":"alert"}},"text":{{"zh":{{"title":"断面水质劣于Ⅲ类","body":"氨氮 1.31 mg/L"}}}},"evidence":"{2}"}}}})",
        n % alerts, n / alerts + 1, std::string(3000, 'e'));
}

void bare_posts(std::string const& url, std::vector<std::string> const& bodies)
{
    std::unique_ptr<CURL, void (*)(CURL*)> const easy{curl_easy_init(), curl_easy_cleanup};
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    for (auto const& body : bodies) {
        curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.c_str());
        if (curl_easy_perform(easy.get()) != CURLE_OK)
            throw std::runtime_error{"the receiver does not answer"};
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2 || std::filesystem::exists(argv[1])) {
        fmt::print(stderr, "usage: notify_bench FOLDER [events]; FOLDER must not exist\n");
        return 2;
    }
    int const count = argc > 2 ? std::atoi(argv[2]) : 20'000;
    std::vector<std::string> bodies;
    for (int n = 0; n < count; ++n)
        bodies.push_back(event(n));
    auto const print = [&](char const* what, Clock::time_point begin, double processor) {
        auto const seconds = seconds_since(begin);
        fmt::print("{}: {:.0f} events/s, {:.0f} µs of processor time an event, the receiver's part with it\n", what, count / seconds,
                   (processor_seconds() - processor) / count * 1e6);
    };
    auto standards = load_standards("config/standards");
    if (!standards) {
        fmt::print(stderr, "run this in the folder of the sources\n");
        return 1;
    }
    auto const world = make_world(std::make_shared<StandardsBook const>(std::move(*standards)), {}, std::make_shared<NoLayers const>());
    Sink const sink;
    for (int round = 0; round < 3; ++round) {
        auto begin = Clock::now();
        auto processor = processor_seconds();
        bare_posts(sink.url(), bodies);
        print("bare posts", begin, processor);

        auto const store = LocalStore::open(std::filesystem::path{argv[1]} / std::to_string(round));
        auto channel = default_channel(ChannelKind::webhook);
        channel.id = "bench";
        channel.url = sink.url();
        channel.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
        channel.allow_private = true;
        CurrentState state{world, store->last_commit().number, utc_now()};
        DeliveryWatch watch;
        Writer writer{{*store, *store, *store}, state, {}};
        notify::Dispatcher dispatcher{{channel}, *store, *store, writer, watch};
        begin = Clock::now();
        processor = processor_seconds();
        dispatcher.start();
        for (int n = 0; n < count; n += 100) {         // as a wave of alerts comes: 100 a commit
            std::promise<bool> kept;
            OutboxJob job;
            for (int i = n; i < std::min(n + 100, count); ++i)
                job.added.push_back({0, alert_queue(channel.id), bodies[static_cast<std::size_t>(i)]});
            job.done = [&](bool written) { kept.set_value(written); };
            writer.submit_when_there_is_room(std::move(job));
            if (!kept.get_future().get())
                throw std::runtime_error{"the store takes no commits"};
        }
        while (dispatcher.status().front().waiting > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        print("outbox, signed webhook, removed", begin, processor);
        dispatcher.stop();
    }
}
