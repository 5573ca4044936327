#include "backtest.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/alerting/replay_totals.hpp"
#include "yihong/base/log.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/history/mark_keeper.hpp"
#include "yihong/reports/period_rules.hpp"
#include "yihong/store_local/local_store.hpp"

#include "options.hpp"
#include "progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <tuple>

namespace yihong {
namespace {

using namespace std::chrono_literals;

/// A date is a whole day in Beijing time.
Result<TimeInterval> interval_of(BacktestOptions const& options)
{
    TimeInterval interval;
    for (auto const& [name, text, place] :
         {std::tuple{"--from", &options.from, &interval.begin}, std::tuple{"--to", &options.to, &interval.end}}) {
        if (text->empty())
            continue;
        if (auto const date = parse_date(*text)) {
            *place = beijing_midnight(*date);
            if (place == &interval.end)
                **place += std::chrono::days{1} - 1ms;
            continue;
        }
        auto const time = parse_rfc3339(*text);
        if (!time)
            return fail(
                Errc::bad_time,
                fmt::format(
                    "{} {}: 应为日期或带时差的时刻 a date or a time with its offset, like 2025-11-06 or 2025-11-06T20:00:00+08:00 ({})",
                    name, *text, time.error().detail));
        *place = *time;
    }
    if (interval.begin && interval.end && *interval.end < *interval.begin)
        return fail(Errc::bad_time, "--to 早于 lies before --from");
    return interval;
}

/// How many columns of a terminal it takes: Chinese letters and full-width signs take two.
std::size_t width_of(std::string_view text)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const lead = static_cast<unsigned char>(text[i]);
        if ((lead & 0xC0U) == 0x80)
            continue;
        width += lead >= 0xE3 ? 2 : 1;             // from U+3000 on; what comes before is narrow (Ⅴ, ≥)
    }
    return width;
}

/// Columns as wide as their widest cell, two blanks apart.
class Table {
public:
    explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    void write(std::string& out) const
    {
        std::vector<std::size_t> widths(rows_[0].size());
        for (auto const& row : rows_)
            for (std::size_t i = 0; i < row.size(); ++i)
                widths[i] = std::max(widths[i], width_of(row[i]));
        for (auto const& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i)
                line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
            out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
        }
    }

private:
    std::vector<std::vector<std::string>> rows_;
};

std::string joined(std::vector<std::string> const& parts, std::string_view separator)
{
    std::string text;
    for (auto const& part : parts)
        text += (text.empty() ? "" : std::string{separator}) + part;
    return text;
}

/// The worst of its life, the worst class and the highest multiple first.
std::string items_of(Alert const& alert, ParameterBook const& parameters)
{
    auto items = alert.worst;
    std::ranges::sort(items, [](Exceedance const& a, Exceedance const& b) {
        return std::tuple{b.item_class, b.multiple.value_or(Decimal{-1, 0}), a.parameter} <
               std::tuple{a.item_class, a.multiple.value_or(Decimal{-1, 0}), b.parameter};
    });
    std::vector<std::string> texts;
    for (auto const& item : items) {
        auto const* parameter = parameters.find(item.parameter);
        auto text = fmt::format("{} {}", parameter ? parameter->name_zh : "AQI", item.value.to_string());
        if (item.multiple)
            text += fmt::format("（超标{}倍）", item.multiple->to_string());
        texts.push_back(std::move(text));
    }
    return texts.empty() ? "-" : joined(texts, "、");
}

std::string as_table(Replay const& replay, World const& world)
{
    ReplayTotals const totals{replay};
    auto const& sites = world.sites->all();
    auto const name_of = [&](std::string const& id) {
        auto const* site = world.sites->find(id);
        return site ? site->name : id;
    };
    std::string out =
        replay.records == 0
            ? "试算 Backtest：这段时间没有记录 no records in this time\n"
            : fmt::format("试算 Backtest：{} 至 to {}（北京时间 Beijing time），{} 个站点 sites，{} 条记录 records，{} 个预警 alerts\n",
                          format_beijing_minute(replay.begin), format_beijing_minute(replay.end), replay.heard.size(), replay.records,
                          replay.alerts.size());
    if (!replay.alerts.empty()) {
        Table table{{"预警 alert", "站点 site", "类别 family", "最高级别 peak", "规则 rules", "发布 opened", "解除 resolved", "小时 hours",
                     "消息 messages", "其中催办 reminders", "水质 class", "项目 items"}};
        for (auto const& alert : replay.alerts)
            table.add({alert->id, name_of(alert->site_id), fmt::format("{} {}", label_zh(alert->family), to_text(alert->family)),
                       fmt::format("{} {}", label_zh(alert->peak_severity), to_text(alert->peak_severity)), joined(alert->rules, ","),
                       format_beijing_minute(alert->opened_at), alert->resolved_at ? format_beijing_minute(*alert->resolved_at) : "-",
                       fmt::format("{:.1f}{}", hours_of(*alert, replay.end), alert->resolved_at ? "" : "+"),
                       std::to_string(alert->told.messages), std::to_string(alert->told.reminders),
                       alert->peak_class ? std::string{water_class_label(alert->peak_class)} : "-",
                       items_of(*alert, world.standards->parameters())});
        out += '\n';
        table.write(out);
        out += fmt::format("\n消息 messages：{}，其中因无人处理而催办 reminders because nobody answered：{}\n", totals.messages.told,
                           totals.messages.reminders);
    }
    out += "\n按规则 by rule（参与的预警；仅由它引起的预警及其小时数 alerts it took part in; those of it alone, and their hours）\n";
    Table rules{
        {"规则 rule", "名称 title", "级别 severity", "参与 alerts", "单独 alone", "小时 hours", "消息 messages", "其中催办 reminders"}};
    for (auto const& rule : world.alerts->rules) {
        if (family_of(rule.kind) == AlertFamily::service)      // not replayed
            continue;
        auto const of = totals.of(rule.id);
        rules.add({rule.id, rule.title, fmt::format("{} {}", label_zh(rule.severity), to_text(rule.severity)), std::to_string(of.alerts),
                   std::to_string(of.alone), fmt::format("{:.1f}", of.hours), std::to_string(of.messages.told),
                   std::to_string(of.messages.reminders)});
    }
    rules.write(out);
    if (!totals.months.empty()) {
        out += "\n按站点与月份 by site and month（最高级别 by peak severity）\n";
        Table months{{"站点 site", "名称 name", "月份 month", "提示 notice", "预警 alert", "严重 high"}};
        for (auto const& [key, counts] : totals.months)
            months.add({key.first, name_of(key.first), key.second, std::to_string(counts[0]), std::to_string(counts[1]),
                        std::to_string(counts[2])});
        months.add({"合计 total", "", "", std::to_string(totals.all[0]), std::to_string(totals.all[1]), std::to_string(totals.all[2])});
        months.write(out);
    }
    constexpr std::size_t most_names = 30;
    std::vector<std::string> calm;
    for (auto const& heard : replay.heard)
        if (std::ranges::find(replay.alerts, sites[heard.site].id, [](auto const& alert) { return alert->site_id; }) == replay.alerts.end())
            calm.push_back(sites[heard.site].name);
    if (!calm.empty()) {
        auto const count = calm.size();
        calm.resize(std::min(count, most_names));
        out +=
            fmt::format("\n没有预警的站点 sites without alerts（{}）：{}{}\n", count, joined(calm, "、"), count > most_names ? "……" : "");
    }
    return out;
}

std::string as_geojson(Replay const& replay)
{
    std::string out = R"({"type":"FeatureCollection","features":[)";
    if (replay.collection)
        for (auto const& feature : replay.collection->features())
            out += (out.back() == '[' ? "\n" : ",\n") + feature->geojson();
    return out + "\n]}\n";
}

}  // namespace

int backtest(Overrides const& overrides, BacktestOptions const& options)
{
    auto const interval = interval_of(options);
    if (!interval) {
        print_problems({interval.error()});
        return 1;
    }
    auto config = load_config_with(overrides);
    if (!config) {
        print_problems(config.error());
        return 1;
    }
    log::set_level(std::max(config->log_level, log::Level::warning));
    if (!options.rules.empty())
        config->alerts_file = std::filesystem::absolute(options.rules);
    auto materials = load_materials(*config);
    if (!materials) {
        print_problems(materials.error());
        return 1;
    }
    auto const store = LocalStore::open_to_read(store_folder(*config), store_options(*config));
    auto const world = assemble_world(std::move(*materials), *store);
    Snapshot<ReportSettings> const reports{std::make_shared<ReportSettings const>(config->reports)};
    Snapshot<MarkBook> const marks{read_marks(*store).book};
    ReplayOptions replaying{
        .time = *interval, .sites = {}, .on_progress = {}, .on_step = {}, .periods = look_at_periods({*store, nullptr, reports, marks})};
    Problems unknown;
    for (auto const& id : options.sites) {
        if (auto const* site = world->sites->find(id))
            replaying.sites.push_back(site->number);
        else
            unknown.push_back({Errc::unknown_site, fmt::format("--site {}: 没有这个站点 there is no such site", id)});
    }
    if (!unknown.empty()) {
        print_problems(unknown);
        return 1;
    }
    ProgressBar const bar{"backtest", "条/秒 records/s", options.quiet};
    replaying.on_progress = [&](double share, std::uint64_t records) { bar.show(share, records); };
    auto const result = replay(*store, world, replaying);
    bar.end();
    auto const text = options.format == "json"      ? replay_as_json(result, *world)
                      : options.format == "geojson" ? as_geojson(result)
                                                    : as_table(result, *world);
    if (options.output.empty()) {
        fmt::print("{}", text);
        return 0;
    }
    std::ofstream file{options.output, std::ios::binary};
    file << text;
    file.close();
    if (!file) {
        fmt::print(stderr, "{}: 无法写入 cannot be written\n", options.output.string());
        return 1;
    }
    return 0;
}

}  // namespace yihong
