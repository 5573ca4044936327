#include "yihong/evaluate/mark_book.hpp"

#include <algorithm>
#include <iterator>

namespace yihong {
namespace {

bool earlier(std::shared_ptr<PeriodMark const> const& a, std::shared_ptr<PeriodMark const> const& b) { return a->begin < b->begin; }

}  // namespace

MarkBook::MarkBook(PeriodMarks marks) : marks_{std::move(marks)}
{
    for (std::size_t i = 0; i < marks_.size(); ++i) {
        by_id_.emplace(marks_[i]->id, i);
        by_site_[marks_[i]->site].push_back(i);
    }
}

std::shared_ptr<PeriodMark const> MarkBook::find(std::string_view id) const noexcept
{
    auto const found = by_id_.find(std::string{id});
    return found == by_id_.end() ? nullptr : marks_[found->second];
}

PeriodMarks MarkBook::of_site(std::string_view site, Stretch const& time) const
{
    PeriodMarks found;
    auto const known = by_site_.find(std::string{site});
    if (known == by_site_.end())
        return found;
    for (auto const i : known->second)
        if (marks_[i]->state == PeriodMarkState::standing && marks_[i]->touches(time.first, time.second))
            found.push_back(marks_[i]);
    std::ranges::stable_sort(found, earlier);
    return found;
}

bool is_of_station(PeriodMark const& mark, Site const& site, OverlayFacts const& facts) noexcept
{
    if (mark.kind != PeriodMarkKind::dust || site.kind != SiteKind::air_station)
        return false;
    if (!mark.site.empty())
        return mark.site == site.id;
    return mark.place.empty() || mark.place == facts.county || is_assessed_for(site, mark.place);
}

PeriodMarks MarkBook::dust_at(Site const& site, OverlayFacts const& facts, Stretch const& time) const
{
    auto found = of_site(site.id, time);
    std::ranges::move(of_site({}, time), std::back_inserter(found));
    std::erase_if(found, [&](auto const& mark) { return !is_of_station(*mark, site, facts); });
    std::ranges::stable_sort(found, earlier);
    return found;
}

std::vector<Stretch> MarkBook::covered(PeriodMarks const& marks, Stretch const& time)
{
    std::vector<Stretch> all;
    for (auto const& mark : marks) {
        Stretch const part{std::max(mark->begin, time.first), mark->end ? std::min(*mark->end, time.second) : time.second};
        if (part.first < part.second)
            all.push_back(part);
    }
    std::ranges::sort(all);
    std::vector<Stretch> apart;
    for (auto const& part : all)
        if (!apart.empty() && part.first <= apart.back().second)
            apart.back().second = std::max(apart.back().second, part.second);
        else
            apart.push_back(part);
    return apart;
}

std::shared_ptr<MarkBook const> MarkBook::with(PeriodMarks const& changed) const
{
    auto all = marks_;
    auto places = by_id_;
    for (auto const& mark : changed) {
        auto const [place, is_new] = places.emplace(mark->id, all.size());
        if (is_new)
            all.push_back(mark);
        else
            all[place->second] = mark;
    }
    return std::make_shared<MarkBook const>(std::move(all));
}

PeriodMarks MarkBook::changed_since(MarkBook const& before) const
{
    PeriodMarks found;
    std::ranges::copy_if(marks_, std::back_inserter(found), [&](auto const& mark) { return before.find(mark->id) != mark; });
    return found;
}

}  // namespace yihong
