import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import type { LayerSpecification, StyleSpecification, VectorSourceSpecification } from 'maplibre-gl';
import type { Tiled } from './layers';
import type { Colours } from './symbols';

/* What lies under the symbols: own layers of the service, from its tiles. */

export const layerGroups: Record<'counties' | 'rivers' | 'lakes', string[]> = {
    counties: ['counties-line', 'counties-names'],
    rivers: ['rivers-line', 'rivers-derived-line', 'yellow-casing', 'yellow-line', 'river-names'],
    lakes: ['lakes-fill', 'salt-fill', 'salt-names'],
};

const system = ['PingFang SC', 'Microsoft YaHei UI', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC'];
/** Weight and slant are read off the first name: these are no fonts, and the system's own follow. */
export const plain = system;
export const bold = ['Yihong Bold', ...system];
const slanted = ['Yihong Italic', ...system];

/** Of a layer of the tiles. */
const of = (id: Tiled) => ({ source: 'ground', 'source-layer': id });
const empty: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Every layer of the ground, in the colours of the theme. */
export function groundLayers(c: Colours, chinese: boolean): LayerSpecification[] {
    const name = chinese ? ['get', 'name'] : ['coalesce', ['get', 'name_en'], ['get', 'name']];
    return [
        { id: 'outside', type: 'background', paint: { 'background-color': c('m-out') } },
        { id: 'neighbours-fill', type: 'fill', ...of('neighbour-counties'), paint: { 'fill-color': c('m-land2'), 'fill-antialias': false } },
        { id: 'neighbours-line', type: 'line', ...of('neighbour-counties'), paint: { 'line-color': c('m-line2'), 'line-width': 1 } },
        { id: 'city-fill', type: 'fill', ...of('city'), paint: { 'fill-color': c('m-land') } },
        { id: 'city-band', type: 'line', ...of('city'), paint: { 'line-color': c('m-band'), 'line-width': 6, 'line-offset': -3 } },
        { id: 'lakes-fill', type: 'fill', ...of('lakes'), paint: { 'fill-color': c('m-water') } },
        { id: 'rivers-derived-line', type: 'line', ...of('rivers-derived'), paint: { 'line-color': c('m-water'), 'line-width': 1.4, 'line-dasharray': [4, 2] } },
        { id: 'rivers-line', type: 'line', ...of('rivers'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c('m-waterline'), 'line-width': 1.6 } },
        { id: 'yellow-casing', type: 'line', ...of('yellow-river'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c('m-waterline'), 'line-width': 7 } },
        { id: 'yellow-line', type: 'line', ...of('yellow-river'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c('m-water'), 'line-width': 5 } },
        { id: 'salt-fill', type: 'fill', ...of('salt-lake'), paint: { 'fill-pattern': 'brine' } },
        { id: 'counties-line', type: 'line', ...of('counties'), paint: { 'line-color': c('m-line'), 'line-width': 1, 'line-dasharray': [1, 3] } },
        { id: 'city-line', type: 'line', ...of('city'), paint: { 'line-color': c('m-edge'), 'line-width': 1.1 } },
        { id: 'edge', type: 'line', source: 'edge', paint: { 'line-color': c('m-out'), 'line-width': 150, 'line-blur': 90 } },
        {
            id: 'counties-names',
            type: 'symbol',
            source: 'county-names',
            minzoom: 7.6,
            layout: { 'text-field': name as never, 'text-font': plain, 'text-size': 13, 'text-letter-spacing': chinese ? 0.12 : 0 },
            paint: { 'text-color': c('m-text'), 'text-halo-color': c('m-land'), 'text-halo-width': 1 },
        },
        ...(['yellow-river', 'rivers'] as const).map(
            (source): LayerSpecification => ({
                id: source === 'rivers' ? 'rivers-names' : 'river-names',
                type: 'symbol',
                ...of(source),
                minzoom: source === 'rivers' ? 7.5 : 6.5,
                layout: {
                    'symbol-placement': 'line',
                    'symbol-spacing': 300,
                    // its bends are narrower than a name at these zooms
                    'text-max-angle': 80,
                    'text-field': name as never,
                    'text-font': slanted,
                    'text-size': source === 'rivers' ? 12 : 13,
                    'text-letter-spacing': 0.4,
                    'text-pitch-alignment': 'viewport',
                },
                paint: { 'text-color': c('m-wtext'), 'text-halo-color': c('m-water'), 'text-halo-width': source === 'rivers' ? 0 : 1 },
            }),
        ),
        {
            id: 'salt-names',
            type: 'symbol',
            source: 'salt-names',
            minzoom: 7.5,
            layout: { 'text-field': (chinese ? '盐湖' : 'Salt Lake') as never, 'text-font': slanted, 'text-size': 12, 'text-letter-spacing': 0.2, 'text-offset': [0, 1.1] },
            paint: { 'text-color': c('m-wtext'), 'text-halo-color': c('m-land'), 'text-halo-width': 1 },
        },
    ];
}

export function groundStyle(tiles: VectorSourceSpecification, c: Colours, chinese: boolean): StyleSpecification {
    const drawn = Object.fromEntries(['edge', 'county-names', 'salt-names'].map((id) => [id, { type: 'geojson' as const, data: empty }]));
    return { version: 8, sources: { ground: tiles, ...drawn }, layers: groundLayers(c, chinese) };
}

/** A point well inside each polygon: of its largest ring, for one label each. */
export function labelPoints(of: FeatureCollection): FeatureCollection {
    return { type: 'FeatureCollection', features: of.features.flatMap((feature): Feature[] => {
        const ring = largestRing(feature.geometry);
        return ring === null ? [] : [{ type: 'Feature', properties: feature.properties, geometry: { type: 'Point', coordinates: centre(ring) } }];
    }) };
}

function largestRing(geometry: Geometry | null): Position[] | null {
    const rings = geometry?.type === 'Polygon' ? [geometry.coordinates[0]] : geometry?.type === 'MultiPolygon' ? geometry.coordinates.map((polygon) => polygon[0]) : [];
    return rings.reduce<Position[] | null>((best, ring) => (ring && (best === null || Math.abs(area(ring)) > Math.abs(area(best))) ? ring : best), null);
}
function area(ring: Position[]): number {
    let sum = 0;
    for (let i = 0; i + 1 < ring.length; ++i) sum += ring[i]![0]! * ring[i + 1]![1]! - ring[i + 1]![0]! * ring[i]![1]!;
    return sum / 2;
}
function centre(ring: Position[]): Position {
    const a = area(ring);
    let [x, y] = [0, 0];
    for (let i = 0; i + 1 < ring.length; ++i) {
        const cross = ring[i]![0]! * ring[i + 1]![1]! - ring[i + 1]![0]! * ring[i]![1]!;
        x += (ring[i]![0]! + ring[i + 1]![0]!) * cross;
        y += (ring[i]![1]! + ring[i + 1]![1]!) * cross;
    }
    return a === 0 ? ring[0]! : [x / (6 * a), y / (6 * a)];
}

export function bounds(of: FeatureCollection): [number, number, number, number] | null {
    let box: [number, number, number, number] | null = null;
    const walk = (coordinates: unknown): void => {
        if (!Array.isArray(coordinates)) return;
        if (typeof coordinates[0] === 'number') {
            const [x, y] = coordinates as [number, number];
            box = box === null ? [x, y, x, y] : [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
        } else coordinates.forEach(walk);
    };
    for (const feature of of.features) if (feature.geometry && 'coordinates' in feature.geometry) walk(feature.geometry.coordinates);
    return box;
}
