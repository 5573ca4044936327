#include "yihong/http/static_files.hpp"

#include "negotiate.hpp"

#include "yihong/base/text.hpp"
#include "yihong/net/pool.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace yihong::http {
namespace {

namespace asio = boost::asio;

constexpr std::string_view index_name = "index.html";
constexpr std::string_view forever = "max-age=31536000, immutable";

struct Variant {
    std::string_view coding;
    std::string_view extension;
};
constexpr std::array<Variant, 3> variants{{{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}}};         // smallest first

/// A descriptor that is closed.
class Descriptor {
public:
    explicit Descriptor(int of) noexcept : value_{of} {}
    ~Descriptor()
    {
        if (value_ >= 0)
            ::close(value_);
    }
    Descriptor(Descriptor&& other) noexcept : value_{std::exchange(other.value_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(value_, other.value_);
        return *this;
    }
    [[nodiscard]] int get() const noexcept { return value_; }
    int release() noexcept { return std::exchange(value_, -1); }

private:
    int value_;
};

/// A segment of a path is one name in one folder, or nothing.
bool is_plain_name(std::string_view segment) noexcept
{
    return !segment.empty() && segment.front() != '.' && segment.find('/') == std::string_view::npos &&
           segment.find('\\') == std::string_view::npos && segment.find('\0') == std::string_view::npos;
}

/// The part of a folder that a path names: every step is one name below an open folder, so there is no way out of it.
class Place {
public:
    /// \return nothing where the path is not to be served or leads nowhere
    static std::optional<Place> find(int root, std::string_view path)
    {
        Place place{Descriptor{::fcntl(root, F_DUPFD_CLOEXEC, 0)}};
        if (path.empty())
            return place.enter_index();
        auto const segments = split(path, '/');
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (!is_plain_name(segments[i]))
                return std::nullopt;
            place.name_ = segments[i];
            struct stat about{};
            if (::fstatat(place.folder_.get(), place.name_.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0)
                return std::nullopt;
            if (!S_ISDIR(about.st_mode))
                return i + 1 == segments.size() ? std::optional{std::move(place)} : std::nullopt;
            place.folder_ = Descriptor{::openat(place.folder_.get(), place.name_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
            if (place.folder_.get() < 0)
                return std::nullopt;
        }
        return place.enter_index();
    }

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// The file with `extension` after its name. \return null where there is none
    [[nodiscard]] std::shared_ptr<OpenFile const> open(std::string_view extension) const
    {
        auto const full = name_ + std::string{extension};
        int const file = ::openat(folder_.get(), full.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (file < 0)
            return nullptr;
        return OpenFile::adopt(file).value_or(nullptr);
    }

private:
    explicit Place(Descriptor folder) : folder_{std::move(folder)} {}
    std::optional<Place> enter_index()
    {
        name_ = index_name;
        return std::move(*this);
    }

    Descriptor folder_;
    std::string name_;
};

/// What is served.
struct Folder {
    Descriptor root;
    std::string fallback;
    Headers headers;
};

/// Opens what the client takes best. Waits for the disk.
Reply find_file(Folder const& folder, std::string_view path, std::string_view accept_encoding)
{
    auto place = Place::find(folder.root.get(), path);
    auto plain = place ? place->open({}) : nullptr;
    auto const last = path.substr(path.rfind('/') + 1);
    if (!plain && !folder.fallback.empty() && last.find('.') == std::string_view::npos) {
        place = Place::find(folder.root.get(), folder.fallback);
        plain = place ? place->open({}) : nullptr;
    }
    if (!plain)
        return make_problem(404, code_name(Errc::not_found), "there is nothing at this path");
    Reply reply;
    reply.content_type = content_type_of(place->name());
    if (reply.content_type.starts_with("text/html"))
        reply.headers = folder.headers;
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    if (is_hashed_name(place->name()))
        reply.cache_control = forever;
    FileBody body{.file = std::move(plain)};
    int best = 0;
    for (auto const& [coding, extension] : variants) {
        int const weight = coding_weight(accept_encoding, coding);
        if (weight <= best)
            continue;
        if (auto file = place->open(extension)) {
            best = weight;
            body = {.file = std::move(file), .content_encoding = std::string{coding}};
        }
    }
    reply.body = std::move(body);
    return reply;
}

}  // namespace

std::string_view content_type_of(std::string_view name) noexcept
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 27> types{{
        {"html", "text/html; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"json", "application/json"},
        {"map", "application/json"},
        {"geojson", "application/geo+json"},
        {"webmanifest", "application/manifest+json"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"webp", "image/webp"},
        {"avif", "image/avif"},
        {"ico", "image/x-icon"},
        {"woff2", "font/woff2"},
        {"woff", "font/woff"},
        {"ttf", "font/ttf"},
        {"wasm", "application/wasm"},
        {"pbf", "application/x-protobuf"},
        {"pmtiles", "application/vnd.pmtiles"},
        {"txt", "text/plain; charset=utf-8"},
        {"md", "text/markdown; charset=utf-8"},
        {"csv", "text/csv; charset=utf-8"},
        {"xml", "application/xml"},
        {"pdf", "application/pdf"},
        {"zip", "application/zip"},
    }};
    auto const dot = name.rfind('.');
    auto const extension = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    auto const found = std::ranges::find(types, extension, &std::pair<std::string_view, std::string_view>::first);
    return found == types.end() ? std::string_view{"application/octet-stream"} : found->second;
}

bool is_hashed_name(std::string_view name) noexcept
{
    auto const stem = name.substr(0, name.rfind('.'));
    auto const mark = stem.find_last_of("-.");
    if (stem.size() == name.size() || mark == std::string_view::npos || stem.size() - mark - 1 < 8)
        return false;
    bool digits = false;
    bool letters = false;
    for (char const c : stem.substr(mark + 1)) {
        bool const is_digit = c >= '0' && c <= '9';
        bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_digit && !is_letter && c != '_')
            return false;
        digits |= is_digit;
        letters |= is_letter;
    }
    return digits && letters;
}

std::vector<Route> static_files(StaticFiles const& files)
{
    int const descriptor = ::open(files.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        throw std::runtime_error{files.folder.string() + " cannot be served: " + std::strerror(errno)};
    auto const folder = std::make_shared<Folder const>(Folder{Descriptor{descriptor}, files.fallback, files.headers});
    auto const serve = [folder, pool = files.pool](Request const& request) -> asio::awaitable<Reply> {
        auto job = [folder, &request] {
            auto const path = request.path_parameters.empty() ? std::string_view{} : std::string_view{request.path_parameters.front()};
            return find_file(*folder, path, request.accept_encoding);
        };
        Reply reply = co_await pool->run(std::move(job));
        co_return reply;
    };
    auto const base = files.prefix == "/" ? std::string{} : files.prefix;
    std::vector<Route> routes;
    routes.push_back({.pattern = files.prefix, .scope = files.scope, .handler = WaitingHandler{serve}});
    routes.push_back({.pattern = base + "/{*}", .scope = files.scope, .handler = WaitingHandler{serve}});
    return routes;
}

}  // namespace yihong::http
