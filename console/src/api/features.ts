import type { Feature, FeatureCollection } from 'geojson';
import type { AlertState, Interval, Pollutant, Position, Severity, Site, WaterClass } from '../model/site';
import { getJson, url } from './http';

/* The one place that knows how a feature is written. Lists come as text (`codmn、ammonia_nitrogen`, the flat profile that every GIS reads) or as arrays
 * (the structured one); both mean the same. */

type Properties = Record<string, unknown>;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const time = (value: unknown): number | null => {
    const parsed = typeof value === 'string' ? Date.parse(value) : NaN;
    return Number.isNaN(parsed) ? null : parsed;
};

export function list(value: unknown): string[] {
    if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
    return typeof value === 'string' ? value.split(/[,，、;；]\s*/).filter((item) => item !== '') : [];
}

function pollutants(properties: Properties): Pollutant[] {
    const given = properties.main_pollutants;
    if (Array.isArray(given)) return given.map((item: Pollutant) => ({ parameter: item.parameter, multiple: number(item.multiple) }));
    return list(given).map((item) => {
        const parts = /^([\w-]+)(?:[(（:=]\s*([\d.]+)[)）]?)?$/.exec(item.trim());
        return { parameter: parts?.[1] ?? item, multiple: parts?.[2] === undefined ? null : Number(parts[2]) };
    });
}

/** Whether the newest record is too old to stand for now: in words since features are flat, as a flag before. */
function stale(properties: Properties): boolean {
    if (typeof properties.stale === 'boolean') return properties.stale;
    const currency = text(properties.currency);
    return currency !== null && currency !== 'current';
}

const known = new Set(['name', 'target_class', 'water_class', 'coordinate_accuracy_m', 'missing_periods', 'aqi', 'aqi_level', 'population', 'elevation_m']);

function values(properties: Properties): Record<string, number> {
    const found: Record<string, number> = {};
    for (const [name, value] of Object.entries(properties))
        if (typeof value === 'number' && !known.has(name) && !/^(river|nearest_river|lake|elevation)_/.test(name) && !/_(m|km)$/.test(name)) found[name] = value;
    return found;
}

export function siteOf(feature: Feature): Site {
    const p = (feature.properties ?? {}) as Properties;
    const state = text(p.alert_state) ?? text(p.alert);
    const severity = text(p.alert_severity);
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
        stale: stale(p),
        waterClass: (number(p.water_class) ?? 0) as WaterClass,
        complete: p.class_complete !== false,
        missing: list(p.missing_parameters),
        quality: text(p.water_quality),
        deciding: list(p.deciding_parameters),
        pollutants: pollutants(p),
        target: number(p.target_class),
        meetsTarget: typeof p.meets_target === 'boolean' ? p.meets_target : null,
        standard: text(p.standard),
        missingPeriods: number(p.missing_periods),
        aqi: number(p.aqi),
        aqiLevel: number(p.aqi_level) ?? 0,
        aqiCategory: text(p.aqi_category),
        primary: list(p.primary_pollutants),
        values: values(p),
        notValid: list(p.not_valid),
        alertId: text(p.alert_id),
        alertState: state === 'none' ? null : (state as AlertState | null),
        alertSeverity: severity === 'none' ? null : (severity as Severity | null),
    };
}

/** All features of a collection, page by page. */
export async function collection(id: string): Promise<Feature[]> {
    const found: Feature[] = [];
    let next: string | undefined = url(`/collections/${encodeURIComponent(id)}/items`, { limit: 10000, f: 'json' });
    while (next !== undefined) {
        const page: FeatureCollection & { links?: { rel: string; href: string }[] } = await getJson(next);
        found.push(...page.features);
        const link = page.links?.find((one) => one.rel === 'next')?.href;
        next = link === undefined ? undefined : pathOf(link);
    }
    return found;
}

/** Links carry the host that the service knows itself by; what is asked for is on the page's own. */
function pathOf(link: string): string {
    const parsed = new URL(link, 'http://service');
    const place = parsed.pathname.indexOf('/collections/');
    return parsed.pathname.slice(Math.max(0, place)) + parsed.search;
}

export async function sites(): Promise<Site[]> {
    const [water, air] = await Promise.all([collection('water-sections'), collection('air-stations').catch(() => [])]);
    return [...water, ...air].map(siteOf);
}
