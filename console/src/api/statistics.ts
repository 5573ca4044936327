import { getJson, url } from './http';

/* What `/api/v1/statistics` says of a period, as far as the console shows it; docs/reports.md tells how its figures are made. */

export interface Period {
    code: string;
    label: string;
    begin: string;
    end: string;
}
export interface Counts {
    evaluated: number;
    by_class: number[];
    good: number;
    good_share: number | null;
    worse_than_v: number;
    worse_than_v_share: number | null;
    met: number;
    missed: number;
    not_evaluated: string[];
}
export interface Group extends Counts {
    name: string;
    base: Counts;
    comparable: { sections: number; good_share_change: number | null };
}
export interface SectionOfPeriod {
    id: string;
    water_class: number | null;
    target_class: number | null;
    target: 'met' | 'missed' | 'unknown';
    deciding: string[];
    main_pollutants: { parameter: string; multiple: number | null }[];
    provisional: boolean;
    missing: string[];
    /** Of a period of several months. */
    months: { with_means: number; due: number; needed: number } | null;
    base: { water_class: number | null };
    /** Of a year, by its months; null for a period without parts. */
    trend: { items: { parameter: string; trend: 'rising' | 'falling' | 'stable' | null }[] } | null;
    /** Of a drinking-water source: the items of GB 3838 Table 2. */
    drinking_water: { met: boolean | null; items: { parameter: string; multiple: number | null }[]; missing: string[] } | null;
}
export interface WaterStatistics {
    period: Period;
    base: Period | null;
    edition: string;
    all: Group;
    rivers: Group[];
    places: Group[];
    sections: SectionOfPeriod[];
}
export const waterStatistics = (period: string): Promise<WaterStatistics> => getJson(url('/api/v1/statistics/water-sections', { period, trend: 'true', f: 'json' }));

export interface Days {
    days_due: number;
    as_valid_on_the_day: { good: number; valid: number; good_share: number | null };
}
export interface AirStatistics {
    stations: { id: string; now: Days; base: Days }[];
}
export const airStatistics = (period: string): Promise<AirStatistics> => getJson(url('/api/v1/statistics/air-stations', { period, f: 'json' }));
