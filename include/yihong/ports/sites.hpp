#pragma once

#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"

#include <span>
#include <string>
#include <vector>

namespace yihong {

/// What the store knows of sites: their numbers, and those that no site file names. By any thread; every method throws StoreError when
/// the store itself fails.
class Sites {
public:
    virtual ~Sites() = default;

    /// The numbers of these site ids, in order; new ids get new numbers, durably, without a commit.
    [[nodiscard]] virtual std::vector<SiteNumber> number_sites(std::span<std::string const> ids) = 0;
    /// Sites registered by an import, as they were last written, by id.
    [[nodiscard]] virtual std::vector<Site> registered_sites() const = 0;
};

}  // namespace yihong
