#pragma once

#include "yihong/base/result.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the run of the conformance checks said of this very build (docs/conformance.md).
namespace yihong {

/// The build ID that the linker gave the running program, as hexadecimal digits; empty where it gave none. It outlives stripping.
[[nodiscard]] std::string own_build_id();

/// Where a report lies: beside the program, as the run leaves it, or where the package puts it.
[[nodiscard]] std::vector<std::filesystem::path> report_places();

/// The first report of these places that is of the build. \return Errc::not_found where there is none, or only of other builds: what to do about it
[[nodiscard]] Result<std::string> find_report(std::span<std::filesystem::path const> places, std::string_view build_id);

/// `GET /conformance/report`. \param readers outlives the routes: reports are read there
std::vector<http::Route> conformance_routes(net::Pool& readers);

}  // namespace yihong
