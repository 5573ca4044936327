// Our own reference frames: examples of HJ 212-2017 and HJ 212-2025 and published captures, their lengths and check sums computed anew
// (the body of some stands in the standard without them), and frames made for what the standards describe. The fields beside each were
// read by another program.
#pragma once

#include "yihong/hj212/segment.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace yihong::hj212 {

struct Reference {
    std::string_view id;
    Edition edition;
    std::size_t length;
    std::uint16_t crc;
    std::string_view qn, st;
    int cn;
    std::string_view pw, mn;
    std::optional<int> flag, pnum, pno;
    bool wants_answer;
    std::size_t fields;                ///< of the data area
    std::string_view frame;
};

// clang-format off
inline constexpr std::array<Reference, 26> references{{
    // set real-time interval (example of the standard, complete)
    {"f01", Edition::hj212_2017, 101, 0x1C80, "20160801085857223", "32", 1062, "100000", "010000A8900016F000169DC0", 5, {}, {}, true, 1,
     "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n"},
    // request accepted (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f02", Edition::hj212_2017, 94, 0x1B00, "20160801085857223", "91", 9011, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 1,
     "##0094QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=1&&1B00\r\n"},
    // execution result (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f03", Edition::hj212_2017, 95, 0x6240, "20160801085857223", "91", 9012, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 1,
     "##0095QN=20160801085857223;ST=91;CN=9012;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&ExeRtn=1&&6240\r\n"},
    // real-time data with sample time and extended flag (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f04", Edition::hj212_2017, 218, 0x6E80, "20160801085857223", "32", 2011, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 7,
     "##0218QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801085857;w01001-Rtd=7.1,w01001-Flag=N;w01018-SampleTime=20160801070000,w01018-Rtd=2.2,w01018-Flag=N,w01018-EFlag=A01&&6E80\r\n"},
    // data acknowledgement for f04 (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f05", Edition::hj212_2017, 87, 0x3240, "20160801085857223", "91", 9014, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 0,
     "##0087QN=20160801085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&3240\r\n"},
    // minute data (10 min from 08:40) (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f06", Edition::hj212_2017, 325, 0x6180, "20160801085000001", "32", 2051, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 15,
     "##0325QN=20160801085000001;ST=32;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801084000;w00000-Cou=10.5,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,w00000-Flag=N;w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N;w01018-Cou=10.5,w01018-Min=40.1,w01018-Avg=40.1,w01018-Max=40.1,w01018-Flag=N&&6180\r\n"},
    // hour data (08:00 to 09:00) (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f07", Edition::hj212_2017, 325, 0xB7C1, "20160801090000001", "32", 2061, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 15,
     "##0325QN=20160801090000001;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801080000;w00000-Cou=63.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,w00000-Flag=N;w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N;w01018-Cou=63.0,w01018-Min=40.1,w01018-Avg=40.1,w01018-Max=40.1,w01018-Flag=N&&B7C1\r\n"},
    // day data (1 August 2016) (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f08", Edition::hj212_2017, 329, 0xF781, "20160802000000001", "32", 2031, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 15,
     "##0329QN=20160802000000001;ST=32;CN=2031;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801000000;w00000-Cou=1512.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,w00000-Flag=N;w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N;w01018-Cou=2142.0,w01018-Min=40.1,w01018-Avg=40.1,w01018-Max=40.1,w01018-Flag=N&&F781\r\n"},
    // request hour history (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f09", Edition::hj212_2017, 134, 0x7EC0, "20160801085857223", "32", 2061, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 2,
     "##0134QN=20160801085857223;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&BeginTime=20160801080000;EndTime=20160801080000&&7EC0\r\n"},
    // split answer, part 1 of 2 (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f10", Edition::hj212_2017, 260, 0xD941, "20160801085857534", "32", 2061, "123456", "010000A8900016F000169DC0", 7, 2, 1, true, 10,
     "##0260QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=1;CP=&&DataTime=20160801080000;w00000-Cou=63.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,w00000-Flag=N;w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N&&D941\r\n"},
    // split answer, part 2 of 2 (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f11", Edition::hj212_2017, 201, 0xE2C1, "20160801085857535", "32", 2061, "123456", "010000A8900016F000169DC0", 7, 2, 2, true, 6,
     "##0201QN=20160801085857535;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=2;CP=&&DataTime=20160801080000;w01018-Cou=63.0,w01018-Min=40.1,w01018-Avg=40.1,w01018-Max=40.1,w01018-Flag=N&&E2C1\r\n"},
    // acknowledgement of part 1 (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f12", Edition::hj212_2017, 87, 0x5B40, "20160801085857534", "91", 9014, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 0,
     "##0087QN=20160801085857534;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&5B40\r\n"},
    // site clock answer (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f13", Edition::hj212_2017, 125, 0x3740, "20160801085857223", "32", 1011, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 2,
     "##0125QN=20160801085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&PolId=w01018;SystemTime=20160801085857&&3740\r\n"},
    // stop real-time upload (notice) (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f14", Edition::hj212_2017, 87, 0x3C00, "20160801085857223", "32", 2012, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 0,
     "##0087QN=20160801085857223;ST=32;CN=2012;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&3C00\r\n"},
    // notice acknowledged (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f15", Edition::hj212_2017, 87, 0x2A80, "20160801085857223", "91", 9013, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 0,
     "##0087QN=20160801085857223;ST=91;CN=9013;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&2A80\r\n"},
    // logger start-up time (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f16", Edition::hj212_2017, 137, 0x9AC1, "20160801085857223", "32", 2081, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 2,
     "##0137QN=20160801085857223;ST=32;CN=2081;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801085857;RestartTime=20160801085624&&9AC1\r\n"},
    // sample retained after exceedance (message body of the standard (Annex C, slips corrected); length and CRC computed)
    {"f17", Edition::hj212_2017, 119, 0x18C0, "20160801085857223", "32", 3015, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 2,
     "##0119QN=20160801085857223;ST=32;CN=3015;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801085857;VaseNo=1&&18C0\r\n"},
    // request refused because of the password (constructed for this reference)
    {"f18", Edition::hj212_2017, 94, 0x7700, "20160801085857223", "91", 9011, "123456", "010000A8900016F000169DC0", 4, {}, {}, false, 1,
     "##0094QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=3&&7700\r\n"},
    // old-style frame without QN and Flag (published capture, CRC recomputed)
    {"f19", Edition::hjt212_2005, 139, 0x4980, "", "32", 2011, "123456", "LD130133000015", {}, {}, {}, false, 6,
     "##0139ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&DataTime=20160824003817000;B01-Rtd=36.91;011-Rtd=231.0,011-Flag=N;060-Rtd=1.803,060-Flag=N&&4980\r\n"},
    // HJ 212-2025: read clock (example of the standard, complete)
    {"f20", Edition::hj212_2025, 87, 0x2200, "20240601085857223", "32", 1011, "123456", "010000A8900016F000169DC0", 9, {}, {}, true, 0,
     "##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&2200\r\n"},
    // HJ 212-2025: minute data before encryption (example of the standard, complete)
    {"f21", Edition::hj212_2025, 234, 0xB541, "20240520210700000", "31", 2051, "123456", "010000A8900016F000169DC0", 9, {}, {}, true, 9,
     "##0234QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;a01014-Min=3.20,a01014-Avg=3.20,a01014-Max=3.20,a01014-Flag=N&&B541\r\n"},
    // HJ 212-2025: minute data, three factors (example of the standard, complete)
    {"f22", Edition::hj212_2025, 295, 0x2200, "20240520210700000", "31", 2051, "123456", "010000A8900016F000169DC0", 9, {}, {}, true, 13,
     "##0295QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;a01012-Min=9.3,a01012-Avg=9.3,a01012-Max=9.3,a01012-Flag=N;a01014-Min=3.20,a01014-Avg=3.211,a01014-Max=3.212,a01014-Flag=N&&2200\r\n"},
    // surface-water station, 4 h values, 15 factors (published capture, CRC recomputed)
    {"f23", Edition::surface_water, 561, 0x4C80, "20201030000000437", "21", 2061, "123456", "NM100000_0005", 9, {}, {}, true, 31,
     "##0561QN=20201030000000437;ST=21;CN=2061;PW=123456;MN=NM100000_0005;Flag=9;CP=&&DataTime=20201129210001;w01010-Avg=23.1,w01010-Flag=N;w01001-Avg=7.64,w01001-Flag=N;w01009-Avg=6.60,w01009-Flag=N;w01014-Avg=300,w01014-Flag=N;w01003-Avg=17,w01003-Flag=N;w01019-Avg=1.4,w01019-Flag=N;w21011-Avg=0.042,w21011-Flag=N;w21001-Avg=3.04,w21001-Flag=N;w21003-Avg=0.16,w21003-Flag=N;w20120-Avg=0.00011,w20120-Flag=N;w20119-Avg=0.00000,w20119-Flag=N;w23002-Avg=0.0005,w23002-Flag=N;w21016-Avg=0.002,w21016-Flag=N;w20115-Avg=0.00001,w20115-Flag=N;w20122-Avg=0.00005,w20122-Flag=N&&4C80\r\n"},
    // surface-water station, real time (published capture, CRC recomputed)
    {"f24", Edition::surface_water, 247, 0x1540, "20260706103512345", "21", 2011, "123456", "A110000_0001", 9, {}, {}, true, 11,
     "##0247QN=20260706103512345;ST=21;CN=2011;PW=123456;MN=A110000_0001;Flag=9;CP=&&DataTime=20260706103000;w01010-Rtd=28.6,w01010-Flag=N;w01014-Rtd=7.8,w01014-Flag=N;w01001-Rtd=6.5,w01001-Flag=N;w01017-Rtd=15.2,w01017-Flag=N;w01019-Rtd=1.023,w01019-Flag=N&&1540\r\n"},
    // nine-parameter station below class III (constructed for this reference)
    {"f25", Edition::surface_water, 372, 0x95C1, "20261105080512000", "21", 2061, "123456", "A140800_0001", 9, {}, {}, true, 19,
     "##0372QN=20261105080512000;ST=21;CN=2061;PW=123456;MN=A140800_0001;Flag=9;CP=&&DataTime=20261105080000;w01010-Avg=11.4,w01010-Flag=N;w01001-Avg=8.02,w01001-Flag=N;w01009-Avg=7.31,w01009-Flag=N;w01014-Avg=1186.0,w01014-Flag=N;w01003-Avg=42.7,w01003-Flag=N;w01019-Avg=5.86,w01019-Flag=N;w21003-Avg=1.284,w21003-Flag=N;w21011-Avg=0.187,w21011-Flag=N;w21001-Avg=6.42,w21001-Flag=N&&95C1\r\n"},
    // air station, hour data (constructed for this reference)
    {"f26", Edition::hj212_2017, 279, 0x47C0, "20261105090003000", "22", 2061, "123456", "010000A8900016F000169DC0", 5, {}, {}, true, 13,
     "##0279QN=20261105090003000;ST=22;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20261105080000;a21026-Avg=9,a21026-Flag=N;a21004-Avg=46,a21004-Flag=N;a21005-Avg=0.8,a21005-Flag=N;a05024-Avg=38,a05024-Flag=N;a34002-Avg=134,a34002-Flag=N;a34004-Avg=72,a34004-Flag=D&&47C0\r\n"},
}};

/// x01: misprinted CRC of the standard; correct is 1C80
inline constexpr std::string_view misprinted_crc =
    "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C08\r\n";
/// x02: ordinary Modbus CRC-16
inline constexpr std::string_view modbus_crc =
    "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&0759\r\n";
/// x03: length one too large: the CRC field is not where the length says
inline constexpr std::string_view lying_length =
    "##0102QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n";
/// x04: no CR LF: incomplete, wait for more bytes
inline constexpr std::string_view without_tail =
    "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80";
// clang-format on

}  // namespace yihong::hj212
