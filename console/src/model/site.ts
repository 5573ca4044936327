/** 1 to 6 (劣Ⅴ); 0: none. */
export type WaterClass = 0 | 1 | 2 | 3 | 4 | 5 | 6;
export type Severity = 'notice' | 'alert' | 'high';
export type AlertState = 'open' | 'acknowledged' | 'resolved' | 'closed';
export type Interval = 'realtime' | 'minute' | 'hour' | '4h' | 'day' | 'sample';
export type Position = [longitude: number, latitude: number];

export interface Pollutant {
    parameter: string;
    /** times over the limit; null where it has none, as for oxygen */
    multiple: number | null;
}

/** A place where something is measured, as it is now. */
export interface Site {
    id: string;
    name: string;
    nameEn: string;
    kind: string;
    mn: string | null;
    level: string | null;
    water: string | null;
    county: string | null;
    assessedFor: string | null;
    position: Position | null;
    accuracy: number | null;
    river: { name: string; distance: number | null; chainage: number | null; accuracy: number | null } | null;
    /** of the newest record, ms; null: none yet */
    time: number | null;
    interval: Interval | null;
    status: string;
    stale: boolean;
    waterClass: WaterClass;
    complete: boolean;
    missing: string[];
    quality: string | null;
    deciding: string[];
    pollutants: Pollutant[];
    target: number | null;
    meetsTarget: boolean | null;
    standard: string | null;
    missingPeriods: number | null;
    aqi: number | null;
    aqiLevel: number;
    aqiCategory: string | null;
    primary: string[];
    values: Record<string, number>;
    notValid: string[];
    alertId: string | null;
    alertState: AlertState | null;
    alertSeverity: Severity | null;
}

export const isWater = (site: Site): boolean => site.kind === 'water_section' || site.kind === 'lake_section';
export const isAir = (site: Site): boolean => site.kind === 'air_station';

/** What is known of a site at this moment: the shape of its symbol. Precedence as drawn: stale, unjudged, incomplete, valid. */
export type Standing = 'valid' | 'incomplete' | 'unjudged' | 'stale' | 'silent';
export function standing(site: Site): Standing {
    if (site.time === null) return 'silent';
    if (site.stale) return 'stale';
    if (isAir(site) ? site.aqi === null : site.waterClass === 0) return 'unjudged';
    return isAir(site) || site.complete ? 'valid' : 'incomplete';
}
