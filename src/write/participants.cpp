#include "participants.hpp"

#include <algorithm>

namespace yihong {
namespace {

constexpr int most_failures = 3;                   // of one record with one participant
constexpr std::size_t most_owed = 100'000;         // records that wait for a participant that keeps failing

/// Of a record that was withdrawn.
Record what_is_left(RecordKey const& key)
{
    Record left;
    left.site = key.site;
    left.interval = key.interval;
    left.time = key.time;
    return left;
}

/// \param back outlives it
RecordTaken taken_of(Record const& record, Record const* before, Shown const& shown, RecordsBack const& back)
{
    return {record, before, shown.verdict, shown.withdrawn, shown.quiet, shown.received_at, back};
}

}  // namespace

/// A participant in its place, and the group as it sees it.
struct Participants::Place final : GroupUnderWay {
    Place(Seat of, Evidence const& kept_evidence, Network const& shown_network)
        : seat{std::move(of)}, evidence{kept_evidence}, network{shown_network}
    {}

    [[nodiscard]] UtcTime now() const noexcept override { return group->now; }
    [[nodiscard]] World const& world() const noexcept override { return *network.world(); }
    [[nodiscard]] WriteGroup& share() noexcept override { return added; }
    [[nodiscard]] std::vector<RawFrame> frames_of(Record const& record) const override
    {
        std::vector<RawFrame> found;
        for (auto const& frame : group->write.evidence.frames)
            if (frame.site == record.site && frame.interval == record.interval && frame.time == record.time)
                found.push_back(frame);
        evidence.visit_frames({.site = record.site, .interval = record.interval, .time = {record.time, record.time}},
                              [&](RawFrame const& frame) {
                                  found.push_back(frame);
                                  return true;
                              });
        return found;
    }
    [[nodiscard]] Record const* newest(SiteNumber site) const noexcept override
    {
        auto const* state = network.state(site);
        return state && state->newest ? &*state->newest : nullptr;
    }

    Seat seat;
    Evidence const& evidence;
    Network const& network;
    Group const* group = nullptr;
    WriteGroup added;
    bool out = false;                              ///< it has failed in this group
    std::vector<Shown> owed;                       ///< from groups that it failed in
};

Participants::Participants(std::vector<Seat> seats, Evidence const& evidence, Network const& network, SeriesTails& tails,
                           std::atomic<std::uint64_t>& failures)
    : tails_{tails}, failures_{failures}
{
    for (auto& seat : seats)
        places_.push_back(std::make_unique<Place>(std::move(seat), evidence, network));
}

Participants::~Participants() = default;

template <typename Call>
bool Participants::ask(Place& place, Call&& call)
{
    if (place.out)
        return false;
    try {
        call(*place.seat.participant);
        return true;
    } catch (std::exception const& problem) {
        log::error("participant_failed", {{"participant", place.seat.name}, {"detail", problem.what()}});
    }
    ++failures_;
    place.out = true;
    place.added = {};
    place.seat.participant->rolled_back();
    return false;
}

void Participants::begin(Group& group)
{
    for (auto& place : places_) {
        place->out = false;
        place->group = &group;
        place->added = {};
        if (ask(*place, [](Participant& one) { one.begin(); }) && !place->owed.empty())
            show_again(*place, group);
    }
}

void Participants::show(Place& place, RecordTaken const& taken)
{
    ask(place, [&](Participant& one) { one.on_record(taken, place); });
}

void Participants::show_again(Place& place, Group& group)
{
    for (auto& shown : place.owed) {
        auto record = tails_.find(shown.key, group.write.records);
        if (record)
            shown.withdrawn = false;               // it came again
        else if (shown.withdrawn)
            record = what_is_left(shown.key);
        else
            continue;
        auto const back = tails_.back(record->site, record->interval);
        show(place, taken_of(*record, nullptr, shown, back));
        if (!place.out)
            continue;
        if (++shown.failures == most_failures) {
            log::error("participant_passes_over", {{"participant", place.seat.name},
                                                   {"site", static_cast<std::uint64_t>(shown.key.site)},
                                                   {"time", format_rfc3339(shown.key.time)}});
            place.owed.erase(place.owed.begin() + (&shown - place.owed.data()));
        }
        return;
    }
}

void Participants::on_record(Record const& record, Record const* before, Shown const& shown, Group& group)
{
    auto const back = tails_.back(record.site, record.interval);
    auto const taken = taken_of(record, before, shown, back);
    for (auto& place : places_)
        show(*place, taken);
    group.shown.push_back(shown);
}

void Participants::on_withdrawn(Record const& record, Group& group)
{
    Shown const shown{.key = key_of(record), .verdict = FrameVerdict::revised, .received_at = group.now, .withdrawn = true};
    on_record(what_is_left(shown.key), &record, shown, group);
}

template <typename Outcome, typename Call>
std::optional<std::pair<Outcome, std::size_t>> Participants::first_answer(Call&& call)
{
    for (std::size_t i = 0; i < places_.size(); ++i) {
        std::optional<Outcome> outcome;
        ask(*places_[i], [&](Participant& one) { outcome = call(one, *places_[i]); });
        if (outcome)
            return std::pair{*std::move(outcome), i};
    }
    return std::nullopt;
}

std::optional<std::pair<AlertOutcome, std::size_t>> Participants::on_command(AlertCommand const& command, Group&)
{
    return first_answer<AlertOutcome>([&](Participant& one, GroupUnderWay& group) { return one.on_command(command, group); });
}

std::optional<std::pair<MarkOutcome, std::size_t>> Participants::on_marks(MarkCommand const& command, Group&)
{
    return first_answer<MarkOutcome>([&](Participant& one, GroupUnderWay& group) { return one.on_marks(command, group); });
}

void Participants::tick(Group&)
{
    for (auto& place : places_)
        ask(*place, [&](Participant& one) { one.tick(*place); });
}

void Participants::finish(Group& group)
{
    for (auto& place : places_)
        if (ask(*place, [&](Participant& one) { one.finish(*place); }))
            group.write.add(std::move(place->added));
}

bool Participants::is_in(std::size_t place) const noexcept { return !places_[place]->out; }

void Participants::committed(CommitMade const& made, Group const& group)
{
    for (auto& place : places_) {
        if (place->out) {
            auto& owed = place->owed;
            owed.insert(owed.end(), group.shown.begin(), group.shown.end());
            if (owed.size() > most_owed) {
                log::error("participant_owes_too_much", {{"participant", place->seat.name}, {"passed_over", owed.size() - most_owed}});
                owed.erase(owed.begin(), owed.end() - most_owed);
            }
            continue;
        }
        place->owed.clear();
        ask(*place, [&](Participant& one) { one.committed(made); });
    }
}

void Participants::rolled_back() noexcept
{
    for (auto& place : places_)
        place->seat.participant->rolled_back();
}

}  // namespace yihong
