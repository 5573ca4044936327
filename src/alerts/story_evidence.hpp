#pragma once

#include "story.hpp"

#include "yihong/http/html.hpp"

#include <map>
#include <string>

namespace yihong::alerts {

/// The annex of a story to print: what each step rests on. What an earlier step has shown already (a record, a frame, a judgement, a section upstream)
/// is not shown again: the later step says where it stands.
class Evidence {
public:
    Evidence(World const& world, std::string root) : world_{world}, root_{std::move(root)} {}

    /// \param number of the step, from 1
    [[nodiscard]] http::Html of(StoryStep const& step, std::size_t number);

private:
    /// \return whether this is new; otherwise `step` is where it was shown
    bool is_new(std::string const& what, std::size_t number, std::size_t& step);

    World const& world_;
    std::string root_;
    std::map<std::string, std::size_t> shown_;  ///< to the step that shows it
};

/// `氨氮 Ammonia nitrogen`, or the name as it is.
[[nodiscard]] http::Html parameter_html(std::string_view name, ParameterBook const& parameters);

}  // namespace yihong::alerts
