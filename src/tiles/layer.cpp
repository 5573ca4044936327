#include "yihong/tiles/layer.hpp"

#include "yihong/base/time.hpp"

#include <protozero/pbf_builder.hpp>
#include <protozero/varint.hpp>

#include <unordered_map>
#include <unordered_set>

namespace yihong::tiles {
namespace {

/// The messages of the format, by their numbers.
enum class TileTag : protozero::pbf_tag_type { layers = 3 };
enum class LayerTag : protozero::pbf_tag_type { name = 1, features = 2, keys = 3, values = 4, extent = 5, version = 15 };
enum class FeatureTag : protozero::pbf_tag_type { tags = 2, type = 3, geometry = 4 };
enum class ValueTag : protozero::pbf_tag_type { text = 1, real = 3, integer = 4, signed_integer = 6, flag = 7 };

enum class Command : std::uint32_t { move_to = 1, line_to = 2, close_path = 7 };

/// One of the numbers of a packed field, whose length is known only behind the last.
void append_varint(std::string& out, std::uint32_t number) { protozero::add_varint_to_buffer(&out, number); }

/// The numbers of a geometry: commands, and steps from cell to cell.
class Commands {
public:
    void add(Shape const& shape, std::string& out)
    {
        out_ = &out;
        at_ = {};
        if (shape.type == ShapeType::points) {
            command(Command::move_to, shape.parts.front().size());
            for (auto const cell : shape.parts.front())
                step(cell);
            return;
        }
        for (auto const& part : shape.parts) {
            command(Command::move_to, 1);
            step(part.front());
            command(Command::line_to, part.size() - 1);
            for (std::size_t i = 1; i < part.size(); ++i)
                step(part[i]);
            if (shape.type == ShapeType::polygons)
                command(Command::close_path, 1);
        }
    }

private:
    void command(Command id, std::size_t count)
    {
        append_varint(*out_, static_cast<std::uint32_t>(id) | (static_cast<std::uint32_t>(count) << 3U));
    }
    void step(Cell to)
    {
        append_varint(*out_, protozero::encode_zigzag32(to.x - at_.x));
        append_varint(*out_, protozero::encode_zigzag32(to.y - at_.y));
        at_ = to;
    }
    std::string* out_ = nullptr;
    Cell at_;
};

/// A value as a message of the format. \pre it is not null
void encode_value(Value const& value, std::string& out)
{
    out.clear();
    protozero::pbf_builder<ValueTag> message{out};
    if (auto const* flag = std::get_if<bool>(&value))
        message.add_bool(ValueTag::flag, *flag);
    else if (auto const* whole = std::get_if<std::int64_t>(&value))
        *whole < 0 ? message.add_sint64(ValueTag::signed_integer, *whole) : message.add_int64(ValueTag::integer, *whole);
    else if (auto const number = number_of(value))
        message.add_double(ValueTag::real, *number);
    else if (auto const* text = std::get_if<std::string>(&value))
        message.add_string(ValueTag::text, *text);
    else if (auto const* time = std::get_if<UtcTime>(&value))
        message.add_string(ValueTag::text, format_rfc3339(*time));
    else
        message.add_string(ValueTag::text, to_text(value));
}

/// The values of a layer, each once.
class Values {
public:
    std::uint32_t place_of(std::string const& encoded)
    {
        auto const known = places_.find(encoded);
        if (known != places_.end())
            return known->second;
        auto const place = static_cast<std::uint32_t>(all_.size());
        all_.push_back(&places_.emplace(encoded, place).first->first);
        return place;
    }
    [[nodiscard]] std::vector<std::string const*> const& all() const noexcept { return all_; }

private:
    std::unordered_map<std::string, std::uint32_t> places_;
    std::vector<std::string const*> all_;
};

/// Lets one point of a crowd through.
class Thinning {
public:
    explicit Thinning(bool is_crowd) : is_crowd_{is_crowd} {}
    bool passes(Shape const& shape)
    {
        if (!is_crowd_ || shape.type != ShapeType::points)
            return true;
        auto const cell = shape.parts.front().front();
        auto const row = static_cast<std::uint32_t>((cell.y + buffer) / crowd_cells);
        auto const column = static_cast<std::uint32_t>((cell.x + buffer) / crowd_cells);
        return taken_.insert((row << 16U) | column).second;
    }

private:
    bool is_crowd_;
    std::unordered_set<std::uint32_t> taken_;
};

}  // namespace

std::vector<std::size_t> columns_in_tiles(Schema const& schema)
{
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < schema.columns().size(); ++i)
        if (!schema.columns()[i].repeats)
            columns.push_back(i);
    return columns;
}

std::vector<std::shared_ptr<Feature const>> features_in(FeatureSource const& source, FeatureQuery query, TileMatrixSet const& set,
                                                        Tile const& tile)
{
    query.boxes = {set.bounds_of(tile, static_cast<double>(buffer) / extent)};
    std::vector<std::shared_ptr<Feature const>> features;
    auto const stream = source.select(query);
    while (auto feature = stream->next())
        if (type_of(feature->geometry()) != GeometryType::none)
            features.push_back(std::move(feature));
    return features;
}

std::string encode_layer(std::string_view name, std::vector<std::shared_ptr<Feature const>> const& features, TileMatrixSet const& set,
                         Tile const& tile)
{
    if (features.empty())
        return {};
    auto const& schema = features.front()->schema();
    auto const columns = columns_in_tiles(schema);
    bool const names_id = !schema.find("id");
    Values values;
    Thinning thinning{features.size() > crowd};
    std::string layer;
    protozero::pbf_builder<LayerTag> message{layer};
    message.add_uint32(LayerTag::version, 2);
    message.add_string(LayerTag::name, name.data(), name.size());
    std::string tags;
    std::string geometry;
    std::string encoded;
    struct Last {
        std::string bytes;
        std::uint32_t place = 0;
    };
    std::vector<Last> lasts(columns.size() + 1);
    bool shows_any = false;
    for (auto const& feature : features) {
        auto const shape = shape_in(feature->geometry(), set, tile);
        if (shape.is_empty() || !thinning.passes(shape))
            continue;
        tags.clear();
        auto const add_value = [&](std::uint32_t key, Value const& value) {
            if (is_null(value))
                return;
            encode_value(value, encoded);
            auto& last = lasts[key];                       // neighbours in a list often say the same
            if (last.bytes != encoded)
                last = {encoded, values.place_of(encoded)};
            append_varint(tags, key);
            append_varint(tags, last.place);
        };
        std::uint32_t key = 0;
        if (names_id)
            add_value(key++, Value{feature->id()});
        for (auto const column : columns)
            add_value(key++, shown_value(schema.columns()[column], *feature, Profile::flat));
        geometry.clear();
        Commands{}.add(shape, geometry);
        protozero::pbf_builder<FeatureTag> one{message, LayerTag::features};
        one.add_bytes(FeatureTag::tags, tags);
        one.add_enum(FeatureTag::type, static_cast<std::int32_t>(shape.type));
        one.add_bytes(FeatureTag::geometry, geometry);
        shows_any = true;
    }
    if (!shows_any)
        return {};
    if (names_id)
        message.add_string(LayerTag::keys, "id");
    for (auto const column : columns)
        message.add_string(LayerTag::keys, schema.columns()[column].name);
    for (auto const* value : values.all())
        message.add_message(LayerTag::values, *value);
    message.add_uint32(LayerTag::extent, extent);
    std::string out;
    protozero::pbf_builder<TileTag>{out}.add_message(TileTag::layers, layer);
    return out;
}

}  // namespace yihong::tiles
