#include "yihong/http/body.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace yihong::http {
namespace {

void append_hex(std::string& out, std::uint64_t number)
{
    std::array<char, 16> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr);
}

}  // namespace

Result<std::shared_ptr<OpenFile const>> OpenFile::open(std::filesystem::path const& path)
{
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail(Errc::not_found, "there is no such file");
    return adopt(descriptor);
}

Result<std::shared_ptr<OpenFile const>> OpenFile::adopt(int descriptor)
{
    struct stat about{};
    if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        ::close(descriptor);
        return fail(Errc::not_found, "there is no such file");
    }
    std::string etag;
    append_hex(etag, about.st_ino);
    etag += '-';
    append_hex(etag, static_cast<std::uint64_t>(about.st_mtim.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(about.st_mtim.tv_nsec));
    etag += '-';
    append_hex(etag, static_cast<std::uint64_t>(about.st_size));
    return std::shared_ptr<OpenFile const>{
        new OpenFile{descriptor, static_cast<std::uint64_t>(about.st_size), about.st_mtim.tv_sec, std::move(etag)}};
}

OpenFile::~OpenFile() { ::close(descriptor_); }

}  // namespace yihong::http
