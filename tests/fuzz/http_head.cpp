// fuzzes: http
#include "../../src/http/body_reader.hpp"
#include "../../src/http/head.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using yihong::Encoding;
using namespace yihong::http;

/// Head and body of one request, fed in pieces of `step` bytes; a text that must not depend on `step`.
std::string outcome(std::string_view bytes, std::size_t step)
{
    HeadLimits const limits{.target = 200, .fields = 1000, .field_count = 10};
    HeadScanner scanner{limits};
    std::size_t end = 0;
    for (std::size_t seen = std::min(step, bytes.size()); end == 0; seen = std::min(seen + step, bytes.size())) {
        auto const found = scanner.scan(bytes.substr(0, seen));
        if (!found)
            return "refused";
        end = *found;
        if (end == 0 && seen == bytes.size())
            return "more";
    }
    auto const head = parse_head(bytes.substr(0, end), limits);
    if (!head)
        return "refused";
    if (head->chunked && (head->content_length || head->minor_version == 0))
        std::abort();
    if (head->minor_version == 1 && head->host.empty())
        std::abort();
    auto const coding = head->content_encoding == "gzip"   ? Encoding::gzip
                        : head->content_encoding == "zstd" ? Encoding::zstd
                                                           : Encoding::identity;
    BodyReader body{*head, coding, 5000};
    std::string text = head->method_name + " " + head->target + " ";
    std::size_t at = end;
    while (!body.done()) {
        if (at == bytes.size())
            return text + "more";
        auto const used = body.feed(bytes.substr(at, step));
        if (!used)
            return text + "refused";                   // too large or damaged: the cut decides which shows first
        at += *used;
    }
    auto const content = body.take();
    if (content.size() > 5000)
        std::abort();
    return text + std::to_string(at) + " " + content;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes{reinterpret_cast<char const*>(data), size};
    if (bytes.empty())
        return 0;
    if (outcome(bytes, bytes.size()) != outcome(bytes, 1) || outcome(bytes, 7) != outcome(bytes, 1))
        std::abort();
    return 0;
}
