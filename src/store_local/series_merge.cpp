#include "series_merge.hpp"

#include "bytes.hpp"

#include <utility>

namespace yihong::store_local {
namespace {

/// Begins chunks strung together, each behind its length. No chunk version.
constexpr char strung = '\x7f';

// RocksDB calls the operator without saying what for; whoever reads does so on a thread of ours.
thread_local bool reading = false;

std::string_view view(rocksdb::Slice const& slice) noexcept { return {slice.data(), slice.size()}; }

class SeriesMerge final : public rocksdb::MergeOperator {
public:
    bool FullMergeV2(MergeOperationInput const& in, MergeOperationOutput* out) const override
    {
        auto& value = out->new_value;
        if (!reading) {
            SeriesRows rows;
            return (in.existing_value == nullptr || rows.append(view(*in.existing_value))) && pack(rows, in.operand_list, value);
        }
        value.assign(1, strung);
        if (in.existing_value != nullptr)
            append_text(value, view(*in.existing_value));
        for (auto const& operand : in.operand_list)
            append_text(value, view(operand));
        return true;
    }
    bool PartialMergeMulti(rocksdb::Slice const&, std::deque<rocksdb::Slice> const& operands, std::string* new_value,
                           rocksdb::Logger*) const override
    {
        SeriesRows rows;
        return !reading && pack(rows, operands, *new_value);
    }
    char const* Name() const override { return "yihong.series"; }

private:
    template <typename Operands>
    static bool pack(SeriesRows& rows, Operands const& operands, std::string& out)
    {
        for (auto const& operand : operands)
            if (!rows.append(view(operand)))
                return false;
        rows.settle();
        out.clear();
        encode_chunk(rows.rows(), out);
        return true;
    }
};

}  // namespace

std::shared_ptr<rocksdb::MergeOperator> make_series_merge() { return std::make_shared<SeriesMerge>(); }

ReadingMerge::ReadingMerge() noexcept : before_{std::exchange(reading, true)} {}
ReadingMerge::~ReadingMerge() { reading = before_; }

bool read_merged(std::string_view value, SeriesRows& rows, WantedRows const& wanted)
{
    rows.clear();
    if (!value.starts_with(strung))
        return rows.append(value, wanted);
    ByteReader in{value.substr(1)};
    while (!in.at_end())
        if (!rows.append(in.text(), wanted))
            return false;
    rows.settle();
    return in.ok();
}

}  // namespace yihong::store_local
