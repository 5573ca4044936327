#pragma once

#include "yihong/base/text.hpp"
#include "yihong/readings_io/archive.hpp"
#include "yihong/readings_io/readings.hpp"
#include "yihong/standards/standards_book.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace yihong {

/// The parameters that ship, and a few of Yuncheng's sites under the ids that ship.
inline StandardsBook const& standards()
{
    static StandardsBook const book = [] {
        auto loaded = load_standards(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/standards");
        if (!loaded)
            throw std::runtime_error{loaded.error().front().detail};
        return std::move(*loaded);
    }();
    return book;
}

inline SiteRegistry const& sites()
{
    static SiteRegistry const registry = [] {
        std::vector<Site> all;
        auto const add = [&](std::string id, std::string name, std::vector<std::string> const& published) -> Site& {
            Site& site = all.emplace_back();
            site.id = std::move(id);
            site.name = std::move(name);
            site.number = static_cast<SiteNumber>(all.size());
            for (auto const& there : published)
                site.external_ids.emplace_back("cnemc", there);
            return site;
        };
        add("zhangliuzhuang", "张留庄", {"山西省/张留庄"}).mn = "A140800_0001";
        add("xiaohancun", "小韩村（西曲村）", {"山西省/小韩村（西曲村）", "山西省/西曲村"});
        add("longmen", "龙门", {"山西省/龙门"});
        add("shangbocheng", "上亳城", {"山西省/上亳城"});
        add("hejindaqiao", "河津大桥", {"山西省/河津大桥"});
        add("yuncheng-zhongxue", "运城中学", {"2175A"}).kind = SiteKind::air_station;
        return SiteRegistry{std::move(all)};
    }();
    return registry;
}

inline NameBook names() { return {sites(), standards().parameters()}; }

inline Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }
inline UtcTime at(std::string_view text) { return parse_rfc3339(text).value(); }

/// A record on one line: `zhangliuzhuang 4h 2025-11-06T12:00:00Z normal ph=8.1 codmn=5.20`; `ph=-` has no value, `codmn=<0.5` is below detection,
/// flags as `ph=8.1:T`.
inline std::string shown(ParsedRecord const& parsed)
{
    Record const& record = parsed.record;
    std::string text = parsed.site->id + " " + std::string{to_text(record.interval)} + " " + format_rfc3339(record.time) + " " +
                       std::string{to_text(record.status)};
    for (Reading const& reading : record.readings) {
        text += " " + standards().parameters().find(reading.parameter)->name + "=" +
                (has(reading.marks, Mark::below_detection) ? "<" : "") + (reading.has_value ? reading.value.to_string() : "-");
        if (!reading.flag.is_normal())
            text += ":" + std::string{reading.flag.text()};
    }
    return text;
}

/// All of a batch: its records, then `index code detail` of what was refused.
inline std::vector<std::string> shown(ParsedBatch const& batch)
{
    std::vector<std::string> lines;
    for (auto const& record : batch.records)
        lines.push_back(shown(record));
    for (auto const& refusal : batch.refused)
        lines.push_back(std::to_string(refusal.index) + " " + std::string{code_name(refusal.failure.code)} + " " + refusal.failure.detail);
    return lines;
}

inline std::vector<std::string> shown(Result<ParsedBatch> const& batch)
{
    if (!batch)
        return {std::string{code_name(batch.error().code)} + " " + batch.error().detail};
    return shown(*batch);
}

using Lines = std::vector<std::string>;

inline std::filesystem::path sample(std::string_view name)
{
    return std::filesystem::path{YIHONG_SOURCE_DIR} / "tests/data/readings" / name;
}

inline std::string bytes_of(std::filesystem::path const& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Whatever is refused can be read again from what is kept, with the same outcome.
inline void expect_self_contained(ParsedBatch const& batch)
{
    for (auto const& record : batch.records) {
        auto const again = read_text(batch.format, batch.raw_prefix + std::string{record.raw}, names());
        ASSERT_TRUE(again) << again.error().detail << "\n" << record.raw;
        ASSERT_EQ(again->records.size(), 1U) << record.raw;
        EXPECT_EQ(shown(again->records[0]), shown(record));
    }
    for (auto const& refusal : batch.refused) {
        auto const again = refusal.format.empty() ? read_text(batch.format, batch.raw_prefix + refusal.raw, names())
                                                  : read_text(refusal.format, refusal.raw, names());
        ASSERT_TRUE(again) << again.error().detail << "\n" << refusal.raw;
        ASSERT_EQ(again->refused.size(), 1U) << refusal.raw;
        EXPECT_EQ(again->refused[0].failure.code, refusal.failure.code) << refusal.raw;
    }
}

}  // namespace yihong
