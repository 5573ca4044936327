import type { Item, SeriesRecord } from '../api/readings';

export interface Bands {
    /** low, high, class; from the bottom up */
    areas: [number, number, number][];
    limits: { value: number; bold: boolean }[];
    top: number;
    /** less is worse, as of oxygen */
    falling: boolean;
}

/** The classes as bands behind a chart. The axis goes from 0 to 1.12 of the larger of the greatest value and 0.9 of the Ⅴ limit. */
export function bandsOf(item: Item | null, values: number[]): Bands {
    const greatest = Math.max(0, ...values);
    const limits = item?.limits === undefined ? [] : ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ'].map((c) => item.limits[c]).filter((limit): limit is number => limit !== undefined);
    if (item !== null && item.rule === 'range' && item.limits.low !== undefined && item.limits.high !== undefined) {
        const { low, high } = item.limits;
        return { areas: [[0, low, 6], [low, high, 1], [high, high * 2, 6]], limits: [{ value: low, bold: true }, { value: high, bold: true }], top: Math.max(greatest, high) * 1.12, falling: false };
    }
    if (limits.length !== 5) return { areas: [], limits: [], top: niceTop(greatest * 1.12), falling: false };
    const falling = item?.rule === 'minimum';
    const marks = limits.map((value, i) => ({ value, bold: i === 2 }));
    if (falling) {
        const top = 1.12 * Math.max(greatest, limits[0]!);
        const joints = [0, ...limits.slice().reverse(), Math.max(top, limits[0]!) * 2];
        return { areas: joints.slice(0, -1).map((low, i): [number, number, number] => [low, joints[i + 1]!, 6 - i]), limits: marks, top, falling };
    }
    const top = 1.12 * Math.max(greatest, 0.9 * limits[4]!);
    const joints = [0, ...limits, top * 2];
    return { areas: joints.slice(0, -1).map((low, i): [number, number, number] => [low, joints[i + 1]!, i + 1]), limits: marks, top, falling: false };
}

/** Those whose labels do not lie on each other: `apart` of the axis between them; Ⅲ stays whatever is near. */
export function readable<T extends { value: number; bold: boolean }>(marks: T[], top: number, apart: number): T[] {
    const kept: T[] = [];
    for (const mark of marks.filter((one) => one.value < top).sort((a, b) => Number(b.bold) - Number(a.bold) || b.value - a.value))
        if (kept.every((one) => Math.abs(one.value - mark.value) >= apart * top)) kept.push(mark);
    return kept;
}

const niceTop = (value: number): number => (value > 0 ? value : 1);

/** A value that came: whether it counts, and if not, why in a word of the field (a flag or a status). */
export interface Came {
    time: number;
    value: number | null;
    why: string | null;
}
/** What was measured of an item, in the order of time. A value that is flagged, or of a station that is not at work, does not count. */
export function cameOf(records: SeriesRecord[], parameter: string): Came[] {
    return records
        .filter((record) => parameter in record.values || record.flags?.[parameter] !== undefined)
        .map((record) => {
            const flag = record.flags?.[parameter];
            const value = record.values[parameter] ?? null;
            return { time: Date.parse(record.time), value, why: flag !== undefined && flag !== 'N' ? flag : record.status !== 'normal' ? record.status : null };
        })
        .filter((one) => one.value !== null || one.why !== null);
}

/** A time in which nothing counts: nothing came, or what came does not count. */
export interface Stretch {
    kind: 'missing' | 'invalid';
    begin: number;
    end: number;
    count: number;
    /** of `invalid`: the reason that most of them have */
    why: string;
}

/** Where more than one and a half periods passed between records, also before the first and behind the last, and where three or more do not count on end. */
export function stretchesOf(points: Came[], length: number, from: number, to: number): Stretch[] {
    const found: Stretch[] = [];
    const missing = (begin: number, end: number) => {
        const count = Math.round((end - begin) / length);
        if (count > 0 && end - begin > length / 2) found.push({ kind: 'missing', begin, end, count, why: '' });
    };
    if (points.length === 0) return found;
    missing(Math.min(from, points[0]!.time), points[0]!.time);
    for (let i = 0; i < points.length; ) {
        let j = i;
        while (j < points.length && points[j]!.why !== null && (j === i || points[j]!.time - points[j - 1]!.time <= 1.5 * length)) ++j;
        if (j - i >= 3) {
            const reasons = new Map<string, number>();
            for (const { why } of points.slice(i, j)) reasons.set(why!, (reasons.get(why!) ?? 0) + 1);
            const [why] = [...reasons].reduce((a, b) => (b[1] > a[1] ? b : a));
            found.push({ kind: 'invalid', begin: points[i]!.time, end: points[j - 1]!.time + length, count: j - i, why });
        }
        i = Math.max(j, i + 1);
    }
    for (let i = 1; i < points.length; ++i) if (points[i]!.time - points[i - 1]!.time > 1.5 * length) missing(points[i - 1]!.time + length, points[i]!.time);
    const last = points.at(-1)!.time + length;
    // the newest period ends before its value can come
    if (to - last > length) missing(last, Math.floor((to - last) / length) * length + last);
    return found.sort((a, b) => a.begin - b.begin);
}

/** The line through what counts, broken by null where something in between does not, or did not come. */
export function lineOf(points: Came[], length: number, most: number): [number, number | null][] {
    const line: [number, number | null][] = [];
    let run: { time: number; value: number }[] = [];
    const flush = () => {
        if (run.length === 0) return;
        if (line.length > 0) line.push([run[0]!.time - 1, null]);
        line.push(...sampled(run, Math.max(20, Math.round((most * run.length) / points.length))).map((one): [number, number] => [one.time, one.value]));
        run = [];
    };
    for (const [i, point] of points.entries()) {
        if (i > 0 && point.time - points[i - 1]!.time > 1.5 * length) flush();
        if (point.why !== null || point.value === null) flush();
        else run.push({ time: point.time, value: point.value });
    }
    flush();
    return line;
}

/** Fewer points that look the same: of each bucket its least and its greatest, in their order. */
export function sampled<T extends { time: number; value: number }>(points: T[], most: number): T[] {
    if (points.length <= most) return points;
    const size = Math.ceil((2 * points.length) / most);
    const kept: T[] = [];
    for (let i = 0; i < points.length; i += size) {
        const bucket = points.slice(i, i + size);
        const least = bucket.reduce((a, b) => (b.value < a.value ? b : a));
        const greatest = bucket.reduce((a, b) => (b.value > a.value ? b : a));
        kept.push(...(least === greatest ? [least] : least.time < greatest.time ? [least, greatest] : [greatest, least]));
    }
    return kept;
}
