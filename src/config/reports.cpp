#include "reports.hpp"

#include "values.hpp"

namespace yihong {
namespace {

constexpr std::array figures{std::pair{std::string_view{"water_index"}, RankingFigure::water_index},
                             std::pair{std::string_view{"good_share"}, RankingFigure::good_share},
                             std::pair{std::string_view{"met_share"}, RankingFigure::met_share}};
constexpr std::array weights{std::pair{std::string_view{"sections"}, IndexWeights::sections},
                             std::pair{std::string_view{"equal"}, IndexWeights::equal}};
constexpr std::array ties{std::pair{std::string_view{"leave_out"}, TieRule::leave_out},
                          std::pair{std::string_view{"go_on"}, TieRule::go_on}};
constexpr std::array orders{std::pair{std::string_view{"smallest_first"}, true}, std::pair{std::string_view{"largest_first"}, false}};

void read_ranking(TableReader table, RankingRules& to)
{
    table.parsed("by", to.figure, one_of(figures));
    to = usual_rules(to.figure);
    table.parsed("order", to.smallest_first, one_of(orders));
    table.whole("decimals", to.decimals, 0, 4);
    table.parsed("weights", to.weights, one_of(weights));
    if (table.has("weights") && to.figure != RankingFigure::water_index)
        table.problem("weights", Errc::bad_value, "only the water_index weighs rivers and lakes");
    table.parsed("ties", to.ties, one_of(ties));
    table.finish();
}

}  // namespace

void read_reports(TableReader table, std::filesystem::path const& folder, ReportSettings& to)
{
    table.text("publisher", to.publisher);
    table.parsed("water_template", to.water_template, path_from(folder));
    table.parsed("air_template", to.air_template, path_from(folder));
    table.whole("rounds_needed", to.validity.rounds_needed, 1, to.validity.rounds_a_day);
    table.whole("percent_of_days", to.validity.percent_of_days, 1, 100);
    table.flag("normal_stations_only", to.validity.normal_stations_only);
    read_ranking(table.table("ranking"), to.ranking);
    table.finish();
}

}  // namespace yihong
