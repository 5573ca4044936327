import { isChinese } from '../i18n';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** How much of the time before now, or around a moment, is shown or taken. */
export const ranges = { '24h': day, '7d': 7 * day, '30d': 30 * day } as const;
export type Range = keyof typeof ranges;
const beijing = 8 * hour;

const two = (n: number): string => String(n).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The parts of an instant on a clock in Beijing. */
export function parts(ms: number) {
    const d = new Date(ms + beijing);
    return { y: d.getUTCFullYear(), m: d.getUTCMonth() + 1, d: d.getUTCDate(), h: d.getUTCHours(), min: d.getUTCMinutes(), s: d.getUTCSeconds(), weekday: d.getUTCDay() };
}

export const midnight = (ms: number): number => Math.floor((ms + beijing) / day) * day - beijing;

export const clock = (ms: number): string => `${two(parts(ms).h)}:${two(parts(ms).min)}`;
export const clockSeconds = (ms: number): string => `${clock(ms)}:${two(parts(ms).s)}`;
export const dayMonth = (ms: number): string => {
    const p = parts(ms);
    return isChinese.value ? `${two(p.m)}-${two(p.d)}` : `${p.d} ${months[p.m - 1] ?? ''}`;
};
/** `11 月`, `Nov`; `month` from 0. */
export const monthName = (month: number): string => (isChinese.value ? `${month + 1} 月` : (months[month] ?? ''));
export const date = (ms: number): string => {
    const p = parts(ms);
    return `${p.y}-${two(p.m)}-${two(p.d)}`;
};
/** `11-26 12:00`; another year: `2025-11-06 12:00`. */
export const stamp = (ms: number, now: number): string => `${parts(ms).y === parts(now).y ? dayMonth(ms) : date(ms)} ${clock(ms)}`;
/** As short as it can be told apart: today `12:00`, this year `11-26 12:00`, before `2025-11-06`. */
export function brief(ms: number, now: number): string {
    if (midnight(ms) === midnight(now)) return clock(ms);
    return parts(ms).y === parts(now).y ? stamp(ms, now) : date(ms);
}
/** `2021-03`: since when a site is silent. */
export const yearMonth = (ms: number): string => date(ms).slice(0, 7);
export const weekday = (ms: number): string => (isChinese.value ? '日一二三四五六'.charAt(parts(ms).weekday) : ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][parts(ms).weekday]!);

/** For a wall: `11 月 26 日`, `26 Nov`; `星期四`, `Thursday`. */
export const dayMonthWords = (ms: number): string => (isChinese.value ? `${parts(ms).m} 月 ${parts(ms).d} 日` : dayMonth(ms));
export const weekdayWords = (ms: number): string => new Intl.DateTimeFormat(isChinese.value ? 'zh-CN' : 'en', { weekday: 'long', timeZone: 'Asia/Shanghai' }).format(ms);

/** ISO 8601 with the offset of Beijing, for `title`, exports and links. */
export const iso = (ms: number): string => new Date(ms + beijing).toISOString().slice(0, 19) + '+08:00';

/** Two units at most: `2 天 20 小时`, `1 小时 18 分`, `40 秒`. */
export function duration(ms: number): string {
    const zh = isChinese.value;
    const say = (n: number, unit: string, en: string) => (zh ? `${n} ${unit}` : `${n} ${en}`);
    const pair = (a: string, b: string | null) => (b === null ? a : `${a} ${b}`);
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 60) return say(seconds, '秒', 's');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return say(minutes, '分', 'min');
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return pair(say(hours, '小时', 'h'), minutes % 60 > 0 ? say(minutes % 60, '分', 'min') : null);
    const days = Math.floor(hours / 24);
    return pair(say(days, '天', 'd'), hours % 24 > 0 ? say(hours % 24, '小时', 'h') : null);
}

export const periods: Record<string, number> = { hour, '4h': 4 * hour, day };
/** Where the period begins that an instant lies in, on clocks in Beijing. */
export const periodStart = (ms: number, length: number): number => Math.floor((ms + beijing) / length) * length - beijing;
/** `12:00–16:00`, or the instant of a sample. */
export const period = (ms: number, interval: string): string => {
    const length = periods[interval];
    return length === undefined || length === day ? clock(ms) : `${clock(ms)}–${clock(ms + length)}`;
};
