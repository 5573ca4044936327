import type { Matrix } from '../api/readings';
import type { Site } from './site';

/** Classes of all sites over time, to be read by place and added to as records come. */
export interface Classes {
    from: number;
    length: number;
    periods: number;
    rows: Map<string, string>;
}

export const classesOf = (m: Matrix): Classes => ({
    from: Date.parse(m.from),
    length: m.period_minutes * 60_000,
    periods: m.periods,
    rows: new Map(Object.entries(m.sites)),
});

export const placeOf = (classes: Classes, ms: number): number => Math.floor((ms - classes.from) / classes.length);
export const timeAt = (classes: Classes, place: number): number => classes.from + place * classes.length;
export const at = (classes: Classes, site: string, place: number): string => classes.rows.get(site)?.charAt(place) || '-';

/** With what the newest records of sites say; periods are added at the end as they begin. One copy for all of them: a network has thousands. */
export function withRecords(classes: Classes, sites: Site[]): Classes {
    let rows: Map<string, string> | null = null;
    let periods = classes.periods;
    for (const site of sites) {
        const place = site.time === null ? -1 : placeOf(classes, site.time);
        if (place < 0) continue;
        periods = Math.max(periods, place + 1);
        const row = ((rows ?? classes.rows).get(site.id) ?? '').padEnd(periods, '-');
        const letter = String(site.kind === 'air_station' ? site.aqiLevel : site.waterClass);
        if (row.charAt(place) === letter && periods === classes.periods) continue;
        rows ??= new Map(classes.rows);
        rows.set(site.id, row.slice(0, place) + letter + row.slice(place + 1));
    }
    return rows === null ? classes : { ...classes, periods, rows };
}

/** The last `count` periods up to the newest record of a site. */
export function strip(classes: Classes, site: string, count: number, upTo: number): string {
    const row = (classes.rows.get(site) ?? '').padEnd(upTo + 1, '-').slice(0, upTo + 1);
    const end = row.replace(/-+$/, '').length;
    return end === 0 ? '' : row.slice(Math.max(0, end - count), end).padStart(Math.min(count, end), '-');
}

export type Run = { kind: 'worse' | 'unjudged' | 'good'; since: number; before: boolean };
/** Since when it is as it is now, gaps passed over. `before`: whether it was otherwise before within what is known. */
export function run(classes: Classes, site: string, upTo: number): Run | null {
    const row = (classes.rows.get(site) ?? '').slice(0, upTo + 1);
    const kindOf = (letter: string) => (letter === '0' ? 'unjudged' : letter > '3' ? 'worse' : 'good');
    let kind: Run['kind'] | null = null;
    let since = 0;
    for (let i = row.length - 1; i >= 0; --i) {
        const letter = row.charAt(i);
        if (letter === '-') continue;
        const found = kindOf(letter);
        if (kind === null) kind = found;
        else if (found !== kind) return { kind, since, before: true };
        since = timeAt(classes, i);
    }
    return kind === null ? null : { kind, since, before: false };
}
