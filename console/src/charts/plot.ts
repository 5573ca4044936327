import { LineChart, ScatterChart } from 'echarts/charts';
import { AxisPointerComponent, BrushComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Item, SeriesRecord } from '../api/readings';
import { classLabel, classWords, t, tOr } from '../i18n';
import { coloursOf } from '../map/symbols';
import { figure, rounded, unitText } from '../model/number';
import type { Severity } from '../model/site';
import { clock, day, dayMonth, hour, midnight, periods, stamp } from '../model/time';
import { parameterName, parameterUnit } from '../state/network';
import { bandsOf, cameOf, lineOf, readable, stretchesOf, type Stretch } from './series';

echarts.use([LineChart, ScatterChart, GridComponent, MarkLineComponent, MarkAreaComponent, TooltipComponent, AxisPointerComponent, BrushComponent, CanvasRenderer]);

export interface Overlay {
    name: string;
    records: SeriesRecord[];
}
/** From when to when an alert stood, on the clock of the water. */
export interface AlertSpan {
    id: string;
    severity: Severity;
    from: number;
    to: number;
}
export interface Plotted {
    parameter: string;
    /** all that is drawn on the page: the card says the values of each */
    together?: string[];
    alerts?: AlertSpan[];
    onAlert?: (id: string) => void;
    /** which time is pointed at, null: none */
    onPoint?: (time: number | null) => void;
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
    /** Where a time stands, in pixels from the left. */
    x: (time: number) => number;
    resize: () => void;
    dispose: () => void;
}

/** Of the width, for a label of four digits. */
const room = 0.07;
/** Pixels over the axis, and how far down the brackets of alerts stand in them. */
const head = 14;
const above = 7;
/** The series of the alerts: never written. */
const spans = 'alerts';
const fonts = '"PingFang SC","Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';

/** Of a chart across an A4 page. */
const paper = 660;

/** `printed`: made for paper alone, and as wide as it is there. Others are drawn anew for it when the printer asks. */
export function makePlot(element: HTMLDivElement, printed: boolean): Plot {
    const chart = echarts.init(element, undefined, { renderer: 'canvas', devicePixelRatio: printed ? 3 : window.devicePixelRatio });
    const draw = (what: Plotted) => chart.setOption(optionOf(what, element), { notMerge: true, lazyUpdate: false });
    const toPaper = () => {
        element.dataset.theme = 'light';
        chart.resize({ width: paper });
        if (shown !== null) draw(shown);
    };
    const toScreen = () => {
        delete element.dataset.theme;
        chart.resize({ width: 'auto' });
        if (shown !== null) draw(shown);
    };
    if (!printed) {
        window.addEventListener('beforeprint', toPaper);
        window.addEventListener('afterprint', toScreen);
    }
    let shown: Plotted | null = null;
    let pressed: number | null = null;
    let zoomed: [number, number] | null = null;
    let zooming = 0;
    const timeOf = (x: number) => chart.convertFromPixel({ xAxisIndex: 0 }, x) as unknown as number;
    chart.getZr().on('mousedown', (event) => {
        pressed = shown?.onRange ? event.offsetX : null;
    });
    chart.getZr().on('mouseup', (event) => {
        if (pressed !== null && Math.abs(event.offsetX - pressed) > 12) {
            const ends = [timeOf(pressed), timeOf(event.offsetX)].sort((a, b) => a - b);
            shown?.onRange?.(ends[0]!, ends[1]!);
        }
        pressed = null;
    });
    chart.getZr().on('mousemove', (event) => shown?.onPoint?.(chart.containPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]) ? timeOf(event.offsetX) : null));
    chart.getZr().on('globalout', () => shown?.onPoint?.(null));
    // the page scrolls under the wheel: only with Ctrl it is the time that is nearer or farther
    chart.getZr().on('mousewheel', (event) => {
        const wheel = event.event as unknown as WheelEvent;
        if (!wheel.ctrlKey || !shown?.onRange || !shown.range) return;
        wheel.preventDefault();
        const [from, to] = zoomed ?? shown.range;
        const at = timeOf(event.offsetX);
        const by = event.wheelDelta > 0 ? 0.8 : 1.25;
        zoomed = [at - (at - from) * by, Math.min(at + (to - at) * by, shown.now)];
        window.clearTimeout(zooming);
        zooming = window.setTimeout(() => {
            if (zoomed !== null && zoomed[1] - zoomed[0] >= hour) shown?.onRange?.(...zoomed);
            zoomed = null;
        }, 150);
    });
    chart.on('click', { seriesName: spans }, (event) => shown?.onAlert?.((event as { name: string }).name));
    return {
        draw: (what) => {
            shown = what;
            draw(what);
        },
        x: (time) => chart.convertToPixel({ xAxisIndex: 0 }, time) as unknown as number,
        resize: () => chart.resize(),
        dispose: () => {
            window.clearTimeout(zooming);
            window.removeEventListener('beforeprint', toPaper);
            window.removeEventListener('afterprint', toScreen);
            chart.dispose();
        },
    };
}

function optionOf(what: Plotted, element: HTMLElement): echarts.EChartsCoreOption {
    const colour = coloursOf(element);
    const points = cameOf(what.records, what.parameter);
    const counted = points.filter((point): point is { time: number; value: number; why: null } => point.why === null && point.value !== null);
    const ignored = points.filter((point) => point.why !== null && point.value !== null);
    const length = periods[what.records[0]?.interval ?? '4h'] ?? hour;
    const bands = bandsOf(what.item, points.flatMap((point) => point.value ?? []));
    const from = what.range?.[0] ?? midnight(points[0]?.time ?? what.now - 3 * day);
    // room behind the present for the label of the newest value, where the range ends with it
    const end = what.range?.[1] ?? Math.max(what.now, (points.at(-1)?.time ?? 0) + length);
    const to = end > what.now - length ? end + room * (end - from) : end;
    const isPeriodic = periods[what.records[0]?.interval ?? ''] !== undefined;
    const blind = isPeriodic ? stretchesOf(points, length, what.range ? from : (points[0]?.time ?? from), Math.min(to, what.now)) : [];
    const line = lineOf(points, isPeriodic ? length : Infinity, 1500);
    const best = counted.reduce<(typeof counted)[number] | null>((a, b) => (a === null || (bands.falling ? b.value < a.value : b.value > a.value) ? b : a), null);
    const newest = counted.at(-1);
    const label = (point: typeof best, position: string) =>
        point && { coord: [point.time, point.value], value: rounded(point.value), symbolSize: 0, label: { show: true, position } };
    const height = Math.max(40, element.clientHeight - 36);
    const named = [label(best, bands.falling ? 'bottom' : 'top'), newest === best ? null : label(newest ?? null, newest && newest.time > to - 0.9 * room * (to - from) ? 'top' : 'right')].filter((one) => one !== null);
    const labelled = readable(bands.limits, bands.top, 12 / height);
    const letters = readable(
        bands.areas.filter(([low]) => low < bands.top).map(([low, high, c]) => ({ value: (Math.max(low, 0) + Math.min(high, bands.top)) / 2, bold: high - low > bands.top / 4, c })),
        bands.top,
        13 / height,
    );
    const many = counted.length > 120;
    const span = to - from;
    const ticks = ticksOf(from, to);
    return {
        animation: false,
        textStyle: { fontFamily: fonts, fontSize: 11, color: colour('ink-3') },
        grid: { left: 38, right: 40, top: head, bottom: what.axis === false ? 8 : 22 },
        tooltip: {
            trigger: 'axis',
            renderMode: 'richText',
            confine: true,
            backgroundColor: colour('paper'),
            borderColor: colour('line-2'),
            textStyle: { color: colour('ink'), fontSize: 12 },
            axisPointer: { type: 'line', lineStyle: { color: colour('ink'), type: 'solid' } },
            formatter: (items: { value: [number, number | null]; seriesName: string }[]) => cardOf(what, items),
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
                                label: { show: labelled.includes(limit), position: 'start', formatter: String(limit.value), color: limit.bold ? colour('ink') : colour('ink-3'), fontWeight: limit.bold ? 700 : 400, fontSize: 11 },
                            })),
                        ...letters.map(({ value, c }) => ({
                            yAxis: value,
                            lineStyle: { color: 'transparent', width: 0 },
                            label: { position: 'end', formatter: classLabel(c), color: colour(`c${c}t`), fontWeight: 700, fontSize: 11 },
                        })),
                        ...(what.now >= from && what.now <= to
                            ? [{ xAxis: what.now, lineStyle: { color: colour('ink-2'), type: 'solid', width: 1 }, label: { show: what.axis !== false, position: 'start', formatter: Math.abs(what.now - Date.now()) < hour ? t('present') : clock(what.now), color: colour('ink'), fontWeight: 700, fontSize: 11, distance: 5 } }]
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
                data: ignored.map((point) => ({ value: [point.time, Math.min(point.value!, bands.top)], name: whyWord(point.why!) })),
            },
            {
                type: 'line',
                data: [],
                tooltip: { show: false },
                markArea: { silent: true, data: blind.map((one) => hatched(one, bands.top, to - from, colour)) },
                // the base line of what did not come is dashed
                markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colour('ink-3'), type: 'dashed', width: 1.2 }, data: blind.filter((one) => one.kind === 'missing').map((one) => [{ coord: [one.begin, 0] }, { coord: [one.end, 0] }]) },
            },
            bracketsOf(what.alerts ?? [], [from, to], bands.top, colour),
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

/** The record that is pointed at, with its class and the value of each item of the page; then the lines of others. */
function cardOf(what: Plotted, items: { value: [number, number | null]; seriesName: string }[]): string {
    const time = items[0]?.value[0];
    const record = what.records.find((one) => Date.parse(one.time) === time);
    const lines = time === undefined ? [] : [[stamp(time, what.now), record?.water_class ? classWords(record.water_class) : record?.aqi ? `AQI ${record.aqi}` : ''].join('　').trim()];
    for (const parameter of record === undefined ? [] : (what.together ?? [what.parameter])) {
        const value = record!.values[parameter];
        const [came] = cameOf([record!], parameter);
        if (came === undefined) continue;
        lines.push(`${parameterName(parameter)} ${typeof value === 'number' ? `${figure(value)} ${unitText(parameterUnit(parameter))}` : '—'}${came.why === null ? '' : `　${t('notCountedWord')} ${whyWord(came.why)}`}`);
    }
    const others = new Set([t('lastYear'), ...(what.overlays ?? []).map((overlay) => overlay.name)]);
    for (const item of items) if (others.has(item.seriesName) && item.value[1] !== null) lines.push(`${item.seriesName} ${item.value[1]}`);
    return lines.join('\n');
}

const glyphs: Record<Severity, string> = { notice: 'path://M7 1.6 12.4 7 7 12.4 1.6 7z', alert: 'path://M7 1.4 13 12H1z', high: 'path://M4.6.9h4.8l3.7 3.7v4.8l-3.7 3.7H4.6L.9 9.4V4.6z' };
/** Over the axis, each alert from when to when it stood, with the glyph of its severity where it begins. */
function bracketsOf(alerts: AlertSpan[], [from, to]: [number, number], top: number, colour: (name: string) => string) {
    const seen = alerts.filter((one) => one.to > from && one.from < to).map((one) => ({ ...one, begin: Math.max(one.from, from), end: Math.min(one.to, to) }));
    return {
        type: 'scatter',
        name: spans,
        z: 6,
        cursor: 'pointer',
        tooltip: { show: false },
        symbolSize: 13,
        symbolOffset: [0, above - head],
        data: seen.map((one) => ({ value: [one.begin, top], name: one.id, symbol: glyphs[one.severity], itemStyle: { color: one.severity === 'notice' ? colour('paper') : colour('ink'), borderColor: one.severity === 'notice' ? colour('ink') : colour('paper'), borderWidth: 1.2 } })),
        markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colour('ink'), type: 'solid', width: 2 }, data: seen.map((one) => [{ coord: [one.begin, top], y: above }, { coord: [one.end, top], y: above }]) },
    };
}

/** `M` or `maintenance` as a word. */
const whyWord = (why: string): string => tOr(`status_${why}`, tOr(`flag_${why}`, why).replace(/^.*[（(](.*)[)）]$/, '$1'));

/** Oblique lines over a time in which nothing counts, with its reason where there is room for it. */
function hatched(one: Stretch, top: number, span: number, colour: (name: string) => string) {
    const word = one.kind === 'missing' ? t('missingTimes', { n: one.count }) : whyWord(one.why);
    return [
        {
            coord: [one.begin, 0],
            itemStyle: { color: { image: hatch(colour('ink-3'), one.kind === 'invalid'), repeat: 'repeat' as const } },
            label: { show: (one.end - one.begin) / span > 0.06, position: 'insideTop', distance: 3, formatter: word, color: colour('ink-2'), fontSize: 11, backgroundColor: colour('paper'), padding: [1, 3], borderRadius: 2 },
        },
        { coord: [one.end, top] },
    ];
}

/** One tile of oblique lines; close ones for values that do not count, wide ones for none. */
function hatch(ink: string, close: boolean): HTMLCanvasElement {
    const size = close ? 6 : 10;
    const tile = document.createElement('canvas');
    tile.width = tile.height = size;
    const c = tile.getContext('2d')!;
    c.strokeStyle = ink;
    c.globalAlpha = close ? 0.55 : 0.3;
    c.lineWidth = 1;
    for (const shift of [-size, 0, size]) {
        c.beginPath();
        c.moveTo(shift, size);
        c.lineTo(shift + size, 0);
        c.stroke();
    }
    return tile;
}

/** Days begin in Beijing, whatever the clock of the browser says. */
function ticksOf(from: number, to: number): number[] {
    const span = to - from;
    const step = span <= 1.5 * day ? 6 * hour : Math.max(1, Math.ceil(span / day / 8)) * day;
    const ticks: number[] = [];
    for (let at = midnight(from); at <= to; at += step) if (at >= from) ticks.push(at);
    return ticks;
}
