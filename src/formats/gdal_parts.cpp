#include "gdal_parts.hpp"

#include "yihong/base/text.hpp"

#include <cpl_error.h>

#include <stdexcept>
#include <string>

namespace yihong::formats {

Quiet::Quiet()
{
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
}

Quiet::~Quiet() { CPLPopErrorHandler(); }

void Quiet::fail(std::string_view doing)
{
    auto const reason = to_valid_utf8(CPLGetLastErrorMsg());
    throw std::runtime_error{std::string{doing} + ": " + (reason.empty() ? "GDAL gives no reason" : reason)};
}

OGRSpatialReference reference_system_of(Table const& table)
{
    OGRSpatialReference system;
    auto const known = table.epsg == 0 ? system.SetWellKnownGeogCS("WGS84") : system.importFromEPSG(table.epsg);
    if (known != OGRERR_NONE)
        Quiet::fail("EPSG:" + std::to_string(table.epsg));
    system.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    return system;
}

}  // namespace yihong::formats
