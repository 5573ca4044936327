#include "head.hpp"

#include "target.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <array>

namespace yihong::http {
namespace {

namespace beast = boost::beast;
using beast::iequals;

constexpr std::size_t around_target = 64;          // method, version and blanks of the request line

constexpr std::array<bool, 256> token_bytes = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 256; ++c)
        table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   std::string_view{"!#$%&'*+-.^_`|~"}.find(static_cast<char>(c)) != std::string_view::npos;
    table[0] = false;
    return table;
}();

bool is_token(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return token_bytes[static_cast<unsigned char>(c)]; });
}

bool is_field_text(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte >= 0x20 ? byte != 0x7F : c == '\t';
    });
}

std::unexpected<Refusal> refuse(int status, std::string detail) { return std::unexpected{Refusal{status, std::move(detail)}}; }

/// The grammar of RFC 9112 §2-§5 without its leniencies: Beast joins folded lines, skips blanks and accepts more than is safe behind a proxy.
std::expected<void, Refusal> check_lines(std::string_view bytes, HeadLimits const& limits)
{
    auto const line_end = bytes.find("\r\n");
    auto const request_line = bytes.substr(0, line_end);
    auto const first_blank = request_line.find(' ');
    auto const last_blank = request_line.rfind(' ');
    if (first_blank == std::string_view::npos || first_blank == last_blank || !is_token(request_line.substr(0, first_blank)))
        return refuse(400, "request line: must be a method, a target and a version with single blanks between them");
    auto const target = request_line.substr(first_blank + 1, last_blank - first_blank - 1);
    auto const version = request_line.substr(last_blank + 1);
    if (target.size() > limits.target)
        return refuse(414, "request line: the target is too long");
    bool const clean =
        !target.empty() && std::ranges::all_of(target, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
    if (!clean)
        return refuse(400, "request line: blanks or control bytes in the target");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        bool const other = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
        return other ? refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here") : refuse(400, "request line: malformed version");
    }
    std::size_t count = 0;
    auto rest = bytes.substr(line_end + 2);
    while (!rest.starts_with("\r\n")) {
        auto const end = rest.find("\r\n");
        auto const line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        if (++count > limits.field_count)
            return refuse(431, "too many header fields");
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return refuse(400, "header field " + std::to_string(count) + ": malformed name, or a folded line");
        if (!is_field_text(line.substr(colon + 1)))
            return refuse(400, "header field " + std::to_string(count) + ": control bytes in the value");
    }
    return {};
}

/// Takes the fields from Beast's parser and judges those that frame the message.
class Collector : public beast::http::basic_parser<true> {
public:
    Collector(Head& result, std::string_view user_field) : head{result}, user_field_{user_field} {}

    Head& head;
    std::optional<Refusal> refusal;

private:
    using string_view = beast::string_view;
    using error_code = beast::error_code;

    void refuse_with(int status, std::string detail, error_code& ec)
    {
        refusal = Refusal{status, std::move(detail)};
        ec = beast::http::error::bad_value;
    }
    static void join(std::string& known, string_view value)
    {
        if (!known.empty())
            known += ", ";
        known += value;
    }
    void only_once(std::string& known, string_view name, string_view value, error_code& ec)
    {
        if (!known.empty())
            return refuse_with(400, std::string{name} + " is given twice", ec);
        known = value;
    }

    void on_request_impl(beast::http::verb method, string_view name, string_view target, int version, error_code&) override
    {
        using beast::http::verb;
        switch (method) {
        case verb::get: head.method = Method::get; break;
        case verb::head: head.method = Method::head; break;
        case verb::post: head.method = Method::post; break;
        case verb::put: head.method = Method::put; break;
        case verb::patch: head.method = Method::patch; break;
        case verb::delete_: head.method = Method::del; break;
        case verb::options: head.method = Method::options; break;
        default: break;
        }
        head.method_name = name;
        head.target = target;
        head.minor_version = version % 10;
    }

    void on_field_impl(beast::http::field field, string_view name, string_view value, error_code& ec) override
    {
        using beast::http::field;
        if (!user_field_.empty() && iequals({name.data(), name.size()}, user_field_))
            return only_once(head.user, name, value, ec);
        switch (field) {
        case field::host:
            if (host_seen_)
                return refuse_with(400, "Host is given twice", ec);
            host_seen_ = true;
            head.host = value;
            break;
        case field::content_length: {
            bool const digits =
                !value.empty() && value.size() <= 18 && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
            if (head.content_length || head.chunked)
                return refuse_with(400, "Content-Length is given twice or beside Transfer-Encoding", ec);
            if (!digits)
                return refuse_with(400, "Content-Length: must be a decimal number", ec);
            head.content_length = std::stoull(std::string{value});
            break;
        }
        case field::transfer_encoding:
            if (head.content_length || head.chunked)
                return refuse_with(400, "Transfer-Encoding is given twice or beside Content-Length", ec);
            if (head.minor_version == 0)
                return refuse_with(400, "Transfer-Encoding is unknown in HTTP/1.0", ec);
            if (!iequals(value, "chunked"))
                return refuse_with(400, "Transfer-Encoding: only `chunked` is understood", ec);
            head.chunked = true;
            break;
        case field::expect:
            if (!iequals(value, "100-continue"))
                return refuse_with(417, "Expect: only `100-continue` is understood", ec);
            head.expects_continue = head.minor_version == 1;
            break;
        case field::accept: join(head.accept, value); break;
        case field::accept_encoding: join(head.accept_encoding, value); break;
        case field::accept_language: join(head.accept_language, value); break;
        case field::authorization: only_once(head.authorization, name, value, ec); break;
        case field::cookie: head.cookie.append(head.cookie.empty() ? "" : "; ").append(value.data(), value.size()); break;
        case field::content_encoding: join(head.content_encoding, value); break;
        case field::content_type: only_once(head.content_type, name, value, ec); break;
        case field::if_none_match: join(head.if_none_match, value); break;
        case field::if_modified_since: head.if_modified_since = value; break;
        case field::if_range: head.if_range = value; break;
        case field::range: join(head.range, value); break;
        case field::upgrade: join(head.upgrade, value); break;
        case field::sec_websocket_key: only_once(head.websocket_key, name, value, ec); break;
        case field::sec_websocket_version: only_once(head.websocket_version, name, value, ec); break;
        case field::origin: only_once(head.origin, name, value, ec); break;
        case field::access_control_request_method: head.requested_method = value; break;
        case field::forwarded:
        case field::via: head.is_relayed = true; break;
        case field::unknown:
            if (iequals(name, "X-Forwarded-For"))
                join(head.forwarded_for, value);
            else if (iequals(name, "X-Forwarded-Proto"))
                join(head.forwarded_proto, value);
            else if (iequals(name, "X-Forwarded-Host"))
                join(head.forwarded_host, value);
            else if (iequals(name, "X-Forwarded-Prefix"))
                join(head.forwarded_prefix, value);
            else if (iequals(name, "Last-Event-ID"))
                only_once(head.last_event_id, name, value, ec);
            head.is_relayed = head.is_relayed || iequals(name, "X-Real-IP") || iequals(name.substr(0, 12), "X-Forwarded-");
            break;
        default: break;
        }
    }

    void on_header_impl(error_code& ec) override
    {
        if (head.minor_version == 1 && !host_seen_)
            return refuse_with(400, "HTTP/1.1 requires a Host field", ec);
        if (host_seen_ && !is_valid_host(head.host))
            return refuse_with(400, "Host: must be a name or an address with an optional port", ec);
        head.keep_alive = keep_alive();
        head.upgrades = upgrade();
    }

    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
    void on_finish_impl(error_code&) override {}

    std::string_view user_field_;
    bool host_seen_ = false;
};

}  // namespace

std::expected<std::size_t, Refusal> HeadScanner::scan(std::string_view bytes)
{
    while (scanned_ < bytes.size()) {
        auto const newline = bytes.find('\n', scanned_);
        if (newline == std::string_view::npos) {
            scanned_ = bytes.size();
            break;
        }
        scanned_ = newline + 1;
        if (newline == line_start_ || bytes[newline - 1] != '\r')
            return refuse(400, "lines must end with CR LF");
        bool const empty = newline - 1 == line_start_;
        line_start_ = scanned_;
        if (fields_start_ == 0) {
            if (empty)
                return refuse(400, "the request line is empty");
            fields_start_ = scanned_;
            if (fields_start_ > limits_->target + around_target)
                break;
        } else if (empty) {
            if (scanned_ - fields_start_ > limits_->fields)
                break;
            return scanned_;
        }
    }
    auto const first = bytes.empty() ? 'G' : bytes.front();
    if (!token_bytes[static_cast<unsigned char>(first)])
        return refuse(400, "this is not HTTP");
    if ((fields_start_ == 0 ? bytes.size() : fields_start_) > limits_->target + around_target)
        return refuse(414, "request line: the target is too long");
    if (fields_start_ != 0 && scanned_ - fields_start_ > limits_->fields)
        return refuse(431, "the header fields are too large");
    return std::size_t{0};
}

std::expected<Head, Refusal> parse_head(std::string_view bytes, HeadLimits const& limits)
{
    if (auto checked = check_lines(bytes, limits); !checked)
        return std::unexpected{std::move(checked.error())};
    std::expected<Head, Refusal> head{std::in_place};
    Collector collector{*head, limits.user_field};
    collector.header_limit(static_cast<std::uint32_t>(bytes.size() + 1));
    collector.body_limit(boost::none);  // the body is read elsewhere, by the limit of its route
    beast::error_code ec;
    collector.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, ec);
    if (collector.refusal)
        return std::unexpected{std::move(*collector.refusal)};
    if (ec)
        return refuse(400, "malformed request head: " + ec.message());
    if (!head->chunked && collector.chunked())
        return refuse(400, "Transfer-Encoding: only `chunked` is understood");
    return head;
}

}  // namespace yihong::http
