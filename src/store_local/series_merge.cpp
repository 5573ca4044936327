#include "series_merge.hpp"

#include "series_chunk.hpp"

namespace yihong::store_local {
namespace {

std::string_view view(rocksdb::Slice const& slice) noexcept { return {slice.data(), slice.size()}; }

class SeriesMerge final : public rocksdb::MergeOperator {
public:
    bool FullMergeV2(MergeOperationInput const& in, MergeOperationOutput* out) const override
    {
        SeriesRows rows;
        if (in.existing_value != nullptr && !rows.append(view(*in.existing_value)))
            return false;
        return pack(rows, in.operand_list, out->new_value);
    }
    bool PartialMergeMulti(rocksdb::Slice const&, std::deque<rocksdb::Slice> const& operands, std::string* new_value, rocksdb::Logger*) const override
    {
        SeriesRows rows;
        return pack(rows, operands, *new_value);
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

}  // namespace yihong::store_local
