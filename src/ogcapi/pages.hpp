#pragma once

#include "links.hpp"
#include "query.hpp"
#include "select.hpp"

#include "yihong/ogcapi/routes.hpp"
#include "yihong/state/catalog.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The pages, each as JSON and as HTML from the same data and links. Pure: values in, text out.
namespace yihong::ogcapi {

inline constexpr std::string_view geojson_type = "application/geo+json";
inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view schema_type = "application/schema+json";
inline constexpr std::string_view html_type = "text/html";
inline constexpr std::string_view openapi_type = "application/vnd.oai.openapi+json;version=3.0";
inline constexpr std::string_view relations = "http://www.opengis.net/def/rel/ogc/1.0/";

/// What every page needs to know about the request.
struct Page {
    OgcApiOptions const& options;
    std::string root;                              ///< `http://host[/prefix]`
    std::string path;                              ///< percent-encoded, below the root
    http::Form format = http::Form::json;
    Given given;

    [[nodiscard]] std::string url() const { return root + path; }
    /// `self` and `alternate`, the JSON form being of `type`.
    [[nodiscard]] std::vector<Link> links(std::string_view type) const;
};

std::span<std::string_view const> conformance_classes() noexcept;
/// How the features of a reply are written.
FeatureForm form_of(crs::Transformers const& transformers, Query const& query);
std::string collection_url(std::string_view root, std::string_view id);
/// `水质断面 Water sections`
std::string title_of(FeatureSource const& collection);
std::string title_of(Column const& property);

/// `integer`, as JSON schemas and OpenAPI call it.
std::string_view type_name(AttributeType type) noexcept;
/// `date-time` or `date`; empty: none.
std::string_view format_name(AttributeType type) noexcept;

std::vector<Link> landing_links(Page const& page);
std::vector<Link> collection_links(FeatureSource const& collection, std::string_view root, OgcApiOptions const& options);
std::vector<Link> items_links(Page const& page, FeatureSource const& collection, Selection const& selection, Query const& query);
std::vector<Link> feature_links(Page const& page, FeatureSource const& collection, Query const& query);

namespace json {
std::string landing(Page const& page);
std::string conformance(Page const& page);
std::string functions(Page const& page);
std::string openapi(Page const& page, Catalog const& catalog);
std::string collections(Page const& page, Catalog const& catalog, std::span<OtherCollection const> others);
std::string collection(Page const& page, FeatureSource const& collection);
enum class SchemaKind { queryables, sortables, schema, feature };
std::string schema(Page const& page, FeatureSource const& collection, SchemaKind kind, Query const& query);
/// Cuts the selection when the page grows beyond the limit of bytes.
std::string items(Page const& page, FeatureSource const& collection, Selection& selection, Query const& query);
std::string feature(Page const& page, FeatureSource const& collection, Feature const& feature, Query const& query);
}  // namespace json

namespace html {
std::string landing(Page const& page, Catalog const& catalog, Catalog const& listed);
std::string conformance(Page const& page);
std::string functions(Page const& page);
std::string api(Page const& page, Catalog const& catalog);
std::string collections(Page const& page, Catalog const& catalog, std::span<OtherCollection const> others);
std::string collection(Page const& page, FeatureSource const& collection);
/// Of a collection that another face serves.
std::string collection(Page const& page, OtherCollection const& collection);
std::string schema(Page const& page, FeatureSource const& collection, json::SchemaKind kind);
/// \param catalog whose lines and areas lie behind the features on the map of the page
std::string items(Page const& page, Catalog const& catalog, FeatureSource const& collection, Selection& selection, Query const& query);
std::string feature(Page const& page, FeatureSource const& collection, Feature const& feature, Query const& query);
}  // namespace html

}  // namespace yihong::ogcapi
