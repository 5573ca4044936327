#include "history_reader.hpp"

#include "series_merge.hpp"

#include <algorithm>

namespace yihong::store_local {

using namespace std::chrono_literals;

HistoryReader::HistoryReader(Database const& database, HistoryQuery const& query)
    : database_{database}, backward_{query.newest_first}, time_{query.time}, only_{query.parameters}, condition_{query.condition},
      after_{query.after}, chunks_{database.iterate(Family::series)}
{
    std::ranges::sort(only_);
    std::ranges::sort(condition_.parameters);
    auto sites = query.sites;
    std::ranges::sort(sites);
    sites.erase(std::ranges::unique(sites).begin(), sites.end());
    for (auto const site : sites)
        for (auto const kind : all_interval_kinds)
            if (!query.interval || kind == *query.interval)
                series_.push_back({site, kind});
    if (backward_)
        std::ranges::reverse(series_);
}

std::vector<Record> const& HistoryReader::next(std::size_t count)
{
    ReadingMerge const reading;
    page_.clear();
    bound_.reset();
    count_ = count;
    if (count == 0)
        return page_;
    bool positioned = false;
    for (auto const series : series_) {
        auto wanted = wanted_of(series);
        narrow(wanted);
        if (wanted.first > wanted.last)
            continue;
        // The walk goes through the store in one direction: where the iterator stands beyond this series, the series has nothing.
        auto const key = series_key(series.site, series.interval, chunk_number(series.interval, backward_ ? wanted.last : wanted.first));
        bool const beyond =
            positioned && chunks_->Valid() && (backward_ ? chunks_->key().compare(key) <= 0 : chunks_->key().compare(key) >= 0);
        if (!beyond)
            backward_ ? chunks_->SeekForPrev(key) : chunks_->Seek(key);
        positioned = true;
        if (!chunks_->Valid())
            break;
        read(series, wanted);
        if (!chunks_->Valid())
            break;
    }
    database_.check(chunks_->status());
    if (page_.size() > count_)
        select();
    std::ranges::sort(page_, [this](Record const& a, Record const& b) { return comes_before(history_key(a), history_key(b)); });
    if (!page_.empty())
        after_ = history_key(page_.back());
    return page_;
}

HistoryReader::Span HistoryReader::wanted_of(SeriesKey series) const noexcept
{
    Span wanted{time_.begin.value_or(UtcTime::min()), time_.end.value_or(UtcTime::max())};
    if (!after_)
        return wanted;
    // Behind the key: at that very time only the series that come later in the order.
    HistoryKey const same_time{after_->time, series.site, series.interval};
    bool const same_time_too = comes_before(*after_, same_time);
    if (!same_time_too && after_->time == (backward_ ? UtcTime::min() : UtcTime::max()))
        return {UtcTime::max(), UtcTime::min()};
    if (backward_)
        wanted.last = std::min(wanted.last, same_time_too ? after_->time : after_->time - 1ms);
    else
        wanted.first = std::max(wanted.first, same_time_too ? after_->time : after_->time + 1ms);
    return wanted;
}

void HistoryReader::narrow(Span& wanted) const noexcept
{
    if (!bound_)
        return;
    if (backward_)
        wanted.first = std::max(wanted.first, bound_->time);
    else
        wanted.last = std::min(wanted.last, bound_->time);
}

void HistoryReader::read(SeriesKey series, Span wanted)
{
    auto const prefix = series_prefix(series.site, series.interval);
    for (; chunks_->Valid() && chunks_->key().starts_with(prefix); backward_ ? chunks_->Prev() : chunks_->Next()) {
        narrow(wanted);
        auto const edge = series_key(series.site, series.interval, chunk_number(series.interval, backward_ ? wanted.first : wanted.last));
        if (backward_ ? chunks_->key().compare(edge) < 0 : chunks_->key().compare(edge) > 0)
            return;
        auto const chunk = chunks_->value().ToStringView();
        auto asked_for = wanted;
        if (condition_.holds) {
            auto const fulfilling = ask(series, chunk, wanted);
            if (!fulfilling)
                continue;
            asked_for = *fulfilling;
        }
        if (!condition_.holds || condition_.parameters != only_)   // else they lie there as they are wanted
            decode(chunk, only_, asked_for);
        auto const begin = std::ranges::lower_bound(rows_.rows(), asked_for.first, {}, &Row::time);
        auto const end = std::ranges::upper_bound(rows_.rows(), asked_for.last, {}, &Row::time);
        auto const stays = [&](auto row) {
            return (condition_.holds && !fulfils_[static_cast<std::size_t>(row - rows_.rows().begin())]) || keep(series, *row);
        };
        if (backward_) {
            for (auto at = end; at != begin;)
                if (!stays(--at))
                    return;
        } else {
            for (auto at = begin; at != end; ++at)
                if (!stays(at))
                    return;
        }
    }
}

std::optional<HistoryReader::Span> HistoryReader::ask(SeriesKey series, std::string_view chunk, Span wanted)
{
    decode(chunk, condition_.parameters, wanted);
    std::optional<Span> fulfilling;
    fulfils_.assign(rows_.rows().size(), false);
    for (std::size_t i = 0; i < fulfils_.size(); ++i) {
        auto const& row = rows_.rows()[i];
        if (row.time < wanted.first || row.time > wanted.last)
            continue;
        to_record(series, row, asked_);
        if (!condition_.holds(asked_))
            continue;
        fulfils_[i] = true;
        fulfilling = {fulfilling ? fulfilling->first : row.time, row.time};
    }
    return fulfilling;
}

void HistoryReader::decode(std::string_view chunk, std::vector<ParameterId> const& only, Span wanted)
{
    if (!read_merged(chunk, rows_, {only, wanted.first, wanted.last}))
        database_.refuse_bytes("a piece of a series");
}

bool HistoryReader::keep(SeriesKey series, Row const& row)
{
    if (bound_ && !comes_before({row.time, series.site, series.interval}, *bound_))
        return false;
    page_.push_back(to_record(series, row));
    if (page_.size() == 2 * count_)
        select();
    return true;
}

void HistoryReader::select()
{
    auto const last = page_.begin() + static_cast<std::ptrdiff_t>(count_ - 1);
    std::ranges::nth_element(page_, last,
                             [this](Record const& a, Record const& b) { return comes_before(history_key(a), history_key(b)); });
    page_.erase(last + 1, page_.end());
    bound_ = history_key(page_.back());
}

}  // namespace yihong::store_local
