import type { Feature, FeatureCollection } from 'geojson';
import type { AlertState, Interval, Pollutant, Position, Severity, Site, WaterClass } from '../model/site';
import { pages, url } from './http';

/* The one place that knows how a feature is written: flat, as every GIS reads it. Lists are text by `、`, items by their id, main pollutants by
 * their Chinese name as reports write them (`氨氮(0.6)、总磷(0.2)`). */

type Properties = Record<string, unknown>;

/** What is measured, by which names of features are understood. */
export interface Book {
    /** whether there is an item of this id */
    has: (id: string) => boolean;
    /** 氨氮 → ammonia_nitrogen */
    idOf: (name: string) => string | undefined;
}
export function bookOf(parameters: { parameter: string; name: string }[]): Book {
    const ids = new Map(parameters.map((one) => [one.name, one.parameter]));
    const known = new Set(ids.values());
    return { has: (id) => known.has(id), idOf: (name) => ids.get(name) };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const time = (value: unknown): number | null => {
    const parsed = typeof value === 'string' ? Date.parse(value) : NaN;
    return Number.isNaN(parsed) ? null : parsed;
};
const list = (value: unknown): string[] => (typeof value === 'string' ? value.split('、').filter((item) => item !== '') : []);

/** The names of items may hold brackets themselves: the multiple is in the last ones. */
const pollutants = (value: unknown, book: Book): Pollutant[] =>
    list(value).map((item) => {
        const [, name = item, multiple] = /^(.*)\(([\d.]+)\)$/.exec(item) ?? [];
        return { parameter: book.idOf(name) ?? name, multiple: multiple === undefined ? null : Number(multiple) };
    });

function values(properties: Properties, book: Book): Record<string, number> {
    const found: Record<string, number> = {};
    for (const name in properties) {
        const value = properties[name];
        if (typeof value === 'number' && book.has(name)) found[name] = value;
    }
    return found;
}

/** A word, or null where it says that there is nothing. */
const word = <T extends string>(value: unknown): T | null => (value === 'none' ? null : (text(value) as T | null));

export function siteOf(feature: Feature, book: Book): Site {
    const p = (feature.properties ?? {}) as Properties;
    const river = text(p.river) ?? text(p.nearest_river);
    const onRiver = text(p.river) !== null ? 'river' : 'nearest_river';
    const geometry = feature.geometry as { type: string; coordinates: number[] } | null;
    return {
        id: String(feature.id ?? p.id),
        name: text(p.name) ?? String(feature.id),
        nameEn: text(p.name_en) ?? text(p.name) ?? String(feature.id),
        kind: text(p.kind) ?? 'water_section',
        mn: text(p.mn),
        level: text(p.level),
        water: text(p.water_body),
        county: text(p.county),
        assessedFor: text(p.assessed_for),
        position: geometry?.type === 'Point' ? (geometry.coordinates.slice(0, 2) as Position) : null,
        accuracy: number(p.coordinate_accuracy_m),
        river:
            river === null
                ? null
                : {
                      name: river,
                      distance: number(p[`${onRiver}_distance_m`]),
                      chainage: number(p[`${onRiver}_chainage_km`]),
                      accuracy: number(p.river_accuracy_m),
                  },
        time: time(p.time),
        interval: text(p.interval) as Interval | null,
        status: text(p.status) ?? 'normal',
        stale: p.currency === 'stale',
        waterClass: (number(p.water_class) ?? 0) as WaterClass,
        complete: p.class_complete !== false,
        missing: list(p.missing_parameters),
        quality: text(p.water_quality),
        deciding: list(p.deciding_parameters),
        pollutants: pollutants(p.main_pollutants, book),
        target: number(p.target_class),
        meetsTarget: typeof p.meets_target === 'boolean' ? p.meets_target : null,
        standard: text(p.standard),
        missingPeriods: number(p.missing_periods),
        aqi: number(p.aqi),
        aqiLevel: number(p.aqi_level) ?? 0,
        aqiCategory: text(p.aqi_category),
        primary: list(p.primary_pollutants),
        values: values(p, book),
        notValid: list(p.not_valid),
        alertId: text(p.alert_id),
        alertState: word<AlertState>(p.alert_state),
        alertSeverity: word<Severity>(p.alert_severity),
    };
}

/** All features of a collection. */
export const collection = async (id: string, datetime: string | null = null): Promise<Feature[]> =>
    (await pages<FeatureCollection>(url(`/collections/${encodeURIComponent(id)}/items`, { limit: 10000, datetime, f: 'json' }))).flatMap((page) => page.features);

/** The sections as they were at a moment. */
export const sectionsAt = (moment: number): Promise<Feature[]> => collection('water-sections', new Date(moment).toISOString());

/** The features of all sites; those of a service without air stations are the sections. */
export async function siteFeatures(): Promise<Feature[]> {
    const [water, air] = await Promise.all([collection('water-sections'), collection('air-stations').catch(() => [])]);
    return [...water, ...air];
}
