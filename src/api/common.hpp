#pragma once

#include "yihong/api/routes.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/state/site_feature.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the routes of /api/v1 have in common.
namespace yihong::api {

namespace asio = boost::asio;
using http::audit;
using http::json_reply;
using http::json_type;
using http::Reply;
using http::Request;

/// Of an Excel workbook.
inline constexpr std::string_view workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What `make` computes, on the pool for what takes long. \return 400 with its failure
asio::awaitable<Reply> computed(Services const& services, std::string type, std::function<Result<std::string>()> make);
/// JSON with an entity tag, so that whoever has it need not take it again.
Reply tagged_reply(std::string body);
/// Hands the batch to the writer; resumes on the connection's thread after the commit.
asio::awaitable<std::optional<IngestReport>> commit(Intake& intake, PreparedBatch batch);
/// Whether the queue was full and nothing was taken.
bool is_busy(IngestReport const& report);
/// Where readings come from, as quarantine keeps it.
std::string source_of(Request const& request);

/// As it is shown now. \return null when there is no such site
std::shared_ptr<SiteState const> site_of(Services const& services, std::string const& id);
/// 404
Reply no_such_site(std::string const& id);

/// `{id}` of a path below /api/v1/sites.
template <typename Into>
http::Parameter<Into> site_parameter()
{
    return http::path("id", {"站点标识，见各站点集合", "id of a site, as the site collections list it"}, http::text(), &Into::site);
}

/// Takes records back: `DELETE /api/v1/sites/{id}/readings`.
http::Route make_withdrawal_route(Services const& services);
/// Readings in and out: `/api/v1/readings`, `/api/v1/sites/…`, `/api/v1/parameters`.
std::vector<http::Route> make_readings_routes(Services const& services);
/// What was refused: `/api/v1/quarantine…`.
std::vector<http::Route> make_quarantine_routes(Services const& services);
/// `/api/v1/admin/…`, health, metrics.
std::vector<http::Route> make_operation_routes(Services const& services);

}  // namespace yihong::api
