#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/batch.hpp"
#include "yihong/model/parameter.hpp"
#include "yihong/model/site.hpp"

#include <string_view>

namespace yihong {

/// What a reader needs to understand names. The books must outlive the batches: records point to their sites.
struct NameBook {
    SiteRegistry const& sites;
    ParameterBook const& parameters;
};

/// Readers of readings (监测数据) as senders post them. What all of them hold to:
/// - `site` is an id or MN, a parameter our name or its HJ 525/HJ 524 code, `time` RFC 3339 with an offset, `interval` one of
///   realtime, minute, hour, 4h, day, sample; all three are required. `status` (normal, maintenance, …) is optional.
/// - A time in the form of a spreadsheet is Beijing time (`2025/11/6 20:00`, `2025年11月6日20时`, `45967.8333`).
/// - Values, absent ones and those below detection are written as `read_value_text` (model/value_text.hpp) knows them.
/// - A body that cannot be read as a whole is a Failure (bad_syntax, unknown_field, missing_field) with line and column, both from
///   1; the column counts bytes in JSON, fields in CSV. Otherwise each record is read, or refused with code, field and place. A single bad reading
///   is refused by itself (refused_reading) and the others of its record are kept; the record is refused where none is left.
/// - A body with more than 10,000 refusals is refused as a whole (too_large).
/// - `raw_prefix + raw` of any record or refusal is read again by `format` (read_text), a single reading's `raw` by the format of its own.
/// - `raw` views point into `body` or into the batch.

/// `application/json`: an array of records, an object with `records`, or one record. A value is a number (its digits are kept
/// as written), a text that says a value, `null`, NaN (no JSON, but what Python writes), or `{"value":…, "flag":…, "unit":…}`; another unit than the canonical one is converted.
/// Duplicate fields refuse the record. Nesting is limited to 32.
Result<ParsedBatch> read_json(std::string_view body, NameBook const& names);

/// `application/x-ndjson`: one record a line; a line that is no JSON is refused by itself.
Result<ParsedBatch> read_ndjson(std::string_view body, NameBook const& names);

/// `text/csv` (RFC 4180, UTF-8, BOM allowed), columns in any order. Long: `site,time,interval,parameter,value[,flag][,unit][,status]`;
/// the rows of one (site, time, interval) are one record wherever they stand; a parameter that is there twice refuses that record.
/// Wide: `site,time,interval[,status]`, one column a parameter, optionally `<parameter>_flag`; an empty cell without flag is no
/// reading at all. `index` counts data rows from 0; of a long record it is the first row's.
Result<ParsedBatch> read_csv(std::string_view body, NameBook const& names);

/// `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`: the first sheet of a workbook that is not hidden, as `read_csv` reads its
/// rows; the first row that is not empty is the head. Times may be days as Excel counts them, and a plan month a day of that month. Places are
/// told by sheet, row and column. Batches are of `readings-csv`. \return broken_file for what is no whole workbook, too_large for one of more
/// than 64 MB, unpacked or as text
Result<ParsedBatch> read_xlsx(std::string_view body, NameBook const& names);

/// Reads text of a named format: readings-json, readings-ndjson, readings-csv and the archive formats (archive.hpp), which refuse
/// unknown sites here. For quarantine replay. \return Errc::unsupported for a format that does not exist
Result<ParsedBatch> read_text(std::string_view format, std::string_view body, NameBook const& names);

}  // namespace yihong
