#include "yihong/ogcapi/routes.hpp"

#include "yihong/http/declare.hpp"
#include "yihong/http/kept_reply.hpp"
#include "yihong/http/page.hpp"
#include "yihong/http/reply_cache.hpp"

#include "downloads.hpp"
#include "pages.hpp"
#include "resources.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <expected>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

namespace yihong::ogcapi {
namespace {

/// A catalog, what lists show of it, and the version of everything that is served of it.
struct View {
    std::shared_ptr<Catalog const> catalog;
    std::shared_ptr<Catalog const> listed;
    std::string version;
};

std::string version_of(Catalog const& catalog)
{
    auto all = catalog.version;
    for (auto const& collection : catalog.collections)
        all.append("\n").append(collection->metadata().version);
    return all;
}

/// The path as it stands in a URL.
std::string encoded_path(std::string_view path)
{
    std::string out;
    for (auto const segment : split(path.substr(1), '/'))
        out.append("/").append(percent_encoded(segment));
    return out;
}

/// What an address of items may end in, and which form that is.
std::vector<std::pair<std::string_view, std::string_view>> endings()
{
    std::vector<std::pair<std::string_view, std::string_view>> all{{".json", "json"}, {".geojson", "json"}, {".html", "html"}};
    for (auto const& format : formats::all_formats())
        all.emplace_back(format.extension, format.name);
    return all;
}

http::Reply not_found(std::string detail) { return http::make_problem({Errc::not_found, std::move(detail)}); }

}  // namespace

class OgcApi::State {
    static OgcApiOptions with_own_routes(OgcApiOptions options, std::vector<DeclaredResource> const& own)
    {
        std::vector<http::Declaration> all;
        for (auto const& resource : own)
            all.push_back(resource.declaration);
        std::ranges::move(options.declarations, std::back_inserter(all));
        options.declarations = std::move(all);
        return options;
    }

public:
    State(Snapshot<Catalog> const& catalog, net::Pool& readers, net::Pool& long_readers, net::Pool& heavy, OgcApiOptions options)
        : transformers_{options.transformers}, resources_{declared_resources(transformers_->systems())},
          options_{with_own_routes(std::move(options), resources_)}, catalog_{catalog}, readers_{readers}, long_readers_{long_readers},
          downloads_{transformers_, long_readers, heavy, options_.work_folder}, view_{std::make_shared<View const>()},
          cache_{options_.cache_bytes}
    {}

    /// \pre the request outlives the coroutine
    boost::asio::awaitable<http::Reply> serve(http::Request const& request, DeclaredResource const& resource)
    {
        auto const view = current_view();
        std::shared_ptr<FeatureSource const> collection;
        if (!request.path_parameters.empty()) {
            collection = view->catalog->find(request.path_parameters.front());
            if (!collection && resource.resource != Resource::collection)
                co_return not_found("there is no collection \"" + to_valid_utf8(request.path_parameters[0]) + "\"");
        }
        if (resource.resource == Resource::items)
            if (auto const moment = asked_moment(request); moment.at || moment.known_at) {
                if (moment.known_at && !collection->metadata().keeps_past)
                    co_return http::make_problem({Errc::bad_value, "asof: collection \"" + collection->metadata().id +
                                                                       "\" keeps no past; those of sites, of records and of periods do"});
                auto const find = [&] { return options_.past(*collection, moment.at, moment.known_at); };
                auto past = collection->metadata().keeps_past ? co_await readers_.run(find) : nullptr;
                if (past)
                    collection = std::move(past);
            }
        bool const asks_others = options_.other_collections && !collection && lists_collections(resource.resource);
        std::string const with_others = asks_others ? view->version + "\n" + options_.other_version() : std::string{};
        std::string_view const version = collection ? collection->metadata().version : asks_others ? with_others : view->version;
        auto const accepted = negotiate(request.accept);

        std::string key;
        key.reserve(request.scheme.size() + request.host.size() + request.base_path.size() + request.path.size() +
                    request.query_text.size() + 8);
        key.append(request.scheme)
            .append("://")
            .append(request.host)
            .append(request.base_path)
            .append(request.path)
            .append("\n")
            .append(request.query_text)
            .append(!accepted                       ? " -"
                    : *accepted == http::Form::json ? " j"
                                                    : " h")
            .append(asked_profile(request.accept) == Profile::flat ? "" : "s")
            .append(asks_single_types(request.accept) ? "t" : "");
        bool const is_kept = !collection || !version.empty();
        bool const is_items = resource.resource == Resource::items;
        bool const prefers_file = is_items && formats::preferred_format(request.accept) != nullptr;
        if (is_kept && !prefers_file)
            if (auto const kept = cache_.find(key, version))
                co_return http::again(kept);
        if (is_items && (prefers_file || names_format(request))) {
            auto reply = co_await download(request, resource, collection, std::move(key));
            if (reply)
                co_return *std::move(reply);
            key = {};                                      // `f` names a page after all
        }

        auto const made_now = [&] {
            auto const others = asks_others ? options_.other_collections(request.root_url()) : std::vector<OtherCollection>{};
            return make(request, resource, *view, collection.get(), others, accepted);
        };
        bool const blocks =
            asks_others || (collection && asks_features(resource.resource) && (collection->metadata().blocks || takes_long(request)));
        auto& readers = is_long(request) ? long_readers_ : readers_;
        auto made = blocks ? co_await readers.run(made_now) : made_now();
        if (!made)
            co_return std::move(made.error());
        auto tag = http::tag_of(made->body);
        made->reply.body = std::make_shared<http::Content const>(std::move(made->body), std::move(tag));
        auto kept = http::keep(std::move(made->reply));
        if (is_kept && !key.empty())
            cache_.put(key, version, kept);
        co_return http::again(std::move(kept));
    }

    /// The same where the address ends in the extension of a form: `items.csv` is `items?f=csv`.
    boost::asio::awaitable<http::Reply> serve_in(http::Request request, DeclaredResource const& resource, std::string_view form)
    {
        request.path.erase(request.path.rfind('.'));
        request.query.emplace_back("f", form);
        request.query_text.append(request.query_text.empty() ? "f=" : "&f=").append(form);
        co_return co_await serve(request, resource);
    }

    [[nodiscard]] std::vector<DeclaredResource> const& resources() const noexcept { return resources_; }
    [[nodiscard]] CacheStatistics statistics() const { return {cache_.hits(), cache_.misses(), cache_.bytes()}; }

private:
    static bool asks_features(Resource resource) noexcept { return resource == Resource::items || resource == Resource::feature; }

    static bool lists_collections(Resource resource) noexcept
    {
        return resource == Resource::collections || resource == Resource::collection;
    }

    /// PROJ may have to make a transformation first, and a filter may look at every feature: either takes longer than an I/O thread has.
    static bool takes_long(http::Request const& request) noexcept
    {
        return gives(request.query, "crs") || gives(request.query, "bbox-crs") || gives(request.query, "filter");
    }

    /// Whether it may read a lot: those are among themselves, so that nobody waits behind them.
    static bool is_long(http::Request const& request) noexcept
    {
        constexpr std::size_t short_page = 1000;
        std::size_t limit = 0;
        if (auto const* const text = request.query_value("limit"))
            std::from_chars(text->data(), text->data() + text->size(), limit);
        return limit > short_page || gives(request.query, "filter");
    }

    static bool names_format(http::Request const& request) noexcept
    {
        auto const* f = request.query_value("f");
        return f != nullptr && formats::find_format(*f) != nullptr;
    }

    /// Nothing of a file is cut in silence: it has all features or as many as are asked for, more than a page may have, too.
    static std::size_t limit_of_file(Query const& query)
    {
        auto const limit = std::ranges::find(query.given, "limit", &Given::value_type::first);
        std::size_t count = FeatureQuery::no_limit;
        if (limit == query.given.end())
            return count;
        auto const& text = limit->second;  // which was read before; what is too large leaves the count as it is
        std::from_chars(text.data(), text.data() + text.size(), count);
        return count;
    }

    /// The items as a file; nothing where the request wants a page of them.
    boost::asio::awaitable<std::optional<http::Reply>> download(http::Request const& request, DeclaredResource const& resource,
                                                                std::shared_ptr<FeatureSource const> collection, std::string key)
    {
        auto const read = [&] { return read_query(request, resource.parameters, *transformers_, collection.get()); };
        auto query = takes_long(request) ? co_await readers_.run(read) : read();
        if (!query)
            co_return http::make_problem(query.error());
        if (!query->download)
            co_return std::nullopt;
        query->features.limit = limit_of_file(*query);
        auto const* format = query->download;
        co_return co_await downloads_.serve({std::move(collection), *std::move(query), format}, std::move(key), request);
    }

    std::shared_ptr<View const> current_view()
    {
        auto catalog = catalog_.load();
        auto view = view_.load();
        if (view->catalog != catalog) {
            auto listed = options_.hide_empty ? without_empty(*catalog) : catalog;
            view = std::make_shared<View const>(catalog, std::move(listed), version_of(*catalog));
            view_.publish(view);
        }
        return view;
    }

    [[nodiscard]] http::Reply to_home(http::Request const& request) const
    {
        http::Reply reply;
        reply.status = 303;
        reply.headers = {{"Location", request.base_path + options_.home}, {"Vary", "Accept"}};
        return reply;
    }

    struct Made {
        http::Reply reply;  // without content
        std::string body;
    };

    /// The reply of a request that the cache does not know, or the problem with it.
    std::expected<Made, http::Reply> make(http::Request const& request, DeclaredResource const& declared, View const& view,
                                          FeatureSource const* collection, std::span<OtherCollection const> others,
                                          std::optional<http::Form> accepted) const
    {
        auto const resource = declared.resource;
        auto const& listed = *view.listed;
        bool const is_items = resource == Resource::items;
        bool const is_feature = resource == Resource::feature;
        OtherCollection const* other = nullptr;
        if (resource == Resource::collection && collection == nullptr) {
            auto const& id = request.path_parameters.front();
            auto const found = std::ranges::find(others, id, &OtherCollection::id);
            if (found == others.end())
                return std::unexpected{not_found("there is no collection \"" + to_valid_utf8(id) + "\"")};
            other = &*found;
        }
        auto query = read_query(request, declared.parameters, *transformers_, is_items ? collection : nullptr);
        if (!query)
            return std::unexpected{http::make_problem(query.error())};
        if (resource == Resource::api_html)
            accepted = http::Form::html;
        if (query->format)
            accepted = query->format;
        if (!accepted)
            return std::unexpected{http::make_problem(406, "not_acceptable", "this resource has JSON and HTML; Accept allows neither")};

        if (resource == Resource::landing && *accepted == http::Form::html && !query->format && !options_.home.empty())
            return std::unexpected{to_home(request)};

        Page const page{options_, request.root_url(), encoded_path(request.path), *accepted, query->given};
        bool const as_json = *accepted == http::Form::json;
        auto const body = [&]() -> std::pair<std::string_view, std::string> {
            auto const schema = [&](json::SchemaKind kind) -> std::pair<std::string_view, std::string> {
                return {schema_type, as_json ? json::schema(page, *collection, kind, *query) : html::schema(page, *collection, kind)};
            };
            switch (resource) {
            case Resource::landing: return {json_type, as_json ? json::landing(page) : html::landing(page, *view.catalog, listed)};
            case Resource::conformance: return {json_type, as_json ? json::conformance(page) : html::conformance(page)};
            case Resource::api:
            case Resource::api_html: return {openapi_type, as_json ? json::openapi(page, listed) : html::api(page, listed)};
            case Resource::collections:
                return {json_type, as_json ? json::collections(page, listed, others) : html::collections(page, listed, others)};
            case Resource::collection:
                if (other != nullptr)
                    return {json_type, as_json ? other->json : html::collection(page, *other)};
                return {json_type, as_json ? json::collection(page, *collection) : html::collection(page, *collection)};
            case Resource::functions: return {json_type, as_json ? json::functions(page) : html::functions(page)};
            case Resource::queryables: return schema(json::SchemaKind::queryables);
            case Resource::sortables: return schema(json::SchemaKind::sortables);
            case Resource::schema: return schema(json::SchemaKind::schema);
            case Resource::feature_schema: return schema(json::SchemaKind::feature);
            case Resource::items:
            case Resource::feature: break;
            }
            std::unreachable();  // both are made below
        };

        Made made;
        std::string_view type = geojson_type;
        std::vector<Link> links;
        if (is_items) {
            query->features.lead = as_json && !query->features.after;
            auto selection = select(*collection, query->features);
            made.body = as_json ? json::items(page, *collection, selection, *query)
                                : html::items(page, *view.catalog, *collection, selection, *query);
            links = items_links(page, *collection, selection, *query);
        } else if (is_feature) {
            auto const feature = collection->find(request.path_parameters.at(1));
            if (!feature)
                return std::unexpected{not_found("collection \"" + collection->metadata().id + "\" has no feature \"" +
                                                 to_valid_utf8(request.path_parameters[1]) + "\"")};
            made.body = as_json ? json::feature(page, *collection, *feature, *query) : html::feature(page, *collection, *feature, *query);
            links = feature_links(page, *collection, *query);
        } else {
            std::tie(type, made.body) = body();
            links = resource == Resource::landing ? landing_links(page) : page.links(type);
        }
        made.reply.content_type = as_json ? std::string{type} : std::string{html_type} + "; charset=utf-8";
        made.reply.headers.emplace_back("Link", link_header(links));
        if (as_json && (is_items || is_feature))
            made.reply.headers.emplace_back("Content-Crs", "<" + (query->crs ? query->crs->uri : std::string{crs::crs84}) + ">");
        made.reply.headers.emplace_back("Vary", "Accept");
        if (!as_json)
            made.reply.headers.emplace_back("Content-Security-Policy", http::page_policy());
        return made;
    }

    std::shared_ptr<crs::Transformers const> const transformers_;  // before the resources, whose parameters refer to its systems
    std::vector<DeclaredResource> const resources_;
    OgcApiOptions const options_;
    Snapshot<Catalog> const& catalog_;
    net::Pool& readers_;
    net::Pool& long_readers_;
    Downloads downloads_;
    Snapshot<View> view_;
    http::ReplyCache cache_;
};

OgcApi::OgcApi(Snapshot<Catalog> const& catalog, net::Pool& readers, net::Pool& long_readers, net::Pool& heavy, OgcApiOptions options)
    : state_{std::make_shared<State>(catalog, readers, long_readers, heavy, std::move(options))}
{}

std::vector<http::Route> OgcApi::routes() const
{
    std::vector<http::Route> routes;
    for (auto const& resource : state_->resources()) {
        auto const route = http::declared_route(
            resource.declaration,
            http::WaitingHandler{[state = state_, &resource](http::Request const& request) { return state->serve(request, resource); }});
        routes.push_back(route);
        if (resource.resource != Resource::items)
            continue;
        for (auto const& [ending, form] : endings()) {
            auto& same = routes.emplace_back(route);
            same.pattern += ending;
            same.handler = http::WaitingHandler{
                [state = state_, &resource, form](http::Request const& request) { return state->serve_in(request, resource, form); }};
        }
    }
    return routes;
}

OgcApi::CacheStatistics OgcApi::cache_statistics() const { return state_->statistics(); }

}  // namespace yihong::ogcapi
