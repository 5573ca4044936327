#pragma once

#include "yihong/evaluate/alert_life.hpp"

namespace yihong {

/// Whether its channels are to hear of a step, where it concerns them.
enum class Telling : std::uint8_t {
    usual,                                         ///< they are
    held,                                          ///< they know enough: the daily digest has it
    reminder,                                      ///< they are, of something that only time has done
};

/// Whether it is worse now than anything its channels were told of it: in severity, in class, by twice the value, by another item.
[[nodiscard]] bool is_worse_than_told(Alert const& alert);

/// An alert while something happens to it: each step counts, and stands beside the alert as it was after it.
class Turn {
public:
    Turn(Alert known, AlertSurroundings const& around, UtcTime now)
        : alert{std::move(known)}, around_{around}, now_{now}, told_severity_{alert.severity}, told_items_{items_of(alert)}
    {}

    void take(AlertStepInfo info, Telling telling = Telling::usual);
    /// A step of the engine.
    void take(AlertStepKind kind, EngineNote note = {}, Telling telling = Telling::usual)
    {
        take({.kind = kind, .at = now_, .note = std::move(note.zh), .note_en = std::move(note.en)}, telling);
    }

    /// Nobody has seen it yet, or what was said of it holds no more: every clock starts anew, and nobody has it in hand.
    void set_open();
    /// It goes on as the channels know it: whoever acknowledged it has, and the clocks run on.
    void go_on();
    /// Registers it in the ledger where it is severe enough, and lets its deadlines run.
    void register_it();
    /// `register_it`, and sets the time at which the next level hears, where it asks for that.
    void set_clocks();
    /// It is over, by the readings or by a person's word; a notice asks nobody to do anything: its end closes it, which needs no message of
    /// its own.
    void resolve(bool by_person, AlertStepInfo info, Telling telling = Telling::usual);
    /// Its channels have known it for so long that only what is worse than anything told is told at once (久超未愈).
    [[nodiscard]] bool is_known_for_long() const noexcept;

    [[nodiscard]] AlertPlan const& plan() const noexcept { return around_.plan; }
    [[nodiscard]] AlertSurroundings const& around() const noexcept { return around_; }
    [[nodiscard]] UtcTime now() const noexcept { return now_; }
    [[nodiscard]] AlertTurn result() && { return {std::move(alert), std::move(steps_)}; }

    Alert alert;

private:
    AlertSurroundings const& around_;
    UtcTime now_;
    [[nodiscard]] static std::vector<ParameterId> items_of(Alert const& alert);

    AlertSeverity told_severity_;  ///< as the step before left it
    std::vector<ParameterId> told_items_;  ///< likewise; ascending
    std::vector<AlertStepTaken> steps_;
};

}  // namespace yihong
