import type { Item } from '../api/readings';

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
    const limits = item === null ? [] : ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ'].map((c) => item.limits[c]).filter((limit): limit is number => limit !== undefined);
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

const niceTop = (value: number): number => (value > 0 ? value : 1);

/** Stretches in which more than one and a half periods passed between values. */
export function gapsOf(times: number[], length: number): { begin: number; end: number; missing: number }[] {
    const gaps: { begin: number; end: number; missing: number }[] = [];
    for (let i = 1; i < times.length; ++i) {
        const apart = times[i]! - times[i - 1]!;
        if (apart > 1.5 * length) gaps.push({ begin: times[i - 1]! + length, end: times[i]!, missing: Math.round(apart / length) - 1 });
    }
    return gaps;
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
