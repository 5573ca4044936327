#pragma once

#include "fixture.hpp"

#include "yihong/config/alert_plan.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace yihong::testing {

using Values = std::vector<std::pair<std::string_view, std::string_view>>;

/// A step, as its document tells it.
struct Message {
    std::string family, kind, state, title, body, title_en, body_en;
};

inline Message message_of(std::string const& document)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(document);
    auto const text = [&](std::string_view pointer) {
        std::string_view value;
        EXPECT_EQ(root.at_pointer(pointer).get(value), simdjson::SUCCESS) << pointer << document;
        return std::string{value};
    };
    return {text("/data/alert/family"), text("/data/event/kind"),    text("/data/alert/state"), text("/data/text/zh/title"),
            text("/data/text/zh/body"), text("/data/text/en/title"), text("/data/text/en/body")};
}

/// What stands behind a name in a body of lines; nothing where there is no such line.
inline std::string_view line(std::string_view body, std::string_view name)
{
    auto const from = body.starts_with(name) ? 0 : body.find("\n" + std::string{name});
    if (from == std::string_view::npos)
        return {};
    body.remove_prefix(from + (from > 0 ? 1 : 0) + name.size());
    return body.substr(0, body.find('\n'));
}

inline std::string read_file(std::filesystem::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Scenes of made records under the rules that ship, and the page of what people read in them.
class PageOfMessages : public AlertingTest {
protected:
    void SetUp() override { begin_anew(); }

    /// Another scene: nothing has happened yet.
    void begin_anew()
    {
        kept = std::make_unique<MemoryStore>();
        seen.clear();
        seen_ = 0;
        auto plan = load_alert_plan(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/alerts.toml").value();
        plan.contacts = {{.id = "wang", .name = "王某", .role = "河津市河长办"}, {.id = "zhao", .name = "赵某", .role = "市生态环境局"}};
        plan.routes = {{.scope = {}, .level = 0, .contacts = {"wang"}, .channels = {}, .on_duty = false},
                       {.scope = {}, .level = 1, .contacts = {"zhao"}, .channels = {}, .on_duty = false}};
        auto const book =
            std::make_shared<StandardsBook const>(load_standards(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/standards").value());
        std::vector<Site> sites;
        auto const add = [&](std::string id, std::string name, std::string name_en, SiteKind kind, double chainage) {
            Site site;
            site.id = std::move(id);
            site.name = std::move(name);
            site.name_en = std::move(name_en);
            site.kind = kind;
            site.level = "national";
            site.position = LonLat{chainage, 35.0};
            if (is_water(kind))
                site.target_class = 3;
            site.number = kept->number_sites({&site.id, 1}).front();
            sites.push_back(std::move(site));
        };
        add("longmen", "龙门", "Longmen", SiteKind::water_section, 10);
        add("zhangliuzhuang", "张留庄", "Zhangliuzhuang", SiteKind::water_section, 120);
        add("xiaohancun", "小韩村（西曲村）", "Xiaohancun", SiteKind::water_section, 30);
        add("shangpingwang", "上平望", "Shangpingwang", SiteKind::water_section, 40);
        add("yuncheng", "运城市中心站", "Yuncheng Centre", SiteKind::air_station, 60);
        add("wushuichang", "市污水处理厂", "City sewage plant", SiteKind::wastewater_plant, 50);
        world = make_world(book, std::move(sites), std::make_shared<OneRiver const>(), std::make_shared<AlertPlan const>(std::move(plan)));
        start();
    }

    /// One round; what is not given is as it usually is at a good section.
    void round(std::string_view id, UtcTime time, Values const& values, std::string_view flag = "N",
               IntervalKind interval = IntervalKind::four_hours, StationStatus status = StationStatus::normal)
    {
        auto const& site = *world->sites->find(id);
        Record made;
        made.site = site.number;
        made.interval = interval;
        made.status = status;
        made.time = time;
        made.received_at = time + period_length(interval) + 5min;
        Values all = values;
        if (is_water(site.kind))
            for (auto const& usual : Values{{"ph", "8.4"},
                                            {"dissolved_oxygen", "10.6"},
                                            {"codmn", "2.1"},
                                            {"ammonia_nitrogen", "0.025"},
                                            {"total_phosphorus", "0.05"}})
                if (std::ranges::find(all, usual.first, &Values::value_type::first) == all.end())
                    all.push_back(usual);
        for (auto const& [name, value] : all) {
            Reading reading;
            reading.parameter = world->standards->parameters().find(name)->id;
            reading.value = Decimal::parse(value).value();
            // the oxygen of a good section moves a little: equal values would be frozen ones
            if (name == "dissolved_oxygen" && std::ranges::find(values, name, &Values::value_type::first) == values.end())
                reading.value = Decimal{1040 + (time.time_since_epoch() / 4h) % 37, 2};
            if (name == values.front().first)
                reading.flag = Flag::parse(flag).value();
            made.readings.push_back(reading);
        }
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        made.verdict = judge(made, site.kind, *world->standards);
        take(made);
    }
    /// Ammonia nitrogen, one round after the other; the other chemical items move a little, as they do.
    void ammonia(std::string_view id, UtcTime& time, std::initializer_list<std::string_view> values)
    {
        for (auto const value : values) {
            auto const moved = std::to_string(time.time_since_epoch() / 4h % 7 + 1);
            auto const codmn = "2." + moved;
            auto const oxygen = "10." + moved;
            round(id, time, {{"ammonia_nitrogen", value}, {"codmn", codmn}, {"dissolved_oxygen", oxygen}});
            time += 4h;
        }
    }

    /// The newest alert of a family.
    Alert current(AlertFamily family) const
    {
        for (auto const& alert : alerting->published()->alerts)
            if (alert->family == family)
                return *alert;
        ADD_FAILURE() << "there is no alert of the family " << to_text(family);
        return {};
    }
    void done(AlertAction::Kind kind, std::string note, UtcTime now, std::optional<UtcTime> until = {},
              AlertFamily family = AlertFamily::water)
    {
        auto const result = act_on(current(family).id, kind, std::move(note), now, until);
        EXPECT_TRUE(result) << to_text(kind) << ": " << result.error().detail;
    }
    /// Everything that people and the clock do to the newest alert of a family, until somebody calls it solved for the second time.
    /// \return the time then
    UtcTime handle(AlertFamily family, UtcTime now)
    {
        using Kind = AlertAction::Kind;
        if (auto const due = current(family).escalate_at)
            tick(now = std::max(now, *due));
        done(Kind::acknowledge, "", now += 10min, {}, family);
        done(Kind::assign, "请现场排查", now += 10min, {}, family);
        done(Kind::comment, "已联系运维单位", now += 10min, {}, family);
        done(Kind::progress, "已派人到现场", now += 10min, {}, family);
        done(Kind::silence, "", now += 10min, now + 3h, family);
        for (auto const end = now + 8 * 24h; now < end;)
            tick(now += 1h);
        done(Kind::resolve, "已处理", now += 1h, {}, family);
        done(Kind::reopen, "复查仍有问题", now += 1h, {}, family);
        done(Kind::resolve, "再次处理", now += 1h, {}, family);
        return now;
    }

    /// The messages since the last call, of one family.
    std::vector<Message> take_messages(AlertFamily family)
    {
        std::vector<Message> all;
        for (auto const& step : kept->journal(alert_topic, 0, 100'000))
            if (step.number > seen_) {
                seen_ = step.number;
                if (auto message = message_of(step.document); message.family == to_text(family))
                    all.push_back(std::move(message));
            }
        return all;
    }

    void scene(std::string_view title, std::vector<Message> messages)
    {
        scenes_ += fmt::format("\n## {}\n", title);
        for (auto const& m : messages) {
            scenes_ += fmt::format("\n**{}**\n```text\n{}```\n", m.title, m.body);
            scenes_ += fmt::format("*{}*\n```text\n{}```\n", m.title_en, m.body_en);
        }
        table(std::move(messages));
    }
    /// Its cells alone, for steps whose bodies differ from others' by what the table shows.
    void table(std::vector<Message> messages)
    {
        for (auto& m : messages)
            rows_.try_emplace(fmt::format("{} | {} | {}", m.family, m.kind, m.state), std::move(m));
    }

    void scene_of_digest()
    {
        auto const entries = kept->journal(digest_topic, 0, 1);
        ASSERT_FALSE(entries.empty());
        simdjson::dom::parser parser;
        simdjson::dom::element const root = parser.parse(entries.front().document);
        scenes_ += "\n## 每日摘要 The daily digest\n";
        for (auto const language : {"zh", "en"}) {
            std::string_view title;
            std::string_view body;
            EXPECT_EQ(root.at_pointer(fmt::format("/data/text/{}/title", language)).get(title), simdjson::SUCCESS);
            EXPECT_EQ(root.at_pointer(fmt::format("/data/text/{}/body", language)).get(body), simdjson::SUCCESS);
            scenes_ += fmt::format("\n**{}**\n```text\n{}```\n", title, body);
        }
    }

    std::string page() const
    {
        std::string out =
            "# 消息 Messages\n\n"
            "值班人员会收到的每一种文字：步骤 × 类别 × 状态。由测试用随程序的规则算出（`tests/alerting/messages_test.cpp`），改动后用 "
            "`YIHONG_RENEW_DOCS=1 ctest -R MessagesPage` 更新。时间均为北京时间。\n"
            "Every text that people read, by step, family and state, as the rules that ship make them of made records; a test writes this "
            "page. "
            "Times are Beijing time.\n\n"
            "标题不超过 40 个字（英文 100）：地点、级别、类别、项目、数值，都是此刻的；正文先说变化，再说现状；最差值另列，带自己的时间。\n"
            "A title has at most 40 characters (English: 100); it and the body say what is so now, the body what has changed first. What "
            "was worst "
            "stands apart with its own time.\n\n"
            "| 类别 family | 步骤 step | 状态 state | 标题 title | 变化 change | 下一步 next |\n| --- | --- | --- | --- | --- | --- |\n";
        for (auto const& [key, m] : rows_)
            out += fmt::format("| {} | {}<br>{} | {}<br>{} | {}<br>{} |\n", key, m.title, m.title_en, line(m.body, "变化："),
                               line(m.body_en, "Change: "), line(m.body, "下一步："), line(m.body_en, "Next: "));
        return out + scenes_;
    }

private:
    std::uint64_t seen_ = 0;
    std::map<std::string, Message> rows_;
    std::string scenes_;
};

}  // namespace yihong::testing
