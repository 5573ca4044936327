import type { FeatureCollection } from 'geojson';
import type { VectorSourceSpecification } from 'maplibre-gl';
import { collection } from '../api/features';
import { getJson, root } from '../api/http';

/* The layers of the service under the symbols, asked for before the map library is there: as tiles for the map, and whole for what is drawn without it
 * (the first picture, small maps, where names of counties stand). */

/** All that lies in the tiles of the ground. */
const tiled = ['neighbour-counties', 'city', 'counties', 'lakes', 'rivers', 'rivers-derived', 'yellow-river', 'salt-lake'] as const;
export type Tiled = (typeof tiled)[number];

export const layerIds = ['city', 'counties', 'lakes', 'rivers', 'rivers-derived', 'yellow-river', 'salt-lake'] as const satisfies Tiled[];
export type LayerId = (typeof layerIds)[number];

const read = new Map<LayerId, Promise<FeatureCollection>>();
/** A layer, read once for all maps of the page; one that failed is asked for again. */
export function readLayer(id: LayerId): Promise<FeatureCollection> {
    const known = read.get(id);
    if (known) return known;
    const asked = collection(id).then((features): FeatureCollection => ({ type: 'FeatureCollection', features }));
    asked.catch(() => read.delete(id));
    read.set(id, asked);
    return asked;
}

let described: Promise<VectorSourceSpecification> | null = null;
/** The tiles of the ground, all layers in one. Their addresses begin where the page's does, whatever the service calls itself. */
export function groundTiles(): Promise<VectorSourceSpecification> {
    const set = '/tiles/WebMercatorQuad';
    const collections = `collections=${tiled.join()}`;
    const tiles = (more: Partial<VectorSourceSpecification>): VectorSourceSpecification => ({ type: 'vector', tiles: [`${location.origin}${root}${set}/{z}/{y}/{x}?${collections}`], ...more });
    described ??= getJson<{ bounds: [number, number, number, number]; maxzoom: number }>(`${set}/tilejson.json?${collections}`).then(
        ({ bounds, maxzoom }) => tiles({ bounds, maxzoom }),
        () => tiles({}),
    );
    return described;
}

export function readLayers(): void {
    for (const id of layerIds) readLayer(id).catch(() => undefined);
    void groundTiles();
}
