#include "bytes.hpp"
#include "entry_codec.hpp"
#include "state.hpp"

#include <algorithm>

namespace yihong {

using namespace store_local;

namespace {

constexpr std::string_view number_prefix = "number:";     // + site id → SiteNumber
constexpr std::string_view site_prefix = "site:";         // + site id → registered site

}  // namespace

SiteNumbers::SiteNumbers(Database& database) : database_{database}
{
    visit_prefix(database_, Family::meta, number_prefix, [&](std::string_view id, std::string_view value) {
        if (value.size() != sizeof(SiteNumber))
            database_.refuse_bytes("a site number");
        auto const number = big_endian<SiteNumber>(value);
        numbers_.emplace(id, number);
        last_ = std::max(last_, number);
    });
}

std::vector<SiteNumber> SiteNumbers::number(std::span<std::string const> ids)
{
    std::scoped_lock const lock{mutex_};
    rocksdb::WriteBatch batch;
    std::unordered_map<std::string_view, SiteNumber> fresh;
    std::vector<SiteNumber> given;
    given.reserve(ids.size());
    for (auto const& id : ids) {
        if (auto const known = numbers_.find(id); known != numbers_.end()) {
            given.push_back(known->second);
            continue;
        }
        auto const [place, added] = fresh.emplace(id, last_ + static_cast<SiteNumber>(fresh.size()) + 1);
        given.push_back(place->second);
        if (!added)
            continue;
        std::string value;
        append_big_endian(value, place->second);
        batch.Put(database_.family(Family::meta), std::string{number_prefix} + id, value);
    }
    if (!fresh.empty() && !database_.only_reads())
        database_.write(batch);
    last_ += static_cast<SiteNumber>(fresh.size());
    for (auto const& [id, number] : fresh)
        numbers_.emplace(id, number);
    return given;
}

void Writing::add(std::vector<Site> const& registered)
{
    for (auto const& site : registered)
        put(Family::meta, std::string{site_prefix} + site.id, encode_site(site));
}

std::vector<SiteNumber> LocalStore::number_sites(std::span<std::string const> ids) { return state_->numbers.number(ids); }

std::vector<Site> LocalStore::registered_sites() const
{
    std::vector<Site> found;
    visit_prefix(state_->database, Family::meta, site_prefix, [&](std::string_view id, std::string_view value) {
        auto site = decode_site(value);
        if (!site)
            state_->database.refuse_bytes("registered site " + std::string{id});
        site->id = id;
        found.push_back(std::move(*site));
    });
    return found;
}

}  // namespace yihong
