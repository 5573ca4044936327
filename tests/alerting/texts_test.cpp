// What people read, driven through the engine: records in, texts out.
#include "fixture.hpp"

namespace yihong::testing {
namespace {

/// The value of a member of the texts in a document, with line ends as `\n`.
std::string text_in(std::string const& document, std::string_view language, std::string_view member)
{
    auto const texts = document.find("\"text\":{\"zh\":{");
    auto const at = document.find(std::string{"\""} + std::string{language} + "\":{\"title\":", texts);
    auto const key = std::string{"\""} + std::string{member} + "\":\"";
    auto const from = document.find(key, at) + key.size();
    auto to = from;
    while (document[to] != '"' || document[to - 1] == '\\')
        ++to;
    return document.substr(from, to - from);
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// Han characters and the marks that stand with them begin with these bytes in UTF-8.
bool has_chinese(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xe3 && static_cast<unsigned char>(c) <= 0xef; });
}

class TextsTest : public AlertingTest {
protected:
    Record measured(std::string_view site, std::string_view parameter, std::string_view value, int round) const
    {
        auto record = drawn(site, '.', begin + 4h * round);
        auto const id = world->standards->parameters().find(parameter)->id;
        std::erase_if(record.readings, [&](Reading const& reading) { return reading.parameter == id; });
        Reading reading;
        reading.parameter = id;
        reading.value = Decimal::parse(value).value();
        record.readings.push_back(reading);
        std::ranges::sort(record.readings, {}, &Reading::parameter);
        record.verdict = judge(record, SiteKind::water_section, *world->standards);
        return record;
    }
    void ammonia(std::initializer_list<char const*> values, int first = 0)
    {
        for (auto const* value : values)
            take(measured("middle", "ammonia_nitrogen", value, first++));
    }
    std::vector<std::string> documents() const
    {
        std::vector<std::string> all;
        for (auto const& step : kept->journal(alert_topic, 0, 10'000))
            all.push_back(step.document);
        return all;
    }
    std::vector<std::string> titles() const
    {
        std::vector<std::string> all;
        for (auto const& document : documents())
            all.push_back(text_in(document, "zh", "title"));
        return all;
    }
    std::string last_body(std::string_view language = "zh") const { return text_in(documents().back(), language, "body"); }
    std::string collection() const { return alerting->collection("v")->features()[0]->geojson(); }
};

TEST_F(TextsTest, SayWhatIsSoNowAndWhatWasWorstApart)
{
    ammonia({"1.31", "1.42", "2.3", "1.2", "1.2", "1.2"});
    EXPECT_EQ(titles(),
              (std::vector<std::string>{"【提示】断面middle水质Ⅳ类：氨氮 1.31 mg/L", "【升为预警】断面middle水质Ⅳ类：氨氮 1.42 mg/L",
                                        "【升为严重】断面middle水质劣Ⅴ类：氨氮 2.3 mg/L", "【降为预警】断面middle水质Ⅳ类：氨氮 1.2 mg/L"}));
    auto const eased = last_body();
    EXPECT_TRUE(eased.starts_with("变化：级别由“严重”降为“预警”\\n")) << eased;
    EXPECT_NE(eased.find("超标项目：氨氮 1.2 mg/L（Ⅳ类，高于Ⅲ类限值1，超标0.2倍），监测时间 03-03 04:00"), std::string::npos) << eased;
    EXPECT_NE(eased.find("本次最差：劣Ⅴ类（03-02 16:00），氨氮 2.3 mg/L（03-02 16:00）"), std::string::npos) << eased;
    EXPECT_NE(collection().find(R"("water_class":4,"water_class_label":"Ⅳ","peak_class":6,"peak_class_label":"劣Ⅴ")"), std::string::npos)
        << collection();
    EXPECT_NE(collection().find(R"("peak_time":"2026-03-02T08:00:00Z")"), std::string::npos) << collection();

    ammonia({"0.41", "0.4", "0.42"}, 6);
    EXPECT_EQ(titles().back(), "【解除】断面middle恢复至Ⅱ类，氨氮 0.42 mg/L");
    auto const over = last_body();
    EXPECT_NE(over.find("现值：氨氮 0.42 mg/L（Ⅱ类），监测时间 03-03 16:00"), std::string::npos) << over;
    EXPECT_NE(over.find("本次最差：劣Ⅴ类（03-02 16:00），氨氮 2.3 mg/L（03-02 16:00）"), std::string::npos) << over;
    EXPECT_EQ(over.find("超标项目"), std::string::npos) << over;
    EXPECT_EQ(newest().water_class, 2);
    EXPECT_EQ(newest().peak_class, 6);
}

TEST_F(TextsTest, AnAlertFollowsItsValuesBetweenItsSteps)
{
    ammonia({"1.31", "1.42", "0.6"});
    EXPECT_EQ(steps(), "opened escalated");
    EXPECT_EQ(newest().water_class, 3);
    EXPECT_NE(collection().find(R"("title":"【预警】断面middle水质暂回Ⅲ类：氨氮 0.6 mg/L")"), std::string::npos) << collection();
}

TEST_F(TextsTest, ARoundThatWasSentAgainIsAsBadAsItWas)
{
    auto round = measured("middle", "ammonia_nitrogen", "1.31", 0);
    round.readings.push_back(measured("middle", "codmn", "2.5", 0).readings.at(1));
    std::ranges::sort(round.readings, {}, &Reading::parameter);
    take(round);
    round.time += 4h;
    round.received_at += 4h;
    take(round);
    EXPECT_EQ(steps(), "opened");
    EXPECT_NE(collection().find(R"("title":"【提示】断面middle水质Ⅳ类：氨氮 1.31 mg/L")"), std::string::npos) << collection();
}

TEST_F(TextsTest, AValueThatNeverWasLeavesEveryText)
{
    ammonia({"0.3", "0.31", "0.32", "30"});
    ASSERT_EQ(steps(), "opened");
    EXPECT_EQ(newest().peak_class, 6);
    take(measured("middle", "ammonia_nitrogen", "0.4", 3));
    ASSERT_EQ(steps(), "opened resolved") << "a correction ends what it had raised";
    EXPECT_EQ(titles().back(), "【解除】断面middle数据已更正，现为Ⅱ类，氨氮 0.4 mg/L");
    ammonia({"1.1"}, 4);
    ASSERT_EQ(steps(), "opened resolved reopened");
    EXPECT_EQ(titles().back(), "【重新发布·提示】断面middle水质Ⅳ类：氨氮 1.1 mg/L");
    for (auto const& document : {documents()[1], documents()[2], collection()}) {
        EXPECT_EQ(document.find("劣Ⅴ"), std::string::npos) << document;
        EXPECT_EQ(document.find("\"value\":30"), std::string::npos) << document;
    }
    EXPECT_EQ(newest().peak_class, 4);
    EXPECT_EQ(newest().peak_time, begin + 16h);
    EXPECT_EQ(newest().first_time, begin + 16h);
}

TEST_F(TextsTest, ACorrectionOfTheOnlyRecordEndsWhatItRaised)
{
    ammonia({"30"});
    take(measured("middle", "ammonia_nitrogen", "0.4", 0));
    EXPECT_EQ(steps(), "opened resolved");
    EXPECT_TRUE(newest().worst.empty());
}

TEST_F(TextsTest, APeakThatWasCorrectedGivesWayToTheNextWorst)
{
    ammonia({"1.31", "1.42", "30", "1.2"});
    EXPECT_EQ(newest().peak_class, 6);
    take(measured("middle", "ammonia_nitrogen", "1.6", 2));
    EXPECT_EQ(newest().peak_class, 5);
    EXPECT_EQ(newest().peak_time, begin + 8h);
    ASSERT_EQ(newest().worst.size(), 1U);
    EXPECT_EQ(newest().worst[0].value, (Decimal{16, 1}));
    EXPECT_EQ(titles().back(), "【降为预警】断面middle水质Ⅳ类：氨氮 1.2 mg/L");
}

TEST_F(TextsTest, ACorrectionAfterItsEndChangesThePeakToo)
{
    ammonia({"1.31", "1.42", "30", "0.4", "0.4", "0.4"});
    ASSERT_EQ(newest().state, AlertState::resolved);
    EXPECT_EQ(newest().peak_class, 6);
    take(measured("middle", "ammonia_nitrogen", "0.4", 2));
    EXPECT_EQ(newest().peak_class, 4);
    EXPECT_EQ(newest().water_class, 2) << "what it was at its end stays";
}

TEST_F(TextsTest, EachValueHasItsOwnTime)
{
    take(measured("middle", "ammonia_nitrogen", "1.31", 0));
    auto record = measured("middle", "dissolved_oxygen", "4.2", 1);
    std::erase_if(record.readings,
                  [&](Reading const& r) { return r.parameter == world->standards->parameters().find("ammonia_nitrogen")->id; });
    record.verdict = judge(record, SiteKind::water_section, *world->standards);
    take(record);
    ASSERT_EQ(steps(), "opened updated");
    auto const body = last_body();
    EXPECT_TRUE(body.starts_with("变化：新增溶解氧 4.2 mg/L（Ⅳ类，低于Ⅲ类限值5）\\n")) << body;
    EXPECT_NE(body.find("氨氮 1.31 mg/L（Ⅳ类，高于Ⅲ类限值1，超标0.3倍），监测时间 03-02 08:00"), std::string::npos) << body;
    EXPECT_NE(body.find("溶解氧 4.2 mg/L（Ⅳ类，低于Ⅲ类限值5），监测时间 03-02 12:00"), std::string::npos) << body;
    EXPECT_EQ(titles().back().find("【更新·提示】断面middle水质Ⅳ类："), 0U) << titles().back();
    EXPECT_NE(titles().back().find("等2项"), std::string::npos) << titles().back();
}

TEST_F(TextsTest, TheThresholdOfASuddenChangeIsNoLimit)
{
    auto plan = *world->alerts;
    AlertRule jump = plan.rules[0];
    jump.id = "jump";
    jump.kind = RuleKind::jump;
    jump.water_class = 2;
    jump.min_records = 3;
    plan.rules = {jump};
    use(plan);
    ammonia({"0.3", "0.31", "0.32", "0.93"});
    ASSERT_EQ(titles(), std::vector<std::string>{"【提示】断面middle水质Ⅲ类，突变：氨氮 0.93 mg/L"});
    auto const body = last_body();
    EXPECT_NE(body.find("突变项目：氨氮 0.93 mg/L（Ⅲ类，为近期中位数0.31的3倍），监测时间"), std::string::npos) << body;
    EXPECT_EQ(body.find("限值"), std::string::npos) << body;
    EXPECT_EQ(body.find("0.62"), std::string::npos) << body;
    EXPECT_NE(documents().back().find(R"("value":0.93,"unit":"mg/L","limit":null)"), std::string::npos);
    EXPECT_NE(documents().back().find(R"("compared_with":"median","limit_class":null,"median":0.31)"), std::string::npos);
}

TEST_F(TextsTest, PhIsToldAsItWasMeasured)
{
    take(measured("middle", "ph", "9.8", 0));
    EXPECT_NE(titles().back().find("pH"), std::string::npos) << titles().back();
    EXPECT_TRUE(titles().back().ends_with("9.8")) << titles().back();
    EXPECT_NE(documents().back().find(R"("parameter":"ph")"), std::string::npos);
    EXPECT_NE(documents().back().find(R"("value":9.8)"), std::string::npos);
}

TEST_F(TextsTest, AnAlertUpstreamIsToldByTheNameOfItsSection)
{
    run("upper", "x");
    run("middle", "x");
    auto const body = last_body();
    EXPECT_NE(body.find("可能受上游影响：断面upper https://water.example.invalid/api/v1/alerts/upper-water-20260302T000000Z?f=html\\n"),
              std::string::npos)
        << body;
    EXPECT_NE(last_body("en").find("Likely from upstream: upper https://"), std::string::npos) << last_body("en");
}

TEST_F(TextsTest, NeitherLanguageHasPiecesOfTheOther)
{
    run("upper", "x");
    ammonia({"1.31", "1.42", "2.3"});
    tick(newest().escalate_at.value());
    tick(newest().opened_at + 400h);
    ammonia({"0.3", "0.3", "0.3"}, 120);
    run("lower", "..");
    tick(begin + 600h);
    ASSERT_NE(steps().find("overdue"), std::string::npos) << steps();
    for (auto const& document : documents()) {
        EXPECT_FALSE(has_chinese(text_in(document, "en", "title"))) << text_in(document, "en", "title");
        EXPECT_FALSE(has_chinese(text_in(document, "en", "body"))) << text_in(document, "en", "body");
        auto const zh = text_in(document, "zh", "title") + text_in(document, "zh", "body");
        for (auto const* word : {"nobody", "readings", "overdue", "due soon", "class", "limit", "engine"})
            EXPECT_EQ(zh.find(word), std::string::npos) << zh;
    }
}

TEST_F(TextsTest, ATitleHasPlaceLevelClassItemAndValueInFortyCharacters)
{
    auto sites = world->sites->all();
    for (auto& site : sites)
        if (site.id == "middle") {
            site.name = "山西省运城市河津市汾河入黄河口庙前村国家考核断面水质自动监测站（原河津大桥断面，二〇二一年改设）";
            site.name_en = "A section at the mouth of the Fen with a name that is rather long for any single line of a message";
        }
    world = make_world(world->standards, std::move(sites), world->layers, world->alerts);
    alerting->use(world);
    ammonia({"1.31", "1.42", "12.3"});
    for (auto const& document : documents()) {
        auto const title = text_in(document, "zh", "title");
        EXPECT_LE(characters(title), 40U) << title;
        EXPECT_NE(title.find("山西省"), std::string::npos) << title;
        EXPECT_NE(title.find("类：氨氮 1"), std::string::npos) << title;
        EXPECT_LE(characters(text_in(document, "en", "title")), 100U);
    }
}

TEST_F(TextsTest, AnEndDoesNotStutter)
{
    AlertPlan plan;
    AlertRule rule;
    rule.id = "store-full";
    rule.kind = RuleKind::store_full;
    rule.percent = 95;
    plan.rules = {rule};
    use(plan);
    ServiceStatus status;
    status.disk_used_percent = 96;
    alerting = std::make_unique<Alerting>(*kept, *kept,
                                          AlertingOptions{.public_url = {}, .channels = {"duty"}, .status = [&] { return status; }}, begin);
    alerting->use(world);
    tick(begin + 1h);
    status.disk_used_percent = 50;
    tick(begin + 2h);
    EXPECT_EQ(titles(), (std::vector<std::string>{"【预警】一泓服务存储将满", "【解除】一泓服务恢复正常"}));
    EXPECT_EQ(text_in(documents().back(), "en", "title"), "[Resolved] Yihong: works normally again");
}

TEST_F(TextsTest, SayWhoDidWhatAndWhatIsToBeDoneByWhen)
{
    ammonia({"1.31", "1.42"});
    EXPECT_NE(last_body().find("下一步：请于03-02 16:35前确认，逾期上报上一级；核实数据，排查上游来水和排污；"), std::string::npos)
        << last_body();
    ASSERT_TRUE(act(AlertAction::Kind::acknowledge, "已看到", begin + 8h + 10min));
    EXPECT_TRUE(last_body().starts_with("变化：李值班于03-02 16:10确认\\n")) << last_body();
    EXPECT_NE(last_body().find("下一步：请于03-03 16:05前交办"), std::string::npos) << last_body();
    ASSERT_TRUE(act(AlertAction::Kind::assign, "", begin + 9h));
    EXPECT_TRUE(last_body().starts_with("变化：李值班于03-02 17:00交办给河津市河长办\\n")) << last_body();
    ASSERT_TRUE(act(AlertAction::Kind::resolve, "人工复测达标", begin + 10h));
    EXPECT_EQ(titles().back(), "【人工解除】断面middle现仍为Ⅳ类，氨氮 1.42 mg/L");
}

}  // namespace
}  // namespace yihong::testing
