#include "yihong/api/routes.hpp"

namespace yihong::api {

std::string_view openapi_paths() noexcept
{
    return "";
}

}  // namespace yihong::api
