#pragma once

#include "yihong/base/result.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace yihong {

struct Site;
struct OverlayFacts;

/// A condition on what a site is (CQL2 brings them). Any thread may ask.
class SiteCondition {
public:
    virtual ~SiteCondition() = default;
    [[nodiscard]] virtual bool covers(Site const& site, OverlayFacts const& facts) const = 0;
};
/// A condition with the text that it was made of, by which it is compared.
struct ScopeFilter {
    std::string text = {};
    std::shared_ptr<SiteCondition const> condition = {};  ///< null: every site
    bool operator==(ScopeFilter const& other) const { return text == other.text; }
};

/// Makes one of its text. \return a failure that names the place and what is allowed there
using MakeScopeFilter = std::function<Result<ScopeFilter>(std::string_view text)>;

}  // namespace yihong
