#pragma once

#include "yihong/evaluate/present_state.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/http/message.hpp"
#include "yihong/model/record.hpp"
#include "yihong/state/network.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::api {

/// What a class or an AQI rests on: the present state of a site, or one record.
struct Explanation {
    Record head;                                   ///< time, interval, status and receipt: of the newest record, or of the record
    std::optional<WaterJudgement> water;           ///< none: not judged as water
    std::optional<AirJudgement> air;
    std::vector<SourcedReading> sources;           ///< where each item of the judgement comes from; where nothing judges, the readings
    std::vector<ParameterId> missing;              ///< owed items that do not count
    /// Only of the present state.
    struct Now {
        bool stale = false;
        std::vector<ParameterId> not_valid;        ///< items without a valid value
    };
    std::optional<Now> now;
};

/// The present state, item by item. \pre the site has a record
[[nodiscard]] Explanation explanation_of(SiteState const& state);
/// A record alone, under the edition that its verdict was made by.
[[nodiscard]] Explanation explanation_of(Record const& record, Site const& site, World const& world);

/// A judgement in a sentence or two.
struct Summary {
    std::string zh, en;
};
[[nodiscard]] Summary summary_of(Explanation const& explanation, Site const& site, World const& world);
/// Whether the standard gives class limits for the item in this kind of water (total nitrogen: lakes only; temperature: none).
[[nodiscard]] bool has_class_limits(WaterItem const& item, bool lake) noexcept;

/// Each reading, limits, clause, edition, what decided. JSON object.
std::string explain_as_json(Explanation const& explanation, Site const& site, World const& world);
/// The same for people, Chinese first. \param collection in which the site stands, for the way back
std::string explain_as_html(Explanation const& explanation, Site const& site, World const& world, std::string_view collection,
                            http::Request const& request);

}  // namespace yihong::api
