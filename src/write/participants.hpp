#pragma once

#include "group.hpp"

#include "yihong/base/log.hpp"
#include "yihong/state/network.hpp"

#include <atomic>
#include <utility>
#include <vector>

namespace yihong {

/// The participants of a commit, each with its own share of the group. One that throws loses its share and sits out the rest of the group; the
/// records of that group are shown to it again with the next. On the writer thread.
class Participants {
public:
    Participants(std::vector<Seat> seats, Evidence const& evidence, Network const& network, SeriesTails& tails,
                 std::atomic<std::uint64_t>& failures);
    ~Participants();

    /// Also shows what some of them did not get through before.
    void begin(Group& group);
    /// \param before what it replaces; null: it is new
    void on_record(Record const& record, Record const* before, Shown const& shown, Group& group);
    void on_withdrawn(Record const& record, Group& group);
    /// \return nothing when nobody carries such commands out, or whoever does has failed; else the outcome and whose it is
    [[nodiscard]] std::optional<std::pair<AlertOutcome, std::size_t>> on_command(AlertCommand const& command, Group& group);
    /// Likewise.
    [[nodiscard]] std::optional<std::pair<MarkOutcome, std::size_t>> on_marks(MarkCommand const& command, Group& group);
    void tick(Group& group);
    /// The last word of each; then their shares go into `group.write`, in their order.
    void finish(Group& group);
    /// Whether the share of this participant is in the commit.
    [[nodiscard]] bool is_in(std::size_t place) const noexcept;
    void committed(CommitMade const& made, Group const& group);
    /// The whole group is lost.
    void rolled_back() noexcept;

private:
    struct Place;
    template <typename Call>
    bool ask(Place& place, Call&& call);
    /// The first answer, and whose it is.
    template <typename Outcome, typename Call>
    std::optional<std::pair<Outcome, std::size_t>> first_answer(Call&& call);
    void show_again(Place& place, Group& group);
    void show(Place& place, RecordTaken const& taken);

    std::vector<std::unique_ptr<Place>> places_;
    SeriesTails& tails_;
    std::atomic<std::uint64_t>& failures_;
};

}  // namespace yihong
