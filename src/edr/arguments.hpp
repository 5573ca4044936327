#pragma once

#include "texts.hpp"

#include "yihong/http/declare.hpp"

#include <optional>
#include <string>
#include <vector>

namespace yihong::edr {

/// What a request asks for, as its parameters say it.
struct Arguments {
    std::string collection;
    std::vector<std::string> locations;
    std::string coords;
    double within = 0;
    double metres_a_unit = 1;
    std::vector<BoundingBox> boxes;
    TimeInterval time;
    std::vector<std::string> parameters;
    std::vector<std::string> parameters_of_owslib;         ///< the same in its spelling
    std::vector<std::string> intervals;
    Format format = Format::coverage_json;
};

/// The building blocks of the queries: each route takes some.
http::Parameter<Arguments> collection_id();
http::Parameter<Arguments> location_ids();
http::Parameter<Arguments> coords(http::Text text);
http::Parameter<Arguments> within();
http::Parameter<Arguments> within_units();
http::Parameter<Arguments> box(bool required);
/// `f` of the list of locations.
http::Parameter<Arguments> list_format();
/// datetime, parameter-name, interval, crs and f: of every query for data.
http::Parameters<Arguments> data_parameters();

}  // namespace yihong::edr
