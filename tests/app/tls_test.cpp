#include "certificates.hpp"
#include "gateway.hpp"
#include "tls_client.hpp"

#include <csignal>

/// HTTPS and stations over TLS, as a client outside sees them.
namespace yihong::e2e {
namespace {

using yihong::testing::TestCertificate;
using yihong::testing::TlsClient;

/// The port that the service says it listens on: `https=8443`.
std::uint16_t port_of(Service const& service, std::string_view name)
{
    auto const at = service.first_line().find(name);
    return at == std::string::npos ? 0 : static_cast<std::uint16_t>(std::stoi(service.first_line().substr(at + name.size())));
}

TEST_F(Gateway, ListensEncryptedToo)
{
    TestCertificate const certificate{"water.example"};
    TestCertificate const authority{"stations"};
    TestCertificate const station{"A140800_0001", &authority};
    folder.write("water.pem", certificate.certificate());
    folder.write("water.key", certificate.key());
    folder.write("stations.pem", authority.certificate());
    auto const file = config("[hj212]\nlisten = \"127.0.0.1:0\"\n" + device("A140800_0001", "a") +
                             "[tls]\nlisten = \"127.0.0.1:0\"\nhj212 = \"127.0.0.1:0\"\ncertificate = \"water.pem\"\nkey = "
                             "\"water.key\"\nstation_authorities = \"stations.pem\"\n");
    Service service{folder / "data", {.config = file}};
    auto const https = port_of(service, " https=");
    auto const stations = port_of(service, " hj212-tls=");
    ASSERT_NE(https, 0) << service.first_line();
    ASSERT_NE(stations, 0) << service.first_line();

    TlsClient link{stations, {.authority = certificate.certificate(), .certificate = station.certificate(), .key = station.key()}};
    link.send(to_frame(upload("A140800_0001", "20261105080000", values)));
    EXPECT_NE(link.read_until("CN=9014").find("CN=9014"), std::string::npos);
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").size("/records"), 1U);

    TlsClient browser{https, {.authority = certificate.certificate(), .protocol = "http/1.1"}};
    browser.send("GET /collections?f=json HTTP/1.1\r\nHost: water.example\r\nConnection: close\r\n\r\n");
    auto const page = browser.read_to_the_end();
    EXPECT_TRUE(page.starts_with("HTTP/1.1 200")) << page.substr(0, 200);
    EXPECT_NE(page.find("https://water.example/collections/water-sections"), std::string::npos) << page;
    for (auto const* host : {"water.example", "localhost"}) {  // whatever name it is called by: it need not come from here
        TlsClient writes{https};
        writes.send(fmt::format("POST /api/v1/readings HTTP/1.1\r\nHost: {}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]", host));
        EXPECT_TRUE(writes.read_to_the_end().starts_with("HTTP/1.1 401")) << host;
    }

    TestCertificate const renewed{"water.example"};
    folder.write("water.pem", renewed.certificate());
    folder.write("water.key", renewed.key());
    service.process().signal(SIGHUP);
    ASSERT_TRUE(service.logged(" reloaded "));
    TlsClient again{https, {.authority = renewed.certificate()}};
    link.send(to_frame(upload("A140800_0001", "20261105120000", values)));  // the old connection goes on
    EXPECT_TRUE(eventually([&] { return service.json("/api/v1/sites/a/readings").size("/records") == 2; }));
    folder.write("water.key", certificate.key());
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("nothing was changed")) << service.log();
}

TEST_F(Gateway, SaysWhichOfItsPortsIsTaken)
{
    TestCertificate const certificate{"water.example"};
    folder.write("water.pem", certificate.certificate());
    folder.write("water.key", certificate.key());
    Service const taken{folder / "first", {.config = config("")}};
    for (std::string const key : {"listen", "hj212"}) {
        auto const file = config(fmt::format(
            "[hj212]\nlisten = \"127.0.0.1:0\"\n[tls]\n{} = \"127.0.0.1:{}\"\ncertificate = \"water.pem\"\nkey = \"water.key\"\n", key,
            taken.port()));
        auto const refused =
            yihong({"serve", "--config", file, "--data", folder / "second", "--listen", "127.0.0.1:0", "--hj212", "127.0.0.1:0"});
        EXPECT_EQ(refused.code, 1);
        EXPECT_NE(refused.err.find(fmt::format("on 127.0.0.1:{}: ", taken.port())), std::string::npos) << key << ": " << refused.err;
    }
}

}  // namespace
}  // namespace yihong::e2e
