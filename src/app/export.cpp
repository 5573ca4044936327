#include "export.hpp"

#include "yihong/base/text.hpp"
#include "yihong/formats/formats.hpp"

#include "local_client.hpp"
#include "progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace yihong {
namespace {

constexpr int fine = 0;
constexpr int refused = 1;
constexpr int wrong_usage = 2;

constexpr std::string_view geojson_ending = ".geojson";

/// The name of the format that an ending stands for. \return empty for an ending that nothing is written as
std::string_view format_of(std::filesystem::path const& file)
{
    auto const ending = file.extension().string();
    if (ending == geojson_ending)
        return "jsonseq";
    for (auto const& format : formats::all_formats())
        if (format.extension == ending)
            return format.name;
    return {};
}

/// A sequence of features as one collection.
class AsCollection {
public:
    explicit AsCollection(std::ofstream& out) : out_{out} { out_ << "{\"type\":\"FeatureCollection\",\"features\":["; }
    void take(std::string_view piece)
    {
        // a record separator stands before each feature, and nowhere else (RFC 8142)
        for (auto at = piece.find('\x1e'); at != std::string_view::npos; at = piece.find('\x1e')) {
            out_ << piece.substr(0, at) << (std::exchange(is_first_, false) ? "" : ",");
            piece.remove_prefix(at + 1);
        }
        out_ << piece;
    }
    void end() { out_ << "]}\n"; }

private:
    std::ofstream& out_;
    bool is_first_ = true;
};

}  // namespace

std::vector<std::string> export_endings()
{
    std::vector<std::string> endings{std::string{geojson_ending}};
    for (auto const& format : formats::all_formats())
        endings.emplace_back(format.extension);
    return endings;
}

int export_collection(Overrides const& overrides, ExportOptions const& options)
{
    auto const format = format_of(options.output);
    if (format.empty()) {
        auto const endings = fmt::format("{}", fmt::join(export_endings(), ", "));
        fmt::print(stderr, "{}: 扩展名应为 {} 之一 the name must end with one of {}\n", options.output.string(), endings, endings);
        return wrong_usage;
    }
    auto client = LocalClient::connect(overrides);
    if (!client) {
        print_problems(client.error());
        return refused;
    }
    auto target = fmt::format("/collections/{}/items?f={}", percent_encoded(options.collection), format);
    for (auto const& [name, value] : options.parameters)
        target += "&" + percent_encoded(name) + "=" + percent_encoded(value);

    auto unfinished = options.output;
    unfinished += ".part";
    std::ofstream file{unfinished, std::ios::binary | std::ios::trunc};
    if (!file) {
        fmt::print(stderr, "{}: 无法写入 cannot be written: {}\n", unfinished.string(), std::generic_category().message(errno));
        return refused;
    }
    bool const is_collection = options.output.extension() == geojson_ending;
    std::optional<AsCollection> collection;
    if (is_collection)
        collection.emplace(file);
    ProgressBar const bar{options.output.filename().string(), "字节/秒 bytes/s", false};
    std::uint64_t bytes = 0;
    auto const take = [&](std::string_view piece, std::optional<std::uint64_t> whole) {
        if (collection)
            collection->take(piece);
        else
            file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        bytes += piece.size();
        if (whole && *whole > 0)
            bar.show(static_cast<double>(bytes) / static_cast<double>(*whole), bytes);
    };
    auto const give_up = [&](std::string const& why) {
        file.close();
        std::error_code ignored;
        std::filesystem::remove(unfinished, ignored);
        fmt::print(stderr, "{}\n", why);
        return refused;
    };
    try {
        auto const reply = (*client)->request("GET", target, take);
        bar.end();
        if (reply.status >= 300)
            return give_up(problem_detail(reply));
    } catch (std::runtime_error const& gone) {     // also where the service ended in the middle of a feature
        return give_up(gone.what());
    }
    if (collection)
        collection->end();
    file.close();
    if (!file)
        return give_up(
            fmt::format("{}: 未能写完，磁盘可能已满 could not be written to its end; the disk may be full", options.output.string()));
    std::filesystem::rename(unfinished, options.output);
    fmt::print("{}\n", options.output.string());
    return fine;
}

}  // namespace yihong
