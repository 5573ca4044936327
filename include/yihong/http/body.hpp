#pragma once

#include "yihong/base/result.hpp"
#include "yihong/compress/encoding.hpp"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace yihong::net {
class Pool;
}

/// What a reply sends: finished bytes, bytes that are made while they are sent, or a file.
namespace yihong::http {

/// An entity tag made from the bytes themselves: the same after a restart, and in another process, as long as they are.
[[nodiscard]] std::string tag_of(std::string_view bytes);

/// Finished bytes of a representation, made once, with compressed forms made at the first demand. Thread-safe, immutable to its users.
class Content {
public:
    explicit Content(std::string plain, std::string etag = {});
    ~Content();
    Content(Content const&) = delete;
    Content& operator=(Content const&) = delete;

    [[nodiscard]] std::string const& plain() const noexcept;
    [[nodiscard]] std::string const& gzip() const { return form(Encoding::gzip); }
    [[nodiscard]] std::string const& zstd() const { return form(Encoding::zstd); }
    /// The bytes in `encoding`. The first call for a compressed form makes it, about 10 ms a megabyte: not on an I/O thread when large.
    [[nodiscard]] std::string const& form(Encoding encoding) const;
    /// Whether `form(encoding)` is there already.
    [[nodiscard]] bool has(Encoding encoding) const noexcept;
    /// Without quotes; empty: none. The connection appends the encoding, so that each form has its own strong tag.
    [[nodiscard]] std::string const& etag() const noexcept { return etag_; }
    /// An open file with the bytes of a form that is asked for again and again: the kernel sends it without copying.
    /// \return -1 where there is none
    [[nodiscard]] int file(Encoding encoding) const noexcept;
    /// Counts one demand. \return true once, when a file begins to pay: the caller then calls `make_file` on a thread that may wait for the disk.
    [[nodiscard]] bool wants_file(Encoding encoding) const noexcept;
    /// Writes the nameless file of a form that is made already; nothing happens when the system or the budget has none to give.
    void make_file(Encoding encoding) const noexcept;
    /// Bytes held, all forms and files together.
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    struct Form;
    [[nodiscard]] Form& at(Encoding encoding) const noexcept;
    std::string etag_;
    std::unique_ptr<Form[]> forms_;  ///< by Encoding
};

/// Bytes that are made while they are sent. Used by one thread at a time, but not always the same; dies with the connection.
class BodySource {
public:
    virtual ~BodySource() = default;
    /// Appends the next bytes to `out`, best some 10 to 100 KB: asked again only when the client has taken what there was.
    /// \return whether there is more to come
    /// \throws to break off: the connection closes without the end that HTTP wants, so that the client notices
    virtual bool next(std::string& out) = 0;
};

/// A body of any length in bounded memory, compressed on its way where the client takes that and the type is worth it.
struct StreamBody {
    /// Called once, and not for HEAD or where the client has it already. May refer to the request. What it or the first piece throws is
    /// answered as an exception of a handler is.
    std::function<std::unique_ptr<BodySource>()> open;
    net::Pool* pool = nullptr;  ///< where `open` and `next` run; null: on the I/O thread, so they must be quick
    std::string etag = {};  ///< as that of Content
};

/// A file as it was when it was opened.
class OpenFile {
public:
    /// Waits for the disk. \return Errc::not_found where there is no regular file
    static Result<std::shared_ptr<OpenFile const>> open(std::filesystem::path const& path);
    /// Takes an open file over, which is closed where it is refused. \return Errc::not_found where it is no regular file
    static Result<std::shared_ptr<OpenFile const>> adopt(int descriptor);
    ~OpenFile();
    OpenFile(OpenFile const&) = delete;
    OpenFile& operator=(OpenFile const&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::time_t modified() const noexcept { return modified_; }
    /// Without quotes; another one after every change.
    [[nodiscard]] std::string const& etag() const noexcept { return etag_; }

private:
    OpenFile(int descriptor, std::uint64_t size, std::time_t modified, std::string etag)
        : descriptor_{descriptor}, size_{size}, modified_{modified}, etag_{std::move(etag)}
    {}
    int descriptor_;
    std::uint64_t size_;
    std::time_t modified_;
    std::string etag_;
};

/// A file, or the range of it that the client wants (RFC 9110 §14; one range: who asks for several gets the whole). The connection adds
/// ETag, Last-Modified, Accept-Ranges and Content-Range.
struct FileBody {
    std::shared_ptr<OpenFile const> file;
    std::string content_encoding = {};  ///< of the bytes in it; empty: none
};

using Body = std::variant<std::monostate, std::shared_ptr<Content const>, StreamBody, FileBody>;

}  // namespace yihong::http
