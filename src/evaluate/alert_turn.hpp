#pragma once

#include "yihong/evaluate/alert_life.hpp"

namespace yihong {

/// What the engine has to say to a step.
struct EngineNote {
    std::string zh, en;
};

/// An alert while something happens to it: each step counts, and stands beside the alert as it was after it.
class Turn {
public:
    Turn(Alert known, AlertSurroundings const& around, UtcTime now)
        : alert{std::move(known)}, around_{around}, now_{now}, told_severity_{alert.severity}, told_items_{items_of(alert)}
    {}

    void take(AlertStepInfo info);
    /// A step of the engine.
    void take(AlertStepKind kind, EngineNote note = {})
    {
        take({.kind = kind, .at = now_, .note = std::move(note.zh), .note_en = std::move(note.en)});
    }

    /// Nobody has seen it yet, or what was said of it holds no more.
    void set_open();
    /// Registers it in the ledger and sets the time at which the next level hears, where it asks for that.
    void set_clocks();
    /// It is over, by the readings or by a person's word; a notice asks nobody to do anything: its end closes it.
    void resolve(bool by_person, AlertStepInfo info);

    [[nodiscard]] AlertPlan const& plan() const noexcept { return around_.plan; }
    [[nodiscard]] AlertSurroundings const& around() const noexcept { return around_; }
    [[nodiscard]] UtcTime now() const noexcept { return now_; }
    [[nodiscard]] AlertTurn result() && { return {std::move(alert), std::move(steps_)}; }

    Alert alert;

private:
    AlertSurroundings const& around_;
    UtcTime now_;
    [[nodiscard]] static std::vector<ParameterId> items_of(Alert const& alert);

    AlertSeverity told_severity_;                  ///< as the step before left it
    std::vector<ParameterId> told_items_;          ///< likewise; ascending
    std::vector<AlertStepTaken> steps_;
};

}  // namespace yihong
