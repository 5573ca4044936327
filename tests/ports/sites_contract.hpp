#pragma once

#include "ports/store_contract.hpp"

namespace yihong::store_contract {

template <typename Harness>
class SitesContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(SitesContract);

TYPED_TEST_P(SitesContract, NumbersSitesOnceAndForAll)
{
    std::vector<std::string> const ids{"zhangliuzhuang", "longmen", "zhangliuzhuang"};
    auto const numbers = this->store().number_sites(ids);
    ASSERT_EQ(numbers.size(), 3U);
    EXPECT_EQ(numbers[0], numbers[2]);
    EXPECT_NE(numbers[0], numbers[1]);
    EXPECT_NE(numbers[0], 0U);

    this->harness_.reopen();

    std::vector<std::string> const more{"number", "longmen", "zhangliuzhuang"};
    auto const again = this->store().number_sites(more);
    EXPECT_EQ(again[1], numbers[1]);
    EXPECT_EQ(again[2], numbers[0]);
    EXPECT_TRUE(again[0] != again[1] && again[0] != again[2] && again[0] != 0);
}

TYPED_TEST_P(SitesContract, ListsRegisteredSitesAsTheyWereLastWritten)
{
    Site plain;
    plain.id = "b-site";
    plain.name = "小韩村（西曲村）";
    Site full = plain;
    full.id = "a-site";
    full.kind = SiteKind::air_station;
    full.position = LonLat{110.9931, 35.0228};
    full.target_class = 3;
    full.coordinate_accuracy_m = 250.5;
    full.external_ids = {{"cnemc", "山西省/张留庄"}, {"cnemc", "山西省/张留庄2"}};
    full.mn = "A140800_0001";
    full.level = "national";
    full.water_body = "涑水河";
    full.source = "import";
    full.name_en = "Xiaohan";
    WriteGroup group;
    group.sites = {plain, full};
    this->store().commit(group);
    plain.name = "另名";
    group.sites = {plain};
    this->store().commit(group);

    auto const sites = this->store().registered_sites();

    ASSERT_EQ(sites.size(), 2U);
    EXPECT_EQ(sites[1].name, "另名");
    EXPECT_FALSE(sites[1].position);
    EXPECT_FALSE(sites[1].target_class);
    auto const& got = sites[0];
    EXPECT_EQ(std::tie(got.id, got.name, got.name_en, got.kind, got.position, got.mn, got.level, got.water_body, got.target_class,
                       got.external_ids, got.coordinate_accuracy_m, got.source),
              std::tie(full.id, full.name, full.name_en, full.kind, full.position, full.mn, full.level, full.water_body, full.target_class,
                       full.external_ids, full.coordinate_accuracy_m, full.source));
}

REGISTER_TYPED_TEST_SUITE_P(SitesContract, NumbersSitesOnceAndForAll, ListsRegisteredSitesAsTheyWereLastWritten);

}  // namespace yihong::store_contract
