#include "yihong/http/openapi.hpp"

#include "yihong/base/json_writer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace yihong::http {

constinit Component const link_component{
    "link",
    R"({"type":"object","required":["href","rel"],"properties":{"href":{"type":"string"},"rel":{"type":"string"},"type":{"type":"string"},"title":{"type":"string"}}})"};
constinit Component const problem_component{
    "problem",
    R"({"type":"object","description":"RFC 9457","properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"code":{"type":"string"}}})"};

namespace {

/// An answer that many routes have.
struct Answer {
    int status;
    std::string_view name, zh, en;
};
constexpr std::array<Answer, 12> answers{{
    {304, "NotModified", "客户端已有此版本（If-None-Match）。", "The client has this version already (If-None-Match)."},
    {400, "BadRequest", "参数未知、重复或取值不对，detail 指明是哪一个。",
     "A parameter is unknown, given twice or has a bad value; the detail names it."},
    {401, "Unauthorized", "没有访问令牌，或令牌无效。", "No access token, or one that is not known."},
    {403, "Forbidden", "访问令牌的权限不够。", "The access token does not cover this."},
    {404, "NotFound", "没有这个资源。", "There is no such resource."},
    {406, "NotAcceptable", "客户端不接受任何一种格式。", "None of the formats is acceptable to the client."},
    {413, "TooLarge", "请求体或其中的文字过大。", "The body, or a text in it, is too large."},
    {414, "TargetTooLong", "请求地址过长。", "The request target is too long."},
    {415, "UnsupportedType", "媒体类型或内容编码未知。", "The media type or content coding is not known."},
    {431, "HeaderTooLarge", "请求头过大。", "The request head is too large."},
    {500, "ServerError", "服务内部出错，详见日志。", "Something broke; the log knows more."},
    {503, "Busy", "等待的请求过多，见 Retry-After。", "Too many requests are waiting; see Retry-After."},
}};

void write_reference(JsonWriter& json, std::string const& target) { json.begin_object().member("$ref", target).end_object(); }

void write_single(JsonWriter& json, Schema const& schema)
{
    json.begin_object().member("type", schema.type);
    if (!schema.format.empty())
        json.member("format", schema.format);
    if (!schema.values.empty()) {
        json.key("enum").begin_array();
        for (auto const& value : schema.values)
            json.value(value);
        json.end_array();
    }
    if (schema.minimum)
        json.member("minimum", static_cast<std::int64_t>(*schema.minimum));
    if (schema.maximum)
        json.member("maximum", static_cast<std::int64_t>(*schema.maximum));
    if (!schema.default_value.empty() && !schema.list)
        json.key("default").raw(schema.default_value);
    json.end_object();
}

void write_schema(JsonWriter& json, Schema const& schema)
{
    if (!schema.list) {
        write_single(json, schema);
        return;
    }
    json.begin_object().member("type", "array");
    if (schema.min_items > 0)
        json.member("minItems", schema.min_items);
    if (schema.max_items > 0)
        json.member("maxItems", schema.max_items);
    write_single(json.key("items"), schema);
    json.end_object();
}

// Defaults of OpenAPI (style, explode, required) are spelt out, because the OGC test suites read an absent member as absent.
void write_parameter(JsonWriter& json, ParameterText const& parameter)
{
    auto const in = parameter.place == Place::path ? "path" : parameter.place == Place::query ? "query" : "header";
    json.begin_object().member("name", parameter.name).member("in", in).member("description", parameter.text.both());
    json.member("required", parameter.required).member("style", parameter.place == Place::query ? "form" : "simple");
    json.member("explode", false);
    write_schema(json.key("schema"), parameter.schema);
    json.end_object();
}

void write_content(JsonWriter& json, std::vector<Media> const& media)
{
    json.key("content").begin_object();
    for (auto const& [type, schema] : media)
        json.key(type).begin_object().key("schema").raw(schema).end_object();
    json.end_object();
}

std::vector<Media> problem_media() { return {{"application/problem+json", reference_to(problem_component)}}; }

Answer const* common_answer(int status)
{
    auto const found = std::ranges::find(answers, status, &Answer::status);
    return found == answers.end() ? nullptr : &*found;
}

void write_responses(JsonWriter& json, Declaration const& declaration)
{
    std::map<int, Response> all;
    for (int const status : {400, 401, 414, 431, 500, 503})
        all[status] = {status};
    if (declaration.scope != Scope::none)
        all[403] = {403};
    if (declaration.path.contains('{'))
        all[404] = {404};
    if (declaration.body)
        all[413] = {413}, all[415] = {415};
    for (auto const& response : declaration.responses)
        all[response.status] = response;
    json.key("responses").begin_object();
    for (auto const& [status, response] : all) {
        json.key(std::to_string(status));
        auto const* common = response.text.empty() && response.media.empty() ? common_answer(status) : nullptr;
        if (common) {
            write_reference(json, "#/components/responses/" + std::string{common->name});
            continue;
        }
        json.begin_object().member("description", response.text.empty() ? std::string{"OK"} : response.text.both());
        if (!response.media.empty() || status >= 400)
            write_content(json, response.media.empty() ? problem_media() : response.media);
        json.end_object();
    }
    json.end_object();
}

void write_security(JsonWriter& json, bool or_none)
{
    json.key("security").begin_array();
    if (or_none)
        json.begin_object().end_object();          // none is as good as a token
    for (auto const* scheme : {"bearer", "accessKey"})
        json.begin_object().key(scheme).begin_array().end_array().end_object();
    json.end_array();
}

std::string method_key(Method method)
{
    std::string key{to_text(method)};
    std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return key;
}

void write_operation(JsonWriter& json, Declaration const& declaration)
{
    json.key(method_key(declaration.method)).begin_object().key("tags").begin_array().value(declaration.tag).end_array();
    json.member("summary", declaration.summary.both()).member("operationId", declaration.id);
    if (!declaration.description.empty())
        json.member("description", declaration.description.both());
    json.member("x-scope", to_text(declaration.scope));
    if (declaration.scope == Scope::none)
        json.key("security").begin_array().end_array();
    else if (declaration.scope != Scope::read)
        write_security(json, false);
    if (!declaration.parameters.empty()) {
        json.key("parameters").begin_array();
        for (auto const& parameter : declaration.parameters)
            write_parameter_or_reference(json, parameter);
        json.end_array();
    }
    if (declaration.body) {
        json.key("requestBody").begin_object().member("required", declaration.body->required);
        write_content(json, declaration.body->media);
        json.end_object();
    }
    write_responses(json, declaration);
    json.end_object();
}

void write_paths(JsonWriter& json, OpenApiInfo const& info, std::span<Declaration const> declarations)
{
    std::vector<std::string_view> paths;
    for (auto const& declaration : declarations)
        if (std::ranges::find(paths, declaration.path) == paths.end())
            paths.push_back(declaration.path);
    json.key("paths").begin_object();
    for (auto const path : paths) {
        json.key(path).begin_object();
        for (auto const& declaration : declarations)
            if (declaration.path == path)
                write_operation(json, declaration);
        json.end_object();
    }
    for (auto const& [path, item] : info.more_paths)
        json.key(path).raw(item);
    json.end_object();
}

/// Parts by their names, in the order of their first use; two of one name must be the same.
class Shared {
public:
    explicit Shared(std::string_view what) : what_{what} {}
    void add(std::string_view name, std::string text)
    {
        auto const known = std::ranges::find(parts_, name, &Part::first);
        if (known == parts_.end())
            parts_.emplace_back(name, std::move(text));
        else if (known->second != text)
            throw std::logic_error{"two different " + what_ + " are called " + std::string{name}};
    }
    void write(JsonWriter& json) const
    {
        json.key(what_).begin_object();
        for (auto const& [name, text] : parts_)
            json.key(name).raw(text);
        json.end_object();
    }

private:
    using Part = std::pair<std::string, std::string>;
    std::string what_;
    std::vector<Part> parts_;
};

void write_components(JsonWriter& json, OpenApiInfo const& info, std::span<Declaration const> declarations)
{
    Shared parameters{"parameters"}, schemas{"schemas"};
    for (auto const* component : {&link_component, &problem_component})
        schemas.add(component->name, std::string{component->schema});
    auto const add = [&](ParameterText const& parameter) {
        if (parameter.component.empty())
            return;
        std::string text;
        JsonWriter inner{text};
        write_parameter(inner, parameter);
        parameters.add(parameter.component, std::move(text));
    };
    for (auto const& declaration : declarations) {
        for (auto const* component : declaration.components)
            schemas.add(component->name, std::string{component->schema});
        std::ranges::for_each(declaration.parameters, add);
    }
    std::ranges::for_each(info.more_parameters, add);
    json.key("components").begin_object().key("securitySchemes").begin_object();
    json.key("bearer").begin_object().member("type", "http").member("scheme", "bearer").end_object();
    json.key("accessKey").begin_object().member("type", "apiKey").member("in", "query");
    json.member("name", info.access_key_parameter).end_object().end_object();
    parameters.write(json);
    json.key("responses").begin_object();
    for (auto const& answer : answers) {
        json.key(answer.name).begin_object().member("description", Text{std::string{answer.zh}, std::string{answer.en}}.both());
        if (answer.status >= 400)
            write_content(json, problem_media());
        json.end_object();
    }
    json.end_object();
    schemas.write(json);
    json.end_object();
}

/// Names parameters that several operations have to the letter, so that they stand in the document once: `q.period`, `q.period-2`, …
std::vector<Declaration> with_shared_parameters(std::span<Declaration const> given)
{
    std::vector<Declaration> declarations(given.begin(), given.end());
    std::map<std::string, std::vector<ParameterText*>> alike;  // by their text
    for (auto& declaration : declarations)
        for (auto& parameter : declaration.parameters)
            if (parameter.component.empty()) {
                std::string text;
                JsonWriter json{text};
                write_parameter(json, parameter);
                alike[std::move(text)].push_back(&parameter);
            }
    std::map<std::string, int> taken;
    for (auto& [text, uses] : alike) {
        if (uses.size() < 2)
            continue;
        auto const& name = uses.front()->name;
        int const number = ++taken[name];
        for (auto* parameter : uses)
            parameter->component = "q." + name + (number > 1 ? "-" + std::to_string(number) : "");
    }
    return declarations;
}

void write_info(JsonWriter& json, OpenApiInfo const& info)
{
    json.key("info").begin_object().member("title", info.title).member("description", info.description).member("version", info.version);
    if (!info.contact_name.empty() || !info.contact_url.empty() || !info.contact_email.empty()) {
        json.key("contact").begin_object();
        if (!info.contact_name.empty())
            json.member("name", info.contact_name);
        if (!info.contact_url.empty())
            json.member("url", info.contact_url);
        if (!info.contact_email.empty())
            json.member("email", info.contact_email);
        json.end_object();
    }
    json.end_object();
}

}  // namespace

void write_parameter_or_reference(JsonWriter& json, ParameterText const& parameter)
{
    if (parameter.component.empty())
        write_parameter(json, parameter);
    else
        write_reference(json, "#/components/parameters/" + parameter.component);
}

std::string openapi_document(OpenApiInfo const& info, std::span<Declaration const> given)
{
    auto const declarations = with_shared_parameters(given);
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("openapi", "3.0.3");
    write_info(json, info);
    json.key("servers").begin_array().begin_object().member("url", info.root).end_object().end_array();
    write_security(json, info.public_reads);
    write_paths(json, info, declarations);
    write_components(json, info, declarations);
    json.end_object();
    return out;
}

}  // namespace yihong::http
