#include "yihong/crs/systems.hpp"

#include "proj_handles.hpp"
#include "usual_systems.hpp"

#include <algorithm>
#include <charconv>

namespace yihong::crs {
namespace {

constexpr std::string_view epsg_uri = "http://www.opengis.net/def/crs/EPSG/0/";

std::string uri_of(int code) { return std::string{epsg_uri} + std::to_string(code); }

Result<System> system_of(PJ_CONTEXT* context, int code)
{
    auto const unknown = [&](std::string_view why) {
        return fail(Errc::bad_value, "EPSG:" + std::to_string(code) + " " + std::string{why});
    };
    PjPtr const crs{proj_create_from_database(context, "EPSG", std::to_string(code).c_str(), PJ_CATEGORY_CRS, 0, nullptr)};
    if (!crs)
        return unknown("is not known to PROJ");
    PjPtr const axes{proj_crs_get_coordinate_system(context, crs.get())};
    if (!axes || proj_cs_get_axis_count(context, axes.get()) != 2)
        return unknown("does not have two axes");
    PjPtr const way{proj_create_crs_to_crs(context, "OGC:CRS84", ("EPSG:" + std::to_string(code)).c_str(), nullptr)};
    if (!way)
        return unknown("has no way to it from longitude and latitude");
    auto const type = proj_get_type(crs.get());
    char const* direction = nullptr;
    proj_cs_get_axis_info(context, axes.get(), 0, nullptr, nullptr, &direction, nullptr, nullptr, nullptr, nullptr);
    return System{.code = code,
                  .uri = uri_of(code),
                  .name = proj_get_name(crs.get()),
                  .north_first = direction != nullptr && std::string_view{direction} == "north",
                  .in_degrees = type == PJ_TYPE_GEOGRAPHIC_2D_CRS};
}

}  // namespace

UsualSystem const* usual_system(int code) noexcept
{
    auto const* const found = std::ranges::find(usual_systems, code, &UsualSystem::code);
    return found == usual_systems.end() ? nullptr : found;
}

std::string usual_operation(UsualSystem const& system)
{
    if (system.in_degrees)
        return "+proj=axisswap +order=2,1";
    std::string operation = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step ";
    if (system.meridian == 0)
        return operation + "+proj=webmerc +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84";
    return operation + "+proj=tmerc +lat_0=0 +lon_0=" + std::to_string(system.meridian) + " +k=1 +x_0=" + std::to_string(system.easting) +
           " +y_0=0 +ellps=GRS80 +step +proj=axisswap +order=2,1";
}

Systems::Systems() : all_{{.uri = std::string{crs84}, .name = "WGS 84 (CRS84)"}} {}

Result<Systems> Systems::make(std::span<int const> further)
{
    Systems systems;
    for (auto const& one : usual_systems)
        systems.all_.push_back({.code = one.code,
                                .uri = uri_of(one.code),
                                .name = std::string{one.name},
                                .north_first = one.north_first,
                                .in_degrees = one.in_degrees});
    ContextPtr const context{further.empty() ? nullptr : proj_context_create()};
    if (context)
        proj_log_level(context.get(), PJ_LOG_NONE);
    for (int const code : further) {
        if (code > 0 && std::ranges::find(systems.all_, code, &System::code) != systems.all_.end())
            continue;
        auto system = system_of(context.get(), code);
        if (!system)
            return std::unexpected{std::move(system.error())};
        systems.all_.push_back(*std::move(system));
    }
    return systems;
}

System const* Systems::find(std::string_view name) const noexcept
{
    if (name.starts_with('[') && name.ends_with(']'))
        name = name.substr(1, name.size() - 2);
    if (name == "OGC:CRS84" || name == "CRS84")
        return &all_.front();
    for (std::string_view const prefix :
         {std::string_view{"EPSG:"}, epsg_uri, std::string_view{"https://www.opengis.net/def/crs/EPSG/0/"}}) {
        if (!name.starts_with(prefix))
            continue;
        auto const digits = name.substr(prefix.size());
        int code = 0;
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
        auto const found = std::ranges::find(all_, code, &System::code);
        bool const is_code = error == std::errc{} && end == digits.data() + digits.size() && code > 0;
        return is_code && found != all_.end() ? &*found : nullptr;
    }
    auto const found = std::ranges::find(all_, name, &System::uri);
    return found == all_.end() ? nullptr : &*found;
}

}  // namespace yihong::crs
