import type { FeatureCollection } from 'geojson';
import { collection } from '../api/features';

/* The layers of the service under the symbols, asked for before the map library is there. */

export const layerIds = ['neighbour-counties', 'city', 'counties', 'lakes', 'rivers', 'rivers-derived', 'yellow-river', 'salt-lake'] as const;
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
export const readLayers = (): void => layerIds.forEach((id) => void readLayer(id).catch(() => undefined));
