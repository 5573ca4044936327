#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/site.hpp"

#include <span>
#include <vector>

namespace yihong {

/// What is wrong with the order of the waters (`downstream` of the sites): a section that there is not, one that is no water section, and waters
/// that run in a circle. Each is told once, with the id of the site.
std::vector<Failure> check_water_network(std::span<Site const> sites);

}  // namespace yihong
