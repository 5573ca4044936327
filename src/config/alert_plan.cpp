#include "yihong/config/alert_plan.hpp"

#include "read_file.hpp"
#include "table_reader.hpp"
#include "values.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace yihong {

/// config/alerts.toml, put into the program by the build.
extern std::string_view const default_alert_plan_text;

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t file_limit_bytes = 1024 * 1024;
constexpr std::array<std::string_view, 3> level_names{"national", "provincial", "municipal"};
constexpr std::array<std::string_view, 7> weekday_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

constexpr unsigned bits(std::initializer_list<RuleKind> kinds)
{
    unsigned all = 0;
    for (auto const kind : kinds)
        all |= 1U << static_cast<unsigned>(kind);
    return all;
}

/// Which keys a rule has beside those of every rule, by its kind.
constexpr std::array<std::pair<std::string_view, unsigned>, 13> keys_of_kinds{{
    {"parameters", bits({RuleKind::worse_than_class, RuleKind::worse_than_target, RuleKind::heavy, RuleKind::jump, RuleKind::approaching,
                         RuleKind::month_mean, RuleKind::frozen, RuleKind::over_range})},
    {"class", bits({RuleKind::worse_than_class, RuleKind::jump})},
    {"records", bits({RuleKind::worse_than_class, RuleKind::worse_than_target, RuleKind::heavy, RuleKind::approaching, RuleKind::aqi,
                      RuleKind::discharge, RuleKind::frozen, RuleKind::over_range})},
    {"min_gap",
     bits({RuleKind::worse_than_class, RuleKind::worse_than_target, RuleKind::heavy, RuleKind::approaching, RuleKind::discharge})},
    {"multiple", bits({RuleKind::heavy})},
    {"factor", bits({RuleKind::jump})},
    {"window", bits({RuleKind::jump})},
    {"min_records", bits({RuleKind::jump, RuleKind::month_mean})},
    {"percent", bits({RuleKind::approaching, RuleKind::store_full})},
    {"aqi", bits({RuleKind::aqi})},
    {"after", bits({RuleKind::data_gap, RuleKind::outbox_stalled, RuleKind::no_data})},
    {"limits", bits({RuleKind::discharge})},
    {"standard", bits({RuleKind::discharge})},
}};

/// A string, or an array of strings; each only once.
void read_names(TableReader& reader, std::string_view key, std::vector<std::string>& to)
{
    auto const* node = reader.take(key);
    if (node == nullptr)
        return;
    auto const add = [&](toml::node const& element) {
        auto const* value = element.as_string();
        if (value == nullptr || value->get().empty() || has_control_characters(value->get()))
            reader.at(element, Errc::bad_value,
                      fmt::format("{}: must be a string that is not empty, or an array of them", reader.path_of(key)));
        else if (std::ranges::find(to, value->get()) != to.end())
            reader.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", reader.path_of(key), value->get()));
        else
            to.push_back(value->get());
    };
    if (auto const* array = node->as_array()) {
        if (array->empty())
            reader.problem(key, Errc::bad_value, "is empty; leave it out, or name something");
        for (auto const& element : *array)
            add(element);
    } else {
        add(*node);
    }
}

std::optional<Decimal> decimal_of(toml::node const& node)
{
    auto const* whole = node.as_integer();
    auto const number = whole != nullptr           ? Decimal::parse(std::to_string(whole->get()))
                        : node.is_floating_point() ? Decimal::from_double(node.as_floating_point()->get())
                                                   : Result<Decimal>{fail(Errc::bad_value, "")};
    return number ? std::optional{*number} : std::nullopt;
}

void read_decimal(TableReader& reader, std::string_view key, Decimal& to, Decimal low, Decimal high)
{
    auto const* node = reader.take(key);
    if (node == nullptr)
        return;
    auto const value = decimal_of(*node);
    if (!value || *value < low || *value > high)
        reader.problem(key, Errc::bad_value, fmt::format("must be a number from {} to {}", low.to_string(), high.to_string()));
    else
        to = *value;
}

void read_scope(TableReader& parent, AlertScope& to)
{
    auto scope = parent.table("scope");
    read_names(scope, "level", to.levels);
    for (auto const& level : to.levels) {
        if (std::ranges::find(level_names, level) == level_names.end())
            scope.problem("level", Errc::bad_value, fmt::format("\"{}\" is not one of {}", level, fmt::join(level_names, ", ")));
    }
    std::vector<std::string> kinds;
    read_names(scope, "kind", kinds);
    for (auto const& name : kinds) {
        if (auto const kind = parse_site_kind(name))
            to.kinds.push_back(*kind);
        else
            scope.problem("kind", Errc::bad_value,
                          fmt::format("\"{}\" is not one of water_section, lake_section, air_station, outfall, wastewater_plant", name));
    }
    read_names(scope, "river", to.rivers);
    read_names(scope, "county", to.counties);
    read_names(scope, "zone", to.zones);
    read_names(scope, "site", to.sites);
    scope.finish();
}

/// `{ cod = 40, ph = { low = 6, high = 9 } }`
void read_limits(TableReader& rule, std::vector<DischargeLimit>& to)
{
    constexpr std::string_view key = "limits";
    auto const* node = rule.take(key);
    if (node == nullptr)
        return;
    auto const* table = node->as_table();
    if (table == nullptr || table->empty()) {
        rule.problem(key, Errc::bad_value, "must be a table that is not empty, such as { cod = 40, ph = { low = 6, high = 9 } }");
        return;
    }
    for (auto const& [parameter, value] : *table) {
        DischargeLimit limit;
        limit.parameter = parameter.str();
        auto const* range = value.as_table();
        if (range == nullptr) {
            limit.high = decimal_of(value);
        } else {
            bool fits = !range->empty();
            for (auto const& [end, number] : *range) {
                auto const decimal = decimal_of(number);
                fits = fits && decimal && (end.str() == "low" || end.str() == "high");
                (end.str() == "low" ? limit.low : limit.high) = decimal;
            }
            if (!fits || (limit.low && limit.high && *limit.low >= *limit.high))
                limit.low = limit.high = std::nullopt;
        }
        if (limit.low || limit.high)
            to.push_back(std::move(limit));
        else
            rule.at(value, Errc::bad_value,
                    fmt::format("{}.{}: must be a number (not to be exceeded), or {{ low = …, high = … }} with one or both, low below high",
                                rule.path_of(key), parameter.str()));
    }
}

/// `data_gap` was called `silence` once, as a mute is: understood for one version more.
std::optional<RuleKind> read_kind(TableReader& rule)
{
    constexpr std::string_view former_data_gap = "silence";
    bool was_former = false;
    std::optional<RuleKind> kind;
    rule.require("kind");
    rule.parsed("kind", kind, [&](std::string_view text) {
        was_former = text == former_data_gap;
        return was_former ? Result<RuleKind>{RuleKind::data_gap} : parse_rule_kind(text);
    });
    if (was_former)
        rule.outdated("kind", "\"silence\" is now called \"data_gap\"; the next version no longer understands the old name");
    return kind;
}

AlertRule read_rule(TableReader& rule)
{
    AlertRule to;
    rule.require("id");
    rule.parsed("id", to.id, identifier_from);
    auto const kind = read_kind(rule);
    to.kind = kind.value_or(RuleKind::worse_than_class);
    to.title = to.id;
    rule.text("title", to.title);
    rule.text("title_en", to.title_en);
    rule.parsed("severity", to.severity, parse_alert_severity);
    if (!kind || family_of(*kind) != AlertFamily::service) {       // that is about no site and no records
        read_scope(rule, to.scope);
        rule.whole("recover_records", to.recover_records, 1, 1000);
    }
    read_names(rule, "channels", to.channels);

    auto const has = [&](std::string_view key) {
        auto const known = std::ranges::find(keys_of_kinds, key, [](auto const& entry) { return entry.first; });
        assert(known != keys_of_kinds.end());
        return !kind || (known->second >> static_cast<unsigned>(*kind) & 1U) != 0;  // of an unknown kind, its kind is enough of a problem
    };
    if (has("parameters"))
        read_names(rule, "parameters", to.parameters);
    if (kind == RuleKind::jump)
        to.water_class = 2;
    if (has("class"))
        rule.whole("class", to.water_class, 1, 5);
    if (kind == RuleKind::frozen)
        to.records = 6;
    if (has("records"))
        rule.whole("records", to.records, kind == RuleKind::frozen ? 2 : 1, 1000);
    if (has("min_gap"))
        rule.parsed("min_gap", to.min_gap, duration_between<minutes>(0min, days{7}));
    if (has("multiple"))
        read_decimal(rule, "multiple", to.multiple, Decimal{1, 1}, Decimal{1000, 0});
    if (has("factor"))
        read_decimal(rule, "factor", to.factor, Decimal{11, 1}, Decimal{1000, 0});
    if (has("window"))
        rule.parsed("window", to.window, duration_between<days>(days{1}, days{60}));
    if (has("min_records"))
        rule.whole("min_records", to.min_records, 1, 100'000);
    if (has("percent"))
        rule.whole("percent", to.percent, 1, 100);
    if (has("aqi"))
        rule.whole("aqi", to.aqi, 1, 500);
    if (has("after"))
        rule.parsed("after", to.after, duration_between<minutes>(1min, days{60}));
    if (kind == RuleKind::discharge)
        rule.require("limits");
    if (has("limits"))
        read_limits(rule, to.limits);
    if (has("standard"))
        rule.text("standard", to.standard);
    return to;
}

/// Dial characters only: the number is for people and for tel: links.
Result<std::string> phone_from(std::string_view text)
{
    if (text.size() < 3 || text.size() > 32 || text.find_first_not_of("0123456789+-() ") != std::string_view::npos)
        return fail(Errc::bad_value, fmt::format("\"{}\" is not a telephone number: 3 to 32 digits, + - ( ) and blanks", text));
    return std::string{text};
}

Contact read_contact(TableReader& contact)
{
    Contact to;
    contact.require("id");
    contact.parsed("id", to.id, identifier_from);
    to.name = to.id;
    contact.text("name", to.name);
    contact.text("role", to.role);
    contact.parsed("phone", to.phone, phone_from);
    contact.parsed("email", to.email, email_from);
    return to;
}

/// `08:00`, and `24:00` as an end.
Result<minutes> clock_from(std::string_view text)
{
    auto const digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1'000'000; };
    int const hour = digit(0) * 10 + digit(1);
    int const minute = digit(3) * 10 + digit(4);
    if (text.size() != 5 || text[2] != ':' || hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
        return fail(Errc::bad_value, fmt::format("\"{}\" is not a time of day from 00:00 to 24:00", text));
    return minutes{hour * 60 + minute};
}

PlanNames::Set ids_of(std::vector<Contact> const& contacts)
{
    PlanNames::Set ids;
    for (auto const& contact : contacts)
        ids.insert(contact.id);
    return ids;
}

void read_contact_ids(TableReader& reader, PlanNames::Set const& known, std::vector<std::string>& to)
{
    read_names(reader, "contacts", to);
    for (auto const& id : to) {
        if (!known.contains(id))
            reader.problem("contacts", Errc::not_found, fmt::format("no [[contacts]] has the id \"{}\"", id));
    }
}

void require_order(TableReader& reader, std::optional<UtcTime> const& begin, std::optional<UtcTime> const& end)
{
    if (begin && end && *begin >= *end)
        reader.problem("end", Errc::bad_value, "must be later than begin");
}

DutyShift read_shift(TableReader& shift, PlanNames::Set const& contacts)
{
    DutyShift to;
    shift.require("contacts");
    read_contact_ids(shift, contacts, to.contacts);
    shift.parsed("begin", to.begin, parse_rfc3339);
    shift.parsed("end", to.end, parse_rfc3339);
    bool const dated = shift.has("begin") || shift.has("end");
    if (dated) {
        shift.require("begin");
        shift.require("end");
        require_order(shift, to.begin, to.end);
        for (std::string_view const key : {"weekdays", "from", "to"}) {
            if (shift.has(key))
                shift.problem(key, Errc::bad_value, "a shift has either begin and end, or weekdays, from and to");
        }
    }
    std::vector<std::string> weekdays;
    read_names(shift, "weekdays", weekdays);
    for (auto const& name : weekdays) {
        auto const found = std::ranges::find(weekday_names, name);
        if (found == weekday_names.end())
            shift.problem("weekdays", Errc::bad_value, fmt::format("\"{}\" is not one of {}", name, fmt::join(weekday_names, ", ")));
        else
            to.weekdays |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(found - weekday_names.begin()));
    }
    shift.parsed("from", to.from, clock_from);
    shift.parsed("to", to.to, clock_from);
    if (to.from >= days{1})
        shift.problem("from", Errc::bad_value, "must be before 24:00");
    return to;
}

AlertRoute read_route(TableReader& route, PlanNames::Set const& contacts)
{
    AlertRoute to;
    read_scope(route, to.scope);
    route.whole("level", to.level, 0, 9);
    read_contact_ids(route, contacts, to.contacts);
    read_names(route, "channels", to.channels);
    route.flag("on_duty", to.on_duty);
    if (!route.has("contacts") && !route.has("channels") && !to.on_duty)
        route.problem("contacts", Errc::missing_field, "the route leads to nobody; give contacts, channels, or on_duty = true");
    return to;
}

Maintenance read_maintenance(TableReader& maintenance)
{
    Maintenance to;
    maintenance.require("scope");
    read_scope(maintenance, to.scope);
    if (maintenance.has("scope") && to.scope == AlertScope{})
        maintenance.problem("scope", Errc::bad_value,
                            "names nothing, and would cover every site; name the sites, or kind, level, river, county, zone");
    std::optional<UtcTime> begin;
    std::optional<UtcTime> end;
    maintenance.require("begin");
    maintenance.parsed("begin", begin, parse_rfc3339);
    maintenance.require("end");
    maintenance.parsed("end", end, parse_rfc3339);
    require_order(maintenance, begin, end);
    maintenance.text("reason", to.reason);
    to.begin = begin.value_or(UtcTime{});
    to.end = end.value_or(UtcTime{});
    return to;
}

void read_dates(TableReader& calendar, std::string_view key, std::vector<Date>& to)
{
    std::vector<std::string> texts;
    calendar.texts(key, texts);
    for (auto const& text : texts) {
        if (auto const date = parse_date(text))
            to.push_back(*date);
        else
            calendar.problem(key, date.error().code, date.error().detail);
    }
    std::ranges::sort(to);
    if (auto const twice = std::ranges::adjacent_find(to); twice != to.end())
        calendar.problem(key, Errc::duplicate_id, fmt::format("{} stands here twice", format_date(*twice)));
}

void read_calendar(TableReader calendar, WorkCalendar& to)
{
    calendar.flag("working_days", to.working_days);
    read_dates(calendar, "holidays", to.holidays);
    read_dates(calendar, "workdays", to.workdays);
    for (auto const date : to.workdays) {
        if (std::ranges::binary_search(to.holidays, date))
            calendar.problem("workdays", Errc::bad_value, fmt::format("{} is one of the holidays too", format_date(date)));
        if (std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding() < 6)
            calendar.problem("workdays", Errc::bad_value,
                             fmt::format("{} is neither a Saturday nor a Sunday, and worked anyway", format_date(date)));
    }
    calendar.finish();
}

void read_ledger(TableReader ledger, AlertPlan& to)
{
    ledger.parsed("from", to.ledger_from, parse_alert_severity);
    ledger.whole("assign_days", to.assign_days, 1, 365);
    ledger.whole("progress_days", to.progress_days, 1, 365);
    ledger.whole("resolve_days", to.resolve_days, 1, 365);
    ledger.whole("major_months", to.major_months, 1, 24);
    ledger.parsed("remind_before", to.remind_before, duration_between<hours>(0h, days{30}));
    if (to.progress_days < to.assign_days)
        ledger.problem("progress_days", Errc::bad_value, "must not be less than assign_days");
    if (to.resolve_days < to.progress_days)
        ledger.problem("resolve_days", Errc::bad_value, "must not be less than progress_days");
    if (to.major_months * 28 < to.resolve_days)
        ledger.problem("major_months", Errc::bad_value, "must not be shorter than resolve_days");
    ledger.finish();
}

template <typename Read>
auto read_with_ids(TableReader& root, std::string_view key, Read read)
{
    std::vector<decltype(read(root))> all;
    std::set<std::string> ids;
    root.tables(key, [&](TableReader& reader) {
        auto one = read(reader);
        if (!one.id.empty() && !ids.insert(one.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another of the {} too", one.id, key));
        all.push_back(std::move(one));
    });
    return all;
}

AlertPlan read_plan(toml::table const& table, Problems& problems)
{
    AlertPlan plan;
    TableReader root{table, {}, problems};
    plan.rules = read_with_ids(root, "rules", read_rule);
    plan.contacts = read_with_ids(root, "contacts", read_contact);
    auto const contacts = ids_of(plan.contacts);
    root.tables("duty", [&](TableReader& shift) { plan.duty.push_back(read_shift(shift, contacts)); });
    root.tables("routes", [&](TableReader& route) { plan.routes.push_back(read_route(route, contacts)); });
    root.tables("maintenance", [&](TableReader& maintenance) { plan.maintenance.push_back(read_maintenance(maintenance)); });
    read_calendar(root.table("calendar"), plan.calendar);
    read_ledger(root.table("ledger"), plan);

    auto escalation = root.table("escalation");
    escalation.parsed("acknowledge_within", plan.acknowledge_within, duration_between<minutes>(0min, days{7}));
    escalation.parsed("from", plan.escalate_from, parse_alert_severity);
    escalation.finish();

    auto life = root.table("life");
    life.parsed("reopen_within", plan.reopen_within, duration_between<hours>(0h, days{30}));
    auto upstream = static_cast<int>(plan.upstream_hours.count());
    life.whole("upstream_hours", upstream, 0, 720);
    plan.upstream_hours = hours{upstream};
    life.finish();
    root.finish();
    return plan;
}

/// Looks names up and tells of those that nothing has.
class ReferenceCheck {
public:
    explicit ReferenceCheck(PlanNames const& names) : names_{names} {}

    void names(std::string_view where, std::string_view key, std::vector<std::string> const& given, PlanNames::Set const& known, Errc code,
               std::string_view what)
    {
        for (auto const& name : given) {
            if (!known.contains(name))
                found_.push_back({code, fmt::format("{}: {}: {} \"{}\"", where, key, what, name)});
        }
    }
    void scope(std::string_view where, AlertScope const& scope)
    {
        names(where, "scope.river", scope.rivers, names_.rivers, Errc::not_found, "no river layer has a river named");
        names(where, "scope.county", scope.counties, names_.counties, Errc::not_found, "no boundary layer has a county named");
        names(where, "scope.zone", scope.zones, names_.zones, Errc::not_found, "no zone has the id");
        names(where, "scope.site", scope.sites, names_.sites, Errc::unknown_site, "no site file has a site");
    }
    void channels(std::string_view where, std::vector<std::string> const& given)
    {
        names(where, "channels", given, names_.channels, Errc::not_found, "no [[channels]] has the id");
    }
    void parameters(std::string_view where, std::string_view key, std::vector<std::string> const& given)
    {
        names(where, key, given, names_.parameters, Errc::unknown_parameter, "parameters.toml has neither the code nor the name");
    }
    [[nodiscard]] std::vector<Failure> found() && { return std::move(found_); }

private:
    PlanNames const& names_;
    std::vector<Failure> found_;
};

}  // namespace

std::expected<AlertPlan, std::vector<Failure>> parse_alert_plan(std::string_view text, std::filesystem::path const& file)
{
    return read_toml(text, file, read_plan);
}

std::expected<AlertPlan, std::vector<Failure>> load_alert_plan(std::filesystem::path const& file)
{
    auto const text = read_file(file, file_limit_bytes);
    if (!text)
        return std::unexpected{std::vector{text.error()}};
    return parse_alert_plan(*text, file);
}

AlertPlan const& default_alert_plan()
{
    static AlertPlan const plan = parse_alert_plan(default_alert_plan_text, "alerts.toml").value();  // a test reads the same text
    return plan;
}

std::vector<Failure> check_plan(AlertPlan const& plan, PlanNames const& names)
{
    ReferenceCheck check{names};
    for (std::size_t i = 0; i < plan.rules.size(); ++i) {
        auto const& rule = plan.rules[i];
        auto const where = fmt::format("rules[{}] (\"{}\")", i, rule.id);
        check.scope(where, rule.scope);
        check.parameters(where, "parameters", rule.parameters);
        std::vector<std::string> limited;
        for (auto const& limit : rule.limits)
            limited.push_back(limit.parameter);
        check.parameters(where, "limits", limited);
        check.channels(where, rule.channels);
    }
    for (std::size_t i = 0; i < plan.routes.size(); ++i) {
        auto const where = fmt::format("routes[{}]", i);
        check.scope(where, plan.routes[i].scope);
        check.channels(where, plan.routes[i].channels);
    }
    for (std::size_t i = 0; i < plan.maintenance.size(); ++i)
        check.scope(fmt::format("maintenance[{}]", i), plan.maintenance[i].scope);
    return std::move(check).found();
}

}  // namespace yihong
