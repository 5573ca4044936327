#pragma once

#include "yihong/readings_io/readings.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace yihong {

/// A section or station as CNEMC (中国环境监测总站) publishes it.
struct PublishedPlace {
    bool air = false;
    std::string province;
    std::string name;                       ///< 断面名称, 监测点名称
    std::string code;                       ///< air: station code, e.g. `2175A`
    std::string river;                      ///< 所属河流; not in every file
    std::string city;                       ///< 所在地市
    std::optional<LonLat> position;         ///< air only
    /// What `external_ids` holds under `cnemc`: `山西省/张留庄` or `2175A`.
    [[nodiscard]] std::string external_id() const;
};

/// A site for a place that no site file knows. The id is stable: `cnemc-` and 10 hex digits of a hash of the external id, or the air
/// station's code. A section has no position. It counts as a lake when its water body is called 湖, 水库, 淀, 泊, 池 or 海: that agrees
/// with CNEMC's published classes in every section of 2025 where it matters, but stays a guess until someone confirms it.
Site make_site_for(PublishedPlace const& place);

struct ArchiveContext {
    NameBook names;
    std::string format;                     ///< empty: found out from the content
    /// Rows of places that no site answers to are counted and left out; otherwise they are refused.
    bool skip_unknown_sites = true;
    /// Asked once for each unknown place of a CNEMC file. A returned site is used at once (its number too) and must outlive the reader;
    /// null leaves the place unknown.
    std::function<Site const*(PublishedPlace const&)> on_unknown_place;
    std::optional<Date> date;  ///< about when the file was made, where neither it nor its name says so: CNEMC's times lack the year
};

/// Where to go on. The beginning of a row; `offset` counts bytes of the decompressed text.
struct ArchivePosition {
    std::uint64_t offset = 0;
    std::uint64_t line = 0;
    std::uint64_t row = 0;
    bool operator==(ArchivePosition const&) const = default;
};

struct ArchiveCounts {
    std::uint64_t rows = 0;
    std::uint64_t records = 0;
    std::uint64_t refused = 0;
    std::uint64_t empty = 0;  ///< rows without any value
    std::uint64_t unknown_site_rows = 0;  ///< skipped
    std::uint64_t unknown_sites = 0;  ///< different places among them
};

/// Reads archives (历史数据文件) for `yihong import`, plain, gzip or zstd: a few MB in memory at a time.
/// - `readings-csv` as read_csv. Long form: the rows of one record must stand within 64 MB. `readings-json`, `readings-ndjson`: read whole.
/// - `readings-xlsx` as read_xlsx. Read whole.
/// - `cnemc-water-csv`: the Chinese header of 国家地表水水质自动监测实时数据发布系统, and the `collected,province,…,_raw` shape.
/// - `cnemc-water-json`: that system's answer as it came (HTML inside JSON). Read whole, up to 256 MB, as a table of the former shape.
/// - `cnemc-air-csv`, `cnemc-air-xml`, `cnemc-air-json`: 全国城市空气质量实时发布平台. Columns `o3` and `o3_24h` were swapped there up to 2023-11-09.
/// CSV may be UTF-8 or GB18030. What CNEMC files mean here:
/// - Water is interval 4h, air hour, at the published time (Beijing). A missing year is that of `collected` (a time more than a day
///   later belongs to the year before), else the one nearest to the date in the file name or `ArchiveContext::date`.
/// - The unrounded value is taken where there is one, else the published one. `*` is not measured: no reading. `--`, `—` and values the
///   publisher withheld (极值过滤) are readings without value. Units are those of the header; chlorophyll is mg/L as it says (its values,
///   around 0.008, leave no doubt).
/// - 正常 is normal, 维护 maintenance, 停站 and 不具备运行条件 stopped. A row without value counts as empty, unless it has a time and says that
///   the station is not normal. A row with values but no time is refused.
/// - A refused row is kept as one line of `cnemc-water-csv` or `cnemc-air-csv` with its header and, for water, its date.
class ArchiveReader {
public:
    /// \return Errc::broken_file when it cannot be read, Errc::unsupported when its format is unknown, Errc::bad_syntax when its head is broken
    static Result<std::unique_ptr<ArchiveReader>> open(std::filesystem::path const& path, ArchiveContext context);
    /// The same over text in memory; `name` is its file name.
    static Result<std::unique_ptr<ArchiveReader>> over(std::string text, std::string const& name, ArchiveContext context);
    ~ArchiveReader();
    ArchiveReader(ArchiveReader const&) = delete;
    ArchiveReader& operator=(ArchiveReader const&) = delete;

    /// The next batch, of about `max_rows` rows (formats read at once, and the long form, ignore it); its bytes belong to it.
    /// It may be empty while the archive goes on. \return nothing at the end; Errc::broken_file or bad_syntax where it cannot go on
    Result<std::optional<ParsedBatch>> next(std::size_t max_rows);

    /// Goes to where an earlier reader of the same file stood. \return Errc::broken_file when no row begins there
    Result<void> resume(ArchivePosition position);
    /// Behind the last batch that was handed out.
    [[nodiscard]] ArchivePosition position() const noexcept;
    [[nodiscard]] ArchiveCounts const& counts() const noexcept;
    [[nodiscard]] std::string const& format() const noexcept;
    /// Of the file, for progress.
    [[nodiscard]] std::uint64_t bytes_total() const noexcept;
    [[nodiscard]] std::uint64_t bytes_read() const noexcept;

private:
    struct State;
    explicit ArchiveReader(std::unique_ptr<State> state);
    static Result<std::unique_ptr<ArchiveReader>> start(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace yihong
