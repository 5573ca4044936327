import type { Interval } from '../model/site';
import { getJson, pages, url } from './http';

export interface Parameter {
    parameter: string;
    name: string;
    name_en: string;
    unit: string;
    decimals: number;
    medium: string;
}

export const parameters = async (): Promise<Parameter[]> => (await getJson<{ parameters: Parameter[] }>('/api/v1/parameters')).parameters;

export interface SeriesRecord {
    time: string;
    interval: Interval;
    status: string;
    received_at?: string;
    values: Record<string, number | null>;
    flags?: Record<string, string>;
    marks?: Record<string, string>;
    water_class?: number | null;
    aqi?: number | null;
    late?: boolean;
}

export async function series(site: string, from: number, to: number, interval?: string): Promise<SeriesRecord[]> {
    const all = await pages<{ records: SeriesRecord[] }>(
        url(`/api/v1/sites/${encodeURIComponent(site)}/readings`, {
            datetime: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
            interval,
            limit: 10000,
            f: 'json',
        }),
    );
    return all.flatMap((page) => page.records);
}

/** What was measured of an item, as judgements say it. */
export interface Measured {
    parameter: string;
    name: string;
    name_en?: string;
    unit: string;
    value: number | null;
    flag: string;
    counted: boolean;
    why_not_counted: string | null;
}

/** One item of a judgement: what was measured, what it was held against, and what came of it. */
export interface Item extends Measured {
    marks?: string[];
    time: string;
    interval: string;
    status: string;
    assessed: number | null;
    rule: 'maximum' | 'minimum' | 'range' | string;
    limits: Record<string, number>;
    clause: string;
    clause_en?: string;
    edition?: string;
    class: number | null;
    decided: boolean;
    multiple: number | null;
}

export interface Judgement {
    site: string;
    time: string;
    interval: Interval;
    status: string;
    received_at: string;
    stale?: boolean;
    not_valid?: string[];
    summary: string;
    summary_en: string;
    water_class: number | null;
    aqi?: number | null;
    class_complete?: boolean;
    missing_parameters?: string[];
    water_quality: string | null;
    target_class: number | null;
    meets_target: boolean | null;
    limits_used?: string;
    standard?: string;
    parameters: Item[];
}

/** One pollutant of the index: what was measured, the stretch of the table it falls into, its own index. */
export interface AirItem extends Measured {
    column: string | null;
    breakpoints: { concentration_low: number; concentration_high: number; iaqi_low: number; iaqi_high: number } | null;
    iaqi: number | null;
    primary: boolean;
}
export interface AirJudgement {
    site: string;
    time: string;
    received_at: string;
    aqi: number | null;
    parameters: AirItem[];
}

/** A record of a site, by its time and interval; without: the site as it is now. */
interface Which {
    time: number;
    interval: Interval;
}
const judged = <T>(site: string, which: Which | null = null): Promise<T> =>
    getJson(url(`/api/v1/sites/${encodeURIComponent(site)}/judgement`, { time: which && new Date(which.time).toISOString(), interval: which?.interval, f: 'json' }));
export const judgement = (site: string, which: Which | null = null): Promise<Judgement> => judged(site, which);
export const airJudgement = (site: string): Promise<AirJudgement> => judged(site);

/** Classes over time: a character a site and period; `1`–`6`, `0` unjudged, `-` nothing. */
export interface Matrix {
    from: string;
    interval: string;
    period_minutes: number;
    periods: number;
    sites: Record<string, string>;
}

export const classes = (from: number, to: number, interval: string, kind?: string): Promise<Matrix> =>
    getJson(url('/api/v1/classes', { datetime: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`, interval, kind }));
