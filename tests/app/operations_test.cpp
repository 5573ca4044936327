#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <regex>
#include <set>

/// docs/operations.md lists what the program logs, counts and writes down: all of it, and nothing else.
namespace yihong::e2e {
namespace {

/// A part of docs/operations.md, from its heading to the next.
std::string section(std::string const& heading)
{
    auto const page = read_file(source_dir / "docs/operations.md");
    auto const begin = page.find("\n## " + heading + "\n");
    EXPECT_NE(begin, std::string::npos) << heading;
    return page.substr(begin, page.find("\n## ", begin + 1) - begin);
}

/// What stands `so` in it and is a name with an underscore; of `alerts{state}` the name alone.
std::set<std::string> names_in(std::string const& text)
{
    static std::regex const inlined{"`([a-z0-9]+(_[a-z0-9]+)*)(\\{[^`]*\\})?`"};
    std::set<std::string> names;
    for (std::sregex_iterator it{text.begin(), text.end(), inlined}, end; it != end; ++it)
        names.insert((*it)[1]);
    return names;
}

/// Every name that the sources give first behind one of these.
std::set<std::string> named_in_sources(std::vector<std::string> const& openings)
{
    std::set<std::string> names;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{source_dir / "src"}) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
            continue;
        auto const text = read_file(entry.path());
        for (auto const& opening : openings)
            for (auto at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
                auto const quote = text.find_first_not_of(" \n", at + opening.size());
                if (quote != std::string::npos && text[quote] == '"')
                    names.insert(text.substr(quote + 1, text.find('"', quote + 1) - quote - 1));
            }
    }
    return names;
}

TEST(Operations, ListEveryMetric)
{
    TemporaryFolder const folder;
    auto const file = small_config(folder.path(), "[[forward]]\nid = \"p\"\naddress = \"127.0.0.1:1\"\npassword = \"x\"\n"
                                                  "[[channels]]\nid = \"c\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:1/\"\n");
    Service const service{folder / "data", {.config = file}};
    std::string page;                              // a request counts when its reply is out: the one before may not yet
    EXPECT_TRUE(eventually([&] { return (page = service.get("/metrics").body).find("yihong_http_requests_total{") != std::string::npos; }));
    std::set<std::string> metrics;
    static std::regex const type{"# TYPE (?:yihong_)?([a-z0-9_]+) "};
    for (std::sregex_iterator it{page.begin(), page.end(), type}, end; it != end; ++it)
        metrics.insert((*it)[1]);
    ASSERT_GT(metrics.size(), 40U);
    auto const listed = names_in(section("Metrics"));
    for (auto const& metric : metrics)
        EXPECT_TRUE(listed.contains(metric)) << metric << " is not in the manual";
    for (auto const& name : listed)
        if (name.contains('_'))
            EXPECT_TRUE(metrics.contains(name)) << name << " is in the manual and nowhere else";
}

TEST(Operations, TellWhatTheProcessTakesAndWhatItsCachesKeep)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path())}};
    auto const figure = [&](std::string const& name) {
        auto const page = service.get("/metrics").body;
        auto const at = page.find("\n" + name + " ");
        return at == std::string::npos ? -1.0 : std::stod(page.substr(at + name.size() + 2));
    };
    EXPECT_GT(figure("yihong_own_memory_bytes"), 1e6);
    EXPECT_GT(figure("process_resident_memory_bytes"), figure("yihong_own_memory_bytes"));
    EXPECT_GT(figure("process_open_fds"), 10);
    EXPECT_GT(figure("process_max_fds"), figure("process_open_fds"));
    EXPECT_GT(figure("process_cpu_seconds_total"), 0);
    EXPECT_NEAR(figure("process_start_time_seconds"), static_cast<double>(std::time(nullptr)), 600);
    for (std::string const of : {"features", "series", "classes", "tiles", "store", "months", "events"})
        EXPECT_GE(figure("yihong_cache_bytes{of=\"" + of + "\"}"), 0) << of;
    EXPECT_EQ(figure("yihong_cache_bytes{of=\"features\"}"), 0);
    EXPECT_EQ(service.get("/collections/water-sections/items").status, 200);
    EXPECT_GT(figure("yihong_cache_bytes{of=\"features\"}"), 500);
}

TEST(Operations, ListEveryEventOfTheLog)
{
    auto events = named_in_sources({"log::info(", "log::warning(", "log::error(", "accept_event = ", "refuse(peer, ", "refuse(source, "});
    events.insert("accept_failed");                // a default, in a header
    ASSERT_GT(events.size(), 60U);
    auto const listed = names_in(section("The log"));
    for (auto const& event : events)
        if (!event.starts_with("layer_"))          // they explain themselves, with the layer's id
            EXPECT_TRUE(listed.contains(event)) << event << " is not in the manual";
}

TEST(Operations, ListEveryActionThatIsAudited)
{
    auto const actions = named_in_sources({"audit(request, ", "audit(who, ", "audit_mark(request, "});
    ASSERT_GE(actions.size(), 15U);
    auto const listed = names_in(section("The log"));
    for (auto const& action : actions)
        EXPECT_TRUE(listed.contains(action)) << action << " is not in the manual";
}

TEST(Check, NamesChannelsThatWouldNeverDeliver)
{
    TemporaryFolder const folder;
    auto const channel = [](std::string_view id, std::string_view url, std::string_view more = "") {
        return fmt::format("[[channels]]\nid = \"{}\"\nkind = \"webhook\"\nurl = \"{}\"\n{}", id, url, more);
    };
    auto const file =
        small_config(folder.path(), channel("inside", "http://localhost:8080/hook") + channel("shifted", "https://[::1]/") +
                                        channel("permitted", "http://10.1.2.3/", "allow_private = true\n") +
                                        channel("outside", "http://223.5.5.5/") + "[heartbeat]\nurl = \"http://192.168.1.1/ping\"\n");

    auto const checked = yihong({"check", "--config", file});

    EXPECT_EQ(checked.code, 0) << checked.err;
    for (auto const* id : {"inside", "shifted", "[heartbeat]"})
        EXPECT_NE(checked.err.find(fmt::format("渠道 {} 将无法送达", id)), std::string::npos) << checked.err;
    for (auto const* id : {"permitted", "outside"})
        EXPECT_EQ(checked.err.find(id), std::string::npos) << checked.err;
}

}  // namespace
}  // namespace yihong::e2e
