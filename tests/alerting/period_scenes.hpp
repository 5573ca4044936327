#pragma once

#include "messages_page.hpp"

#include "yihong/reports/period_rules.hpp"

#include <string>
#include <utility>
#include <vector>

namespace yihong::testing {

/// What people read of periods (时段考核): the rules look at made records as the service does, and what they find is told.
class PeriodScenes : public PageOfMessages {
protected:
    /// Five past midnight on this day; for a mark, ten in the morning.
    void look(std::string_view id, std::string_view day, PeriodMarks const& because = {})
    {
        auto const midnight = beijing_midnight(parse_date(day).value());
        auto const& site = *world->sites->find(id);
        auto const index = static_cast<std::size_t>(&site - world->sites->all().data());
        auto const findings = look_at_periods({*kept, nullptr, settings_, marks_})(*world, index, midnight);
        WriteGroup group;
        alerting->begin();
        alerting->take_periods({site.number, midnight, because}, findings, midnight + (because.empty() ? 5min : 600min), group);
        commit(group);
    }

    void show_year()
    {
        begin_of_periods();
        for (auto const* day : {"2026-01-05", "2026-02-05", "2026-03-05"})
            sample("longmen", day, "1.30", "0.15");
        look("longmen", "2026-04-01");
        sample("longmen", "2026-03-05", "1.30", "0.52");       // corrected
        look("longmen", "2026-04-02");
        PeriodMark mark = mark_of(PeriodMarkKind::dry, "longmen", "2026-03-01", "2026-03-31");
        mark.reason = "河道无水";
        mark.document = "运环函〔2026〕12号";
        look("longmen", "2026-04-02", {mark_it(std::move(mark))});
        scene("年初以来均值 The year so far：龙门 Longmen（总磷更正后新增一项；三月登记为断流后不足三个月）",
              take_messages(AlertFamily::period));

        begin_of_periods();
        for (auto const* day : {"2026-01-05", "2026-02-05", "2026-03-05"})
            sample("longmen", day, "1.30", "0.15");
        look("longmen", "2026-04-01");
        sample("longmen", "2026-04-05", "0.10", "0.15");
        sample("longmen", "2026-05-05", "0.10", "0.15");
        look("longmen", "2026-06-01");
        scene("年初以来均值恢复达标 The year so far meets its target again：龙门 Longmen", take_messages(AlertFamily::period));

        begin_of_periods();
        for (int month = 1; month <= 12; ++month)
            sample("longmen", fmt::format("2026-{:02}-05", month), "1.30", "0.15");
        look("longmen", "2026-12-01");
        sample("longmen", "2027-01-05", "1.30", "0.15");
        look("longmen", "2027-01-10");                         // still about the year that is over
        look("longmen", "2027-02-01");
        scene("年度结束 The year ends：龙门 Longmen", take_messages(AlertFamily::period));
    }

    void show_good_days()
    {
        begin_of_periods();
        auto day = days_of_air("2026-01-01", 73, "100");
        look("yuncheng", format_date(day));
        day = days_of_air(format_date(day), 30, "20");
        day = days_of_air(format_date(day), 18, "100");
        look("yuncheng", format_date(day));
        auto dust = mark_of(PeriodMarkKind::dust, "yuncheng", "2026-01-01", "2026-01-02");
        dust.reason = "沙尘天气，列入扣除清单";
        dust.document = "总站〔2026〕5号";
        look("yuncheng", format_date(day), {mark_it(std::move(dust))});
        day = days_of_air(format_date(day), 5, "100");
        look("yuncheng", format_date(day));
        look("yuncheng", "2027-01-02");
        scene("优良天数余量 Days that may not be good：运城市中心站 Yuncheng Centre（规则不随程序启用，此处目标 75% not shipped, here with "
              "75 %）",
              take_messages(AlertFamily::period));
    }

    void show_plant_day()
    {
        begin_of_periods();
        hours("2026-03-02", "52", "1.2");
        look("wushuichang", "2026-03-03");
        hours("2026-03-03", "85", "3.1");
        look("wushuichang", "2026-03-04");
        hours("2026-03-04", "30", "1.1");
        look("wushuichang", "2026-03-05");
        scene("日均值超标 The day of a plant：市污水处理厂 City sewage plant", take_messages(AlertFamily::period));

        begin_of_periods();
        hours("2026-03-02", "52", "1.2");
        look("wushuichang", "2026-03-03");
        auto stop = mark_of(PeriodMarkKind::stop, "wushuichang", "2026-03-02", "2026-03-02");
        stop.reason = "曝气系统检修，已报备";
        look("wushuichang", "2026-03-03", {mark_it(std::move(stop))});
        scene("补报停运之后 After a stop was reported：市污水处理厂 City sewage plant", take_messages(AlertFamily::period));

        begin_of_periods();
        hours("2026-03-02", "52", "1.2");
        look("wushuichang", "2026-03-03");
        auto const later = handle(AlertFamily::period, at("2026-03-02T16:05:00Z"));
        auto const day = beijing_date(later);
        hours(format_date(day), "30", "1.1");
        look("wushuichang", format_date(Date{std::chrono::sys_days{day} + std::chrono::days{1}}));
        done(AlertAction::Kind::close, "整改完成", later + 48h, {}, AlertFamily::period);
        table(take_messages(AlertFamily::period));
    }

private:
    /// The rules that ship, with those of good days, which want a target.
    void begin_of_periods()
    {
        begin_anew();
        marks_.publish(std::make_shared<MarkBook const>());
        auto plan = *world->alerts;
        for (auto const& [id, title, title_en, severity, percent] :
             {std::tuple{"good-days-near", "优良天数余量将用完", "Few days left that may not be good", AlertSeverity::notice, 80},
              {"good-days-used-up", "优良天数余量用完", "No day left that may not be good", AlertSeverity::alert, 100}}) {
            AlertRule rule;
            rule.id = id;
            rule.kind = RuleKind::good_days;
            rule.title = title;
            rule.title_en = title_en;
            rule.severity = severity;
            rule.target = Decimal{750, 1};
            rule.percent = percent;
            plan.rules.push_back(std::move(rule));
        }
        auto sites = world->sites->all();
        world = make_world(world->standards, std::move(sites), std::make_shared<OneRiver const>(),
                           std::make_shared<AlertPlan const>(std::move(plan)));
        alerting->use(world);
    }

    void put(std::string_view id, IntervalKind interval, UtcTime time, Values const& values)
    {
        Record made;
        made.site = world->sites->find(id)->number;
        made.interval = interval;
        made.time = time;
        made.received_at = time + period_length(interval) + 5min;
        for (auto const& [name, value] : values) {
            Reading reading;
            reading.parameter = world->standards->parameters().find(name)->id;
            reading.value = Decimal::parse(value).value();
            made.readings.push_back(reading);
        }
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        WriteGroup group;
        group.records.added = {std::move(made)};
        kept->commit(group);
    }
    void sample(std::string_view id, std::string_view day, std::string_view ammonia, std::string_view phosphorus)
    {
        put(id, IntervalKind::sample, beijing_midnight(parse_date(day).value()),
            {{"ph", "7.9"},
             {"dissolved_oxygen", "8.6"},
             {"codmn", "4.1"},
             {"ammonia_nitrogen", ammonia},
             {"total_phosphorus", phosphorus}});
    }
    /// \return the day behind the last
    Date days_of_air(std::string_view first, int count, std::string_view pm25)
    {
        std::chrono::sys_days day{parse_date(first).value()};
        for (int i = 0; i < count; ++i, day += std::chrono::days{1})
            put("yuncheng", IntervalKind::day, beijing_midnight(Date{day}),
                {{"pm10", "48"}, {"pm25", pm25}, {"so2", "12"}, {"no2", "25"}, {"co", "0.8"}, {"o3_8h", "90"}});
        return Date{day};
    }
    void hours(std::string_view day, std::string_view cod, std::string_view ammonia)
    {
        auto const midnight = beijing_midnight(parse_date(day).value());
        for (int hour = 0; hour < 24; ++hour)
            put("wushuichang", IntervalKind::hour, midnight + std::chrono::hours{hour},
                {{"cod", cod}, {"ammonia_nitrogen", ammonia}, {"effluent_flow", "100"}});
    }

    static PeriodMark mark_of(PeriodMarkKind kind, std::string site, std::string_view first, std::string_view last)
    {
        PeriodMark made;
        made.id = "m1";
        made.kind = kind;
        made.site = std::move(site);
        made.begin = beijing_midnight(parse_date(first).value());
        made.end = beijing_midnight(parse_date(last).value()) + std::chrono::days{1};
        made.by = "李值班";
        return made;
    }
    std::shared_ptr<PeriodMark const> mark_it(PeriodMark mark)
    {
        auto made = std::make_shared<PeriodMark const>(std::move(mark));
        marks_.publish(std::make_shared<MarkBook const>(PeriodMarks{made}));
        return made;
    }
    Snapshot<ReportSettings> settings_{std::make_shared<ReportSettings const>()};
    Snapshot<MarkBook> marks_{std::make_shared<MarkBook const>()};
};

}  // namespace yihong::testing
