#pragma once

#include "yihong/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a route says of itself, once: the check of its parameters, the OpenAPI document and the tables of docs/api.md come from it.
namespace yihong::http {

/// Chinese and English.
struct Text {
    std::string zh = {}, en = {};
    [[nodiscard]] bool empty() const noexcept { return zh.empty() && en.empty(); }
    [[nodiscard]] std::string both() const;        ///< Chinese, a blank, English
};

/// The values that a parameter takes, in the words of OpenAPI 3.0.
struct Schema {
    std::string type = "string";                   ///< string, integer, number or boolean
    std::string format = {};                       ///< `date-time`, `uri`
    std::vector<std::string> values = {};          ///< empty: any
    std::optional<std::uint64_t> minimum = {}, maximum = {};
    std::string default_value = {};                ///< JSON; empty: none
    bool list = false;                             ///< several of them, by commas
    std::size_t min_items = 0, max_items = 0;      ///< of a list; 0: any number
};

enum class Place : std::uint8_t { path, query, header };

/// One parameter, as clients have to know it.
struct ParameterText {
    std::string name = {};
    Place place = Place::query;
    Schema schema = {};
    Text text = {};
    bool required = false;
    std::string component = {};  ///< its name among the components of the OpenAPI document; empty: it stands with its route
};

/// A schema that several routes name. Lives as long as the program.
struct Component {
    std::string_view name;
    std::string_view schema;  ///< JSON
};

/// A media type with the JSON schema of what is sent.
struct Media {
    std::string type = "application/json";
    std::string schema = R"({"type":"object"})";
};

/// \return the schema that refers to the component
[[nodiscard]] std::string reference_to(Component const& component);

struct RequestBody {
    bool required = true;
    std::vector<Media> media = {};
};

/// An answer. Without text: the common one of that status. With text and without media, from 400 on: a problem.
struct Response {
    int status = 200;
    Text text = {};
    std::vector<Media> media = {};
};

/// A route as clients have to know it. Every route also answers 400, 401, 414, 431, 500 and 503; 403 where it asks for a scope, 404 where its
/// path has parameters, 413 and 415 where it takes a body: those need not be named in `responses`.
struct Declaration {
    Method method = Method::get;
    std::string path = {};  ///< `/api/v1/sites/{id}/readings`
    Scope scope = Scope::read;
    std::string id = {};  ///< operationId: each once
    std::string tag = {};  ///< the group it stands in
    Text summary = {};  ///< one line
    Text description = {};  ///< more, where one line is not enough
    std::vector<ParameterText> parameters = {};  ///< filled in from the parameters that the route reads
    std::optional<RequestBody> body = {};
    std::vector<Response> responses = {};
    std::vector<Component const*> components = {};  ///< that its schemas refer to, and those that these refer to
};

/// `/a/{id}/b` has `id`.
[[nodiscard]] std::vector<std::string> path_parameter_names(std::string_view path);
/// \return `none`, `read`, `ingest`, `operate` or `admin`
[[nodiscard]] std::string_view to_text(Scope scope) noexcept;

}  // namespace yihong::http
