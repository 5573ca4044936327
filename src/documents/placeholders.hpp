#pragma once

#include <pugixml.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Names in braces within the text of a Word document.
namespace yihong::documents {

/// \param name with its prefix: `w:p`
bool is_named(pugi::xml_node node, char const* name) noexcept;

/// A run of its own whose text is `{{list.column}}` or `{{field}}`, marked so that it is found again in copies.
struct Placeholder {
    pugi::xml_node run;
    std::string name;  ///< between the braces, without blanks at its ends
    [[nodiscard]] std::string_view list() const noexcept;  ///< empty: a field
    [[nodiscard]] std::string_view column() const noexcept;  ///< of the list; the whole name of a field
};

/// Makes a run of its own of each placeholder, and marks it. \param problems braces without their counterpart
std::vector<Placeholder> isolate_placeholders(pugi::xml_node root, std::vector<std::string>& problems);
/// The marked runs at or below a node, in order.
std::vector<Placeholder> marked_placeholders(pugi::xml_node node);
/// \return the run's own name
std::string unmark(pugi::xml_node run);

}  // namespace yihong::documents
