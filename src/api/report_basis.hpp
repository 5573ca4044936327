#pragma once

#include "yihong/api/routes.hpp"
#include "yihong/history/known_marks.hpp"
#include "yihong/history/known_records.hpp"
#include "yihong/http/parameters.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace yihong::api {

/// What figures of a period are made from: what there is, or what was known at a moment (`asof`).
class ReportBasis {
public:
    /// \param services outlives this \throws StoreError
    ReportBasis(Services const& services, std::optional<UtcTime> known_at) : services_{services}
    {
        if (known_at) {
            known_.emplace(services.records, *known_at);
            marks_ = marks_known_at(services.journal, *known_at);
        } else {
            marks_ = services.state.marks.load();
        }
    }
    /// \pre this outlives what it is used for
    [[nodiscard]] ReportRecords records() const
    {
        return known_ ? ReportRecords{*known_, nullptr, marks_}
                      : ReportRecords{services_.records, &services_.months, marks_, &services_.air_months};
    }

private:
    Services const& services_;
    std::optional<KnownRecords> known_;
    std::shared_ptr<MarkBook const> marks_;
};

/// `period`, which has to be given.
template <typename Into>
http::Parameter<Into> period_parameter(http::Text text = {"时段（北京时间），写法同断面", "period of Beijing time, as for sections"})
{
    return http::required_query("period", std::move(text),
                                http::Reader<Period>{{}, [](std::string_view given) { return parse_period(given, utc_now()); }},
                                &Into::period);
}

/// `asof`, as the collections take it.
template <typename Into>
http::Parameter<Into> known_at_parameter()
{
    return http::query(
        "asof",
        {"按当时所知：不含此刻之后收到、更正、撤回的数据和标记，应有数量也算到此刻（另给 as_of 则按 as_of）；"
         "已过去的 RFC 3339 时刻，只写日期是北京时间当日结束时",
         "what was known then: without what came, was corrected, withdrawn or marked later; what is due is counted up to it, "
         "unless as_of says otherwise. An RFC 3339 instant that has been; a date alone is the end of that day in Beijing"},
        http::past_moment(), &Into::known_at);
}

}  // namespace yihong::api
