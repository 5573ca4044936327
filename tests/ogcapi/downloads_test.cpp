// Files to take home: when they are made, and when they are given again.
#include "fixture.hpp"

#include "temporary_folder.hpp"

namespace yihong::ogcapi::testing {
namespace {

std::shared_ptr<http::OpenFile const> file_of(http::Reply const& reply)
{
    auto const* body = std::get_if<http::FileBody>(&reply.body);
    return body ? body->file : nullptr;
}

TEST(Downloads, AreMadeAnewWhereNobodyKnowsWhetherTheDataIsTheSameAndGoOnWithWhatWasSent)
{
    TemporaryFolder const folder;
    OgcApiOptions options;
    options.work_folder = folder / "exports";
    for (std::string const version : {"", "s1"}) {
        Service const service{{make_stations(four_stations(), version)}, options};
        auto const target = "/collections/water-sections/items?f=gpkg";
        auto const first = file_of(service.get(target));
        ASSERT_NE(first, nullptr);
        auto const rest = service.get(target, {}, "test.example", true);
        EXPECT_EQ(file_of(rest), first) << "the rest is of the same file";
        EXPECT_EQ(file_of(service.get(target)) == first, !version.empty()) << "version \"" << version << '"';
    }
}

}  // namespace
}  // namespace yihong::ogcapi::testing
