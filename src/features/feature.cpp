#include "yihong/features/feature.hpp"

#include "yihong/base/beijing_text.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>
#include <utility>

namespace yihong {

std::optional<std::size_t> Schema::find(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(columns_, name, &Column::name);
    return found == columns_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - columns_.begin())};
}

Schema::Schema(std::vector<Column> columns) : columns_{std::move(columns)}
{
    for (auto const& column : columns_) {
        auto& key = keys_.emplace_back();
        JsonWriter{key}.value(column.name);
        key += ':';
    }
}

namespace {

Column beijing_text_of(Column const& time)
{
    auto const named = [](std::string text, std::string_view utc, std::string_view beijing) {
        if (auto const at = text.find(utc); at != std::string::npos)
            return text.replace(at, utc.size(), beijing);
        return text.append(beijing);
    };
    return {.name = time.name + "_beijing",
            .title = named(time.title, "（UTC）", "（北京时间）"),
            .title_en = named(time.title_en, " (UTC)", " (Beijing time, text)"),
            .repeats = true,
            .get = [get = time.get](Feature const& feature) -> Value {
                auto const value = get(feature);
                auto const* moment = std::get_if<UtcTime>(&value);
                return moment ? Value{beijing_text(*moment)} : Value{};
            }};
}

}  // namespace

std::vector<Column> with_beijing_texts(std::vector<Column> columns)
{
    std::vector<Column> all;
    for (auto& column : columns) {
        bool const is_time = column.type == AttributeType::date_time && !column.is_list();
        all.push_back(std::move(column));
        if (is_time)
            all.push_back(beijing_text_of(all.back()));
    }
    return all;
}

Value shown_value(Column const& column, Feature const& feature, Profile profile)
{
    if (!column.is_list() || profile == Profile::structured)
        return column.get(feature);
    return column.flat ? column.flat(feature) : text_value(to_text(column.get(feature)));
}

namespace {

void append_head(std::string& out, Feature const& feature)
{
    JsonWriter{out}.begin_object().member("type", "Feature").member("id", feature.id());
    out += ",\"geometry\":";
}

void append_shape(std::string& out, Feature const& feature, FeatureForm const& form)
{
    append_geojson(out, form.shape ? form.shape(feature.geometry()) : feature.geometry(), form.decimals);
}

void append_properties(std::string& out, Feature const& feature, FeatureForm const& form)
{
    auto const& schema = feature.schema();
    out += ",\"properties\":{";
    bool is_first = true;
    auto const append = [&](std::size_t place) {
        if (!std::exchange(is_first, false))
            out += ',';
        out += schema.key(place);
        JsonWriter json{out};
        write_value(json, shown_value(schema.columns()[place], feature, form.profile));
    };
    if (form.columns.empty())
        for (std::size_t place = 0; place < schema.columns().size(); ++place)
            append(place);
    std::ranges::for_each(form.columns, append);
    out += "}}";
}

}  // namespace

std::string const& Feature::geojson() const
{
    std::call_once(once_, [this] {
        std::string text;
        text.reserve(1536);
        append_head(text, *this);
        geometry_begin_ = text.size();
        append_shape(text, *this, {});
        geometry_end_ = text.size();
        append_properties(text, *this, {});
        geojson_ = std::move(text);
    });
    return geojson_;
}

void Feature::append_geojson_in(std::string& out, FeatureForm const& form) const
{
    std::string_view const whole = geojson();
    out += whole.substr(0, geometry_begin_);
    append_shape(out, *this, form);
    out += whole.substr(geometry_end_);
}

void append_geojson(std::string& out, Feature const& feature, FeatureForm const& form)
{
    append_head(out, feature);
    append_shape(out, feature, form);
    append_properties(out, feature, form);
}

}  // namespace yihong
