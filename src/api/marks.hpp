#pragma once

#include "yihong/api/routes.hpp"
#include "yihong/readings_io/dust_list.hpp"
#include "yihong/write/mark_command.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What people mark (人工标记): `/api/v1/marks…`.
namespace yihong::api {

/// What marks are checked against.
struct MarkPlaces {
    World const& world;
    std::string_view city;  ///< whose the air stations are; may be empty
};

/// A mark as its body says it. \param by who asks, where the body names nobody
/// \return a failure that names the member
Result<PeriodMark> parse_mark(std::string_view body, MarkPlaces const& places, std::string_view by);
/// The next version of a mark, corrected: members that the body does not have stay.
Result<PeriodMark> parse_correction(std::string_view body, PeriodMark const& mark, MarkPlaces const& places, std::string_view by);
/// The next version of a mark: withdrawn.
Result<PeriodMark> parse_withdrawal(std::string_view body, PeriodMark const& mark, std::string_view by);

/// A list of dust days as marks.
struct DustMarks {
    std::vector<PeriodMark> marks;
    std::vector<std::string> elsewhere;  ///< places of the list without an air station of ours, each once
};
/// \param common what the request says of all rows: reason, document, by
/// \return Errc::missing_field where nobody says why, or who
Result<DustMarks> dust_marks(std::vector<DustDay> const& days, MarkPlaces const& places, PeriodMark const& common);

/// `/api/v1/marks…`
std::vector<http::Route> make_mark_routes(Services const& services);
/// `/api/v1/marks/dust-proposals`
http::Route make_dust_proposal_route(Services const& services);

}  // namespace yihong::api
