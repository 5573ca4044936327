#include "yihong/reports/dust_proposals.hpp"

#include "common.hpp"
#include "marks.hpp"
#include "report_basis.hpp"

#include "yihong/base/beijing_text.hpp"
#include "yihong/base/json_writer.hpp"

namespace yihong::api {
namespace {

struct ProposalsRequest {
    Period period;
};

std::string proposals_json(std::vector<DustProposal> const& proposals, World const& world)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("rule", "小时 PM10 高于 150 μg/m³ 且不低于前 6 小时均值的 2 倍，或 PM2.5/PM10 不高于此前的一半；回到均值的 "
                                       "110% 以内为止。只是建议，由人确认或否决");
    json.key("proposals").begin_array();
    for (auto const& proposal : proposals) {
        json.begin_object().member("date", format_date(proposal.date)).key("stations").begin_array();
        for (auto const& [station, event] : proposal.signs) {
            auto const& site = world.sites->all()[station];
            json.begin_object().member("site", site.id).member("name", site.name).text_or_null("county", world.facts[station].county);
            write_with_beijing(json, "begin", event.begin);
            write_with_beijing(json, "end", event.end);
            json.member("pm10_before", event.before).member("pm10_highest", event.highest);
            write_with_beijing(json, "highest_at", event.highest_at);
            json.end_object();
        }
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return out;
}

asio::awaitable<Reply> proposals(Services const& services, ProposalsRequest const& wanted)
{
    constexpr std::chrono::days longest{400};
    if (wanted.period.end - wanted.period.begin > longest)
        co_return http::make_problem({Errc::too_large, "period: at most a year"});
    auto const world = services.intake.world();
    auto const make = [&]() -> Result<std::string> {
        return proposals_json(propose_dust(wanted.period, *world, {services.records, nullptr, services.state.marks.load()}), *world);
    };
    co_return co_await computed(services, std::string{json_type}, make);
}

}  // namespace

http::Route make_dust_proposal_route(Services const& services)
{
    return http::declare<ProposalsRequest>(
        {.path = "/api/v1/marks/dust-proposals",
         .id = "getDustProposals",
         .tag = "Marks",
         .summary = {"沙尘日建议：小时数据像沙尘、还没有人登记或否决的日子",
                     "days whose hours look like dust, and that nobody has marked or turned down yet"},
         .responses =
             {{200,
               {},
               {{"application/json",
                 R"({"type":"object","properties":{"rule":{"type":"string"},"proposals":{"type":"array","items":{"type":"object","properties":{"date":{"type":"string","format":"date"},"stations":{"type":"array","items":{"type":"object"}}}}}}})"}}}}},
        {period_parameter<ProposalsRequest>({"时段（北京时间），最长一年", "period of Beijing time, a year at most"}),
         http::only_json<ProposalsRequest>()},
        [&services](Request const&, ProposalsRequest const& wanted) { return proposals(services, wanted); });
}

}  // namespace yihong::api
