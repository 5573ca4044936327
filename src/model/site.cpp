#include "yihong/model/site.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 5> kind_names{"water_section", "lake_section", "air_station", "outfall", "wastewater_plant"};

bool is_number(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string external_key(std::string_view publisher, std::string_view name)
{
    std::string key{publisher};
    key += '\n';
    key += name;
    return key;
}

}  // namespace

bool id_less(std::string_view a, std::string_view b) noexcept
{
    bool const a_number = is_number(a);
    bool const b_number = is_number(b);
    if (a_number != b_number)
        return a_number;
    if (a_number) {
        auto const digits = [](std::string_view s) { return s.substr(std::min(s.find_first_not_of('0'), s.size())); };
        std::string_view const x = digits(a);
        std::string_view const y = digits(b);
        if (x != y)
            return x.size() != y.size() ? x.size() < y.size() : x < y;
    }
    return a < b;
}

std::string_view to_text(SiteKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<SiteKind> parse_site_kind(std::string_view text) noexcept
{
    auto const found = std::ranges::find(kind_names, text);
    if (found == kind_names.end())
        return std::nullopt;
    return static_cast<SiteKind>(found - kind_names.begin());
}

bool Site::has_owed_list(int year) const noexcept { return !owed_parameters.empty() && owed_parameters.front().since <= year; }

std::span<OwedList const> Site::owed_lists(int first_year, int last_year) const noexcept
{
    auto const end = std::ranges::upper_bound(owed_parameters, last_year, {}, &OwedList::since);
    auto begin = std::ranges::upper_bound(owed_parameters.begin(), end, first_year, {}, &OwedList::since);
    if (begin != owed_parameters.begin())
        --begin;
    return {begin, end};
}

std::string_view river_of(Site const& site, OverlayFacts const& facts) noexcept
{
    if (!site.water_body.empty() || facts.rivers.empty())
        return site.water_body;
    return facts.rivers.front().name;
}

std::vector<std::string> rivers_of(Site const& site, OverlayFacts const& facts)
{
    auto const own = river_of(site, facts);
    std::vector<std::string> names;
    if (!own.empty())
        names.emplace_back(own);
    if (!facts.rivers.empty() && facts.rivers.front().name != own)
        names.push_back(facts.rivers.front().name);
    return names;
}

bool is_on_river(Site const& site, OverlayFacts const& facts, std::string_view river) noexcept
{
    return !river.empty() && (river == site.water_body || (!facts.rivers.empty() && river == facts.rivers.front().name));
}

RiverLine const* line_of_river(Site const& site, OverlayFacts const& facts) noexcept
{
    auto const line = std::ranges::find(facts.rivers, river_of(site, facts), &RiverLine::name);
    return line == facts.rivers.end() ? nullptr : &*line;
}

bool is_assessed_for(Site const& site, std::string_view place) noexcept { return !place.empty() && site.assessed_for.starts_with(place); }

SiteRegistry::SiteRegistry(std::vector<Site> sites) : sites_{std::move(sites)}
{
    std::ranges::sort(sites_, id_less, &Site::id);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        by_key_.emplace(sites_[i].id, i);
        if (!sites_[i].mn.empty())
            by_key_.emplace(sites_[i].mn, i);
        for (auto const& [publisher, name] : sites_[i].external_ids)
            by_external_.emplace(external_key(publisher, name), i);
        if (sites_[i].number >= by_number_.size())
            by_number_.resize(sites_[i].number + 1U, -1);
        by_number_[sites_[i].number] = static_cast<std::int32_t>(i);
    }
}

std::optional<std::size_t> SiteRegistry::index_of(SiteNumber number) const noexcept
{
    if (number >= by_number_.size() || by_number_[number] < 0)
        return std::nullopt;
    return static_cast<std::size_t>(by_number_[number]);
}

Site const* SiteRegistry::numbered(SiteNumber number) const noexcept
{
    auto const index = index_of(number);
    return index ? &sites_[*index] : nullptr;
}

Site const* SiteRegistry::find(std::string_view id_or_mn) const noexcept
{
    auto const found = by_key_.find(id_or_mn);
    return found == by_key_.end() ? nullptr : &sites_[found->second];
}

Site const* SiteRegistry::find_external(std::string_view publisher, std::string_view name) const
{
    auto const found = by_external_.find(external_key(publisher, name));
    return found == by_external_.end() ? nullptr : &sites_[found->second];
}

}  // namespace yihong
