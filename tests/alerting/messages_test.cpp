// Prints what people read into docs/messages.md: every kind of step in every family and state, with the rules that ship.
#include "period_scenes.hpp"

namespace yihong::testing {
namespace {

class MessagesPage : public PeriodScenes {
protected:
    // The scenes, in the order of the page; each begins anew.
    void show_drill();
    void show_section_above_its_limits();
    void show_corrected_value();
    void show_nearing_and_sudden_change();
    void show_month();
    /// Rounds of whole days at 上平望, looked at with the first of the day behind each.
    void days_of_ammonia(UtcTime& time, int days, std::array<std::string_view, 2> const& values);
    static inline UtcTime const begin_of_march = at("2026-02-28T16:00:00Z");
    void show_result_of_month(std::string_view title, std::string_view later);
    void show_air();
    void show_discharge();
    void show_operation();
    void show_missing_item_and_outage();
    void show_digest();
    void show_service();
};

void MessagesPage::show_drill()
{
    begin_anew();
    using Kind = AlertAction::Kind;
    auto time = begin;
    for (int i = 0; i < 14; ++i)
        ammonia("longmen", time, {"0.025"});
    ammonia("longmen", time, {"1.5", "1.5"});
    done(Kind::acknowledge, "", time + 15min);
    ammonia("longmen", time, {"0.025", "0.03", "0.025"});
    done(Kind::close, "现场核实正常", time + 1h);
    scene("演练 The drill of alerts.md：龙门 Longmen", take_messages(AlertFamily::water));
}

void MessagesPage::show_section_above_its_limits()
{
    begin_anew();
    using Kind = AlertAction::Kind;
    auto time = begin;
    for (int i = 0; i < 14; ++i)
        ammonia("zhangliuzhuang", time, {"0.3"});
    ammonia("zhangliuzhuang", time, {"1.31", "1.42"});
    tick(current(AlertFamily::water).escalate_at.value_or(time));
    ammonia("zhangliuzhuang", time, {"2.3"});
    tick(current(AlertFamily::water).escalate_at.value_or(time));
    done(Kind::acknowledge, "已看到", time + 15min);
    done(Kind::assign, "请现场排查", time + 20min);
    done(Kind::comment, "上游来水偏黑", time + 30min);
    done(Kind::progress, "已派人到现场", time + 1h);
    done(Kind::silence, "", time + 2h, time + 3h);
    ammonia("zhangliuzhuang", time, {"1.2", "1.2", "1.2"});
    round("zhangliuzhuang", time, {{"ammonia_nitrogen", "1.21"}, {"total_phosphorus", "0.25"}});
    time += 4h;
    for (auto now = time; now < time + 200h; now += 1h)
        tick(now);
    done(Kind::resolve, "人工复测达标", time + 200h);
    tick(time + 226h);
    done(Kind::acknowledge, "", time + 227h);
    ammonia("zhangliuzhuang", time, {"0.41", "0.4", "0.42"});
    ammonia("zhangliuzhuang", time, {"1.3"});
    ammonia("zhangliuzhuang", time, {"0.41", "0.4", "0.42"});
    done(Kind::close, "", time + 240h);
    scene("水质 Water：张留庄 Zhangliuzhuang", take_messages(AlertFamily::water));
}

void MessagesPage::show_corrected_value()
{
    begin_anew();
    auto time = begin;
    ammonia("xiaohancun", time, {"0.3", "0.31", "0.32", "30"});
    time -= 4h;
    ammonia("xiaohancun", time, {"0.4", "1.1"});
    ammonia("xiaohancun", time, {"0.4", "0.41", "0.4"});
    scene("更正 A corrected value：小韩村 Xiaohancun（30 更正为 0.4，随后 1.1）", take_messages(AlertFamily::water));
}

void MessagesPage::show_nearing_and_sudden_change()
{
    begin_anew();
    auto time = begin;
    for (int i = 0; i < 20; ++i)
        ammonia("shangpingwang", time, {"0.7"});
    (void)take_messages(AlertFamily::water);
    for (auto const value : {"0.90", "0.91", "0.92", "0.94", "0.96", "0.98"})
        ammonia("shangpingwang", time, {value});
    ammonia("shangpingwang", time, {"0.4", "0.41", "0.4", "0.41", "0.4", "0.41"});
    for (int i = 0; i < 10; ++i)
        ammonia("shangpingwang", time, {"0.2"});
    for (int i = 0; i < 30; ++i)
        ammonia("shangpingwang", time, {"0.2"});
    ammonia("shangpingwang", time, {"0.6", "0.2", "0.21", "0.2"});
    scene("接近限值与突变 Near a limit, and a sudden change：上平望 Shangpingwang", take_messages(AlertFamily::water));
}

void MessagesPage::days_of_ammonia(UtcTime& time, int days, std::array<std::string_view, 2> const& values)
{
    for (int day = 0; day < days; ++day) {
        for (int round = 0; round < 3; ++round)
            ammonia("shangpingwang", time, {values[0], values[1]});
        look("shangpingwang", format_date(beijing_date(time)));
    }
}

void MessagesPage::show_month()
{
    begin_anew();
    auto time = begin_of_march;
    days_of_ammonia(time, 12, {"1.31", "1.32"});
    scene("月均值 Month：上平望 Shangpingwang", take_messages(AlertFamily::month));
    handle(AlertFamily::month, time);
    table(take_messages(AlertFamily::month));
}

void MessagesPage::show_result_of_month(std::string_view title, std::string_view later)
{
    begin_anew();
    auto time = begin_of_march;
    days_of_ammonia(time, 12, {"1.31", "1.32"});
    days_of_ammonia(time, 19, {later, later});
    auto messages = take_messages(AlertFamily::month);
    auto const result = std::ranges::find_if(messages, [](Message const& m) { return m.body.contains("年3月均值为"); });
    ASSERT_NE(result, messages.end());
    scene(title, {*result});
    table(std::move(messages));
}

void MessagesPage::show_air()
{
    begin_anew();
    auto time = begin;
    for (auto const* value : {"180", "190", "200", "260", "120", "60", "50", "45"}) {
        round("yuncheng", time, {{"pm25", value}, {"pm10", "60"}, {"so2", "10"}, {"no2", "20"}, {"co", "0.5"}, {"o3", "60"}}, "N",
              IntervalKind::hour);
        time += 1h;
    }
    scene("空气质量 Air：运城市中心站 Yuncheng Centre", take_messages(AlertFamily::air));

    begin_anew();
    time = begin;
    for (auto const* value : {"180", "190", "200"}) {
        round("yuncheng", time, {{"pm25", value}, {"pm10", "60"}, {"so2", "10"}, {"no2", "20"}, {"co", "0.5"}, {"o3", "60"}}, "N",
              IntervalKind::hour);
        time += 1h;
    }
    time = std::chrono::floor<std::chrono::hours>(handle(AlertFamily::air, time));
    for (auto const* value : {"60", "50", "45"}) {
        time += 1h;
        round("yuncheng", time, {{"pm25", value}, {"pm10", "60"}, {"so2", "10"}, {"no2", "20"}, {"co", "0.5"}, {"o3", "60"}}, "N",
              IntervalKind::hour);
    }
    done(AlertAction::Kind::close, "现场核实正常", time + 2h, {}, AlertFamily::air);
    table(take_messages(AlertFamily::air));
}

void MessagesPage::show_discharge()
{
    begin_anew();
    auto time = begin;
    for (auto const* value : {"55", "62", "30", "31", "30"}) {
        round("wushuichang", time, {{"cod", value}}, "N", IntervalKind::hour);
        time += 1h;
    }
    scene("排放 Discharge：市污水处理厂 City sewage plant", take_messages(AlertFamily::discharge));

    begin_anew();
    time = begin;
    for (auto const* value : {"55", "62"}) {
        round("wushuichang", time, {{"cod", value}}, "N", IntervalKind::hour);
        time += 1h;
    }
    time = std::chrono::floor<std::chrono::hours>(handle(AlertFamily::discharge, time));
    for (auto const* value : {"30", "31", "30"})
        round("wushuichang", time += 1h, {{"cod", value}}, "N", IntervalKind::hour);
    done(AlertAction::Kind::close, "现场核实正常", time + 2h, {}, AlertFamily::discharge);
    table(take_messages(AlertFamily::discharge));
}

void MessagesPage::show_operation()
{
    begin_anew();
    auto time = begin;
    ammonia("longmen", time, {"0.02", "0.03"});
    tick(time + 10h);
    time += 12h;
    ammonia("longmen", time, {"0.02"});
    for (int i = 0; i < 7; ++i, time += 4h) {
        auto const value = std::to_string(i % 3 + 3);
        auto const temperature = "0.0" + value;
        round("longmen", time,
              {{"ammonia_nitrogen", temperature}, {"turbidity", "18.5"}, {"codmn", "2." + value}, {"dissolved_oxygen", "9." + value}});
    }
    round("longmen", time, {{"turbidity", "20.1"}, {"codmn", "2.7"}, {"dissolved_oxygen", "9.9"}});
    time += 4h;
    round("longmen", time, {{"ammonia_nitrogen", "9.99"}, {"codmn", "2.8"}, {"dissolved_oxygen", "9.8"}}, "T");
    time += 4h;
    ammonia("longmen", time, {"0.02", "0.03", "0.02"});
    scene("站点运行 Operation：龙门 Longmen", take_messages(AlertFamily::operation));

    begin_anew();
    time = begin;
    ammonia("longmen", time, {"0.02", "0.03"});
    tick(time + 10h);
    time = begin + std::chrono::floor<std::chrono::days>(handle(AlertFamily::operation, time + 11h) - begin) + 24h;
    ammonia("longmen", time, {"0.02"});
    done(AlertAction::Kind::close, "供电已恢复", time + 2h, {}, AlertFamily::operation);
    table(take_messages(AlertFamily::operation));
}

void MessagesPage::show_missing_item_and_outage()
{
    begin_anew();
    auto time = begin;
    auto const rest = [](UtcTime at) { return "9." + std::to_string(at.time_since_epoch() / 4h % 7 + 1); };
    for (int i = 0; i < 12; ++i, time += 4h)               // the analyser of permanganate is under repair, the others go on
        round("longmen", time, {{"codmn", "2.1"}, {"dissolved_oxygen", rest(time)}}, i < 4 ? "N" : "D");
    round("longmen", time, {{"codmn", "2.2"}, {"dissolved_oxygen", rest(time)}});
    time += 4h;
    for (int i = 0; i < 8; ++i, time += 4h)
        round("longmen", time, {{"codmn", "2.3"}, {"dissolved_oxygen", rest(time)}}, "M", IntervalKind::four_hours,
              StationStatus::maintenance);
    round("longmen", time, {{"codmn", "2.4"}, {"dissolved_oxygen", rest(time)}});
    scene("缺数与停用 A missing item, and a station out of service：龙门 Longmen", take_messages(AlertFamily::operation));
}

void MessagesPage::show_digest()
{
    begin_anew();
    auto time = begin - 20h;
    ammonia("zhangliuzhuang", time, {"1.31", "1.42", "1.5"});
    ammonia("longmen", time, {"1.2"});
    for (auto now = begin; now < begin + 24h; now += 30min)
        tick(now);
    scene_of_digest();
}

void MessagesPage::show_service()
{
    begin_anew();
    ServiceStatus status;
    alerting = std::make_unique<Alerting>(
        *kept, *kept,
        AlertingOptions{.public_url = "https://water.example.invalid", .channels = {"duty"}, .status = [&] { return status; }}, begin);
    alerting->use(world);
    auto now = begin + 20h;
    status.stalled_since = now;
    tick(now + 20min);
    status.disk_used_percent = 96;
    tick(now + 21min);
    tick(now + 50min);
    status = {};
    take(drawn("longmen", '.', now - 4h));
    tick(now + 2h);
    scene("服务自身 The service itself", take_messages(AlertFamily::service));

    status.disk_used_percent = 96;
    tick(now + 40h);
    now = handle(AlertFamily::service, now + 41h);
    status = {};
    take(drawn("longmen", '.', std::chrono::floor<std::chrono::hours>(now)));
    tick(now + 1h);
    done(AlertAction::Kind::close, "已扩容", now + 2h, {}, AlertFamily::service);
    table(take_messages(AlertFamily::service));
}

/// An item that was there before and makes a rule hold by itself now is no new rule, and no new item.
TEST_F(MessagesPage, AnItemThatComesToAStandingRuleIsNamedWithIt)
{
    round("zhangliuzhuang", begin, {{"ammonia_nitrogen", "2.3"}, {"codmn", "7.1"}});
    round("zhangliuzhuang", begin + 4h, {{"ammonia_nitrogen", "2.4"}, {"codmn", "16"}});
    auto const messages = take_messages(AlertFamily::water);
    ASSERT_FALSE(messages.empty());
    EXPECT_EQ(messages.back().kind, "updated");
    EXPECT_NE(line(messages.back().body, "变化：").find("高锰酸盐指数也触发重度污染"), std::string_view::npos) << messages.back().body;
    EXPECT_EQ(messages.back().body.find("新触发重度污染"), std::string::npos) << messages.back().body;
}

TEST_F(MessagesPage, IsWhatPeopleRead)
{
    show_drill();
    show_section_above_its_limits();
    show_corrected_value();
    show_nearing_and_sudden_change();
    show_month();
    show_result_of_month("月均值达到目标 A month that meets its target", "0.2");
    show_result_of_month("月均值未达目标 A month that misses its target", "1.3");
    show_air();
    show_discharge();
    show_year();
    show_good_days();
    show_plant_day();
    show_operation();
    show_missing_item_and_outage();
    show_digest();
    show_service();

    auto const file = std::filesystem::path{YIHONG_SOURCE_DIR} / "docs/messages.md";
    if (std::getenv("YIHONG_RENEW_DOCS") != nullptr)
        std::ofstream{file, std::ios::binary} << page();
    else
        EXPECT_EQ(read_file(file), page())
            << "the texts are others than docs/messages.md says; read them, then renew it with\n  YIHONG_RENEW_DOCS=1 ctest "
               "-R MessagesPage";
}

}  // namespace
}  // namespace yihong::testing
