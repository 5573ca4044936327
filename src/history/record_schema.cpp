#include "record_schema.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/present_state.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {
namespace {

using F = RecordFeature const&;

template <typename Get>
auto of(Get get)
{
    return value_of<RecordFeature>(std::move(get));
}

Value positive(int number) { return number ? Value{std::int64_t{number}} : Value{}; }

Value reading_value(F feature, ParameterId parameter)
{
    auto const* reading = feature.record().find(parameter);
    return reading && reading->has_value ? Value{reading->value} : Value{};
}

std::string marks_text(Mark marks)
{
    std::string text;
    for (auto const& [mark, name] : {std::pair{Mark::spike, "spike"},
                                     {Mark::flat_line, "flat_line"},
                                     {Mark::below_detection, "below_detection"},
                                     {Mark::unit_doubtful, "unit_doubtful"}})
        if (has(marks, mark))
            text.append(text.empty() ? "" : "+").append(name);
    return text;
}

/// `NAME` of what is so, or `NAME:TEXT` where there is a text.
template <typename Say>
Value named_readings(F feature, Say say)
{
    std::vector<std::string> all;
    for (auto const& reading : feature.record().readings) {
        auto const* parameter = feature.standards().parameters().find(reading.parameter);
        if (parameter == nullptr)
            continue;
        if (std::optional<std::string> const said = say(reading))
            all.push_back(parameter->name + (said->empty() ? "" : ":") + *said);
    }
    return all;
}

/// Columns, with what each is about.
class Columns {
public:
    enum class About { site, record, readings };
    void add(About about, Column column, std::optional<ParameterId> parameter = {})
    {
        about_.push_back({column.name, about, parameter});
        columns_.push_back(std::move(column));
    }

    [[nodiscard]] RecordSchema made() &&
    {
        RecordSchema made;
        made.schema = Schema{with_beijing_texts(std::move(columns_))};
        for (std::size_t i = 0; i < made.schema.columns().size(); ++i) {
            auto& column = made.schema.columns()[i];
            auto const known = std::ranges::find(about_, column.name, &Entry::name);    // none: the Beijing text of a time
            bool const is_known = known != about_.end();
            made.is_of_site.push_back(is_known && known->about == About::site);
            made.needs_readings.push_back(is_known && known->about == About::readings && !known->parameter);
            made.parameter.push_back(is_known ? known->parameter : std::nullopt);
        }
        made.site = *made.schema.find("site");
        made.time = *made.schema.find("time");
        made.interval = *made.schema.find("interval");
        return made;
    }

private:
    struct Entry {
        std::string name;
        About about;
        std::optional<ParameterId> parameter;
    };
    std::vector<Column> columns_;
    std::vector<Entry> about_;
};

using enum Columns::About;
using enum AttributeType;

void add_site_columns(Columns& all, SiteKind kind)
{
    all.add(site,
            {.name = "site", .title = "站点标识", .title_en = "Id of the site", .get = of([](F f) { return text_value(f.site().id); })});
    all.add(site, {.name = "name", .title = "名称", .title_en = "Name", .get = of([](F f) { return text_value(f.site().name); })});
    all.add(site, {.name = "level", .title = "管理级别", .title_en = "Level", .get = of([](F f) { return text_value(f.site().level); })});
    all.add(site, {.name = "county", .title = "所在县（市、区）", .title_en = "County", .get = of([](F f) {
                                                                                            return text_value(f.facts().county);
                                                                                        })});
    if (kind == SiteKind::air_station)
        return;
    all.add(site, {.name = "river",
                   .title = "所在河流",
                   .title_en = "River (the site's water body, else the nearest river of the layers)",
                   .get = of([](F f) { return text_value(river_of(f.site(), f.facts())); }),
                   .found_as = of([](F f) -> Value { return rivers_of(f.site(), f.facts()); })});
    all.add(site, {.name = "assessed_for",
                   .title = "考核归属",
                   .title_en = "Assessed for (whose section it is)",
                   .get = of([](F f) { return text_value(f.site().assessed_for); })});
}

void add_judged_columns(Columns& all, SiteKind kind)
{
    auto const edition = of([](F f) -> Value {
        auto const* known = f.standards().edition(f.record().verdict.edition);
        return known ? text_value(known->label) : Value{};
    });
    if (is_water(kind)) {
        all.add(site, {.name = "target_class",
                       .title = "水质目标",
                       .title_en = "Target class (1 to 5)",
                       .type = integer,
                       .get = of([](F f) { return optional_value(f.site().target_class); })});
        all.add(record, {.name = "water_class",
                         .title = "水质类别（1–6，6 为劣Ⅴ），只按本条记录的有效值",
                         .title_en = "Water class (1 to 6, 6 = worse than V) of the valid values of this record alone",
                         .type = integer,
                         .get = of([](F f) { return positive(f.record().verdict.water_class); })});
        all.add(record, {.name = "water_class_label",
                         .title = "水质类别",
                         .title_en = "Water class",
                         .get = of([](F f) { return text_value(water_class_label(f.record().verdict.water_class)); })});
        all.add(record, {.name = "standard", .title = "评价标准", .title_en = "Standard edition", .get = edition});
    } else if (kind == SiteKind::air_station) {
        all.add(record,
                {.name = "aqi", .title = "空气质量指数", .title_en = "Air quality index", .type = integer, .get = of([](F f) {
                                                                                                               return positive(
                                                                                                                   f.record().verdict.aqi);
                                                                                                           })});
        all.add(record, {.name = "aqi_level",
                         .title = "空气质量级别（1–6）",
                         .title_en = "AQI level (1 to 6)",
                         .type = integer,
                         .get = of([](F f) { return f.record().verdict.aqi ? positive(aqi_level(f.record().verdict.aqi)) : Value{}; })});
        all.add(record,
                {.name = "aqi_category", .title = "空气质量类别", .title_en = "AQI category", .get = of([](F f) {
                                                                                                  int const aqi = f.record().verdict.aqi;
                                                                                                  return text_value(aqi_category_label(
                                                                                                      aqi ? aqi_level(aqi) : 0));
                                                                                              })});
        all.add(record, {.name = "standard", .title = "评价标准", .title_en = "Standard edition", .get = edition});
    }
}

}  // namespace

RecordFeature::RecordFeature(std::shared_ptr<World const> world, Site const& site, Record record, std::shared_ptr<Schema const> schema)
    : PointFeature{record_id(site, record), site.position, record.time, std::move(schema)}, world_{std::move(world)}, site_{site},
      kept_{std::move(record)}, record_{kept_}
{}

RecordFeature::RecordFeature(std::shared_ptr<World const> world, Site const& site, std::reference_wrapper<Record const> record,
                             std::shared_ptr<Schema const> schema, std::string id)
    : PointFeature{std::move(id), site.position, record.get().time, std::move(schema)}, world_{std::move(world)}, site_{site},
      record_{record.get()}
{}

OverlayFacts const& RecordFeature::facts() const { return world_->facts[static_cast<std::size_t>(&site_ - world_->sites->all().data())]; }

RecordSchema record_schema(SiteKind kind, std::span<ParameterId const> columns, ParameterBook const& parameters)
{
    Columns all;
    add_site_columns(all, kind);
    all.add(record, {.name = "time",
                     .title = "监测时间（UTC）",
                     .title_en = "Time, or beginning of the period (UTC)",
                     .type = date_time,
                     .get = of([](F f) -> Value { return f.record().time; })});
    all.add(record, {.name = "interval",
                     .title = "数据类型",
                     .title_en = "Interval",
                     .words = words_of(all_interval_kinds),
                     .get = of([](F f) { return text_value(to_text(f.record().interval)); })});
    all.add(record, {.name = "status",
                     .title = "站点情况",
                     .title_en = "State of the station",
                     .words = words_of(std::array{StationStatus::normal, StationStatus::maintenance, StationStatus::calibration,
                                                  StationStatus::fault, StationStatus::stopped}),
                     .get = of([](F f) { return text_value(to_text(f.record().status)); })});
    all.add(record, {.name = "received_at",
                     .title = "接收时间（UTC）",
                     .title_en = "Received at (UTC)",
                     .type = date_time,
                     .get = of([](F f) -> Value { return f.record().received_at; })});
    add_judged_columns(all, kind);
    for (auto const id : columns)
        if (auto const* p = parameters.find(id))
            all.add(readings,
                    {.name = p->name, .title = p->name_zh, .title_en = p->name_en, .type = real, .unit = p->unit, .get = of([id](F f) {
                                                                                                                      return reading_value(
                                                                                                                          f, id);
                                                                                                                  })},
                    id);
    all.add(readings, {.name = "not_valid",
                       .title = "数据标记非 N 的项目",
                       .title_en = "Parameters whose flag is not N",
                       .array = true,
                       .get = of([](F f) -> Value {
                           return named_readings(
                               f, [](Reading const& r) { return r.flag.is_normal() ? std::nullopt : std::optional{std::string{}}; });
                       })});
    all.add(readings, {.name = "flags",
                       .title = "非 N 的数据标记（项目:标记）",
                       .title_en = "Flags other than N (parameter:flag)",
                       .array = true,
                       .get = of([](F f) -> Value {
                           return named_readings(f, [](Reading const& r) {
                               return r.flag.is_normal() ? std::nullopt : std::optional{std::string{r.flag.text()}};
                           });
                       })});
    all.add(readings, {.name = "marks",
                       .title = "质控标记（项目:标记）",
                       .title_en = "Marks of quality control (parameter:mark)",
                       .array = true,
                       .get = of([](F f) -> Value {
                           return named_readings(f, [](Reading const& r) {
                               return r.marks == Mark::none ? std::nullopt : std::optional{marks_text(r.marks)};
                           });
                       })});
    return std::move(all).made();
}

std::string record_id(Site const& site, Record const& record)
{
    std::string id;
    id.reserve(site.id.size() + 32);
    id.append(site.id).append(1, '.').append(to_text(record.interval)).append(1, '.');
    for (char const c : format_rfc3339(record.time))       // every record of a walk gets one: no formatting library
        if (c != '-' && c != ':' && c != '.')
            id += c;
    return id;
}

std::optional<HistoryKey> parse_record_id(SiteRegistry const& sites, std::string_view id)
{
    auto const before_time = id.rfind('.');
    auto const before_interval = before_time == std::string_view::npos || before_time == 0 ? before_time : id.rfind('.', before_time - 1);
    if (before_interval == std::string_view::npos || before_interval == before_time)
        return std::nullopt;
    auto const interval = parse_interval_kind(id.substr(before_interval + 1, before_time - before_interval - 1));
    auto const* site = sites.find(id.substr(0, before_interval));
    auto const digits = id.substr(before_time + 1);            // 20251106T120000Z, 20251106T120000123Z
    if (!interval || site == nullptr || site->id != id.substr(0, before_interval) || (digits.size() != 16 && digits.size() != 19))
        return std::nullopt;
    auto const part = [&](std::size_t from, std::size_t count) { return std::string{digits.substr(from, count)}; };
    auto const text = part(0, 4) + "-" + part(4, 2) + "-" + part(6, 3) + part(9, 2) + ":" + part(11, 2) + ":" + part(13, 2) +
                      (digits.size() == 19 ? "." + part(15, 3) : "") + std::string{digits.back()};
    auto const time = parse_rfc3339(text);
    if (!time)
        return std::nullopt;
    return HistoryKey{*time, site->number, *interval};
}

}  // namespace yihong
