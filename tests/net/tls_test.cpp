#include "certificates.hpp"
#include "temporary_folder.hpp"
#include "tls_client.hpp"

#include "yihong/net/io_threads.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <list>

namespace yihong::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using testing::TestCertificate;
using testing::TlsClient;
using Clock = Served::Clock;

/// Answers each piece in capital letters; `bye` ends the connection, `much` gives a megabyte first.
class Shouting final : public Served {
public:
    explicit Shouting(std::atomic<int>& encrypted) : encrypted_{encrypted} {}
    void take(tcp::socket socket, tcp::endpoint const&) override
    {
        auto const executor = socket.get_executor();
        asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
    }
    void take_encrypted(tcp::socket socket, tcp::endpoint const& remote) override
    {
        ++encrypted_;
        take(std::move(socket), remote);
    }
    void tick(Clock::time_point) override {}
    void begin_to_stop() override {}
    [[nodiscard]] bool is_done() const override { return open_.empty(); }
    void close_all() override
    {
        for (auto* socket : open_)
            socket->close();
    }

private:
    asio::awaitable<void> serve(tcp::socket socket)
    {
        auto const place = open_.insert(open_.end(), &socket);
        std::array<char, 1000> bytes{};
        boost::system::error_code ec;
        for (;;) {
            auto const n = co_await socket.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                break;
            std::string text{bytes.data(), n};
            bool const ends = text == "bye" || text == "much";
            if (text == "much")
                text = std::string(1'000'000, 'x') + "end";
            for (auto& c : text)
                c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            co_await asio::async_write(socket, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
            if (ec || ends)
                break;
        }
        open_.erase(place);
    }

    std::atomic<int>& encrypted_;
    std::list<tcp::socket*> open_;
};

class TlsTest : public ::testing::Test {
protected:
    void SetUp() override { use(first); }
    void use(TestCertificate const& certificate)
    {
        files.certificate = folder.write("service.pem", certificate.certificate());
        files.key = folder.write("service.key", certificate.key());
    }
    std::shared_ptr<Tls> serve(std::string protocol = {}, std::size_t handshakes = 500)
    {
        auto tls = std::make_shared<Tls>(files, std::move(protocol));
        threads.start({.tick = 5ms, .encrypted = ListenForTls{.tls = tls, .handshakes = handshakes}},
                      [&](int) { return std::make_unique<Shouting>(encrypted); });
        return tls;
    }

    TemporaryFolder folder;
    TestCertificate const first{"first.example"};
    TlsFiles files;
    std::atomic<int> encrypted = 0;
    IoThreads threads;
};

TEST_F(TlsTest, CarriesBytesBothWaysAndEndsInOrder)
{
    serve();
    TlsClient client{threads.tls_port(), {.authority = first.certificate()}};
    client.send("hello");
    EXPECT_EQ(client.read_until("HELLO"), "HELLO");
    client.send("much");
    auto const all = client.read_to_the_end();
    EXPECT_EQ(all.size(), 5U + 1'000'003U);
    EXPECT_TRUE(all.ends_with("END"));
    EXPECT_EQ(encrypted, 1);
    threads.stop(Clock::now() + 10s);
}

TEST_F(TlsTest, RefusesWhatIsOldOrIsNoTls)
{
    serve("http/1.1");
    EXPECT_THROW((TlsClient{threads.tls_port(), {.newest_version = TLS1_1_VERSION}}), boost::system::system_error);
    EXPECT_NO_THROW((TlsClient{threads.tls_port(), {.newest_version = TLS1_2_VERSION}}));
    EXPECT_THROW((TlsClient{threads.tls_port(), {.protocol = "h2"}}), boost::system::system_error);
    EXPECT_EQ((TlsClient{threads.tls_port(), {.protocol = "http/1.1"}}).protocol(), "http/1.1");
    asio::io_context io;
    tcp::socket plain{io};
    plain.connect({asio::ip::address_v4::loopback(), threads.tls_port()});
    asio::write(plain, asio::buffer(std::string_view{"GET / HTTP/1.1\r\n\r\n"}));
    std::array<char, 64> bytes{};
    boost::system::error_code ec;
    while (!ec)
        (void)plain.read_some(asio::buffer(bytes), ec);
    EXPECT_EQ(encrypted, 2);
}

TEST_F(TlsTest, TakesANewCertificateWithoutDroppingConnections)
{
    auto const tls = serve();
    TlsClient before{threads.tls_port(), {.authority = first.certificate()}};
    TestCertificate const second{"second.example"};
    use(second);
    tls->read_again();
    TlsClient after{threads.tls_port(), {.authority = second.certificate()}};
    after.send("new");
    EXPECT_EQ(after.read_until("NEW"), "NEW");
    EXPECT_THROW((TlsClient{threads.tls_port(), {.authority = first.certificate()}}), boost::system::system_error);
    before.send("old");
    EXPECT_EQ(before.read_until("OLD"), "OLD");

    folder.write("service.key", first.key());      // of another certificate
    EXPECT_THROW(tls->read_again(), std::runtime_error);
    folder.write("service.pem", "nothing");
    EXPECT_THROW(tls->check(), std::runtime_error);
    EXPECT_NO_THROW((TlsClient{threads.tls_port(), {.authority = second.certificate()}})) << "it stays as it was";
}

TEST_F(TlsTest, AsksClientsForACertificateOfAKnownAuthority)
{
    TestCertificate const authority{"stations"};
    TestCertificate const station{"A140800_0001", &authority};
    TestCertificate const stranger{"stranger"};
    files.client_authorities = folder.write("stations.pem", authority.certificate());
    serve();
    auto const is_served = [&](testing::TlsClientOptions const& options) {
        try {
            TlsClient client{threads.tls_port(), options};
            client.send("hello");                  // with TLS 1.3 a client hears only here that it was refused
            return client.read_until("HELLO") == "HELLO";
        } catch (boost::system::system_error const&) {
            return false;
        }
    };
    EXPECT_TRUE(is_served({.certificate = station.certificate(), .key = station.key()}));
    EXPECT_FALSE(is_served({.certificate = stranger.certificate(), .key = stranger.key()}));
    EXPECT_FALSE(is_served({}));
}

TEST_F(TlsTest, SilentHandshakesEndNothingElse)
{
    serve();
    asio::io_context io;
    std::list<tcp::socket> silent;
    for (int i = 0; i < 20; ++i)
        silent.emplace_back(io).connect({asio::ip::address_v4::loopback(), threads.tls_port()});
    TlsClient client{threads.tls_port()};
    client.send("hello");
    EXPECT_EQ(client.read_until("HELLO"), "HELLO");
    threads.stop(Clock::now());                    // and nobody has to wait for them
}

TEST_F(TlsTest, HandshakesThatTakeLongestLeaveForNewOnes)
{
    serve({}, 4);
    TlsClient known{threads.tls_port()};
    asio::io_context io;
    std::list<tcp::socket> silent;
    for (int i = 0; i < 20; ++i)
        silent.emplace_back(io).connect({asio::ip::address_v4::loopback(), threads.tls_port()});
    TlsClient client{threads.tls_port()};
    client.send("hello");
    EXPECT_EQ(client.read_until("HELLO"), "HELLO");
    for (int i = 0; i < 16; ++i, silent.pop_front()) {
        std::array<char, 1> byte{};
        boost::system::error_code ec;
        silent.front().read_some(asio::buffer(byte), ec);
        EXPECT_TRUE(ec) << i << " was cut off";
    }
    known.send("still");
    EXPECT_EQ(known.read_until("STILL"), "STILL") << "who has shaken hands stays";
}

}  // namespace
}  // namespace yihong::net
