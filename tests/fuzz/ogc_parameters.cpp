// fuzzes: ogcapi
// First line: a target below /collections/rivers (path and query, percent-encoded). Second line: the Accept header.
#include "yihong/ogcapi/routes.hpp"

#include "../answer.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace yihong;

std::shared_ptr<Catalog const> make_catalog()
{
    auto layer = std::make_shared<Layer>();
    layer->id = "rivers";
    layer->title = "河流";
    layer->geometry_type = GeometryType::polygon;
    layer->attributes = {{"name", "", AttributeType::text},   {"rank", "", AttributeType::integer},
                         {"length", "", AttributeType::real}, {"seasonal", "", AttributeType::boolean},
                         {"since", "", AttributeType::date},  {"seen", "", AttributeType::date_time}};
    Geometry const square = Polygon{{{{110, 35}, {111, 35}, {111, 36}, {110, 36}, {110, 35}}}};
    layer->features.push_back(
        {"1",
         square,
         {},
         {std::string{"涑水河"}, std::int64_t{3}, 1.5, true, std::string{"2024-01-01"}, std::string{"2024-01-01T00:00:00Z"}}});
    layer->features.push_back({"2", {}, {}, {}});
    layer->features.push_back({"a b", square, {}, {std::string{"<x>"}, std::int64_t{-1}, -0.0, false, {}, std::string{"never"}}});
    auto catalog = std::make_shared<Catalog>();
    catalog->collections.push_back(make_layer_collection(layer, "1"));
    catalog->version = "1";
    return catalog;
}

/// As the edge decodes: escapes, a plus sign as a blank.
std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::strtoul(std::string{text.substr(i + 1, 2)}.c_str(), nullptr, 16));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

/// What is made while it is sent.
std::string text_of(http::StreamBody const& body)
{
    std::string text;
    auto const source = body.open();
    while (source->next(text)) {
    }
    return text;
}

void check(bool holds)
{
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static Snapshot<Catalog> const catalog{make_catalog()};
    static auto& readers = *new net::Pool{1, 4};  // to the very end: libcrypto, which its thread uses, leaves before what is static here
    static http::Router const router{ogcapi::OgcApi{catalog, readers, readers, readers, {}}.routes()};

    std::string_view const input{reinterpret_cast<char const*>(data), size};
    auto const line = input.find('\n');
    std::string_view const target = input.substr(0, line);
    auto const question = target.find('?');
    http::Request request;
    request.host = "fuzz.example";
    request.path = "/collections/rivers" + decoded(target.substr(0, question));
    request.accept = line == std::string_view::npos ? std::string{} : std::string{input.substr(line + 1)};
    if (question != std::string_view::npos) {
        request.query_text = target.substr(question + 1);
        for (std::string_view rest = request.query_text; !rest.empty();) {
            auto const piece = rest.substr(0, rest.find('&'));
            rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
            auto const equals = piece.find('=');
            request.query.emplace_back(decoded(piece.substr(0, equals)),
                                       equals == std::string_view::npos ? std::string{} : decoded(piece.substr(equals + 1)));
        }
    }
    auto const match = router.find(http::Method::get, request.path);
    if (match.route == nullptr)
        return 0;
    request.path_parameters = match.parameters;
    auto const answer = [&] { return yihong::testing::answer_of(*match.route, request); };
    auto const first = answer();
    auto const again = answer();
    check(first.status == 200 || first.status == 400 || first.status == 404 || first.status == 406);
    if (auto const* const made = std::get_if<http::FileBody>(&first.body)) {  // of a format that only a file has, kept for who asks again
        check(first.status == 200 && made->file && made->file == std::get<http::FileBody>(again.body).file);
    } else if (auto const* const stream = std::get_if<http::StreamBody>(&first.body)) {
        check(first.status == 200 && text_of(*stream) == text_of(std::get<http::StreamBody>(again.body)));
    } else {
        check(first.content() && first.content()->plain() == again.content()->plain());
        check(first.status != 200 || !first.content()->etag().empty());
    }
    for (auto const& [name, value] : first.headers)
        for (char const c : value)
            check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    return 0;
}
