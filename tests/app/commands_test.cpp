#include "process.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>

namespace yihong::e2e {
namespace {

namespace fs = std::filesystem;

TEST(Commands, ExplainThemselves)
{
    for (std::vector<std::string> command : std::vector<std::vector<std::string>>{{},
                                                                                  {"serve"},
                                                                                  {"import"},
                                                                                  {"backtest"},
                                                                                  {"check"},
                                                                                  {"backup"},
                                                                                  {"token"},
                                                                                  {"token", "create"},
                                                                                  {"token", "list"},
                                                                                  {"token", "revoke"},
                                                                                  {"quarantine"},
                                                                                  {"quarantine", "list"},
                                                                                  {"quarantine", "replay"},
                                                                                  {"withdraw"},
                                                                                  {"report"}}) {
        auto const name = command.empty() ? std::string{"yihong"} : command.back();
        command.emplace_back("--help");
        auto const help = yihong(command);
        EXPECT_EQ(help.code, 0) << name;
        EXPECT_NE(help.out.find("Usage: yihong"), std::string::npos) << help.out;
        EXPECT_EQ(help.err, "") << name;
    }
    auto const version = yihong({"--version"});
    EXPECT_EQ(version.code, 0);
    EXPECT_TRUE(version.out.starts_with("yihong 0.")) << version.out;
    for (std::vector<std::string> const& wrong :
         std::vector<std::vector<std::string>>{{},
                                               {"sing"},
                                               {"serve", "--nonsense"},
                                               {"serve", "extra"},
                                               {"serve", "--config"},
                                               {"serve", "--listen", "somewhere"},
                                               {"serve", "--hj212", "somewhere"},
                                               {"backup"},
                                               {"backtest", "--format", "pdf"},
                                               {"backtest", "--rules", "/nowhere/alerts.toml"},
                                               {"token"},
                                               {"token", "create"},
                                               {"token", "create", "name"},
                                               {"token", "create", "name", "--scope", "everything"},
                                               {"quarantine", "burn"},
                                               {"report", "water-month", "-o", "a.html"},
                                               {"report", "water-month", "--period", "2025-10", "-o", "a.pdf"},
                                               {"report-template", "water-month", "-o", "a.doc"},
                                               {"report", "weather", "--period", "2025-10", "-o", "a.html"},
                                               {"withdraw", "a"},
                                               {"withdraw", "a", "../.."}}) {
        auto const refused = yihong(wrong);
        EXPECT_EQ(refused.code, 2) << testing::PrintToString(wrong);
        EXPECT_EQ(refused.out, "");
        EXPECT_NE(refused.err, "");
    }
}

class OneService : public testing::Test {
protected:
    [[nodiscard]] Outcome serve(std::string const& folder_of_data, std::string const& listen = "127.0.0.1:0") const
    {
        return yihong({"serve", "--config", config, "--data", folder_of_data, "--listen", listen});
    }
    TemporaryFolder const folder;
    std::string const config = small_config(folder.path());
    std::string const data = folder / "data";
};

TEST_F(OneService, SaysWhenThePortIsTaken)
{
    Service service{data, {.config = config}};
    auto const address = "127.0.0.1:" + std::to_string(service.port());
    auto const second = serve(folder / "other", address);
    EXPECT_EQ(second.code, 1);
    EXPECT_EQ(second.out, "");
    EXPECT_NE(second.err.find("cannot listen on " + address), std::string::npos) << second.err;
    EXPECT_EQ(service.stop(), 0);
}

TEST_F(OneService, SaysWhenTheDataIsInUse)
{
    Service service{data, {.config = config}};
    auto const second = serve(data);
    EXPECT_EQ(second.code, 1);
    EXPECT_NE(second.err.find(data + "/store"), std::string::npos) << second.err;
    EXPECT_NE(second.err.find("another yihong process has it open"), std::string::npos) << second.err;
    // and the first one is none the worse: commands still find it
    EXPECT_EQ(service.get("/readyz").status, 200);
    EXPECT_EQ(yihong({"quarantine", "list", "--config", config, "--data", data}).code, 0);
    EXPECT_EQ(service.stop(), 0);
    EXPECT_FALSE(fs::exists(data + "/control.json"));
}

TEST_F(OneService, SaysWhichFileIsDamaged)
{
    {
        Service service{data, {.config = config}};
        (void)service.ingest("text/csv", "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.3\nb,2025-11-06T00:00:00Z,4h,7.4\n");
        EXPECT_EQ(service.stop(), 0);
    }
    {
        Service service{data, {.config = config}};
        EXPECT_EQ(service.stop(), 0);
    }       // the log becomes a table
    fs::path table;
    for (auto const& file : fs::directory_iterator{data + "/store"})
        if (file.path().extension() == ".sst")
            table = file.path();
    ASSERT_FALSE(table.empty());
    {
        std::fstream bytes{table, std::ios::in | std::ios::out | std::ios::binary};
        bytes.seekp(10);
        bytes.write("damage", 6);
    }
    auto const damaged = serve(data);
    EXPECT_EQ(damaged.code, 1);
    EXPECT_EQ(damaged.out, "");
    EXPECT_NE(damaged.err.find(table.filename().string()), std::string::npos) << damaged.err;

    fs::resize_file(table, 40);
    auto const cut = serve(data);
    EXPECT_EQ(cut.code, 1);
    EXPECT_NE(cut.err.find(table.filename().string()), std::string::npos) << cut.err;
}

TEST_F(OneService, SurvivesItsOwnLeftovers)
{
    {
        Service service{data, {.config = config}};
        (void)service.ingest("text/csv", "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.3\n");
        service.kill();
    }
    ASSERT_TRUE(fs::exists(data + "/control.json"));
    // a command does not mistake the killed service's address for a living one
    EXPECT_EQ(yihong({"quarantine", "list", "--config", config, "--data", data}).code, 0);
    Service service{data, {.config = config}};
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/ph"), "7.3");
    EXPECT_EQ(service.stop(), 0);
}

/// A connection that sends a request in parts.
class SlowClient {
public:
    explicit SlowClient(std::uint16_t port) : handle_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(handle_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
            throw std::runtime_error{"no connection"};
    }
    ~SlowClient() { ::close(handle_); }
    SlowClient(SlowClient const&) = delete;
    SlowClient& operator=(SlowClient const&) = delete;

    void send(std::string_view bytes) const
    {
        EXPECT_EQ(::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] std::string exactly(std::size_t count) const
    {
        std::string all(count, '\0');
        all.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::recv(handle_, all.data(), count, MSG_WAITALL))));
        return all;
    }
    /// Everything until the other side closes.
    [[nodiscard]] std::string rest() const
    {
        std::string all;
        std::array<char, 4096> piece;
        for (ssize_t n = 0; (n = ::recv(handle_, piece.data(), piece.size(), 0)) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(n));
        return all;
    }

private:
    int handle_;
};

TEST_F(OneService, FinishesRequestsBeforeItStops)
{
    Service service{data, {.config = config}};
    std::string const body = "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.3\n";
    SlowClient const idle{service.port()};
    SlowClient const slow{service.port()};
    slow.send("POST /api/v1/readings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n");
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(slow.exactly(go_on.size()), go_on);      // the head has arrived, the service waits for the body
    slow.send(body.substr(0, 30));
    service.process().signal(SIGTERM);
    EXPECT_TRUE(service.logged("stopping"));
    std::this_thread::sleep_for(200ms);
    EXPECT_TRUE(service.process().is_running());
    EXPECT_THROW((void)service.get("/healthz"), std::runtime_error);               // nobody new is let in
    EXPECT_EQ(idle.rest(), "");
    slow.send(body.substr(30));
    auto const reply = slow.rest();
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200")) << reply;
    EXPECT_NE(reply.find(R"("accepted":1)"), std::string::npos) << reply;
    EXPECT_EQ(service.process().wait(10s), 0);
    EXPECT_FALSE(fs::exists(data + "/control.json"));

    Service again{data, {.config = config}};
    EXPECT_EQ(again.json("/collections/water-sections/items/a").at("/properties/ph"), "7.3");
    EXPECT_EQ(again.stop(), 0);
}

}  // namespace
}  // namespace yihong::e2e
