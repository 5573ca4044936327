import { url } from '../api/http';
import { isAir, type Site } from './site';

/** The files that a collection comes in: what people call one, the value of `f`, the ending of its name. */
export const formats = {
    GeoJSON: { f: 'json', ending: 'geojson' },
    CSV: { f: 'csv', ending: 'csv' },
    Excel: { f: 'xlsx', ending: 'xlsx' },
    GeoPackage: { f: 'gpkg', ending: 'gpkg' },
    FlatGeobuf: { f: 'fgb', ending: 'fgb' },
    Shapefile: { f: 'shp', ending: 'zip' },
    KML: { f: 'kml', ending: 'kml' },
} as const;
export type Format = keyof typeof formats;

/** The address of the features of a collection as such a file: whole but for GeoJSON, of which the service gives a page; a CSV that Excel reads as UTF-8. */
export function itemsUrl(collection: string, format: Format, parameters: Record<string, string | null | undefined>): string {
    return url(`/collections/${collection}/items`, { ...parameters, f: formats[format].f, limit: format === 'GeoJSON' ? 10000 : null, bom: format === 'CSV' ? 'true' : null });
}

/** The collection that has the records of a site. */
export const recordsOf = (site: Site): 'air-records' | 'water-records' => (isAir(site) ? 'air-records' : 'water-records');

/** A condition in CQL2: the text stands in one of these properties. */
export function containing(text: string, properties: readonly string[]): string {
    const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&').replace(/'/g, "''")}%`;
    return properties.map((name) => `CASEI(${name}) LIKE CASEI('${pattern}')`).join(' OR ');
}
