#pragma once

#include "yihong/formats/formats.hpp"

#include <ogr_spatialref.h>

#include <string_view>

/// What the writers that use GDAL share.
namespace yihong::formats {

/// While it lives GDAL says nothing to standard error; what it last said becomes an exception.
class Quiet {
public:
    Quiet();
    ~Quiet();
    Quiet(Quiet const&) = delete;
    Quiet& operator=(Quiet const&) = delete;

    /// \throws std::runtime_error always
    [[noreturn]] static void fail(std::string_view doing);
};

/// The reference system of a table's coordinates, east first. \throws std::runtime_error where GDAL does not know it
OGRSpatialReference reference_system_of(Table const& table);

}  // namespace yihong::formats
