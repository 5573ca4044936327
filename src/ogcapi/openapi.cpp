#include "pages.hpp"

#include "yihong/http/openapi.hpp"

namespace yihong::ogcapi {

std::string json::openapi(Page const& page)
{
    auto const& options = page.options;
    return http::openapi_document({.title = options.title,
                                   .description = options.description,
                                   .version = options.version,
                                   .contact_name = options.contact_name,
                                   .contact_url = options.contact_url,
                                   .contact_email = options.contact_email,
                                   .root = page.root,
                                   .public_reads = options.public_reads,
                                   .access_key_parameter = options.access_key_parameter},
                                  options.declarations);
}

}  // namespace yihong::ogcapi
