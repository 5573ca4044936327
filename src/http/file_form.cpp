#include "file_form.hpp"

#include "http_date.hpp"
#include "negotiate.hpp"

#include "yihong/base/text.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::http {
namespace {

namespace asio = boost::asio;

constexpr std::uint64_t stretch = 512 * 1024;      // sent, and read ahead, at a time

std::optional<std::uint64_t> number_of(std::string_view digits) noexcept
{
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

/// Whether a byte of the file can be had without waiting for the disk.
bool is_in_memory(int file, std::uint64_t offset) noexcept
{
    char byte = 0;
    iovec const room{&byte, 1};
    return ::preadv2(file, &room, 1, static_cast<off_t>(offset), RWF_NOWAIT) == 1;
}

/// Reads a stretch for nothing but to have it in memory. May wait for the disk.
void read_through(int file, FileRange part) noexcept
{
    std::array<char, 64 * 1024> piece;
    while (part.size > 0) {
        auto const most = static_cast<std::size_t>(std::min<std::uint64_t>(part.size, piece.size()));
        auto const read = ::pread(file, piece.data(), most, static_cast<off_t>(part.offset));
        if (read <= 0)
            return;                                // sending finds out
        part.offset += static_cast<std::uint64_t>(read);
        part.size -= static_cast<std::uint64_t>(read);
    }
}

/// If-Range (RFC 9110 §13.1.5): a part is of use only to who has the rest of the same file.
bool has_same_file(std::string_view if_range, std::string_view etag, std::string_view last_modified) noexcept
{
    auto const wanted = trimmed(if_range);
    return wanted.empty() || wanted == etag || wanted == last_modified;
}

bool is_known(Head const& head, std::string_view etag, std::string_view last_modified) noexcept
{
    if (!head.if_none_match.empty())
        return matches_etag(head.if_none_match, etag);
    return trimmed(head.if_modified_since) == last_modified;   // clients send back what they were given
}

}  // namespace

std::variant<std::monostate, FileRange, NotSatisfiable> read_range(std::string_view range, std::uint64_t size) noexcept
{
    constexpr std::string_view unit = "bytes=";
    if (range.size() <= unit.size() || !boost::beast::iequals(range.substr(0, unit.size()), unit))
        return {};
    auto const text = trimmed(range.substr(unit.size()));
    auto const dash = text.find('-');
    if (dash == std::string_view::npos)
        return {};
    auto const first = number_of(text.substr(0, dash));
    auto const last = number_of(text.substr(dash + 1));
    if (dash == 0) {
        if (!last)
            return {};
        auto const count = std::min(*last, size);
        if (count == 0)
            return NotSatisfiable{};
        return FileRange{size - count, count};
    }
    if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first))
        return {};
    if (*first >= size)
        return NotSatisfiable{};
    return FileRange{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

std::optional<FileForm> choose_file_form(Exchange const& exchange, Reply& reply, FileBody const& body)
{
    auto const& head = exchange.head;
    auto const& file = *body.file;
    FileForm chosen{.part = {0, file.size()}, .form = {}};
    chosen.form.content_encoding = body.content_encoding;
    chosen.form.length = file.size();
    bool const reads = head.method == Method::get || head.method == Method::head;
    if (!reads || reply.status != 200)
        return chosen;
    auto const last_modified = http_date(file.modified());
    chosen.form.etag = "\"" + file.etag() + "\"";
    reply.headers.emplace_back("Last-Modified", last_modified);
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    if (is_known(head, chosen.form.etag, last_modified)) {
        reply.status = 304;
        chosen.form.length = std::nullopt;
        return chosen;
    }
    if (head.method != Method::get || head.range.empty() || !has_same_file(head.if_range, chosen.form.etag, last_modified))
        return chosen;
    auto const range = read_range(head.range, file.size());
    auto const size = std::to_string(file.size());
    if (std::holds_alternative<NotSatisfiable>(range)) {
        reply = make_problem(416, "range_not_satisfiable", "the file has " + size + " bytes");
        reply.headers.emplace_back("Content-Range", "bytes */" + size);
        return std::nullopt;
    }
    if (auto const* const part = std::get_if<FileRange>(&range)) {
        chosen.part = *part;
        chosen.form.length = part->size;
        reply.status = 206;
        reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(part->offset) + "-" +
                                                        std::to_string(part->offset + part->size - 1) + "/" + size);
    }
    return chosen;
}

asio::awaitable<bool> send_file(Link& link, Output& output, Shared& shared, OpenFile const& file, FileRange part)
{
    auto const executor = link.socket.get_executor();
    bool first = true;
    for (;;) {
        FileRange const next{part.offset, std::min(part.size, stretch)};
        bool hopped = false;
        if (next.size > 0 &&
            !(is_in_memory(file.descriptor(), next.offset) && is_in_memory(file.descriptor(), next.offset + next.size - 1))) {
            auto job = [&file, next] {
                read_through(file.descriptor(), next);
                return true;
            };
            try {
                hopped = co_await shared.background.run(std::move(job));
            } catch (net::PoolBusy const&) {       // then the disk is waited for here
            }
        }
        if (first)
            output.put_file(file.descriptor(), next.offset, next.size);
        else
            output.put_more_file(file.descriptor(), next.offset, next.size);
        first = false;
        auto const written = output.write_some(link.socket);
        bool sent = written == Output::Written::all;
        if (written == Output::Written::blocked)
            sent = co_await output.write_rest(link, shared.options);
        part.offset += next.size;
        part.size -= next.size;
        if (!sent || part.size == 0)
            co_return sent;
        link.enter_handling();
        if (!hopped && written == Output::Written::all)
            co_await asio::post(executor, asio::use_awaitable);        // others on this thread have their turn
    }
}

}  // namespace yihong::http
