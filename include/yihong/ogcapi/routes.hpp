#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/crs/transformers.hpp"
#include "yihong/features/source.hpp"
#include "yihong/http/declaration.hpp"
#include "yihong/http/html.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/state/catalog.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihong::ogcapi {

/// A link of the landing page to something beside the OGC API. `path` starts with `/` and is relative to the root of the service.
struct LandingLink {
    std::string path;
    std::string rel;                               ///< e.g. `related`
    std::string type;                              ///< media type
    std::string title;
};

/// How a feature stands on a small map: a class of the style sheet (`c1` to `c6`), and a letter or two, so that it is never told by colour alone.
struct Mark {
    std::string style = {};
    std::string label = {};
};

/// What the pages for people add to the data. Any part may be empty.
struct Presentation {
    /// The columns of a collection that matter, most first; the others follow on demand. Names that it does not have are passed over.
    std::function<std::vector<std::string>(std::string_view collection)> first_columns;
    /// How a value reads. \return nothing: as it is
    std::function<http::Html(Column const& column, Value const& value)> show;
    /// Where a feature leads to, beside what the OGC API has of it.
    std::function<std::vector<LandingLink>(FeatureSource const& collection, Feature const& feature)> leads_to;
    std::function<Mark(FeatureSource const& collection, Feature const& feature)> mark;
};

/// A collection that keeps its past as it was at a moment, by what was known at one; none: now. Never asked on an I/O thread.
/// \return null where there is nothing else to show than the collection itself
using Past = std::function<std::shared_ptr<FeatureSource const>(FeatureSource const& present, std::optional<UtcTime> at,
                                                                std::optional<UtcTime> known_at)>;

/// A collection that another face serves beside those of features.
struct OtherCollection {
    std::string id, title, description;
    std::string json;  ///< its whole document
};

struct OgcApiOptions {
    std::string title = "一泓 Yihong";
    http::Frame frame = {};  ///< of the pages
    std::string description = "水与空气自动监测数据 Water and air monitoring data";
    std::string attribution;
    std::string contact_name;
    std::string contact_url;
    std::string contact_email;
    std::string version = "0.1.0";  ///< of the service, in the OpenAPI document and in entity tags
    /// The reference systems of the features.
    std::shared_ptr<crs::Transformers const> transformers = std::make_shared<crs::Transformers const>(crs::Systems{});
    /// Collections without a feature are left out of `/`, `/collections` and `/api`; who asks for one by its name gets it all the same.
    bool hide_empty = false;
    bool public_reads = true;  ///< false: the OpenAPI document asks for a token on every read
    std::string access_key_parameter = "access_token";
    /// What the other routes of the service say of themselves: /api and /api.html tell of them as well.
    std::vector<http::Declaration> declarations;
    /// Trusted HTML for the page at `/`; `{root}` in it becomes the address of the service. May be empty.
    std::function<std::string(Catalog const&)> landing_html;
    /// The path that a browser at `/` is led to; empty: it is shown the landing page. With `f=html` it is that in any case.
    std::string home;
    std::vector<LandingLink> landing_links;
    /// What other faces have of a collection; a path is relative to the collection. May be empty.
    std::function<std::vector<LandingLink>(FeatureSource const&)> collection_links;
    std::vector<std::string> conformance;  ///< classes that other faces hold to, beside its own
    Presentation presentation;
    Past past;  ///< needed where a collection says that it keeps one
    /// Those beside the features, as they are now; asked on the readers' pool, since it may read a store. \param root `http://host[/prefix]`
    std::function<std::vector<OtherCollection>(std::string_view root)> other_collections;
    std::function<std::string()> other_version;  ///< differs whenever one of these does; asked on I/O threads
    std::filesystem::path work_folder = std::filesystem::temp_directory_path() / "yihong-exports";  ///< where files to take home are made
    std::size_t cache_bytes = 64U << 20U;  ///< finished replies kept, compressed forms included
    std::size_t page_bytes = 32U << 20U;  ///< a page of items ends early, with a `next` link, when it grows beyond
    std::size_t html_page_bytes = 4U << 20U;
};

/// OGC API - Features Part 1 over the current catalog, as JSON, GeoJSON and plain HTML:
/// `/`, `/conformance`, `/api`, `/api.html`, `/collections[/{id}[/items[/{id}]|/queryables|/schema]]`.
/// Finished replies are kept per root address, target, format and version, so a repeated request costs a look-up.
class OgcApi {
public:
    /// \param readers asks the collections that block \param long_readers for long pages and filters, and streams text
    /// \param heavy makes files to take home
    OgcApi(Snapshot<Catalog> const& catalog, net::Pool& readers, net::Pool& long_readers, net::Pool& heavy, OgcApiOptions options);

    /// Handlers answer at once on the I/O thread, but for collections that block. Catalog snapshot and pools must outlive them; this object need not.
    [[nodiscard]] std::vector<http::Route> routes() const;

    struct CacheStatistics {
        std::size_t hits = 0;
        std::size_t misses = 0;
        std::size_t bytes = 0;
    };
    [[nodiscard]] CacheStatistics cache_statistics() const;

private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace yihong::ogcapi
