#include "station_options.hpp"

#include <CLI/CLI.hpp>

namespace yihong {
namespace {

/// Which stations: those of the configuration, or made-up ones.
void add_devices(CLI::App& station, PlayOptions& play)
{
    auto* device = station.add_option("--device", play.devices, "只扮演这些设备，默认全部 only these devices of the config (default: all)")
                       ->type_name("MN");
    auto* mn = station.add_option("--mn", play.mn, "虚构的设备，不取自配置 make devices up; with --count the names are MN0001 …")
                   ->type_name("MN")
                   ->excludes(device);
    station.add_option("--count", play.count, "虚构多少台 how many to make up")->check(CLI::Range(1, 100'000))->needs(mn);
    station.add_option("--site", play.sites, "虚构设备发送哪些站点的数据 whose readings made-up devices send, in turn")
        ->type_name("ID")
        ->needs(mn);
    station.add_option("--password", play.password, "虚构设备的密码 password of made-up devices")->needs(mn);
    station.add_option("--crc", play.crc, "虚构设备的校验方式 check sum of made-up devices")
        ->check(CLI::IsMember({"hj212", "modbus", "modbus-swapped"}))
        ->needs(mn);
    station.add_option("--sm4-key", play.sm4_key, "虚构设备的密钥 key of made-up devices: 16 characters or 32 hexadecimal digits")
        ->needs(mn);
}

/// What they send, and how.
void add_manner(CLI::App& station, PlayOptions& play)
{
    station.add_option("--st", play.st, "系统编码，默认由设备或站点决定 system type (default: that of device or site)");
    station.add_option("--edition", play.edition, "协议版本 edition (default: surface-water for ST 21, else 2017)")
        ->check(CLI::IsMember({"2005", "2017", "2025", "surface-water"}));
    station.add_option("--speed", play.speed, "速度倍数，max 为不等待 1: as it came, 3600: an hour a second, max: as fast as answers come")
        ->capture_default_str();
    station.add_flag("--shift-to-now", play.shift_to_now,
                     "平移时间，使最新一条落在当前 move the times so that each site's newest record is of now");
    station.add_flag(
        "--loop", play.loop,
        "循环播放到当前，再随时间继续；每轮的时间都更晚 the readings again and again up to now, then on with the clock, each round later");
    station.add_option("--round-ends", play.round_ends,
                       "循环播放时，某一轮恰在此时刻播完 with --loop: a moment at which a round is just over, as 2026-11-28T08:00:00Z");
    station.add_flag("--as-normal", play.as_normal,
                     "不论站点当时状态，都按正常发送 send values as those of a normal station, whatever state it was in");
    station.add_option("--from-last", play.from_last, "每个站点只发最后几条 only the last so many records of each site")->type_name("N");
    station.add_option("--gap", play.gap, "每 N 条留一条不发，等上位机来取 keep back every Nth record until the host asks")
        ->check(CLI::Range(2, 1'000'000))
        ->type_name("N");
    station.add_option("--window", play.window, "同时允许多少帧未应答 frames that may be unanswered at once")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    station.add_option("--answer-timeout", play.answer_timeout, "应答时限 how long to wait for an answer")->capture_default_str();
    station.add_option("--resends", play.resends, "重发次数 how often to send again")->check(CLI::Range(0, 99))->capture_default_str();
    station.add_flag("--unanswered", play.unanswered, "不要求应答 asks for no answers (Flag bit 0)");
    station.add_option("--heartbeat", play.heartbeat, "心跳间隔，0s 为不发 interval of 9015 in editions that have it; 0s: none")
        ->capture_default_str();
    station.add_flag("--start-up", play.start_up, "连接后发送开机时间 2081 after connecting");
    station.add_flag("--clock-request", play.clock_request, "连接后申请校时 1013 after connecting");
    station
        .add_option("--scale", play.scale,
                    "某因子的数值乘以倍数，用于演练 values of a parameter times a number, for drills: ammonia_nitrogen=3")
        ->type_name("PARAMETER=FACTOR");
    station
        .add_option(
            "--misbehave", play.misbehave,
            "故意犯错 wrong on purpose: bad-crc:0.01,cut,no-tail,garbage,duplicates:0.1,silence:30s,drift:120s,flood:10s,wrong-password")
        ->type_name("LIST");
}

}  // namespace

void add_station_options(CLI::App& station, PlayOptions& play)
{
    add_devices(station, play);
    add_manner(station, play);
}

}  // namespace yihong
