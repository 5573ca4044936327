#pragma once

#include "yihong/alerting/alert_document.hpp"

#include <span>
#include <string>
#include <string_view>

namespace yihong {

/// The CloudEvents documents of a step (预警事件), which differ in who gets them. What stands in all of them is rendered once.
class StepDocuments {
public:
    /// \param alert as it stands after the step; it outlives this, and the step does
    StepDocuments(Alert const& alert, AlertStepInfo const& step, AlertContext const& context);

    /// \param recipients people with their numbers; none in what many may read  \param evidence a JSON object, or empty
    [[nodiscard]] std::string document(std::span<Contact const* const> recipients, std::string_view evidence) const
    {
        return made(step_.from, recipients, evidence);
    }
    /// For whoever listens: without where a person acted from, without people and evidence.
    [[nodiscard]] std::string open_to_all() const { return made({}, {}, {}); }

private:
    [[nodiscard]] std::string made(std::string_view from, std::span<Contact const* const> recipients, std::string_view evidence) const;

    Alert const& alert_;
    AlertStepInfo const& step_;
    std::string alert_json_;
    std::string text_json_;
};

}  // namespace yihong
