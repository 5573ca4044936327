#include "record_sorter.hpp"

#include <algorithm>
#include <cstring>
#include <queue>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace yihong::formats {
namespace {

/// Before each record of a run.
struct Head {
    std::uint64_t key;
    std::uint64_t size;
};

/// Reads a run from its beginning to its end.
class RunReader {
public:
    RunReader(PositionedFile const& file, std::uint64_t begin, std::uint64_t end, std::size_t memory)
        : file_{file}, at_{begin}, end_{end}, memory_{memory}
    {}

    /// Goes to the next record. \return false behind the last
    bool next()
    {
        if (at_ + taken_ == end_)
            return false;
        Head head{};
        std::memcpy(&head, have(sizeof head).data(), sizeof head);
        key_ = head.key;
        record_ = have(sizeof head + head.size).substr(sizeof head, head.size);
        taken_ += sizeof head + head.size;
        return true;
    }
    [[nodiscard]] std::uint64_t key() const noexcept { return key_; }
    /// Until the next one is gone to.
    [[nodiscard]] std::string_view record() const noexcept { return record_; }

private:
    /// The bytes that come next, so many at least.
    std::string_view have(std::size_t size)
    {
        if (piece_.size() - taken_ < size) {
            at_ += taken_;
            taken_ = 0;
            piece_.resize(std::min(std::max(size, memory_), static_cast<std::size_t>(end_ - at_)));
            if (file_.read(piece_.data(), piece_.size(), at_) < piece_.size() || piece_.size() < size)
                throw std::runtime_error{"what was written to be sorted is gone"};
        }
        return std::string_view{piece_}.substr(taken_);
    }

    PositionedFile const& file_;
    std::uint64_t at_;  ///< of the piece in the file
    std::uint64_t end_;
    std::size_t memory_;
    std::string piece_;
    std::size_t taken_ = 0;  ///< of the piece
    std::uint64_t key_ = 0;
    std::string_view record_;
};

}  // namespace

RecordSorter::RecordSorter(std::filesystem::path file, std::size_t memory) : name_{std::move(file)}, memory_{memory} {}

void RecordSorter::add(std::uint64_t key, std::string_view record)
{
    auto const taken = bytes_.size() + held_.size() * sizeof(Held);
    if (!held_.empty() && taken + record.size() + sizeof(Held) > memory_)
        write_run();
    held_.push_back({key, bytes_.size(), record.size()});
    bytes_ += record;
}

void RecordSorter::sort_held()
{
    std::ranges::sort(held_, {}, [](Held const& one) { return std::pair{one.key, one.at}; });
}

void RecordSorter::write_run()
{
    sort_held();
    if (!file_) {
        file_.emplace(name_);
        file_->forget_name();
    }
    auto const begin = runs_.empty() ? 0 : runs_.back().end;
    Output out{*file_, begin};
    for (auto const& [key, at, size] : held_) {
        Head const head{key, size};
        out.put({reinterpret_cast<char const*>(&head), sizeof head});
        out.put(std::string_view{bytes_}.substr(at, size));
    }
    out.flush();
    runs_.push_back({begin, out.position()});
    held_.clear();
    bytes_.clear();
}

void RecordSorter::for_each(std::function<void(std::string_view)> const& take)
{
    if (runs_.empty()) {
        sort_held();
        for (auto const& [key, at, size] : held_)
            take(std::string_view{bytes_}.substr(at, size));
        return;
    }
    if (!held_.empty())
        write_run();
    held_ = {};
    bytes_ = {};
    merge(take);
}

void RecordSorter::merge(std::function<void(std::string_view)> const& take) const
{
    constexpr std::size_t least_of_a_run = 16U << 10U;     // a disk that turns would rather have more at once
    constexpr std::size_t most_of_a_run = 1U << 20U;
    auto const of_a_run = std::clamp(memory_ / runs_.size(), least_of_a_run, most_of_a_run);
    std::vector<RunReader> readers;
    readers.reserve(runs_.size());
    using Next = std::pair<std::uint64_t, std::size_t>;    // key and run: of one key, earlier runs hold what came earlier
    std::priority_queue<Next, std::vector<Next>, std::greater<>> first;
    auto const go_on = [&](std::size_t run) {
        if (readers[run].next())
            first.emplace(readers[run].key(), run);
    };
    for (auto const& [begin, end] : runs_) {
        readers.emplace_back(*file_, begin, end, of_a_run);
        go_on(readers.size() - 1);
    }
    while (!first.empty()) {
        auto const run = first.top().second;
        first.pop();
        take(readers[run].record());
        go_on(run);
    }
}

}  // namespace yihong::formats
