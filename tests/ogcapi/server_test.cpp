// The OGC API over real sockets, and through GDAL's own client.
#include "fixture.hpp"

#include "temporary_folder.hpp"

#include "yihong/http/client.hpp"
#include "yihong/http/server.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdio>
#include <future>

namespace yihong::ogcapi::testing {
namespace {

class RunningService : public ::testing::Test {
protected:
    explicit RunningService(unsigned threads = 2)
    {
        http::ServerOptions options;
        options.port = 0;
        options.threads = threads;
        server_ = std::make_unique<http::Server>(
            options, router_, [](std::string_view) { return std::nullopt; }, [](http::RequestSummary const&) {});
        server_->start();
    }

    [[nodiscard]] http::ClientReply get(std::string_view target, http::Headers const& headers = {}, std::string_view method = "GET") const
    {
        return http::request("127.0.0.1", server_->port(), method, target, headers);
    }
    [[nodiscard]] std::string root() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

    static OgcApiOptions options_in(std::filesystem::path work_folder)
    {
        OgcApiOptions options;
        options.work_folder = std::move(work_folder);
        return options;
    }
    static std::shared_ptr<FeatureSource const> make_empty()
    {
        Stations stations{};
        stations.metadata.id = "empty";
        return stations.made();
    }

    Snapshot<Catalog> catalog_{Service::make_catalog({make_stations(four_stations()), make_lakes(), make_empty()}, "c1")};
    net::Pool readers_{1, 4};
    TemporaryFolder folder_;
    OgcApi api_{catalog_, readers_, readers_, readers_, options_in(folder_ / "exports")};
    Snapshot<http::Router> router_{std::make_shared<http::Router const>(api_.routes())};
    std::unique_ptr<http::Server> server_;
};

/// A collection whose pages come from a disk: it answers once it is let go on.
class OnDisk final : public FeatureSource {
public:
    OnDisk(std::shared_ptr<FeatureSource const> inner, std::shared_future<void> ready) : inner_{std::move(inner)}, ready_{std::move(ready)}
    {
        metadata_.id = "on-disk";
        metadata_.blocks = true;
    }
    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return metadata_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return inner_->schema(); }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const& query) const override
    {
        ready_.wait();
        return inner_->select(query);
    }
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override
    {
        ready_.wait();
        return inner_->find(id);
    }

private:
    SourceMetadata metadata_;
    std::shared_ptr<FeatureSource const> inner_;
    std::shared_future<void> ready_;
};

/// A collection without end.
class Endless final : public FeatureSource {
public:
    /// \param begun told once the first features are written \param ended told when nobody reads on
    Endless(std::shared_ptr<FeatureSource const> inner, std::promise<void>& begun, std::promise<void>& ended)
        : inner_{std::move(inner)}, begun_{begun}, ended_{ended}
    {
        metadata_ = inner_->metadata();
        metadata_.id = "endless";
    }
    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return metadata_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return inner_->schema(); }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const&) const override { return std::make_unique<Stream>(*this); }
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view id) const override { return inner_->find(id); }

private:
    class Stream final : public FeatureStream {
    public:
        explicit Stream(Endless const& of) : of_{of} {}
        ~Stream() override { of_.ended_.set_value(); }
        [[nodiscard]] std::shared_ptr<Feature const> next() override
        {
            if (++given_ == 100)
                of_.begun_.set_value();
            return of_.find("linyi");
        }
        [[nodiscard]] std::optional<std::size_t> matched() const noexcept override { return std::nullopt; }
        [[nodiscard]] std::size_t first() const noexcept override { return 0; }
        [[nodiscard]] bool has_more() const noexcept override { return false; }

    private:
        Endless const& of_;
        int given_ = 0;
    };
    SourceMetadata metadata_;
    std::shared_ptr<FeatureSource const> inner_;
    std::promise<void>& begun_;
    std::promise<void>& ended_;
};

/// Sends a request and leaves without waiting for the answer, when it is told to.
class Leaver {
public:
    Leaver(std::uint16_t port, std::string const& target)
    {
        boost::asio::ip::tcp::endpoint const to{boost::asio::ip::make_address("127.0.0.1"), port};
        socket_.connect(to);
        boost::asio::write(socket_, boost::asio::buffer("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    void leave() { socket_.close(); }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_{context_};
};

TEST_F(RunningService, StopsMakingAFileWhoseClientHasLeft)
{
    for (auto const* format : {"gpkg", "xlsx", "kml"}) {
        std::promise<void> begun, ended;
        auto const endless = std::make_shared<Endless const>(make_stations(four_stations()), begun, ended);
        catalog_.publish(Service::make_catalog({endless}, format));
        Leaver client{server_->port(), std::string{"/collections/endless/items?f="} + format};
        begun.get_future().wait();
        client.leave();
        ended.get_future().wait();                         // without end it would go on for ever
        catalog_.publish(Service::make_catalog({make_lakes()}, "none"));
    }
    server_.reset();                                       // with everything that was under way
    EXPECT_TRUE(std::filesystem::is_empty(folder_ / "exports"));
}

class OneThread : public RunningService {
protected:
    OneThread() : RunningService{1} {}
};

TEST_F(OneThread, AnswersOthersWhileACollectionReadsItsDisk)
{
    std::promise<void> disk;
    auto const on_disk = std::make_shared<OnDisk const>(make_stations(four_stations()), disk.get_future().share());
    catalog_.publish(Service::make_catalog({on_disk, make_lakes()}, "c2"));
    auto items = std::async(std::launch::async, [&] { return get("/collections/on-disk/items"); });
    auto one = std::async(std::launch::async, [&] { return get("/collections/on-disk/items/linyi"); });

    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(get("/collections/lakes/items").status, 200);
    EXPECT_EQ(get("/collections/on-disk/schema").status, 200);       // what it says of itself needs no disk
    EXPECT_EQ(items.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
    disk.set_value();
    EXPECT_EQ(ids(json::parse(items.get().body)), (std::vector<std::string>{"hanyang", "linyi", "nowhere", "timeless"}));
    EXPECT_EQ(one.get().status, 200);
}

TEST_F(RunningService, FollowsNextLinksFromTheLandingPage)
{
    auto const follow = [&](std::string const& url) {
        EXPECT_TRUE(url.starts_with(root() + "/")) << url;
        auto const reply = get(url.substr(root().size()));
        EXPECT_EQ(reply.status, 200) << url;
        return json::parse(reply.body);
    };
    auto const landing = json::parse(get("/").body);
    auto const collections = follow(link(landing, "data"));
    std::string url = link(collections.at("collections").at(0), "items", "application/geo+json") + "?limit=1";
    std::vector<std::string> found;
    while (!url.empty()) {
        auto const page = follow(url);
        for (auto const& id : ids(page))
            found.push_back(id);
        url = link(page, "next");
    }
    EXPECT_EQ(found, (std::vector<std::string>{"hanyang", "linyi", "nowhere", "timeless"}));
}

TEST_F(RunningService, AnswersTheSameTagWith304UntilTheCollectionChanges)
{
    auto const first = get("/collections/water-sections/items");
    ASSERT_NE(first.header("ETag"), nullptr);
    std::string const tag = *first.header("ETag");
    EXPECT_EQ(get("/collections/water-sections/items", {{"If-None-Match", tag}}).status, 304);
    EXPECT_EQ(get("/collections/water-sections/items?limit=1", {{"If-None-Match", tag}}).status, 200);
    auto changed = four_stations();
    changed[1].codmn = 9.9;
    catalog_.publish(Service::make_catalog({make_stations(changed, "s2"), make_lakes()}, "c2"));
    EXPECT_EQ(get("/collections/water-sections/items", {{"If-None-Match", tag}}).status, 200);
}

TEST_F(RunningService, AnswersHeadOptionsAndOtherMethods)
{
    auto const head = get("/collections/lakes/items", {}, "HEAD");
    EXPECT_EQ(head.status, 200);
    EXPECT_TRUE(head.body.empty());
    ASSERT_NE(head.header("Content-Length"), nullptr);
    EXPECT_EQ(*head.header("Content-Length"), std::to_string(get("/collections/lakes/items").body.size()));
    EXPECT_EQ(*head.header("Content-Type"), "application/geo+json");
    EXPECT_EQ(*head.header("Content-Crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    ASSERT_NE(head.header("Vary"), nullptr);
    EXPECT_NE(head.header("Vary")->find("Accept"), std::string::npos);
    EXPECT_LT(get("/collections/lakes/items", {}, "OPTIONS").status, 300);
    auto const post = get("/collections/lakes/items", {}, "POST");
    EXPECT_EQ(post.status, 405);
    ASSERT_NE(post.header("Allow"), nullptr);
}

TEST_F(RunningService, SendsErrorsAsProblemsAndCompressesOnDemand)
{
    auto const problem = get("/collections/lakes/items?limit=none");
    EXPECT_EQ(problem.status, 400);
    EXPECT_EQ(*problem.header("Content-Type"), "application/problem+json");
    auto const zipped = get("/collections/lakes/items", {{"Accept-Encoding", "gzip"}});
    ASSERT_NE(zipped.header("Content-Encoding"), nullptr);
    EXPECT_EQ(*zipped.header("Content-Encoding"), "gzip");
    EXPECT_TRUE(zipped.body.starts_with("\x1f\x8b"));
}

TEST_F(RunningService, AnswersTheTrailingSlashThatQgisTries) { EXPECT_EQ(get("/collections/lakes/").status, 200); }

std::string output_of(std::string const& command)
{
    std::string out;
    FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr)
        return out;
    std::array<char, 4096> chunk;
    while (auto const n = std::fread(chunk.data(), 1, chunk.size(), pipe))
        out.append(chunk.data(), n);
    ::pclose(pipe);
    return out;
}

TEST_F(RunningService, IsReadByGdal)
{
    auto const list = output_of("ogrinfo -ro OAPIF:" + root());
    EXPECT_NE(list.find("water-sections"), std::string::npos) << list;
    EXPECT_NE(list.find("lakes"), std::string::npos) << list;
    auto const sections = output_of("ogrinfo -ro -al OAPIF:" + root() + "/collections/water-sections");
    for (auto const* wanted : {"Feature Count: 4", "Geometry: Point", "codmn: Real", "water_class: Integer",
                               "meets_target: Integer(Boolean)", "time: DateTime", "zones: String", "POINT (110.77 35.14)", "临猗"})
        EXPECT_NE(sections.find(wanted), std::string::npos) << wanted << "\n" << sections;
    auto const box = output_of("ogrinfo -ro -al -spat 110.7 35.1 110.8 35.2 OAPIF:" + root() + "/collections/water-sections");
    EXPECT_NE(box.find("临猗"), std::string::npos) << box;
    EXPECT_EQ(box.find("汉阳"), std::string::npos) << box;
    auto const empty = output_of("ogrinfo -ro -al OAPIF:" + root() + "/collections/empty");
    for (auto const* wanted :
         {"Feature Count: 0", "codmn: Real", "water_class: Integer", "meets_target: Integer(Boolean)", "time: DateTime", "zones: String"})
        EXPECT_NE(empty.find(wanted), std::string::npos) << wanted << "\n" << empty;  // by the schema: there is no feature to guess from
    auto const lakes = output_of("ogrinfo -ro -al OAPIF:" + root() + "/collections/lakes");
    for (auto const* wanted : {"Feature Count: 2", "Geometry: Polygon", "surveyed: Date", "盐湖"})
        EXPECT_NE(lakes.find(wanted), std::string::npos) << wanted << "\n" << lakes;
}

}  // namespace
}  // namespace yihong::ogcapi::testing
