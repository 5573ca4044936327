import type { Position } from '../model/site';
import type { Marker } from './network-map';

/** Sections of one place on a map of the country. */
export interface Cluster {
    position: Position;
    count: number;
    /** how many there are of each class, Ⅰ to 劣Ⅴ; behind them those of which nothing is known now */
    classes: number[];
}

export type Bounds = [west: number, south: number, east: number, north: number];
/** Above this many in view, and below this zoom, sections are put together. */
export const most = 400;
export const below = 7;
const cell = 56;

/** On a map of the world that is one wide: the north at 0. */
const mercator = ([x, y]: Position): Position => [(x + 180) / 360, (1 - Math.log(Math.tan(Math.PI / 4 + (y * Math.PI) / 360)) / Math.PI) / 2];
const inside = ([x, y]: Position, [west, south, east, north]: Bounds): boolean => x >= west && x <= east && y >= south && y <= north;
/** What somebody has to know of is never hidden in a number. */
const alerting = (marker: Marker): boolean => marker.severity !== null && marker.state !== 'resolved' && marker.state !== 'closed';

/** Cells of the same size on the screen, the same ones while the map is moved; what is alone in its cell stays itself. */
export function clustered(markers: Marker[], zoom: number, view: Bounds): { single: Marker[]; clusters: Cluster[] } {
    if (zoom >= below || markers.filter((marker) => inside(marker.position, view)).length <= most) return { single: markers, clusters: [] };
    const cells = new Map<string, Marker[]>();
    const single: Marker[] = [];
    const across = (512 * 2 ** Math.floor(zoom)) / cell;
    for (const marker of markers) {
        if (alerting(marker)) {
            single.push(marker);
            continue;
        }
        const [x, y] = mercator(marker.position);
        const key = `${Math.floor(x * across)} ${Math.floor(y * across)}`;
        const there = cells.get(key);
        if (there) there.push(marker);
        else cells.set(key, [marker]);
    }
    const clusters: Cluster[] = [];
    for (const group of cells.values()) {
        if (group.length === 1) {
            single.push(group[0]!);
            continue;
        }
        const classes = [0, 0, 0, 0, 0, 0, 0];
        let [x, y] = [0, 0];
        for (const marker of group) {
            const known = (marker.standing === 'valid' || marker.standing === 'incomplete') && marker.letter > 0;
            classes[known ? marker.letter - 1 : 6]! += 1;
            x += marker.position[0];
            y += marker.position[1];
        }
        clusters.push({ position: [x / group.length, y / group.length], count: group.length, classes });
    }
    return { single, clusters };
}

const parts = 24;
/** `k:128:0,3,12,6,2,0,1`: what its image is drawn from, shares in twenty-fourths, so that like ones share one. */
export function clusterKey({ count, classes }: Cluster): string {
    const shares = classes.map((n) => (n === 0 ? 0 : Math.max(1, Math.round((parts * n) / count))));
    return `k:${count}:${shares.join(',')}`;
}
