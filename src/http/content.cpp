#include "yihong/http/message.hpp"

#include "yihong/compress/deflate.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <atomic>
#include <charconv>
#include <mutex>

namespace yihong::http {
namespace {

// A file saves the copy into the socket and nearly halves the cost of a 350 KB page; below 16 KB it gains nothing.
// The bytes are held twice, so there is a budget for the whole program.
constexpr std::size_t least_file = 16 * 1024;
constexpr unsigned demands_before_file = 2;        // a page that is sent once is not worth a file
constexpr int most_files = 256;
constexpr std::size_t most_file_bytes = 64 * 1024 * 1024;
std::atomic<int> file_count{0};
std::atomic<std::size_t> file_bytes{0};

/// A file without a name. The page cache of a disk file system holds it in larger pieces than a memory file and sends it a fifth cheaper.
/// \return -1 when the system has none to give
int nameless_file(std::string_view bytes) noexcept
{
    int file = ::open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0)
        file = ::memfd_create("yihong-reply", MFD_CLOEXEC);
    while (file >= 0 && !bytes.empty()) {
        auto const written = ::write(file, bytes.data(), bytes.size());
        if (written <= 0) {
            ::close(file);
            return -1;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return file;
}

}  // namespace

std::string tag_of(std::string_view bytes)
{
    std::array<char, 16> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), XXH3_64bits(bytes.data(), bytes.size()), 36).ptr};
}

struct Content::Form {
    std::once_flag once;
    std::atomic<bool> made{false};
    std::string bytes;
    std::atomic<unsigned> demands{0};
    std::once_flag file_once;
    std::atomic<int> file{-1};
};

Content::Content(std::string plain, std::string etag) : etag_{std::move(etag)}, forms_{std::make_unique<Form[]>(3)}
{
    at(Encoding::identity).bytes = std::move(plain);
    at(Encoding::identity).made = true;
}

Content::~Content()
{
    for (auto const encoding : {Encoding::identity, Encoding::gzip, Encoding::zstd}) {
        if (int const file = at(encoding).file; file >= 0) {
            ::close(file);
            file_bytes -= at(encoding).bytes.size();
            --file_count;
        }
    }
}

Content::Form& Content::at(Encoding encoding) const noexcept { return forms_[static_cast<std::size_t>(encoding)]; }

std::string const& Content::plain() const noexcept { return at(Encoding::identity).bytes; }

std::string const& Content::form(Encoding encoding) const
{
    auto& form = at(encoding);
    if (encoding == Encoding::identity)
        return form.bytes;
    std::call_once(form.once, [&] {
        form.bytes = compressed(plain(), encoding);
        form.bytes.shrink_to_fit();
        form.made.store(true, std::memory_order_release);
    });
    return form.bytes;
}

bool Content::has(Encoding encoding) const noexcept { return at(encoding).made.load(std::memory_order_acquire); }

int Content::file(Encoding encoding) const noexcept { return at(encoding).file.load(std::memory_order_acquire); }

bool Content::wants_file(Encoding encoding) const noexcept
{
    auto& form = at(encoding);
    if (form.file.load(std::memory_order_relaxed) >= 0 || form.demands.load(std::memory_order_relaxed) >= demands_before_file)
        return false;
    return has(encoding) && form.bytes.size() >= least_file && form.demands.fetch_add(1) + 1 == demands_before_file;
}

void Content::make_file(Encoding encoding) const noexcept
{
    auto& form = at(encoding);
    std::call_once(form.file_once, [&] {
        file_bytes += form.bytes.size();
        ++file_count;
        int const file = file_count <= most_files && file_bytes <= most_file_bytes ? nameless_file(form.bytes) : -1;
        if (file < 0) {
            file_bytes -= form.bytes.size();
            --file_count;
        }
        form.file.store(file, std::memory_order_release);
    });
}

std::size_t Content::memory() const noexcept
{
    std::size_t total = 0;
    for (auto const encoding : {Encoding::identity, Encoding::gzip, Encoding::zstd}) {
        auto const& form = at(encoding);
        if (has(encoding))
            total += form.bytes.capacity() + (form.file.load(std::memory_order_acquire) >= 0 ? form.bytes.size() : 0);
    }
    return total;
}

}  // namespace yihong::http
