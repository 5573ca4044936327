#pragma once

#include "yihong/base/result.hpp"
#include "yihong/compress/zip.hpp"
#include "yihong/reports/report_content.hpp"

#include <pugixml.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::documents {

/// The pictures that a document shows: what stands in the text, and the files and relationships behind it.
class ShownPictures {
public:
    explicit ShownPictures(ReportContent const& content) : content_{content} {}

    /// Puts the picture into a run. \pre the content has it
    void show(pugi::xml_node run, std::string const& name);
    /// Adds what the pictures of this part need to be found. \param part `word/document.xml` \return Errc::broken_file naming a part that cannot be read
    [[nodiscard]] Result<void> end_part(std::string_view part, std::vector<ZipPart>& parts);
    /// Adds the files of the pictures and their type. \return likewise
    [[nodiscard]] Result<void> end_document(std::vector<ZipPart>& parts) const;

private:
    ReportContent const& content_;
    std::vector<std::string> of_part_;  ///< by the number of their relationship
    std::set<std::string> shown_;
    int count_ = 0;
};

}  // namespace yihong::documents
