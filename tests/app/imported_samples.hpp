#pragma once

#include "process.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace yihong::e2e {

/// Published readings of two occasions, in a data folder on the shipped configuration.
inline void import_samples(std::filesystem::path const& data)
{
    auto const imported = yihong({"import", "--quiet", "--config", shipped_config, "--data", data,
                                  samples / "surface_water_snapshot_2025-11-06.csv", samples / "surface_water_4h_2021-04-01_03.csv"});
    ASSERT_EQ(imported.code, 0) << imported.err;
}

/// A service with these readings, one for a whole suite of tests that only read.
class ImportedSamples : public ::testing::Test {
protected:
    static void SetUpTestSuite()
    {
        folder = std::make_unique<TemporaryFolder>();
        auto const data = *folder / "data";
        ASSERT_NO_FATAL_FAILURE(import_samples(data));
        service = std::make_unique<Service>(data);
    }
    static void TearDownTestSuite()
    {
        service.reset();
        folder.reset();
    }

    inline static std::unique_ptr<TemporaryFolder> folder;
    inline static std::unique_ptr<Service> service;
};

}  // namespace yihong::e2e
