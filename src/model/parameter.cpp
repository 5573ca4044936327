#include "yihong/model/parameter.hpp"

#include <algorithm>

namespace yihong {

ParameterBook::ParameterBook(std::vector<Parameter> parameters) : parameters_{std::move(parameters)}
{
    std::ranges::sort(parameters_, {}, &Parameter::id);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        auto const& p = parameters_[i];
        by_id_.resize(p.id + 1U, -1);
        by_id_[p.id] = static_cast<std::int32_t>(i);
        by_name_.emplace(p.name, i);
        if (!p.code.empty())
            by_name_.emplace(p.code, i);
        for (auto const& code : p.other_codes)
            by_name_.emplace(code, i);
    }
}

Parameter const* ParameterBook::find(ParameterId id) const noexcept
{
    return id < by_id_.size() && by_id_[id] >= 0 ? &parameters_[static_cast<std::size_t>(by_id_[id])] : nullptr;
}

Parameter const* ParameterBook::find(std::string_view name_or_code) const noexcept
{
    auto const found = by_name_.find(name_or_code);
    return found == by_name_.end() ? nullptr : &parameters_[found->second];
}

}  // namespace yihong
