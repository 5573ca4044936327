#pragma once

#include "gdal_source.hpp"

#include <ogrsf_frmts.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::geo {

/// What the attributes of a source are called, one name a field, no name twice. A DBF cuts names after ten bytes, so that two may come out
/// alike (the second is then `name_2`) or end inside a character; a driver may have put signs of its own for letters it does not know.
class FieldNames {
public:
    /// \param original what the source calls a field that the driver calls otherwise
    FieldNames(GDALDataset& dataset, OGRLayer& layer, std::map<std::string, std::string> const& original);

    [[nodiscard]] std::vector<std::string> const& all() const noexcept { return served_; }
    /// As it is spelled, or else in other upper and lower case. \return -1 when there is none
    [[nodiscard]] int find(std::string_view name) const noexcept;
    /// A condition in OGR SQL with each name as GDAL knows it, in quotes where the parser wants them: it takes bare names of ASCII letters only.
    [[nodiscard]] std::string translated(std::string_view where) const;
    /// What a condition is to be compiled against, where GDAL by itself would take one field for another that differs by case alone, or has its
    /// name; null: the layer's own filter will do. Owned by this.
    [[nodiscard]] OGRFeatureDefn* unambiguous() const noexcept { return unambiguous_.get(); }
    /// Served under another name than the file's.
    [[nodiscard]] std::vector<std::string> const& renamed() const noexcept { return renamed_; }

private:
    struct DefinitionReleaser {
        void operator()(OGRFeatureDefn* definition) const noexcept { definition->Release(); }
    };
    std::vector<std::string> served_;
    std::vector<std::string> internal_;
    std::vector<std::string> renamed_;
    std::unique_ptr<OGRFeatureDefn, DefinitionReleaser> unambiguous_;
};

}  // namespace yihong::geo
