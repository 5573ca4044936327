import { LineChart, ScatterChart } from 'echarts/charts';
import { AxisPointerComponent, BrushComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Item, SeriesRecord } from '../api/readings';
import { classLabel, t, tOr } from '../i18n';
import { coloursOf } from '../map/symbols';
import { rounded } from '../model/number';
import { clock, day, dayMonth, hour, midnight, periods, stamp } from '../model/time';
import { bandsOf, gapsOf, sampled } from './series';

echarts.use([LineChart, ScatterChart, GridComponent, MarkLineComponent, MarkAreaComponent, TooltipComponent, AxisPointerComponent, BrushComponent, CanvasRenderer]);

export interface Overlay {
    name: string;
    records: SeriesRecord[];
}
export interface Plotted {
    parameter: string;
    item: Item | null;
    records: SeriesRecord[];
    now: number;
    range?: [number, number];
    lastYear?: SeriesRecord[];
    overlays?: Overlay[];
    onRange?: (from: number, to: number) => void;
    axis?: boolean;
}
export interface Plot {
    draw: (what: Plotted) => void;
    resize: () => void;
    dispose: () => void;
}

const fonts = '"PingFang SC","Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';

export function makePlot(element: HTMLDivElement): Plot {
    const chart = echarts.init(element, undefined, { renderer: 'canvas' });
    let onRange: Plotted['onRange'];
    let pressed: number | null = null;
    const timeOf = (x: number) => chart.convertFromPixel({ xAxisIndex: 0 }, x) as unknown as number;
    chart.getZr().on('mousedown', (event) => {
        pressed = onRange ? event.offsetX : null;
    });
    chart.getZr().on('mouseup', (event) => {
        if (pressed !== null && Math.abs(event.offsetX - pressed) > 12) {
            const ends = [timeOf(pressed), timeOf(event.offsetX)].sort((a, b) => a - b);
            onRange?.(ends[0]!, ends[1]!);
        }
        pressed = null;
    });
    return {
        draw: (what) => {
            onRange = what.onRange;
            chart.setOption(optionOf(what, element), { notMerge: true, lazyUpdate: false });
        },
        resize: () => chart.resize(),
        dispose: () => chart.dispose(),
    };
}

function optionOf(what: Plotted, element: HTMLElement): echarts.EChartsCoreOption {
    const colour = coloursOf(element);
    const points = what.records
        .filter((record) => typeof record.values[what.parameter] === 'number')
        .map((record) => ({ time: Date.parse(record.time), value: record.values[what.parameter]!, flag: record.flags?.[what.parameter] ?? 'N', below: record.marks?.[what.parameter]?.includes('below_detection') ?? false, interval: record.interval }));
    const counted = points.filter((point) => point.flag === 'N');
    const ignored = points.filter((point) => point.flag !== 'N');
    const length = periods[points[0]?.interval ?? '4h'] ?? hour;
    const bands = bandsOf(what.item, counted.map((point) => point.value));
    const from = what.range?.[0] ?? midnight(points[0]?.time ?? what.now - 3 * day);
    const to = what.range?.[1] ?? Math.max(what.now, (points.at(-1)?.time ?? 0) + length);
    const gaps = gapsOf(counted.map((point) => point.time), length);
    const line: (number | null)[][] = [];
    for (const [i, point] of sampled(counted, 1500).entries()) {
        if (i > 0 && gaps.some((gap) => gap.end === point.time)) line.push([point.time - 1, null]);
        line.push([point.time, point.value]);
    }
    const best = counted.reduce<(typeof counted)[number] | null>((a, b) => (a === null || (bands.falling ? b.value < a.value : b.value > a.value) ? b : a), null);
    const newest = counted.at(-1);
    const label = (point: typeof best, position: string) =>
        point && { coord: [point.time, point.value], value: rounded(point.value), symbolSize: 0, label: { show: true, position } };
    const named = [label(best, bands.falling ? 'bottom' : 'top'), newest === best ? null : label(newest ?? null, 'right')].filter((one) => one !== null);
    const many = counted.length > 120;
    const letterAt = (a: number, b: number) => (Math.max(a, 0) + Math.min(b, bands.top)) / 2;
    const span = to - from;
    const ticks = ticksOf(from, to);
    return {
        animation: false,
        textStyle: { fontFamily: fonts, fontSize: 11, color: colour('ink-3') },
        grid: { left: 38, right: 40, top: 14, bottom: what.axis === false ? 4 : 22 },
        tooltip: {
            trigger: 'axis',
            renderMode: 'richText',
            confine: true,
            backgroundColor: colour('paper'),
            borderColor: colour('line-2'),
            textStyle: { color: colour('ink'), fontSize: 12 },
            axisPointer: { type: 'line', lineStyle: { color: colour('ink'), type: 'solid' } },
            formatter: (items: { value: [number, number | null]; seriesName: string }[]) =>
                items.filter((item) => item.value[1] !== null).map((item, i) => `${i === 0 ? `${stamp(item.value[0], what.now)}\n` : ''}${item.seriesName ? `${item.seriesName} ` : ''}${item.value[1]}`).join('\n'),
        },
        xAxis: {
            type: 'time',
            min: from,
            max: to,
            axisLine: { lineStyle: { color: colour('line-2') } },
            axisTick: { show: false, customValues: ticks },
            splitLine: { show: true, lineStyle: { color: colour('line'), type: 'dotted' } },
            axisLabel: { show: what.axis !== false, hideOverlap: true, customValues: ticks.filter((tick) => Math.abs(tick - what.now) > span / 9), color: colour('ink-3'), formatter: (ms: number) => (span <= 1.5 * day ? clock(ms) : dayMonth(ms)) },
        },
        yAxis: {
            type: 'value',
            min: 0,
            max: bands.top,
            axisLine: { show: false },
            axisTick: { show: false },
            splitLine: { show: false },
            axisLabel: { show: bands.limits.length === 0, color: colour('ink-3') },
        },
        series: [
            {
                type: 'line',
                name: what.overlays && what.overlays.length > 0 ? t('present') : '',
                data: line,
                connectNulls: false,
                symbol: many ? 'none' : 'circle',
                symbolSize: 6,
                showAllSymbol: true,
                lineStyle: { color: colour('ink'), width: 1.6, shadowColor: colour('paper'), shadowBlur: 3 },
                itemStyle: { color: colour('paper'), borderColor: colour('ink'), borderWidth: 1.4 },
                markArea: {
                    silent: true,
                    data: bands.areas
                        .filter(([low]) => low < bands.top)
                        .map(([low, high, c]) => [
                            { yAxis: Math.max(0, low), itemStyle: { color: colour(`b${c}`) } },
                            { yAxis: Math.min(high, bands.top) },
                        ]),
                },
                markLine: {
                    silent: true,
                    symbol: 'none',
                    data: [
                        ...bands.limits
                            .filter((limit) => limit.value < bands.top)
                            .map((limit) => ({
                                yAxis: limit.value,
                                lineStyle: limit.bold ? { color: colour('ink'), type: 'dashed', width: 1.2 } : { color: colour('line-2'), type: 'solid', width: 0.6 },
                                label: { position: 'start', formatter: String(limit.value), color: limit.bold ? colour('ink') : colour('ink-3'), fontWeight: limit.bold ? 700 : 400, fontSize: 11 },
                            })),
                        ...bands.areas
                            .filter(([low, high]) => low < bands.top && (Math.min(high, bands.top) - Math.max(low, 0)) / bands.top > 0.07)
                            .map(([low, high, c]) => ({
                                yAxis: letterAt(low, high),
                                lineStyle: { opacity: 0 },
                                label: { position: 'end', formatter: classLabel(c), color: colour(`c${c}t`), fontWeight: 700, fontSize: 11 },
                            })),
                        ...(what.now >= from && what.now <= to
                            ? [{ xAxis: what.now, lineStyle: { color: colour('ink-2'), type: 'solid', width: 1 }, label: { show: what.axis !== false, position: 'start', formatter: t('present'), color: colour('ink'), fontWeight: 700, fontSize: 11, distance: 5 } }]
                            : []),
                    ],
                },
            },
            {
                type: 'scatter',
                silent: true,
                data: named.map((one) => ({ value: one.coord, label: { ...one.label, formatter: one.value, color: colour('ink'), fontWeight: 700, fontSize: 12, textBorderColor: colour('paper'), textBorderWidth: 2 } })),
                symbolSize: (value: number[]) => (newest && value[0] === newest.time ? 8 : 0),
                itemStyle: { color: colour('ink') },
                tooltip: { show: false },
            },
            {
                type: 'scatter',
                name: t('notCountedWord'),
                symbol: 'path://M-4,-4L4,4M4,-4L-4,4',
                symbolSize: 7,
                itemStyle: { color: 'transparent', borderColor: colour('ink-3'), borderWidth: 1.4 },
                data: ignored.map((point) => ({ value: [point.time, Math.min(point.value, bands.top)], name: tOr(`flag_${point.flag}`, point.flag) })),
            },
            ...(what.lastYear && what.lastYear.length > 0
                ? [{ type: 'line', name: t('lastYear'), symbol: 'none', lineStyle: { color: colour('ink-3'), width: 1.2 }, data: what.lastYear.filter((record) => typeof record.values[what.parameter] === 'number').map((record) => [Date.parse(record.time) + 365 * day, record.values[what.parameter]]) }]
                : []),
            ...(what.overlays ?? []).map((overlay, i) => ({
                type: 'line',
                name: overlay.name,
                symbol: 'none',
                endLabel: { show: true, formatter: overlay.name, color: colour('ink-2'), fontSize: 11 },
                lineStyle: { color: colour('ink-2'), width: 1.4, type: (['dashed', 'dotted', [8, 3, 2, 3]] as const)[i % 3] },
                data: overlay.records.filter((record) => typeof record.values[what.parameter] === 'number').map((record) => [Date.parse(record.time), record.values[what.parameter]]),
            })),
        ],
    };
}

/** Days begin in Beijing, whatever the clock of the browser says. */
function ticksOf(from: number, to: number): number[] {
    const span = to - from;
    const step = span <= 1.5 * day ? 6 * hour : Math.max(1, Math.ceil(span / day / 8)) * day;
    const ticks: number[] = [];
    for (let at = midnight(from); at <= to; at += step) if (at >= from) ticks.push(at);
    return ticks;
}
