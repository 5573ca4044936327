#include "yihong/tiles_http/routes.hpp"

#include "yihong/base/text.hpp"
#include "yihong/cql2/filter.hpp"
#include "yihong/cql2/syntax.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/kept_reply.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/http/reply_cache.hpp"
#include "yihong/tiles/layer.hpp"

#include "documents.hpp"
#include "layer_cache.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace yihong::tiles_http {
namespace {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

constexpr std::string_view style_type = "application/vnd.mapbox.style+json";

/// What the address and the query name.
struct Arguments {
    std::string collection;
    std::string set;
    std::uint64_t level = 0, row = 0, column = 0;
    std::vector<std::string> collections;
    std::optional<TimeInterval> time;
    std::string filter;                            ///< CQL2 as text; empty: none
    bool is_mvt = true;                            ///< what `f` says of a tile: it has no other form
};

/// \return a failure whose detail begins with the parameter
Result<Expression> condition_of(std::string const& text, FeatureSource const& source)
{
    if (text.empty())
        return Expression{};
    auto const refused = [](Failure const& why) {
        // a property that is not there and a filter beyond the budget are wrong values, too
        return fail(why.code == Errc::bad_syntax ? why.code : Errc::bad_value, "filter: " + why.detail);
    };
    auto const tree = cql2::parse_text(text);
    if (!tree)
        return refused(tree.error());
    auto filter = cql2::make_filter(*tree, {.schema = &source.schema(), .features = source.metadata().count.value_or(1)});
    if (!filter)
        return refused(filter.error());
    return Expression{std::make_shared<cql2::Filter const>(*std::move(filter))};
}

Result<tiles::TileMatrixSet const*> find_set(std::string const& id)
{
    if (auto const* set = tiles::find_tile_matrix_set(id))
        return set;
    std::string all;
    for (auto const& set : tiles::tile_matrix_sets())
        all.append(all.empty() ? "" : ", ").append(set.id);
    return fail(Errc::not_found, "there is no tile matrix set " + http::quoted(id) + "; there are " + all);
}

std::string joined(std::vector<std::string> const& ids)
{
    std::string out;
    for (auto const& id : ids)
        out.append(out.empty() ? "" : ",").append(percent_encoded(id));
    return out;
}

std::shared_ptr<http::Content const> content_of(std::string bytes)
{
    auto tag = http::tag_of(bytes);
    return std::make_shared<http::Content const>(std::move(bytes), std::move(tag));
}

Reply document(std::string_view type, std::string text)
{
    Reply reply;
    reply.content_type = type;
    reply.body = content_of(std::move(text));
    return reply;
}

}  // namespace

std::span<std::string_view const> conformance_classes() noexcept
{
    static constexpr std::array<std::string_view, 11> classes{
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
        "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
        "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    };
    return classes;
}

bool has_tiles(FeatureSource const& collection) noexcept { return !collection.metadata().blocks; }

class Tiles::State {
public:
    State(Snapshot<Catalog> const& catalog, net::Pool& makers, TilesOptions options)
        : catalog_{catalog}, makers_{makers}, options_{std::move(options)}, layers_{options_.cache_bytes / 2},
          replies_{options_.cache_bytes / 2}
    {}

    /// What a request is about.
    Result<Subject> subject_of(Request const& request, Arguments const& of, bool is_collection) const
    {
        auto const catalog = catalog_.load();
        Subject subject{.options = options_, .root = request.root_url(), .sources = {}, .is_collection = is_collection};
        auto const add = [&](std::string const& id) {
            auto source = catalog->find(id);
            if (!source || !has_tiles(*source))
                return false;
            if (std::ranges::find(subject.sources, source) == subject.sources.end())
                subject.sources.push_back(std::move(source));
            return true;
        };
        if (is_collection) {
            if (!add(of.collection))
                return fail(Errc::not_found, "there is no collection " + http::quoted(of.collection) + " with tiles");
            return subject;
        }
        for (auto const& id : of.collections)
            if (!add(id)) {
                std::string all;
                for (auto const& one : catalog->collections)
                    if (has_tiles(*one))
                        all.append(all.empty() ? "" : ", ").append(one->metadata().id);
                return fail(Errc::bad_value,
                            "collections: there is no collection " + http::quoted(id) + " with tiles; those that have: " + all);
            }
        if (of.collections.empty())
            std::ranges::copy_if(catalog->collections, std::back_inserter(subject.sources),
                                 [&](auto const& one) { return has_tiles(*one) && !(options_.hide_empty && is_empty(*one)); });
        subject.selected = joined(of.collections);
        return subject;
    }

    /// \param write what is said of the subject in the grid
    Reply of_set(Request const& request, Arguments const& of, bool is_collection, std::string_view type,
                 std::string (*write)(Subject const&, tiles::TileMatrixSet const&)) const
    {
        auto const set = find_set(of.set);
        if (!set)
            return http::make_problem(set.error());
        auto const subject = subject_of(request, of, is_collection);
        return subject ? document(type, write(*subject, **set)) : http::make_problem(subject.error());
    }

    /// What is only about the grid that web maps have.
    Reply of_web_map(Request const& request, Arguments const& of, bool is_collection, std::string_view type,
                     std::string (*write)(Subject const&)) const
    {
        if (of.set != "WebMercatorQuad")
            return http::make_problem({Errc::not_found, "TileJSON and styles are of WebMercatorQuad only, not of " + http::quoted(of.set)});
        auto const subject = subject_of(request, of, is_collection);
        return subject ? document(type, write(*subject)) : http::make_problem(subject.error());
    }

    Reply sets(Request const& request, Arguments const& of, bool is_collection) const
    {
        auto const subject = subject_of(request, of, is_collection);
        return subject ? document(http::json_type, tile_sets_json(*subject)) : http::make_problem(subject.error());
    }

    /// \pre `request` and `of` outlive the coroutine
    asio::awaitable<Reply> tile(Request const& request, Arguments const& of, bool is_collection)
    {
        auto const set = find_set(of.set);
        if (!set)
            co_return http::make_problem(set.error());
        auto const subject = subject_of(request, of, is_collection);
        if (!subject)
            co_return http::make_problem(subject.error());
        auto const tile = tile_of(*subject, **set, of);
        if (!tile)
            co_return http::make_problem(tile.error());
        Wanted const wanted{*subject, **set, *tile, of, request.query_value("datetime")};
        if (auto const layers = kept_layers(wanted); !layers.empty())
            if (auto const kept = replies_.find(wanted.key(), version_of(layers)))
                co_return http::again(kept);
        auto const make = [&] { return make_reply(wanted); };
        auto made = co_await makers_.run(make);
        co_return made ? http::again(*std::move(made)) : http::make_problem(made.error());
    }

    [[nodiscard]] Statistics statistics() const { return {made_.load(), layers_.bytes() + replies_.bytes()}; }

private:
    using Layers = std::vector<std::shared_ptr<KeptLayer const>>;

    /// A tile of the sources of a subject.
    struct Wanted {
        Subject const& subject;
        tiles::TileMatrixSet const& set;
        tiles::Tile tile;
        Arguments const& arguments;
        std::string const* time_text;

        [[nodiscard]] std::string place() const
        {
            std::string out{set.id};
            for (auto const number : {static_cast<std::uint32_t>(tile.level), tile.row, tile.column})
                out.append("/").append(std::to_string(number));
            if (arguments.time)
                out.append("?").append(*time_text);
            return arguments.filter.empty() ? out : out.append("\n").append(arguments.filter);
        }
        [[nodiscard]] std::string key_of(FeatureSource const& source) const { return source.metadata().id + "\n" + place(); }
        [[nodiscard]] std::string key() const
        {
            std::string out;
            for (auto const& source : subject.sources)
                out.append(source->metadata().id).append("\n");
            return out.append(place());
        }
    };

    static Result<tiles::Tile> tile_of(Subject const& subject, tiles::TileMatrixSet const& set, Arguments const& of)
    {
        tiles::Tile const tile{static_cast<int>(of.level), static_cast<std::uint32_t>(of.row), static_cast<std::uint32_t>(of.column)};
        if (!set.has_level(tile.level))
            return fail(Errc::not_found, std::string{set.id} + " has the levels " + std::to_string(set.first_level) + " to " +
                                             std::to_string(set.last_level) + ", not " + std::to_string(of.level));
        auto const limits = limits_of(subject, set, tile.level);
        if (!limits.contains(tile))
            return fail(Errc::not_found, "on level " + std::to_string(tile.level) + " there are the rows " +
                                             std::to_string(limits.first_row) + " to " + std::to_string(limits.last_row) +
                                             " and the columns " + std::to_string(limits.first_column) + " to " +
                                             std::to_string(limits.last_column));
        return tile;
    }

    /// The layers where each of them is kept and holds for what its source is now; otherwise none.
    Layers kept_layers(Wanted const& wanted)
    {
        Layers all;
        for (auto const& source : wanted.subject.sources) {
            auto found = layers_.find(wanted.key_of(*source), source->metadata().version);
            if (!found.holds)
                return {};
            all.push_back(std::move(found.layer));
        }
        return all;
    }

    static std::string version_of(Layers const& layers)
    {
        std::string out;
        for (auto const& layer : layers)
            out.append(layer->content->etag()).append("\n");
        return out;
    }

    /// The layer of a source: the kept one where it shows what would be shown now.
    Result<std::shared_ptr<KeptLayer const>> layer_of(FeatureSource const& source, Wanted const& wanted)
    {
        auto const key = wanted.key_of(source);
        auto const& version = source.metadata().version;
        auto found = layers_.find(key, version);
        if (found.holds)
            return found.layer;
        FeatureQuery query;
        query.time = wanted.arguments.time;
        auto condition = condition_of(wanted.arguments.filter, source);
        if (!condition)
            return std::unexpected{std::move(condition.error())};
        query.filter = *std::move(condition);
        auto features = tiles::features_in(source, std::move(query), wanted.set, wanted.tile);
        if (!found.layer || found.layer->features != features) {
            auto bytes = tiles::encode_layer(source.metadata().id, features, wanted.set, wanted.tile);
            found.layer = std::make_shared<KeptLayer const>(std::move(features), content_of(std::move(bytes)));
            made_.fetch_add(1, std::memory_order_relaxed);
        }
        layers_.put(key, version, found.layer);
        return found.layer;
    }

    Result<std::shared_ptr<Reply const>> make_reply(Wanted const& wanted)
    {
        Layers layers;
        for (auto const& source : wanted.subject.sources) {
            auto layer = layer_of(*source, wanted);
            if (!layer)
                return std::unexpected{std::move(layer.error())};
            layers.push_back(*std::move(layer));
        }
        auto const version = version_of(layers);
        auto const key = wanted.key();
        if (auto kept = replies_.find(key, version))
            return kept;
        Reply reply;
        reply.content_type = tile_type;
        if (layers.size() == 1) {
            reply.body = layers.front()->content;
        } else {
            std::string bytes;
            for (auto const& layer : layers)
                bytes += layer->content->plain();
            reply.body = content_of(std::move(bytes));
        }
        auto made = http::keep(std::move(reply));
        replies_.put(key, version, made);
        return made;
    }

    Snapshot<Catalog> const& catalog_;
    net::Pool& makers_;
    TilesOptions const options_;
    LayerCache layers_;
    http::ReplyCache replies_;
    std::atomic<std::size_t> made_{0};
};

Tiles::Tiles(Snapshot<Catalog> const& catalog, net::Pool& makers, TilesOptions options)
    : state_{std::make_shared<State>(catalog, makers, std::move(options))}
{}

Tiles::Statistics Tiles::statistics() const { return state_->statistics(); }

std::string Tiles::metrics_text() const
{
    std::string text;
    http::append_metric(text, "yihong_tile_layers_made_total", "counter", "Layers of vector tiles that were made, not taken from memory",
                        static_cast<double>(statistics().made));
    return text;
}

namespace {

using Parameters = http::Parameters<Arguments>;

http::Parameter<Arguments> collection_parameter()
{
    return http::path("collectionId", {"集合标识，见 /collections", "id of a collection, as /collections lists it"}, http::text(),
                      &Arguments::collection);
}

http::Parameter<Arguments> set_parameter()
{
    auto reader = http::text();
    for (auto const& set : tiles::tile_matrix_sets())
        reader.schema.values.emplace_back(set.id);
    return http::path("tileMatrixSetId", {"瓦片矩阵集，见 /tileMatrixSets", "tile matrix set, as /tileMatrixSets lists it"},
                      std::move(reader), &Arguments::set);
}

http::Parameter<Arguments> selection_parameter()
{
    return http::query("collections", {"只要这些集合，以逗号分隔", "these collections only, by commas"}, http::list_of(http::text()),
                       &Arguments::collections);
}

Parameters tile_parameters()
{
    constexpr std::uint64_t most = 2'147'483'647;
    return {http::path("tileMatrix", {"级别", "level"}, http::whole_number(0, most), &Arguments::level),
            http::path("tileRow", {"行，自北向南", "row, from the north"}, http::whole_number(0, most), &Arguments::row),
            http::path("tileCol", {"列，自西向东", "column, from the west"}, http::whole_number(0, most), &Arguments::column),
            http::datetime<Arguments>({"要素的时间", "time of the features"}, &Arguments::time)};
}

http::Parameter<Arguments> tile_form_parameter()
{
    return http::query("f", {"返回格式：只有 MVT", "format of the reply: MVT only"}, http::one_of<bool>({{"mvt", true}}),
                       &Arguments::is_mvt);
}

http::Parameter<Arguments> filter_parameter()
{
    return http::query("filter", {"过滤条件（CQL2 文本，坐标为 CRS84）", "a condition in CQL2 as text, coordinates in CRS84"}, http::text(),
                       &Arguments::filter);
}

http::Declaration said_of(std::string path, std::string id, http::Text summary, std::string_view type = http::json_type)
{
    return {.path = std::move(path),
            .id = std::move(id),
            .tag = "Tiles",
            .summary = std::move(summary),
            .responses = {
                {200, {}, {{std::string{type}, type == tile_type ? R"({"type":"string","format":"binary"})" : R"({"type":"object"})"}}},
                {304},
                {404}}};
}

}  // namespace

std::vector<http::Route> Tiles::routes() const
{
    auto const& state = state_;
    std::vector<http::Route> all;
    for (bool const one : {true, false}) {                 // a collection, and all together
        std::string const base = one ? "/collections/{collectionId}/tiles" : "/tiles";
        std::string const kind = one ? "collection.vector." : "dataset.vector.";
        auto const named = [&](std::string_view what, http::Text said) {
            said.zh.insert(0, one ? "一个集合的" : "全部集合的");
            said.en.append(one ? " of a collection" : " of all collections");
            return std::pair{kind + std::string{what}, std::move(said)};
        };
        auto const with = [&](Parameters more) {
            if (one)
                more.insert(more.begin(), collection_parameter());
            else
                more.push_back(selection_parameter());
            return more;
        };
        auto const add = [&](std::string const& path, std::string_view what, http::Text said, Parameters parameters, std::string_view type,
                             auto handler) {
            auto [id, summary] = named(what, std::move(said));
            parameters.push_back(type == tile_type ? tile_form_parameter() : http::only_json<Arguments>());
            all.push_back(http::declare<Arguments>(said_of(base + path, std::move(id), std::move(summary), type),
                                                   with(std::move(parameters)), std::move(handler)));
        };
        add("", "getTileSetsList", {"瓦片集", "tile sets"}, {}, http::json_type,
            [state, one](Request const& request, Arguments const& of) { return state->sets(request, of, one); });
        add("/{tileMatrixSetId}", "getTileSet", {"一个瓦片集", "one tile set"}, {set_parameter()}, http::json_type,
            [state, one](Request const& request, Arguments const& of) {
                return state->of_set(request, of, one, http::json_type, tile_set_json);
            });
        add("/{tileMatrixSetId}/tilejson.json", "getTileJson", {" TileJSON 3.0", "TileJSON 3.0"}, {set_parameter()}, http::json_type,
            [state, one](Request const& request, Arguments const& of) {
                return state->of_web_map(request, of, one, http::json_type, tilejson);
            });
        add("/{tileMatrixSetId}/style.json", "getStyle", {"地图样式", "map style"}, {set_parameter()}, style_type,
            [state, one](Request const& request, Arguments const& of) {
                return state->of_web_map(request, of, one, style_type, style_json);
            });
        auto parameters = tile_parameters();
        parameters.insert(parameters.begin(), set_parameter());
        if (one)                                           // properties differ from collection to collection
            parameters.push_back(filter_parameter());
        add("/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "getTile", {"矢量瓦片", "vector tile"}, std::move(parameters), tile_type,
            [state, one](Request const& request, Arguments const& of) { return state->tile(request, of, one); });
    }
    all.push_back(http::declare<Arguments>(
        said_of("/tileMatrixSets", "getTileMatrixSetsList", {"瓦片矩阵集", "tile matrix sets"}), {http::only_json<Arguments>()},
        [](Request const& request, Arguments const&) { return document(http::json_type, tile_matrix_sets_json(request.root_url())); }));
    all.push_back(
        http::declare<Arguments>(said_of("/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", {"一个瓦片矩阵集", "a tile matrix set"}),
                                 {set_parameter(), http::only_json<Arguments>()}, [](Request const&, Arguments const& of) {
                                     auto const set = find_set(of.set);
                                     return set ? document(http::json_type, tile_matrix_set_json(**set)) : http::make_problem(set.error());
                                 }));
    return all;
}

}  // namespace yihong::tiles_http
