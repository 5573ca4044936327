#include "archive_fixture.hpp"
#include "temporary_folder.hpp"

#include "yihong/compress/inflate.hpp"

#include <iconv.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>

namespace yihong {
namespace {

TEST(Archive, GoesOnWhereAnEarlierReaderStood)
{
    TemporaryFolder folder;
    std::string const csv = bytes_of(sample("surface_water_4h_2021-04-01_03.csv"));
    std::string packed(csv.size() + 1000, '\0');
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(csv.data()));
    stream.avail_in = static_cast<uInt>(csv.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    auto const gz = folder.write("surface_water_4h_2021-04-01_03.csv.gz", packed);

    for (auto const& path : {sample("surface_water_4h_2021-04-01_03.csv"), gz, sample("surface_water_raw_response_2021-03-05.json"),
                             sample("air_raw_2019-07-18T14.xml.gz")}) {
        Registration registration;
        auto const whole = read_all(path, registration.context());
        Lines pieces;
        ArchivePosition position;
        std::uint64_t rows = 0, read = 0;
        for (;;) {
            auto reader = ArchiveReader::open(path, registration.context());
            ASSERT_TRUE(reader);
            ASSERT_TRUE((*reader)->resume(position));
            auto const batch = (*reader)->next(150);
            ASSERT_TRUE(batch);
            if (!*batch)
                break;
            for (auto& line : shown(**batch))
                pieces.push_back(std::move(line));
            position = (*reader)->position();
            rows += (*reader)->counts().rows;
            EXPECT_LE((*reader)->bytes_read(), (*reader)->bytes_total());
            EXPECT_GE((*reader)->bytes_read(), read);
            read = (*reader)->bytes_read();
        }
        EXPECT_EQ(rows, whole.counts.rows);
        std::ranges::sort(pieces);
        auto lines = whole.lines;
        std::ranges::sort(lines);
        EXPECT_EQ(pieces, lines) << path;
    }
}

TEST(Archive, RefusesToGoOnInTheMiddleOfARowOrBehindTheEnd)
{
    for (auto const& path : {sample("surface_water_4h_2021-04-01_03.csv"), sample("surface_water_raw_response_2021-03-05.json")}) {
        for (std::uint64_t const offset : {5U, 3000U, 1'000'000'000U}) {
            auto reader = ArchiveReader::open(path, context());
            ASSERT_TRUE(reader);
            auto const resumed = (*reader)->resume({offset, 3, 1});
            ASSERT_FALSE(resumed) << offset;
            EXPECT_EQ(resumed.error().code, Errc::broken_file);
        }
    }
}

TEST(Archive, ReadsGb18030)
{
    TemporaryFolder folder;
    std::string utf8 = bytes_of(sample("surface_water_4h_2021-04-01_03.csv"));
    std::string gb(utf8.size() * 2, '\0');
    iconv_t const converter = iconv_open("GB18030", "UTF-8");
    char *in = utf8.data(), *out = gb.data();
    std::size_t in_left = utf8.size(), out_left = gb.size();
    ASSERT_EQ(iconv(converter, &in, &in_left, &out, &out_left), 0U);
    iconv_close(converter);
    gb.resize(gb.size() - out_left);
    auto const path = folder.write("surface_water_4h_2021-04-01_03.csv", gb);

    auto const whole = read_all(path, context(), 100, true);
    EXPECT_EQ(whole.lines, read_all(sample("surface_water_4h_2021-04-01_03.csv"), context(), 100).lines);
    EXPECT_EQ(whole.counts.records, 65U);
}

TEST(Archive, ReadsReadingsInAllForms)
{
    std::string const rows = "longmen,2025-11-06T12:00:00Z,4h,7\n";
    EXPECT_EQ(
        read_all_text("site,time,interval,ph\n" + rows + "x,2025-11-06T12:00:00Z,4h,7\n").lines,
        (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7", "1 unknown_site line 3: site 'x' is neither the id nor the MN of a site"}));
    std::string const json = R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})";
    EXPECT_EQ(read_all_text("[" + json + "]").lines, Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7"});
    auto const lines = read_all_text(json + "\n" + json);
    EXPECT_EQ(lines.format, "readings-ndjson");
    EXPECT_EQ(lines.lines.size(), 2U);
}

TEST(Archive, NeverCutsARecordOfTheLongForm)
{
    std::string text = "site,time,interval,parameter,value\n";
    for (int i = 0; i < 30'000; ++i) {  // 3 MB: several reads of the file
        std::string const key = "longmen," + format_rfc3339(at("2020-01-01T00:00:00Z") + std::chrono::hours{i}) + ",hour,";
        text += key + "ph,7\n" + key + "codmn,2\n" + key + "cod,9\n";
    }
    TemporaryFolder folder;
    auto const path = folder.write("long.csv", text);
    auto reader = ArchiveReader::open(path, context());
    ASSERT_TRUE(reader);
    std::size_t records = 0;
    for (;;) {
        auto const batch = (*reader)->next(1000);
        ASSERT_TRUE(batch);
        if (!*batch)
            break;
        for (auto const& record : (*batch)->records)
            EXPECT_EQ(record.record.readings.size(), 3U);
        records += (*batch)->records.size();
    }
    EXPECT_EQ(records, 30'000U);
    EXPECT_EQ((*reader)->counts().rows, 90'000U);
}

TEST(Archive, ReadsAWideFilePieceByPiece)
{
    std::string text = "site,time,interval,ph\r\n";
    for (int i = 0; i < 100'000; ++i)
        text += "longmen," + format_rfc3339(at("2020-01-01T00:00:00Z") + std::chrono::hours{i}) + ",hour,7.10\r\n";
    TemporaryFolder folder;
    auto const whole = read_all(folder.write("wide.csv", text), context(), 7777);

    EXPECT_EQ(whole.counts.rows, 100'000U);
    ASSERT_EQ(whole.lines.size(), 100'000U);
    EXPECT_EQ(whole.lines.back(),
              "longmen hour " + format_rfc3339(at("2020-01-01T00:00:00Z") + std::chrono::hours{99'999}) + " normal ph=7.10");
}

TEST(Archive, SaysWhatIsWrongWithAFile)
{
    TemporaryFolder folder;
    auto const failure = [&](std::string_view name, std::string_view bytes, std::string format = {}) {
        auto const whole = read_all(folder.write(name, bytes), context(std::move(format)));
        return whole.failure ? std::string{code_name(whole.failure->code)} + " " + whole.failure->detail : "nothing";
    };
    std::string const gz = bytes_of(sample("air_raw_2019-07-18T14.xml.gz"));
    EXPECT_EQ(failure("cut.xml.gz", std::string_view{gz}.substr(0, 60'000)), "broken_file cut.xml.gz: the file is cut short at byte 60000");
    std::string damaged = gz;
    damaged[20'000] = static_cast<char>(damaged[20'000] ^ 0x55);
    EXPECT_TRUE(failure("damaged.xml.gz", damaged).starts_with("broken_file damaged.xml.gz: the compressed data is damaged"));
    EXPECT_TRUE(failure("a.txt", "hello").starts_with("unsupported a.txt: its format was not recognised"));
    EXPECT_TRUE(failure("empty", "").starts_with("unsupported empty: its format was not recognised"));
    EXPECT_TRUE(failure("a.csv", "site,time,interval,ph\n", "yaml").starts_with("unsupported a.csv: no format is called 'yaml'"));
    EXPECT_EQ(failure("a.csv", "site,time,interval,phh\n"),
              "unknown_field a.csv: line 1, column 4: column 'phh' is neither a field nor a parameter");
    EXPECT_EQ(failure("a.csv", "site,time,interval,ph\n"), "nothing");
    EXPECT_EQ(failure("a.csv", "省份,断面名称,监测时间\n"), "missing_field a.csv: the header names no value");
    EXPECT_EQ(read_all(folder.write("a", "") / "nothing").failure->code, Errc::broken_file);
    // the rows before an open quote are not lost
    auto const open = read_all(folder.write("open.csv", "site,time,interval,ph\nlongmen,2025-11-06T12:00:00Z,4h,7\nlongmen,\"2025"));
    EXPECT_EQ(open.lines, Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7"});
    EXPECT_EQ(open.failure, (Failure{Errc::bad_syntax, "open.csv: line 3: a quoted field is never closed"}));
}

TEST(Archive, SurvivesEveryCutOfEveryFormat)
{
    std::string const water = bytes_of(sample("surface_water_4h_2021-04-01_03.csv")).substr(0, 1500);
    std::string const json = bytes_of(sample("surface_water_raw_response_2021-03-05.json")).substr(0, 4000);
    std::string const xml =
        decompress(bytes_of(sample("air_raw_2019-07-18T14.xml.gz")), Encoding::gzip, 10'000'000).value().substr(0, 3000);
    for (auto const& [format, text] :
         {std::pair{"cnemc-water-csv", water}, {"cnemc-water-json", json}, {"cnemc-air-xml", xml}, {"cnemc-air-csv", water}}) {
        for (std::size_t n = 0; n <= text.size(); ++n) {
            auto const whole = read_text(format, text.substr(0, n), names());
            if (whole)
                EXPECT_LE(whole->records.size(), 20U);
        }
    }
}

}  // namespace
}  // namespace yihong
