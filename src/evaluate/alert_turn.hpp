#pragma once

#include "yihong/evaluate/alert_life.hpp"

namespace yihong {

/// An alert while something happens to it: each step counts, and stands beside the alert as it was after it.
class Turn {
public:
    Turn(Alert known, AlertSurroundings const& around, UtcTime now) : alert{std::move(known)}, around_{around}, now_{now} {}

    void take(AlertStepInfo info);
    void take(AlertStepKind kind, std::string note = {}) { take({.kind = kind, .at = now_, .note = std::move(note)}); }

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
    std::vector<AlertStepTaken> steps_;
};

}  // namespace yihong
