#!/usr/bin/env bash
# 一条命令看演示：安装依赖、编译、导入真实监测数据、启动服务。
# One command to a running demonstration: dependencies, build (the console too), real readings imported, the service on 127.0.0.1:8080, and stations that connect
# over HJ 212 and send real readings as if they had just been measured: river sections three days of April 2021 that are just over at the first
# start, air stations five hours of July 2019, again and again, quickly up to now and then with the clock for as long as the demonstration runs. 张留庄 was published under 维护 in those days;
# here its values count, so that its story can be followed. (A configuration of your own brings its own stations.)
# Beside them stands a made month of the sections, 2021-11 (scripts/made_month.py), for the monthly report: no measurement, and the report says so.
# With --hook every alert goes to that address as a signed webhook (docs/alerts.md tells how to try it). --speed is that of the way up to now (720:
# a 4 h round every 20 s). --program takes a program that is there already instead of building one.
#   scripts/demo.sh [--listen ADDR:PORT] [--data DIR] [--config FILE | --hook URL] [--speed N|max] [--program FILE] [READINGS…]
set -euo pipefail
invoked_from=$PWD
cd "$(dirname "$0")/.."

listen=127.0.0.1:8080
data=$PWD/data/demo
config=
hook=
speed=720
yihong=
readings=()
usage() {
    echo "usage: scripts/demo.sh [--listen ADDR:PORT] [--data DIR] [--config FILE | --hook URL] [--speed N|max] [--program FILE] [READINGS…]" >&2
    exit 2
}
from_caller() { case $1 in /*) echo "$1" ;; *) echo "$invoked_from/$1" ;; esac; }
while [ $# -gt 0 ]; do
    case $1 in
        --listen | --data | --config | --hook | --speed | --program)
            [ $# -ge 2 ] || usage
            case $1 in
                --listen) listen=$2 ;;
                --data) data=$(from_caller "$2") ;;
                --config) config=$(from_caller "$2") ;;
                --hook) hook=$2 ;;
                --speed) speed=$2 ;;
                --program) yihong=$(from_caller "$2") ;;
            esac
            shift 2 ;;
        -*) usage ;;
        *) readings+=("$(from_caller "$1")"); shift ;;
    esac
done
[ ${#readings[@]} -gt 0 ] || readings=("$PWD"/tests/data/readings/surface_water_* "$PWD"/tests/data/readings/air_*)

if [ -z "$yihong" ]; then
    scripts/deps.sh
    cmake --preset release
    cmake --build --preset release --target yihong
    yihong=build/release/yihong
    scripts/console.sh
fi

mkdir -p "$data"
plays_stations=false
# The shipped configuration with a device for every section and air station of which there are readings to play: of 河津大桥 there is one a day
# in 2020, of two air stations none. Its paths start from its own folder, so they are made absolute.
if [ -z "$config" ]; then
    config=$data/demo.toml
    plays_stations=true
    # A duty roster of made-up people: messages and escalations name them. Assigning is due after five minutes instead of a day, so that it is seen
    # how a matter becomes overdue.
    {
        sed 's/^assign_within = "0m"/assign_within = "5m"/' config/alerts.toml
        printf '\n[[contacts]]\nid = "wang"\nname = "演示·王值班"\nrole = "市生态环境局值班室"\n\n[[contacts]]\nid = "li"\nname = "演示·李工"\nrole = "水环境科"\n'
        printf '\n[[duty]]\ncontacts = ["wang"]\nfrom = "08:00"\nto = "20:00"\n\n[[duty]]\ncontacts = ["li"]\nfrom = "20:00"\nto = "08:00"\n'
        printf '\n[[routes]]\non_duty = true\n\n[[routes]]\nlevel = 1\ncontacts = ["li"]\n'
    } >"$data/demo-alerts.toml"
    # The air stations of 2019 play on as if it were now: the five of them are the points of evaluation, those that took the place of two are none yet.
    # November 2021 is made up: whoever prints it reads that on the first line and under the report
    sed -e "s#^public_url = \"\"#public_url = \"http://$listen\"#" -e 's#^publisher = ""#publisher = "演示（非正式）"#' -e 's#^title = "一泓 Yihong"#title = "一泓 运城市地表水与空气（演示）"#' -e "s#\"../console/dist\"#\"$PWD/console/dist\"#" -e "s#\"standards\"#\"$PWD/config/standards\"#" -e "s#\"alerts.toml\"#\"demo-alerts.toml\"#" -e "s#\"\.\./layers/#\"$PWD/layers/#" -e "s#\"sites/yuncheng.geojson\"#\"$PWD/config/sites/yuncheng.geojson\"#" \
        -e 's#^listen = "127.0.0.1:9212"#listen = "127.0.0.1:0"#' -e 's#^to = "2020-12-06"#to = "2099-12-31"#' -e 's#^from = "2020-12-07"#from = "2100-01-01"#' config/yihong.toml >"$config"
    printf '\n[[reports.note]]\nperiod = "2021-11"\nreports = ["water-month"]\ntext = "演示：2021年11月的数据是编造的（scripts/made_month.py），不是监测结果，不得引用。"\n' >>"$config"
    number=0
    for site in longmen zhangliuzhuang shangbocheng xiaohancun tongguandiaoqiao sanmenxiashuiku xiaolangdi nanshan shangpingwang wangqiancun \
        2175A 2176A 2178A 2179A 2866A; do
        number=$((number + 1))
        printf '\n[[devices]]\nmn = "A140800_%04d"\nsite = "%s"\npassword = "123456"\n' $number $site >>"$config"
    done
    # the secret is that of a demonstration: everybody can read it here
    [ -z "$hook" ] || printf '\n[[channels]]\nid = "demo"\nkind = "webhook"\nurl = "%s"\nsecret = "whsec_%s"\nallow_private = true\n' \
        "$hook" "$(printf 'a demonstration has no secrets' | base64)" >>"$config"
fi

if $plays_stations; then
    scripts/made_month.py "$data/made"
    readings+=("$data/made/演示编造_2021-11.csv" "$data/made/演示编造_2021-11_更正.csv")  # the correction comes behind what it corrects
fi

# Importing again would change nothing (equal records are duplicates), but would take its time.
imported=$data/.demo-imported
digest=$(sha256sum "${readings[@]}")
if [ "$digest" != "$(cat "$imported" 2>/dev/null)" ]; then
    "$yihong" import --config "$config" --data "$data" "${readings[@]}"
    printf '%s\n' "$digest" >"$imported"
fi

echo
echo "演示就绪后请打开 / once it listens, open: http://$listen/   (Ctrl+C 停止 / stops it)"
$plays_stations || exec "$yihong" serve --config "$config" --data "$data" --listen "$listen"

# 服务就绪后，各站经 HJ 212 连接，循环播放。  Once the service listens, the stations connect and play on.
ready=$data/.demo-listening
rm -f "$ready"
"$yihong" serve --config "$config" --data "$data" --listen "$listen" >"$ready" &
service=$!
stations=
people=
trap 'kill $service $stations $people 2>/dev/null; wait' INT TERM EXIT
until grep -qs '^listening ' "$ready"; do
    kill -0 $service 2>/dev/null || exit 1
    sleep 0.1
done
cat "$ready"
hj212=$(sed -n 's/.* hj212=//p' "$ready")
url=$(sed -n 's/.*listening http=\([^ ]*\).*/\1/p' "$ready")
# 上亳城在编造的月份里断流：没有一条记录说得出，由人登记，经公开接口。
# 上亳城 is dry in the made month: no record says so, people do, by the ordinary API. Begun again, it is marked already (409).
curl -s -o /dev/null -X POST "$url/api/v1/marks" -H 'Content-Type: application/json' \
    -d '{"kind":"dry","site":"shangbocheng","begin":"2021-11-01","end":"2021-11-30","reason":"演示（编造）：全月断流","by":"演示·李工"}' || true
# 不论何时开始，故事都一样：轮次从第一次启动的时刻算起，再次启动接着播放。
# The story is the same at whatever hour it begins: rounds count from the first start, and whoever starts again goes on from there.
begun=$data/.demo-begun
[ -s "$begun" ] || date -u +%Y-%m-%dT%H:%M:%SZ >"$begun"
"$yihong" station --connect "$hj212" --config "$config" --readings tests/data/readings/surface_water_4h_2021-04-01_03.csv \
    --readings tests/data/readings/surface_water_4h_2021-04-01_03_neighbours.csv --readings tests/data/readings/air_hourly_2019-07-18.csv \
    --loop --round-ends "$(cat "$begun")" --as-normal --speed "$speed" >/dev/null &
stations=$!
echo "断面站和空气站经 HJ 212 连接 $hj212：约五分钟播放到当前，之后随时间继续 / stations on HJ 212: up to now in some five minutes, then with the clock"
echo "月报 / monthly report（2021年11月为编造的数据 / November 2021 is made up）: http://$listen/api/v1/reports/water-month?period=2021-11   Word: …&f=docx"
echo "预警 / alerts: http://$listen/api/v1/alerts?state=open   站点设备 / stations: http://$listen/api/v1/devices"
# 值班员照常处置其中两件：小韩村已确认、已交办并有进展，三门峡水库已办结；张留庄留给你。都经公开接口，署名“演示”。
# People deal with two of the alerts, by the ordinary API and under the name of a demonstration: 小韩村 is acknowledged, assigned and has progress,
# 三门峡水库 is resolved; 张留庄 is left to you.
act() { # SITE ACTION BODY: on the site's open or acknowledged alert about water, once there is one
    local alerts id
    for _ in $(seq 900); do
        alerts=$(curl -fs "$url/api/v1/alerts?site=$1&family=water&state=open,acknowledged&limit=1") || return 0
        id=$(sed -n 's/.*"alerts":\[{"id":"\([^"]*\)".*/\1/p' <<<"$alerts")
        if [ -n "$id" ]; then
            curl -fs -o /dev/null -X POST "$url/api/v1/alerts/$id/$2" -H 'Content-Type: application/json' -d "$3"
            return 0
        fi
        sleep 1
    done
}
if command -v curl >/dev/null; then
    {
        act xiaohancun acknowledge '{"by":"演示·王值班","note":"已电话告知侯马分局"}'
        act xiaohancun assign '{"by":"演示·王值班","assignee":"演示·李工","note":"查上游来水和沿线排口"}'
        act xiaohancun progress '{"by":"演示·李工","note":"已到现场，人工采样送检"}'
        act sanmenxiashuiku resolve '{"by":"演示·王值班","note":"与手工监测比对，属个别时段波动，继续关注"}'
    } &
    people=$!
fi
wait $service
