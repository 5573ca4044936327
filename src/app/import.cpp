#include "import.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include "local_client.hpp"
#include "progress_bar.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>

namespace yihong {
namespace {

/// The sums of an import, over all its pieces and files.
struct Sums {
    static constexpr std::array<std::string_view, 8> names{"accepted", "duplicates", "revised",           "rejected",
                                                           "rows",     "empty",      "unknown_site_rows", "sites_created"};
    std::array<std::uint64_t, 8> values{};

    void add(simdjson::dom::element piece)
    {
        for (std::size_t i = 0; i < names.size(); ++i)
            values[i] += piece[names[i]].get_uint64().value();
    }
    void write(JsonWriter& json) const
    {
        for (std::size_t i = 0; i < names.size(); ++i)
            json.member(names[i], static_cast<std::int64_t>(values[i]));
    }
};

/// Where an import of this file stopped, kept beside the data until it is through. The file's size and time tell whether it is still the same.
class Bookmark {
public:
    Bookmark(std::filesystem::path const& data, std::filesystem::path const& file)
        : path_{data / "imports" / (percent_encoded(file.string()).substr(0, 200) + ".json")},
          identity_{
              fmt::format("{}-{}", std::filesystem::file_size(file), std::filesystem::last_write_time(file).time_since_epoch().count())}
    {}

    /// `&offset=…&line=…&row=…`, or nothing
    [[nodiscard]] std::string read() const
    {
        simdjson::dom::parser parser;
        simdjson::dom::element root;
        if (parser.load(path_.string()).get(root) != simdjson::SUCCESS)
            return {};
        std::string_view identity, position;
        if (root["file"].get(identity) != simdjson::SUCCESS || root["position"].get(position) != simdjson::SUCCESS || identity != identity_)
            return {};
        return std::string{position};
    }
    void write(std::string_view position) const
    {
        std::filesystem::create_directories(path_.parent_path());
        std::string text;
        JsonWriter{text}.begin_object().member("file", identity_).member("position", position).end_object();
        write_private_file(path_, text);
    }
    void remove() const { std::filesystem::remove(path_); }

private:
    std::filesystem::path path_;
    std::string identity_;
};

/// \param total what is taken in is added here at once, so that it counts where the file ends early too \return the exit code of this file
int import_file(LocalClient const& client, std::string const& name, ImportOptions const& options, Sums& total)
{
    auto const file = std::filesystem::canonical(name);
    Bookmark const bookmark{client.data(), file};
    auto position = bookmark.read();
    if (!position.empty() && !options.quiet)
        fmt::print(stderr, "{}: 从上次中断处继续 goes on where it stopped\n", name);
    std::string const target = "/api/v1/admin/import?file=" + percent_encoded(file.string()) +
                               (options.format.empty() ? "" : "&format=" + percent_encoded(options.format)) +
                               (options.create_sites ? "&create_sites=true" : "") + (options.keep_unknown ? "&keep_unknown=true" : "");
    ProgressBar const bar{file.filename().string(), "行/秒 rows/s", options.quiet};
    Sums sums;
    std::uint64_t rows = 0;
    simdjson::dom::parser parser;
    for (;;) {
        http::ClientReply reply;
        try {
            reply = client.request("POST", target + position);
        } catch (std::runtime_error const& gone) {  // the service was stopped
            bar.end();
            fmt::print(stderr, "{}: {}\n  再次运行同一命令即从中断处继续 run the same command again: it goes on where it stopped\n", name,
                       gone.what());
            return 1;
        }
        if (reply.status != 200) {
            bar.end();
            fmt::print(stderr, "{}: {}\n", name, problem_detail(reply));
            return 1;
        }
        auto const piece = parser.parse(reply.body).value();
        sums.add(piece);
        total.add(piece);
        rows += piece["rows"].get_uint64().value();
        bar.show(static_cast<double>(piece["bytes_read"].get_uint64().value()) /
                     static_cast<double>(std::max<std::uint64_t>(1, piece["bytes_total"].get_uint64().value())),
                 rows);
        if (piece["finished"].get_bool().value())
            break;
        position = fmt::format("&offset={}&line={}&row={}", piece["offset"].get_uint64().value(), piece["line"].get_uint64().value(),
                               piece["row"].get_uint64().value());
        bookmark.write(position);
    }
    bookmark.remove();
    bar.end();
    if (!options.quiet)
        fmt::print(stderr,
                   "{}: {} 行 rows: {} 新 accepted, {} 重复 duplicates, {} 修订 revised, {} 拒绝 rejected, {} 空 empty, {} 未知断面 of "
                   "unknown sites\n",
                   name, sums.values[4], sums.values[0], sums.values[1], sums.values[2], sums.values[3], sums.values[5], sums.values[6]);
    if (sums.values[3] > 0 && !options.quiet)
        fmt::print(stderr, "  被拒绝的数据在隔离区 what was refused rests in quarantine: yihong quarantine list\n");
    auto const& [accepted, duplicates, revised, rejected, rows_read, empty, unknown, created] = sums.values;
    return rejected > 0 && accepted + duplicates + revised == 0 ? 1 : 0;  // nothing of the file was good
}

}  // namespace

int import_files(Overrides const& overrides, ImportOptions const& options)
{
    auto client = LocalClient::connect(overrides);
    if (!client) {
        print_problems(client.error());
        return 1;
    }
    Sums total;
    int code = 0;
    for (auto const& file : options.files)
        code = std::max(code, import_file(**client, file, options, total));
    std::string line;
    JsonWriter json{line};
    json.begin_object();
    total.write(json);
    json.end_object();
    fmt::print("{}\n", line);
    return code;
}

}  // namespace yihong
