#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/features/feature.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"
#include "yihong/ports/records.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A record as a feature, and the columns that it has.
namespace yihong {

class RecordFeature final : public PointFeature {
public:
    /// \param site of the world
    RecordFeature(std::shared_ptr<World const> world, Site const& site, Record record, std::shared_ptr<Schema const> schema);
    /// As long as the record stays: for somebody who looks at a feature and keeps none.
    /// \param id empty where nobody asks for it: making one takes longer than looking at a value
    RecordFeature(std::shared_ptr<World const> world, Site const& site, std::reference_wrapper<Record const> record,
                  std::shared_ptr<Schema const> schema, std::string id);

    [[nodiscard]] Site const& site() const noexcept { return site_; }
    [[nodiscard]] OverlayFacts const& facts() const;
    [[nodiscard]] Record const& record() const noexcept { return record_; }
    [[nodiscard]] StandardsBook const& standards() const noexcept { return *world_->standards; }

private:
    std::shared_ptr<World const> world_;
    Site const& site_;
    Record kept_;
    Record const& record_;
};

/// What a source asks of its schema, to let the store do what it can.
struct RecordSchema {
    Schema schema;
    std::vector<bool> is_of_site;  ///< by column: the same for every record of a site
    std::vector<std::optional<ParameterId>> parameter;  ///< by column: the one whose value it shows
    std::vector<bool> needs_readings;  ///< by column: of all parameters
    std::size_t site = 0;
    std::size_t time = 0;
    std::size_t interval = 0;
};
RecordSchema record_schema(SiteKind kind, std::span<ParameterId const> columns, ParameterBook const& parameters);

/// `zhangliuzhuang.4h.20251106T120000Z`, with milliseconds only where they are not zero.
std::string record_id(Site const& site, Record const& record);
/// \return nothing where it is no id of a record of these sites
std::optional<HistoryKey> parse_record_id(SiteRegistry const& sites, std::string_view id);

}  // namespace yihong
