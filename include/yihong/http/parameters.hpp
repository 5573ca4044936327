#pragma once

#include "yihong/base/time.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/form.hpp"

#include <algorithm>
#include <initializer_list>

/// How values of parameters are read, once for all routes, and the parameters that many of them have.
namespace yihong::http {

/// A kind of value: what clients are told of it, and how it is read.
template <typename T>
struct Reader {
    Schema schema;
    std::function<Result<T>(std::string_view text)> read;  ///< a failure says what was given and what is taken, not the parameter's name
};

/// `'red'`, cut where it is long: to show what a client gave.
[[nodiscard]] std::string quoted(std::string_view text);

Reader<std::string> text();
/// \param usual what clients are told to hold where it is absent; empty: nothing
Reader<std::uint64_t> whole_number(std::uint64_t low, std::uint64_t high = UINT64_MAX, std::string usual = {});
/// Things a page, from 1; greater numbers count as the most.
Reader<std::size_t> page_limit(std::size_t usual, std::size_t most);
/// RFC 3339 with an offset.
Reader<UtcTime> instant();
/// A moment that has been, by what was known then (当时所知): an RFC 3339 instant, or a date: the end of that day in Beijing, of today now.
/// \return Errc::bad_time for an interval and for a moment that is to come
Result<UtcTime> parse_past_moment(std::string_view text, UtcTime now);
Reader<UtcTime> past_moment();
/// An RFC 3339 instant or an interval `begin/end`; an end may be open. A date alone is the day in Beijing.
Reader<TimeInterval> time_interval();
Reader<bool> flag();

/// One of a few words, each with its value.
template <typename T>
Reader<T> one_of(std::vector<std::pair<std::string, T>> words)
{
    Schema schema;
    for (auto const& word : words)
        schema.values.push_back(word.first);
    return {schema, [schema, words = std::move(words)](std::string_view text) -> Result<T> {
                auto const found = std::ranges::find(words, text, &std::pair<std::string, T>::first);
                if (found != words.end())
                    return found->second;
                std::string detail = quoted(text) + " is not one of ";
                for (std::size_t i = 0; i < schema.values.size(); ++i)
                    detail.append(i == 0 ? "" : ", ").append(schema.values[i]);
                return fail(Errc::bad_value, std::move(detail));
            }};
}

/// One of the values of an enumeration, by its `to_text`.
template <typename T, typename Values>
Reader<T> one_of_all(Values const& values)
{
    std::vector<std::pair<std::string, T>> words;
    for (T const value : values)
        words.emplace_back(std::string{to_text(value)}, value);
    return one_of<T>(std::move(words));
}

/// Several of them by commas, none of them empty.
template <typename T>
Reader<std::vector<T>> list_of(Reader<T> one, std::size_t most = 200)
{
    auto schema = one.schema;
    schema.list = true;
    return {schema, [one = std::move(one), most](std::string_view const given) -> Result<std::vector<T>> {
                auto text = given;
                std::vector<T> all;
                for (;;) {
                    auto const comma = text.find(',');
                    auto part = text.substr(0, comma);
                    while (part.starts_with(' '))
                        part.remove_prefix(1);
                    while (part.ends_with(' '))
                        part.remove_suffix(1);
                    if (part.empty() || all.size() == most)
                        return fail(Errc::bad_value,
                                    quoted(given) + " must hold 1 to " + std::to_string(most) + " values by commas, none of them empty");
                    auto value = one.read(part);
                    if (!value)
                        return std::unexpected{std::move(value.error())};
                    all.push_back(std::move(*value));
                    if (comma == std::string_view::npos)
                        return all;
                    text.remove_prefix(comma + 1);
                }
            }};
}

/// A parameter whose value becomes a member of `Into`.
template <typename Into, typename T, typename Member>
Parameter<Into> parameter(ParameterText text, Reader<T> reader, Member Into::* member)
{
    text.schema = std::move(reader.schema);
    auto apply = [name = text.name, read = std::move(reader.read), member](std::string_view given, Into& into) -> Result<void> {
        auto value = read(given);
        if (!value)
            return fail(value.error().code, name + ": " + value.error().detail);
        into.*member = std::move(*value);
        return {};
    };
    return {std::move(text), std::move(apply)};
}

template <typename Into, typename T, typename Member>
Parameter<Into> query(std::string name, Text text, Reader<T> reader, Member Into::* member)
{
    return parameter(ParameterText{.name = std::move(name), .text = std::move(text)}, std::move(reader), member);
}

/// A query parameter that must be given.
template <typename Into, typename T, typename Member>
Parameter<Into> required_query(std::string name, Text text, Reader<T> reader, Member Into::* member)
{
    return parameter(ParameterText{.name = std::move(name), .text = std::move(text), .required = true}, std::move(reader), member);
}

/// `{name}` of the path.
template <typename Into, typename T, typename Member>
Parameter<Into> path(std::string name, Text text, Reader<T> reader, Member Into::* member)
{
    return parameter(ParameterText{.name = std::move(name), .place = Place::path, .text = std::move(text), .required = true},
                     std::move(reader), member);
}

/// What a building block brings, for a route whose arguments hold that of the block as one member.
template <typename Into, typename Part>
Parameters<Into> within(Parameters<Part> parameters, Part Into::* member)
{
    Parameters<Into> made;
    for (auto& parameter : parameters) {
        made.push_back({std::move(parameter.text), [apply = std::move(parameter.apply), member](std::string_view value, Into& into) {
                            return apply(value, into.*member);
                        }});
        if (parameter.otherwise)
            made.back().otherwise = [otherwise = std::move(parameter.otherwise), member](Request const& request, Into& into) {
                otherwise(request, into.*member);
            };
    }
    return made;
}

/// `datetime`, as everywhere. \param what the times that are compared with it
template <typename Into, typename Member>
Parameter<Into> datetime(Text const& what, Member Into::* member)
{
    return query("datetime",
                 {what.zh + "：RFC 3339 时刻，或 起/止 时段，一端可开放（..）",
                  what.en + ": an RFC 3339 instant or an interval begin/end; an end may be open (..)"},
                 time_interval(), member);
}

/// `limit`, as everywhere. \param what counted things a page
template <typename Into, typename Member>
Parameter<Into> limit(Text const& what, std::size_t usual, std::size_t most, Member Into::* member)
{
    auto made = query("limit", {"每页" + what.zh + "；超过最大值按最大值计", what.en + " a page; greater values count as the maximum"},
                      page_limit(usual, most), member);
    made.otherwise = [usual, member](Request const&, Into& into) { into.*member = usual; };
    return made;
}

/// `f`: the form of the reply; where it is absent, Accept says. The first of `forms` where Accept takes none.
template <typename Into>
Parameter<Into> form(std::vector<Form> forms, Form Into::* member)
{
    auto made =
        query("f", {"返回格式，优先于 Accept", "format of the reply; stronger than the Accept header"}, one_of_all<Form>(forms), member);
    made.otherwise = [forms, member](Request const& request, Into& into) {
        into.*member = choose_form(request.accept, forms).value_or(forms.front());
    };
    return made;
}

/// `f` of a route that has JSON only.
template <typename Into>
Parameter<Into> only_json()
{
    auto reader = one_of_all<Form>(std::initializer_list<Form>{Form::json});
    return {{.name = "f", .schema = reader.schema, .text = {"返回格式：只有 JSON", "format of the reply: JSON only"}},
            [read = reader.read](std::string_view given, Into&) -> Result<void> {
                if (auto const value = read(given); !value)
                    return fail(value.error().code, "f: " + value.error().detail);
                return {};
            }};
}

}  // namespace yihong::http
