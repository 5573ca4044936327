#pragma once

#include "yihong/model/layer_set.hpp"
#include "yihong/reports/picture.hpp"
#include "yihong/reports/water_report.hpp"

namespace yihong {

/// The sections of the report by their class, over boundaries, rivers and lakes of the layers (断面位置与水质类别示意图). Empty where fewer than two of
/// them have a place. \param layers null: the sections alone
Picture section_map(WaterReport const& report, LayerSet const* layers);

}  // namespace yihong
