#include "series_pieces.hpp"

#include "core_fixture.hpp"
#include "series_json.hpp"

#include <random>

/// Pages that are joined of finished pieces say what a page says that is made from the store.
namespace yihong::api {
namespace {

using namespace std::chrono_literals;

class SeriesPiecesTest : public testing::CoreFixture {
protected:
    [[nodiscard]] Site const& site_of(std::string_view id) const { return *current->sites->find(id); }
    /// Hourly records of three days from `begin` on, with gaps, below detection and dirty ones.
    void fill(std::string_view site_id, IntervalKind interval, std::chrono::minutes step, int count)
    {
        std::vector<ParsedRecord> records;
        for (int i = 0; i < count; ++i) {
            if (random() % 7 == 0)
                continue;
            auto ammonia = reading("ammonia_nitrogen", random() % 3 == 0 ? "1.8" : "0.12");
            auto record = parsed(site_id, "2025-11-03T00:00:00Z", {reading("ph", "7.9"), ammonia}, interval);
            std::ranges::sort(record.record.readings, {}, &Reading::parameter);
            record.record.time += step * i;
            records.push_back(std::move(record));
        }
        ASSERT_TRUE(send(std::move(records)).rejected.empty());
    }
    [[nodiscard]] SeriesPage from_pieces(SeriesRequest const& wanted)
    {
        auto const windows = windows_of(wanted).value();
        auto const found = pieces.find(windows, version);
        auto texts = make_missing(wanted, windows, found, site_of(wanted.site), *current, store);
        EXPECT_EQ(texts.size(), windows.size());
        for (std::size_t i = 0; i < windows.size(); ++i) {
            if (found[i]) {
                EXPECT_TRUE(texts[i].text.empty());
                texts[i] = found[i]->text();
                continue;
            }
            ++made;
            pieces.put_if_asked_before(windows[i].key, version, texts[i], 1U << 20U);
        }
        return join_pieces(wanted, site_of(wanted.site), texts, "self", "page?f=json");
    }
    [[nodiscard]] SeriesPage from_store(SeriesRequest const& wanted) const
    {
        return render_series(wanted, site_of(wanted.site), *current, store, "self", "page?f=json");
    }
    [[nodiscard]] SeriesRequest request(std::string site_id, IntervalKind interval, UtcTime begin, UtcTime end) const
    {
        SeriesRequest wanted;
        wanted.query.site = site_of(site_id).number;
        wanted.site = std::move(site_id);
        wanted.query.interval = interval;
        wanted.query.time = {begin, end};
        return wanted;
    }

    SeriesPieces pieces;
    std::string version = "1";
    std::mt19937 random{11};
    int made = 0;
};

TEST_F(SeriesPiecesTest, SayWhatThePageFromTheStoreSays)
{
    fill("a", IntervalKind::hour, 60min, 24 * 9);
    fill("a", IntervalKind::four_hours, 240min, 6 * 9);
    fill("a", IntervalKind::minute, 10min, 6 * 24 * 2);
    fill("a", IntervalKind::day, 1440min, 9);
    fill("air", IntervalKind::hour, 60min, 24 * 9);
    auto const begin = testing::at("2025-11-02T12:00:00Z");
    auto const ammonia = reading("ammonia_nitrogen", "1").parameter;
    int with_records = 0, with_next = 0;
    for (int i = 0; i < 600; ++i) {
        auto const from = begin + std::chrono::minutes{random() % (60 * 24 * 10)};
        auto const interval =
            std::array{IntervalKind::hour, IntervalKind::four_hours, IntervalKind::minute, IntervalKind::day}[random() % 4];
        auto const longest = interval == IntervalKind::minute ? 60U * 30 : 60U * 24 * 8;
        auto wanted = request(random() % 4 == 0 ? "air" : "a", interval, from, from + std::chrono::minutes{random() % longest});
        wanted.query.limit = 1 + random() % 40;
        if (random() % 2 == 0)
            wanted.parameters = {ammonia};
        for (int page = 0; page < 5; ++page) {
            auto const joined = from_pieces(wanted);
            auto const read = from_store(wanted);
            ASSERT_EQ(joined.body, read.body);
            ASSERT_EQ(joined.next, read.next);
            with_records += joined.body.find("\"time\"") != std::string::npos;
            if (joined.next.empty())
                break;
            ++with_next;
            auto const dot = joined.next.find('.');
            wanted.query.after = {UtcTime{std::chrono::milliseconds{std::stoll(joined.next.substr(0, dot))}},
                                  parse_interval_kind(joined.next.substr(dot + 1)).value()};
        }
    }
    EXPECT_GT(with_records, 300);
    EXPECT_GT(with_next, 100);
    EXPECT_LE(pieces.bytes(), 1U << 20U);
}

TEST_F(SeriesPiecesTest, AreSharedByPagesOfDifferentDaysAndMadeAnewForAnotherVersion)
{
    fill("a", IntervalKind::hour, 60min, 24 * 9);
    auto const begin = testing::at("2025-11-03T00:00:00Z");
    auto const week = [&](int day) { return request("a", IntervalKind::hour, begin + 24h * day, begin + 24h * (day + 7) - 1h); };
    (void)from_pieces(week(0));
    EXPECT_EQ(made, 7);
    (void)from_pieces(week(0));
    EXPECT_EQ(made, 14) << "what was asked for once is not kept";
    (void)from_pieces(week(0));
    EXPECT_EQ(made, 14);
    (void)from_pieces(week(1));
    EXPECT_EQ(made, 15);
    send({parsed("a", "2025-11-05T05:00:00Z", {reading("ph", "6.1")}, IntervalKind::hour)});
    version = "2";
    EXPECT_NE(from_pieces(week(0)).body.find("6.1"), std::string::npos);
    EXPECT_EQ(made, 22);
    auto of_one = week(0);
    of_one.parameters = {reading("ph", "1").parameter};
    EXPECT_EQ(from_pieces(of_one).body, from_store(of_one).body);
    EXPECT_EQ(made, 29);
}

TEST_F(SeriesPiecesTest, AreNotForPagesWithoutEndOrOneInterval)
{
    auto const begin = testing::at("2025-11-03T00:00:00Z");
    auto const whole = request("a", IntervalKind::hour, begin, begin + 24h * 20);
    EXPECT_EQ(windows_of(whole)->size(), 21U);
    for (auto const& change : std::vector<std::function<void(SeriesRequest&)>>{
             [](SeriesRequest& r) { r.query.interval.reset(); },
             [](SeriesRequest& r) { r.query.interval = IntervalKind::sample; },
             [](SeriesRequest& r) { r.query.time.begin.reset(); },
             [](SeriesRequest& r) { r.query.time.end.reset(); },
             [](SeriesRequest& r) { r.query.time.end = *r.query.time.end + 24h * 100; },
             [](SeriesRequest& r) { r.form = http::Form::csv; },
         }) {
        auto other = whole;
        change(other);
        EXPECT_FALSE(windows_of(other));
    }
    EXPECT_EQ(windows_of(request("a", IntervalKind::hour, UtcTime{-1ms}, UtcTime{0ms}))->size(), 2U);
}

TEST_F(SeriesPiecesTest, StayWithinTheirBudget)
{
    SeriesPieces few;
    PieceText piece;
    for (int i = 0; i < 60; ++i) {
        piece.text += (i == 0 ? "" : ",") + std::to_string(random());
        piece.records.push_back({UtcTime{1ms * i}, piece.text.size()});
    }
    for (int i = 0; i < 20; ++i)
        for (int time = 0; time < 2; ++time) {
            few.put_if_asked_before("k" + std::to_string(i), "1", piece, 5000);
            EXPECT_LE(few.bytes(), 5000U);
        }
    auto const last = std::vector<PieceWindow>{{"k19", {}}, {"k0", {}}};
    auto const found = few.find(last, "1");
    ASSERT_TRUE(found[0]);
    EXPECT_FALSE(found[1]);
    auto const again = found[0]->text();
    EXPECT_EQ(again.text.substr(again.begin), piece.text);
    EXPECT_TRUE(std::ranges::equal(again.records, piece.records, {}, &PieceText::Place::time, &PieceText::Place::time));
    for (std::size_t i = 0; i < piece.records.size(); ++i)
        EXPECT_EQ(again.begin_of(i), again.begin + piece.begin_of(i));
    EXPECT_EQ(few.find(last, "2"), (std::vector<std::shared_ptr<SeriesPiece const>>(2)));
}

TEST(AskedLately, CountsWhatComesAgainAndForgetsWhatManyOthersCameAfter)
{
    AskedLately<16> asked;
    EXPECT_EQ(asked.count("a"), 1U);
    EXPECT_EQ(asked.count("a"), 2U);
    EXPECT_EQ(asked.count("a"), 3U);
    for (int i = 0; i < 1000; ++i)
        EXPECT_LE(asked.count(std::to_string(i)), 1U);
    EXPECT_EQ(asked.count("a"), 1U);
    for (int i = 0; i < 1000; ++i)
        (void)asked.count("often");
    EXPECT_EQ(asked.count("often"), 255U);
}

}  // namespace
}  // namespace yihong::api
