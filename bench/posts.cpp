#include "commands.hpp"
#include "history.hpp"
#include "http_load.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace yihong::bench {
namespace {

/// How long this disk takes for the least that an acknowledgement needs: 4 KiB behind a file's end, synced.
std::vector<double> sync_times(std::filesystem::path const& folder, double seconds)
{
    auto const file = folder / "sync-yardstick";
    int const fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        throw std::system_error{errno, std::generic_category(), file.string()};
    std::string const page(4096, 'x');
    std::vector<double> times;
    for (auto const begin = Clock::now(); seconds_since(begin) < seconds;) {
        auto const at = Clock::now();
        if (write(fd, page.data(), page.size()) != static_cast<ssize_t>(page.size()) || fdatasync(fd) != 0)
            throw std::system_error{errno, std::generic_category(), file.string()};
        times.push_back(seconds_since(at));
    }
    close(fd);
    std::filesystem::remove(file);
    return times;
}

}  // namespace

void posts(PostsOptions const& options)
{
    History const history{options.connections, options.posts};
    std::vector<std::vector<std::string>> requests(static_cast<std::size_t>(options.connections));
    for (int c = 0; c < options.connections; ++c) {
        for (int hour = 0; hour < options.posts; ++hour) {
            std::string body;
            append_record(body, Form::json, c, History::begin + std::chrono::hours{hour}, "hour", history.at(c, hour));
            requests[static_cast<std::size_t>(c)].push_back(post_of(Form::json, body));
        }
    }
    std::vector<double> all;
    std::vector<double> syncs;
    double wall = 0;
    double const processor = options.pid ? processor_seconds(options.pid) : 0;
    std::vector<std::size_t> sent(requests.size());
    for (int round = 0; round < options.rounds; ++round) {
        auto const times = sync_times(options.folder, 0.25 * options.seconds);
        syncs.insert(syncs.end(), times.begin(), times.end());
        Load load;
        load.port = options.port;
        load.connections = options.connections;
        load.limit = std::chrono::seconds{options.seconds};
        load.next = [&](int c) -> std::optional<std::string_view> {
            auto const lane = static_cast<std::size_t>(c);
            return sent[lane] < requests[lane].size() ? std::optional<std::string_view>{requests[lane][sent[lane]++]} : std::nullopt;
        };
        load.answered = [&](int, int status, std::string_view body, double seconds) {
            if (status != 200 || body.find("\"accepted\":1,") == body.npos)
                throw std::runtime_error{fmt::format("status {}: {}", status, body.substr(0, 300))};
            all.push_back(seconds);
        };
        wall += run(load);
    }
    double const used = options.pid ? processor_seconds(options.pid) - processor : 0;
    std::ranges::sort(all);
    std::ranges::sort(syncs);
    fmt::print("  {} posts of one record over {} connections: {:.0f} a second, p50 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms", all.size(),
               options.connections, static_cast<double>(all.size()) / wall, quantile(all, 0.5) * 1e3, quantile(all, 0.99) * 1e3,
               all.empty() ? 0 : all.back() * 1e3);
    if (options.pid && !all.empty())
        fmt::print("; {:.0f} us of processor time a post", used / static_cast<double>(all.size()) * 1e6);
    fmt::print("\n  the disk alone, 4 KiB written and synced: p50 {:.2f} ms, p99 {:.2f} ms\n", quantile(syncs, 0.5) * 1e3,
               quantile(syncs, 0.99) * 1e3);
}

}  // namespace yihong::bench
