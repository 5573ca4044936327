#include "file_text.hpp"

#include <iconv.h>

#include <stdexcept>

namespace yihong {

Result<void> FileText::open(std::filesystem::path const& path)
{
    std::error_code ec;
    size_ = std::filesystem::file_size(path, ec);
    if (!ec)
        file_.open(path, std::ios::binary);
    if (ec || !file_)
        return fail(Errc::broken_file, path.string() + ": cannot be read" + (ec ? ": " + ec.message() : ""));
    load();
    plain_ = detect_encoding(waiting_) == Encoding::identity;
    inflater_ = Inflater{detect_encoding(waiting_)};
    return {};
}

Result<void> FileText::read(std::string& text, std::size_t bytes)
{
    std::size_t const enough = text.size() + bytes;
    while (text.size() < enough && !done_) {
        if (waiting_.empty())
            load();
        bool const last = waiting_.empty();
        if (last && !inflater_.complete())
            return fail(Errc::broken_file, "the file is cut short at byte " + std::to_string(read_));
        if (auto added = inflater_.add(waiting_, text, enough); !added)
            return fail(Errc::broken_file, added.error().detail + " near byte " + std::to_string(read_));
        done_ = last;
    }
    return {};
}

bool FileText::skip(std::uint64_t bytes)
{
    if (!plain_ || bytes < waiting_.size() || read_ + (bytes - waiting_.size()) > size_)
        return false;
    read_ += bytes - waiting_.size();
    waiting_ = {};
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(read_));
    return true;
}

void FileText::load()
{
    chunk_.resize(piece_bytes);
    file_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
    if (file_.bad())
        throw std::runtime_error{"reading the archive failed at byte " + std::to_string(read_)};
    chunk_.resize(static_cast<std::size_t>(file_.gcount()));
    waiting_ = chunk_;
    read_ += chunk_.size();
}

std::optional<std::string> from_gb18030(std::string_view text)
{
    iconv_t const converter = iconv_open("UTF-8", "GB18030");
    if (converter == reinterpret_cast<iconv_t>(-1))
        throw std::runtime_error{"iconv knows no GB18030: the C library's locale modules are missing"};
    std::string out(text.size() * 2 + 16, '\0');        // two bytes become three, four become four, one stays
    char* in = const_cast<char*>(text.data());            // iconv's old signature; it only reads
    char* to = out.data();
    std::size_t in_left = text.size(), out_left = out.size();
    std::size_t const failed = iconv(converter, &in, &in_left, &to, &out_left);
    iconv_close(converter);
    if (failed == static_cast<std::size_t>(-1) || in_left > 0)
        return std::nullopt;
    out.resize(out.size() - out_left);
    return out;
}

}  // namespace yihong
