#include "yihong/config/alert_plan.hpp"

#include "yihong/base/file.hpp"

#include "plan_parts.hpp"
#include "values.hpp"

#include <set>
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

PlanNames::Set ids_of(std::vector<Contact> const& contacts)
{
    PlanNames::Set ids;
    for (auto const& contact : contacts)
        ids.insert(contact.id);
    return ids;
}

void read_ledger(TableReader ledger, AlertPlan& to)
{
    ledger.parsed("from", to.ledger_from, parse_alert_severity);
    ledger.whole("assign_days", to.assign_days, 1, 365);
    ledger.parsed("assign_within", to.assign_within, duration_between<minutes>(0min, days{1}));
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
    escalation.parsed("repeat_every", plan.repeat_every, duration_between<minutes>(0min, days{1}));
    escalation.finish();
    read_quiet(root.table("quiet"), plan.quiet);
    read_digest(root.table("digest"), plan.digest_at);

    auto life = root.table("life");
    life.parsed("reopen_within", plan.reopen_within, duration_between<hours>(0h, days{30}));
    auto upstream = static_cast<int>(plan.upstream_hours.count());
    life.parsed("known_after", plan.known_after, duration_between<hours>(0h, days{30}));
    life.whole("upstream_hours", upstream, 0, 720);
    plan.upstream_hours = hours{upstream};
    life.finish();
    root.finish();
    return plan;
}

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

}  // namespace yihong
