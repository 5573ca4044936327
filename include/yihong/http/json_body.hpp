#pragma once

#include "yihong/base/json_cursor.hpp"
#include "yihong/base/result.hpp"
#include "yihong/base/time.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON objects that people's commands come in, member by member; what is wrong is named with the member, or with line and column.
namespace yihong::http {

/// A member of a body: its name and how its value is read. \return what is wrong, if anything
struct BodyMember {
    std::string_view name;
    std::function<std::optional<Failure>(JsonCursor&)> read;
};

/// What the members are read into outlives them. \param lines whether the text may have several
BodyMember text_member(std::string_view name, std::string& into, bool lines = false);
/// RFC 3339 with an offset.
BodyMember time_member(std::string_view name, std::optional<UtcTime>& into);
BodyMember flag_member(std::string_view name, std::optional<bool>& into);
/// Texts, `most` of them at most.
BodyMember list_member(std::string_view name, std::vector<std::string>& into, std::size_t most);

/// \return what is wrong: no UTF-8, no object, a member that is unknown or stands there twice, or a value that does not do
std::optional<Failure> read_object(std::string_view body, std::vector<BodyMember> const& members);

}  // namespace yihong::http
