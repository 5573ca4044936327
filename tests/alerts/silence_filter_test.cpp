// Silences of the sites that a condition in CQL2 holds for.
#include "fixture.hpp"

namespace yihong::alerts::testing {
namespace {

class FilteredSilences : public AlertRoutes {
protected:
    [[nodiscard]] http::ClientReply silence(std::string_view filter) const
    {
        std::string body;
        JsonWriter json{body};
        json.begin_object().member("filter", filter).member("end", utc_now() + std::chrono::hours{2}).member("reason", "停电");
        json.end_object();
        return operate("POST", "/api/v1/silences", body);
    }
    /// How many messages wait for the channel once both sections are worse than they ought to be.
    std::size_t told()
    {
        auto const now = utc_now();
        for (auto const* site : {"upper", "lower"})
            send({parsed(site, format_rfc3339(now - std::chrono::hours{5}), {reading("ammonia_nitrogen", "1.31")})}, format_rfc3339(now));
        EXPECT_EQ(json("/api/v1/alerts").size("/alerts"), 2U) << "raised and kept all the same";
        return store.outbox("alert:duty", 0, 10).size();
    }
};

TEST_F(FilteredSilences, KeepTheChannelsQuietForTheSitesOfTheFilterAlone)
{
    auto const made = silence("S_INTERSECTS(geometry, BBOX(110,34,111,36)) AND kind = 'water_section'");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(Json{made.body}.at("/filter"), "S_INTERSECTS(geometry, BBOX(110,34,111,36)) AND kind = 'water_section'");
    EXPECT_EQ(json("/api/v1/silences").at("/silences/0/filter"), Json{made.body}.at("/filter"));
    EXPECT_EQ(told(), 1U) << "upper lies in the box, lower does not";
}

TEST_F(FilteredSilences, StandAfterARestart)
{
    ASSERT_EQ(silence("id = 'upper'").status, 201);
    restart();
    EXPECT_EQ(json("/api/v1/silences").at("/silences/0/filter"), "id = 'upper'");
    EXPECT_EQ(told(), 1U);
}

TEST_F(FilteredSilences, WhoseTextIsNoFilterAnyMoreCoverNothing)
{
    ASSERT_EQ(silence("id = 'upper'").status, 201);
    alerting.make_filter = [](std::string_view) -> Result<ScopeFilter> { return fail(Errc::bad_value, "as of a later version"); };
    restart();
    EXPECT_EQ(json("/api/v1/silences").size("/silences"), 1U);
    EXPECT_EQ(told(), 2U) << "rather told than kept quiet";
}

TEST_F(FilteredSilences, AreRefusedWithThePlaceAndWhatIsAllowed)
{
    for (auto const& [filter, words] :
         {std::pair<std::string, std::vector<std::string>>{"levl = 'national'", {"character 1", "levl", "level"}},
          {"level = ", {"character 9"}},
          {"level > 3", {"character"}},
          {"id = 'nobody'", {"covers none of the sites"}}}) {
        auto const reply = silence(filter);
        EXPECT_EQ(reply.status, 400) << filter;
        auto const detail = Json{reply.body}.at("/detail");
        EXPECT_TRUE(detail.starts_with("filter: ")) << detail;
        for (auto const& word : words)
            EXPECT_NE(detail.find(word), std::string::npos) << word << " is not in " << detail;
    }
    EXPECT_EQ(json("/api/v1/silences").size("/silences"), 0U);
}

}  // namespace
}  // namespace yihong::alerts::testing
