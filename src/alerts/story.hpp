#pragma once

#include "yihong/alerting/alert_document.hpp"
#include "yihong/http/frame.hpp"
#include "yihong/ports/journal.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::alerts {

/// One step of an alert as its document tells it.
struct StoryStep {
    JournalEntry kept;
    std::string previous;                          ///< hash of the step before it in the log of all alerts; empty: it is the first
    bool verified = false;                         ///< its hash is that of `previous` and the document
    bool readable = false;                         ///< false: the document is damaged, and the rest is empty
    std::string kind, at, by, from, note;
    std::vector<std::string> links;
    AlertText text;
    std::string evidence;                          ///< JSON as it was kept; empty: the step has none
};

/// An alert from its first step to its last (预警全过程).
struct Story {
    std::vector<StoryStep> steps;
    [[nodiscard]] bool is_verified() const noexcept;
};

/// Reads every step and chains it anew to the step before it in the log. \throws StoreError
[[nodiscard]] Story read_story(Journal const& journal, std::string_view alert);

/// What a rule asks for, in one sentence: Chinese, English; its id and nothing where it is no longer configured.
[[nodiscard]] std::pair<std::string, std::string> describe_rule(std::string_view id, World const& world);

/// Where things about an alert are found.
struct StoryLinks {
    std::string root;                              ///< `http://host[/prefix]`
    std::string site_collection;                   ///< empty: the site is no longer configured
    bool is_feature = true;                        ///< of the collection `alerts`: it is in memory
    http::Frame const* frame = nullptr;            ///< of the page; null: the usual one
};

/// \param with_from whether the reader may know from which address people did what
[[nodiscard]] std::string story_as_json(Alert const& alert, Story const& story, AlertContext const& context, StoryLinks const& links,
                                        bool with_from);
/// A page to print and to put into a file (可打印的预警单).
[[nodiscard]] std::string story_as_html(Alert const& alert, Story const& story, AlertContext const& context, StoryLinks const& links,
                                        bool with_from);

}  // namespace yihong::alerts
