#include "content_form.hpp"

#include "negotiate.hpp"

namespace yihong::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t least_compressed = 512;      // smaller bodies fit one packet anyway
constexpr std::size_t compressed_here = 16 * 1024; // about 0.3 ms; larger ones go to the background thread

std::string tag_of(Content const& content, Encoding encoding)
{
    return "\"" + content.etag() + (encoding == Encoding::gzip ? "-gz\"" : encoding == Encoding::zstd ? "-zst\"" : "\"");
}

}  // namespace

ContentForm choose_form(Exchange const& exchange, Reply& reply, std::shared_ptr<Content const> content)
{
    auto const& head = exchange.head;
    ContentForm chosen;
    chosen.content = std::move(content);
    chosen.form.varies = chosen.content->plain().size() > least_compressed && is_compressible(reply.whole().content_type);
    if (chosen.form.varies)
        chosen.form.encoding = choose_encoding(exchange.request.accept_encoding);
    bool const reads = head.method == Method::get || head.method == Method::head;
    auto const& etag = chosen.content->etag();
    if (!reads || reply.status != 200 || etag.empty() || !is_safe_header("ETag", etag))
        return chosen;
    chosen.form.etag = tag_of(*chosen.content, chosen.form.encoding);
    if (!head.if_none_match.empty() && matches_etag(head.if_none_match, chosen.form.etag)) {
        reply.status = 304;
        chosen.content = nullptr;
    }
    return chosen;
}

bool needs_compression(ContentForm const& chosen) noexcept
{
    return chosen.content && chosen.content->plain().size() > compressed_here && !chosen.content->has(chosen.form.encoding);
}

asio::awaitable<void> compress(ContentForm& chosen, Shared& shared)
{
    try {
        auto job = [content = chosen.content, encoding = chosen.form.encoding] { return content->form(encoding).size(); };
        std::size_t const size = co_await shared.background.run(std::move(job));
        if (size > 0)
            co_return;
    } catch (net::PoolBusy const&) {
    }
    chosen.form.encoding = Encoding::identity;
    if (!chosen.form.etag.empty())
        chosen.form.etag = tag_of(*chosen.content, chosen.form.encoding);
}

asio::awaitable<void> make_file(ContentForm const& chosen, Shared& shared)
{
    try {
        auto job = [content = chosen.content, encoding = chosen.form.encoding] {
            content->make_file(encoding);
            return true;
        };
        co_await shared.background.run(std::move(job));
    } catch (net::PoolBusy const&) {                       // then it is copied, as before
    }
}

std::string_view finish_form(ContentForm& chosen)
{
    if (!chosen.content)
        return {};
    std::string_view const bytes = chosen.content->form(chosen.form.encoding);
    chosen.form.length = bytes.size();
    if (chosen.form.encoding != Encoding::identity)
        chosen.form.content_encoding = to_text(chosen.form.encoding);
    return bytes;
}

}  // namespace yihong::http
