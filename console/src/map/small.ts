import type { FeatureCollection, Geometry, Position as Coordinates } from 'geojson';
import type { Position } from '../model/site';

/* A map as lines alone, for a place of a few centimetres: nothing in it moves, so it needs no map library. */

export type Box = [west: number, south: number, east: number, north: number];
export interface Room {
    top: number;
    bottom: number;
    left: number;
    right: number;
}
export interface Frame {
    /** Where a place lies, in pixels. */
    at: (place: Coordinates) => [number, number];
    pixelsPerMetre: number;
    /** Of the map that shows it so. */
    zoom: number;
}

const equator = 40_075_016.686;
/** Web Mercator, as the map itself: the world is 1 wide. */
const mercator = ([x, y]: Coordinates): [number, number] => [x! / 360 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + (y! * Math.PI) / 360)) / (2 * Math.PI)];

function frame(centre: Coordinates, [x, y]: [number, number], world: number): Frame {
    const [cx, cy] = mercator(centre);
    return {
        at: (place) => {
            const [mx, my] = mercator(place);
            return [x + (mx - cx) * world, y + (my - cy) * world];
        },
        zoom: Math.log2(world / 512),
        pixelsPerMetre: world / (equator * Math.cos((centre[1]! * Math.PI) / 180)),
    };
}

/** All of a box, as large as it goes, in the middle of what a picture leaves free. */
export function frameOf([west, south, east, north]: Box, width: number, height: number, room: Room): Frame {
    const [x1, y1] = mercator([west, north]);
    const [x2, y2] = mercator([east, south]);
    const [wide, high] = [width - room.left - room.right, height - room.top - room.bottom];
    const latitude = (Math.atan(Math.sinh(Math.PI * (1 - (y1 + y2)))) * 180) / Math.PI;
    return frame([(west + east) / 2, latitude], [room.left + wide / 2, room.top + high / 2], Math.min(wide / Math.max(1e-9, x2 - x1), high / Math.max(1e-9, y2 - y1)));
}

/** What a map shows at a zoom. */
export const frameAt = (centre: Position, zoom: number, width: number, height: number): Frame => frame(centre, [width / 2, height / 2], 512 * 2 ** zoom);

export const even = (around: number): Room => ({ top: around, bottom: around, left: around, right: around });
/** What is left free round the city on a map of that width. */
export const aroundOf = (width: number): number => Math.min(70, Math.round(width / 12));
/** More below, where the legend lies. */
export function roomOf(around: number, height: number): Room {
    return { top: Math.min(around, 40), bottom: height > 500 && around > 30 ? around + 50 : around, left: around, right: around };
}
/** The radius of a disc at a zoom (of tiles of 512 px, as the map counts); the images of the map are made with the same. */
export const radii: [from: number, r: number][] = [[0, 4.5], [6, 7], [6.9, 9], [7.5, 11], [9, 13], [11, 15]];
export const radiusAt = (zoom: number): number => radii.reduce((r, [from, own]) => (zoom >= from ? own : r), 4.5);
/** A box that has a place in it too. */
export const including = ([west, south, east, north]: Box, [x, y]: Position): Box => [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)];

const linesOf = (geometry: Geometry | null): Coordinates[][] => {
    switch (geometry?.type) {
        case 'LineString': return [geometry.coordinates];
        case 'MultiLineString':
        case 'Polygon': return geometry.coordinates;
        case 'MultiPolygon': return geometry.coordinates.flat();
        default: return [];
    }
};

/** A layer as one path: points that nobody could tell apart are left out, and rings that are less than a pixel. */
export function pathOf(layer: FeatureCollection, { at }: Frame): string {
    let path = '';
    for (const feature of layer.features)
        for (const line of linesOf(feature.geometry)) {
            const kept: [number, number][] = [];
            for (const [i, place] of line.entries()) {
                const [x, y] = at(place);
                const last = kept.at(-1);
                if (last === undefined || Math.hypot(x - last[0], y - last[1]) >= 0.7 || (i === line.length - 1 && kept.length > 1)) kept.push([x, y]);
            }
            if (kept.length > 1) path += `M${kept.map(([x, y]) => `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`).join('L')}`;
        }
    return path;
}
