#pragma once

#include "yihong/ogcapi/routes.hpp"

#include <string>
#include <string_view>

namespace yihong {

/// What the pages of the collections add to the data: the columns that matter first, words and class colours, and where a feature leads to.
ogcapi::Presentation make_presentation();

/// The value of a column as text; empty where the collection has none or it is null.
std::string text_of(FeatureSource const& collection, Feature const& feature, std::string_view column);
/// The AQI with its category, in the category's colour. \return nothing without an index
http::Html aqi_badge(int aqi);
/// 严重 预警 提示, from `high` `alert` `notice`; other words as they are.
http::Html severity_badge(std::string_view severity);
/// 待确认 已确认 已解除 已销号, from `open` …
std::string_view state_label(std::string_view state) noexcept;

}  // namespace yihong
