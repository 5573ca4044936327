#include "pages.hpp"
#include "parameters.hpp"

#include "yihong/http/openapi.hpp"

#include <algorithm>
#include <map>

namespace yihong::ogcapi {
namespace {

http::ParameterText parameter_of(Column const& property)
{
    http::ParameterText said{.name = property.name, .schema = {.type = "string"}, .text = {title_of(property), {}}};
    if (!property.is_list()) {
        said.schema.type = std::string{type_name(property.type)};
        said.schema.format = std::string{format_name(property.type)};
    }
    return said;
}

/// Components have ASCII names; what is called otherwise stands where it is used.
bool may_name_component(std::string_view name) noexcept
{
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

/// The items of each collection with its queryables as parameters: clients that look for the path of their collection (GDAL) send conditions on
/// them to the service instead of reading everything. A property that collections share stands in the document once.
class ItemsPaths {
public:
    explicit ItemsPaths(crs::Systems const& systems) : common_{items_parameters(systems)}
    {
        // these paths tell clients of properties; what is about one format, and another name of offset, stand at the path of all collections
        std::erase_if(common_, [](auto const& parameter) { return parameter.text.name == "bom" || parameter.text.name == "startindex"; });
    }

    void add(FeatureSource const& collection)
    {
        auto const& id = collection.metadata().id;
        std::string text;
        JsonWriter json{text};
        json.begin_object().key("get").begin_object().key("tags").begin_array().value("Data").end_array();
        json.member("summary", title_of(collection)).member("operationId", "getFeatures." + id).member("x-scope", "read");
        json.key("parameters").begin_array();
        for (auto const& parameter : common_)
            if (parameter.text.name != "asof" || collection.metadata().keeps_past)
                http::write_parameter_or_reference(json, parameter.text);
        for (auto const& property : collection.schema().columns())
            if (is_queryable(property) && !property.repeats) {
                parameters.push_back(shared(parameter_of(property), id));
                http::write_parameter_or_reference(json, parameters.back());
            }
        json.end_array()
            .key("responses")
            .raw(
                R"({"200":{"description":"OK","content":{"application/geo+json":{"schema":{"$ref":"#/components/schemas/featureCollection"}}}},"default":{"$ref":"#/components/responses/BadRequest"}})");
        json.end_object().end_object();
        paths.emplace_back("/collections/" + id + "/items", std::move(text));
    }

    std::vector<std::pair<std::string, std::string>> paths;
    std::vector<http::ParameterText> parameters;  ///< components that the paths refer to

private:
    http::ParameterText shared(http::ParameterText said, std::string const& collection)
    {
        if (!may_name_component(said.name))
            return said;
        auto const known = texts_.emplace(said.name, said);
        auto const& first = known.first->second;
        bool const is_same =
            first.text.zh == said.text.zh && first.schema.type == said.schema.type && first.schema.format == said.schema.format;
        said.component = is_same ? "p." + said.name : may_name_component(collection) ? collection + "." + said.name : "";
        return said;
    }

    http::Parameters<Query> common_;
    std::map<std::string, http::ParameterText, std::less<>> texts_;
};

}  // namespace

std::string json::openapi(Page const& page, Catalog const& catalog)
{
    auto const& options = page.options;
    ItemsPaths items{options.transformers->systems()};
    for (auto const& collection : catalog.collections)
        items.add(*collection);
    return http::openapi_document({.title = options.title,
                                   .description = options.description,
                                   .version = options.version,
                                   .contact_name = options.contact_name,
                                   .contact_url = options.contact_url,
                                   .contact_email = options.contact_email,
                                   .root = page.root,
                                   .public_reads = options.public_reads,
                                   .access_key_parameter = options.access_key_parameter,
                                   .more_paths = std::move(items.paths),
                                   .more_parameters = std::move(items.parameters)},
                                  options.declarations);
}

}  // namespace yihong::ogcapi
