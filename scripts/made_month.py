#!/usr/bin/env python3
"""一个编造的月份：2021 年 11 月，运城及周边断面。不是监测结果，只供演示月报。
A made month, November 2021, of the sections in and around Yuncheng: no measurement of anything, for the demonstration of the monthly report alone.

    scripts/made_month.py FOLDER

writes two CSV files of the ordinary form into FOLDER, the same bytes each time:
  演示编造_2021-11.csv       4 h rounds of the stations and one laboratory sample a section (5+X) with the month that it was taken for
  演示编造_2021-11_更正.csv  a correction, to be imported after it: one value of 河津大桥 whose decimal point had slipped
In it: 张留庄 misses its target; 小韩村 is under maintenance for eight days and misses it as well; 上亳城 is dry (no rounds, no sample; scripts/demo.sh
marks it so); 王谦村 was out of order for more than half of the month, and was not sampled; 庙前村 has laboratory samples alone, one of them taken on 31 October for November.
"""
import csv
import datetime
import math
import pathlib
import random
import sys

YEAR, MONTH, DAYS = 2021, 11, 30
MADE = "演示编造_2021-11"
ITEMS = ["water_temperature", "ph", "dissolved_oxygen", "conductivity", "turbidity", "codmn", "ammonia_nitrogen", "total_phosphorus", "total_nitrogen"]
DECIMALS = [1, 2, 2, 1, 1, 2, 3, 3, 2]
SAMPLED = ["ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus", "total_nitrogen", "cod", "bod5", "fluoride", "transparency",
           "chlorophyll_a"]
# site: the levels of ITEMS about which its rounds lie
STATIONS = {
    "longmen": (8.0, 8.2, 10.6, 820, 160, 2.3, 0.12, 0.045, 2.6),
    "zhangliuzhuang": (8.5, 7.9, 7.4, 1900, 45, 7.2, 1.62, 0.245, 7.8),
    "xiaohancun": (8.8, 8.0, 8.1, 1450, 30, 6.6, 0.58, 0.165, 6.4),
    "hejindaqiao": (8.4, 8.1, 8.9, 1250, 60, 5.1, 0.84, 0.172, 5.9),
    "shangpingwang": (8.2, 8.1, 9.2, 1180, 70, 4.7, 0.71, 0.155, 5.6),
    "tongguandiaoqiao": (9.4, 8.0, 9.6, 910, 120, 3.1, 0.31, 0.098, 4.4),
    "wangqiancun": (8.9, 8.1, 9.4, 1320, 210, 3.4, 0.28, 0.092, 4.1),
    "sanmenxiashuiku": (10.6, 8.2, 9.5, 860, 25, 2.4, 0.10, 0.042, 3.6),
    "xiaolangdi": (12.9, 8.1, 9.1, 830, 4, 1.9, 0.05, 0.021, 3.3),
    "nanshan": (13.4, 8.2, 9.0, 835, 5, 2.0, 0.06, 0.031, 3.2),
}
MAINTENANCE = {"xiaohancun": range(9, 17)}  # days of the month: the station sends on, under maintenance
SILENT = {"wangqiancun": range(11, 29)}     # days without a round
# site, when it was taken, the values of SAMPLED ("": not analysed). 化学需氧量、五日生化需氧量、氟化物 are the X of these sections.
SAMPLES = [
    ("longmen", "2021-11-03T09:40", ["8.2", "10.4", "2.4", "0.11", "0.05", "2.55", "9", "1.2", "0.34", "", ""]),
    ("zhangliuzhuang", "2021-11-04T10:20", ["7.9", "7.2", "7.5", "1.71", "0.26", "8.10", "27", "4.6", "1.18", "", ""]),
    ("xiaohancun", "2021-11-04T14:10", ["8.0", "8.0", "6.4", "0.62", "0.17", "6.62", "22", "3.4", "0.81", "", ""]),
    ("hejindaqiao", "2021-11-02T10:05", ["8.1", "8.8", "5.2", "0.86", "0.17", "6.05", "19", "3.1", "0.72", "", ""]),
    ("miaoqiancun", "2021-10-31T15:30", ["8.1", "8.6", "5.4", "0.90", "0.18", "6.10", "20", "3.3", "0.74", "", ""]),
    ("miaoqiancun", "2021-11-08T09:15", ["8.0", "8.9", "5.2", "0.82", "0.17", "5.94", "18", "2.9", "0.70", "", ""]),
    ("sanmenxiashuiku", "2021-11-05T11:00", ["8.2", "9.4", "2.5", "0.09", "0.04", "3.52", "10", "1.3", "0.36", "1.1", "3.2"]),
    ("nanshan", "2021-11-06T10:30", ["8.2", "9.1", "2.1", "0.05", "0.03", "3.18", "9", "1.1", "0.33", "2.4", "2.1"]),
]
SLIPPED = ("hejindaqiao", 17, 12, "ammonia_nitrogen", "9.150", "0.915")  # site, day, hour, item, what came first, what it was


def rounds():
    """Each round of each station: seasonal cooling, a wave of a few days, and noise of a few percent."""
    for site, levels in STATIONS.items():
        noise = random.Random(f"{MADE} {site}")
        for day in range(1, DAYS + 1):
            for hour in range(0, 24, 4):
                wave = math.sin((day + hour / 24) / 4.3)
                values = []
                for item, level, decimals in zip(ITEMS, levels, DECIMALS):
                    if item == "water_temperature":
                        value = level - 0.13 * (day - 15) + 0.4 * math.sin((hour - 9) / 24 * 2 * math.pi) + noise.uniform(-0.2, 0.2)
                    elif item == "ph":
                        value = level + 0.06 * wave + noise.uniform(-0.04, 0.04)
                    else:
                        value = level * (1 + 0.08 * wave + noise.uniform(-0.05, 0.05))
                    values.append(f"{value:.{decimals}f}")
                if day in SILENT.get(site, ()):
                    continue
                if (site, day, hour) == SLIPPED[:3]:
                    values[ITEMS.index(SLIPPED[3])] = SLIPPED[4]
                yield site, day, hour, "maintenance" if day in MAINTENANCE.get(site, ()) else "normal", values


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    columns = ITEMS + [item for item in SAMPLED if item not in ITEMS]
    head = ["site", "time", "interval", "status", *columns, "plan_month"]
    with open(folder / f"{MADE}.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        corrected = None
        for site, day, hour, status, values in rounds():
            time = f"{datetime.date(YEAR, MONTH, day)}T{hour:02}:00:00+08:00"
            row = [site, time, "4h", status, *values, *[""] * (len(columns) - len(ITEMS)), ""]
            out.writerow(row)
            if (site, day, hour) == SLIPPED[:3]:
                corrected = [SLIPPED[5] if item == SLIPPED[3] else value for item, value in zip(head, row)]
        for site, time, values in SAMPLES:
            of = dict(zip(SAMPLED, values))
            out.writerow([site, f"{time}:00+08:00", "sample", "normal", *[of.get(item, "") for item in columns], f"{YEAR}-{MONTH:02}"])
    with open(folder / f"{MADE}_更正.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerow(corrected)


if __name__ == "__main__":
    main()
