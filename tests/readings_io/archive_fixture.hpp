#pragma once

#include "fixture.hpp"

#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace yihong {

inline ArchiveContext context(std::string format = {})
{
    return {.names = names(), .format = std::move(format), .skip_unknown_sites = true, .on_unknown_place = {}, .date = {}};
}

/// Everything an archive holds.
struct Whole {
    Lines lines;
    ArchiveCounts counts;
    std::string format;
    std::optional<Failure> failure;
};

inline Whole read_all(ArchiveReader& reader, std::size_t max_rows, bool check_kept = false)
{
    Whole whole;
    for (;;) {
        auto const batch = reader.next(max_rows);
        if (!batch) {
            whole.failure = batch.error();
            break;
        }
        if (!*batch)
            break;
        for (auto& line : shown(**batch))
            whole.lines.push_back(std::move(line));
        if (check_kept)
            expect_self_contained(**batch);
    }
    whole.counts = reader.counts();
    whole.format = reader.format();
    return whole;
}

inline Whole read_all(std::filesystem::path const& path, ArchiveContext how = context(), std::size_t max_rows = 1000,
                      bool check_kept = false)
{
    auto reader = ArchiveReader::open(path, std::move(how));
    if (!reader)
        return {{}, {}, {}, reader.error()};
    return read_all(**reader, max_rows, check_kept);
}

inline Whole read_all_text(std::string text, std::string const& name = "upload", ArchiveContext how = context())
{
    auto reader = ArchiveReader::over(std::move(text), name, std::move(how));
    if (!reader)
        return {{}, {}, {}, reader.error()};
    return read_all(**reader, 1000, true);
}

inline std::string counted(ArchiveCounts const& c)
{
    return std::to_string(c.rows) + " rows: " + std::to_string(c.records) + " records, " + std::to_string(c.refused) + " refused, " +
           std::to_string(c.empty) + " empty, " + std::to_string(c.unknown_site_rows) + " of " + std::to_string(c.unknown_sites) +
           " unknown places";
}

/// Makes a site of every unknown place.
struct Registration {
    std::map<std::string, Site> made;
    ArchiveContext context(std::string format = {})
    {
        auto how = yihong::context(std::move(format));
        how.on_unknown_place = [this](PublishedPlace const& place) {
            Site site = make_site_for(place);
            site.number = static_cast<SiteNumber>(100 + made.size());
            return &made.emplace(site.id, std::move(site)).first->second;
        };
        return how;
    }
};

}  // namespace yihong
