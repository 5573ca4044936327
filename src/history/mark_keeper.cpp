#include "yihong/history/mark_keeper.hpp"

#include "yihong/history/known_marks.hpp"
#include "yihong/write/chained_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {

KeptMarks read_marks(Journal const& journal)
{
    KeptMarks kept;
    PeriodMarks read;
    visit_marks(journal, [&](JournalEntry const& entry, std::shared_ptr<PeriodMark const> mark) {
        kept.number = entry.number;
        kept.hash = entry.hash;
        read.push_back(std::move(mark));
    });
    kept.book = MarkBook{}.with(read);
    return kept;
}

MarkKeeper::MarkKeeper(Journal const& journal, CurrentState& state) : state_{state}, kept_{read_marks(journal)}, now_{kept_}
{
    state_.marks.publish(kept_.book);
}

void MarkKeeper::begin() { now_ = kept_; }

std::optional<MarkOutcome> MarkKeeper::on_marks(MarkCommand const& command, GroupUnderWay& group)
{
    auto const* added = std::get_if<AddMarks>(&command);
    return added ? add(*added, group) : change(std::get<ChangeMark>(command), group);
}

std::shared_ptr<PeriodMark const> MarkKeeper::keep(PeriodMark mark, GroupUnderWay& group)
{
    mark.at = group.now();
    auto document = mark_document(mark);
    now_.hash = chained_hash(now_.hash, document);
    group.share().journal.push_back({.number = ++now_.number,
                                     .topic = std::string{mark_topic},
                                     .subject = mark.id,
                                     .at = mark.at,
                                     .document = std::move(document),
                                     .hash = now_.hash});
    return std::make_shared<PeriodMark const>(std::move(mark));
}

MarkOutcome MarkKeeper::add(AddMarks const& wanted, GroupUnderWay& group)
{
    PeriodMarks made;
    for (auto mark : wanted.marks) {
        auto const is_known = [&](std::shared_ptr<PeriodMark const> const& other) {
            return other->state != PeriodMarkState::withdrawn && other->state == mark.state && other->is_same(mark);
        };
        if (std::ranges::any_of(now_.book->all(), is_known) || std::ranges::any_of(made, is_known))
            continue;
        mark.id = fmt::format("m{}", now_.number + 1);
        mark.version = 1;
        made.push_back(keep(std::move(mark), group));
    }
    now_.book = now_.book->with(made);
    return made;
}

MarkOutcome MarkKeeper::change(ChangeMark const& wanted, GroupUnderWay& group)
{
    auto const known = now_.book->find(wanted.mark.id);
    if (!known)
        return fail(Errc::not_found, fmt::format("there is no mark '{}'", wanted.mark.id.substr(0, 60)));
    if (known->version != wanted.mark.version)
        return fail(Errc::conflict, fmt::format("mark '{}' was changed meanwhile; look at it again", known->id));
    auto mark = wanted.mark;
    ++mark.version;
    PeriodMarks const made{keep(std::move(mark), group)};
    now_.book = now_.book->with(made);
    return made;
}

void MarkKeeper::committed(CommitMade const&)
{
    if (now_.book == kept_.book)
        return;
    kept_ = now_;
    state_.marks.publish(kept_.book);
}

}  // namespace yihong
