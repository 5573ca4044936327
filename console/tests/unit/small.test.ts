import { describe, expect, it } from 'vitest';
import type { FeatureCollection, Geometry } from 'geojson';
import { even, frameAt, frameOf, including, pathOf } from '../../src/map/small';

const layer = (geometry: Geometry): FeatureCollection => ({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry }] });

describe('a small map', () => {
    it('shows a whole box in the middle of what is free', () => {
        const { at } = frameOf([110, 34, 112, 36], 300, 200, { top: 10, bottom: 30, left: 20, right: 20 });
        const [[west, north], [east, south]] = [at([110, 36]), at([112, 34])];
        expect(north).toBeCloseTo(10, 3);
        expect(south).toBeCloseTo(170, 3);
        expect((west + east) / 2).toBeCloseTo(150, 6);
        expect(west).toBeGreaterThan(20);
    });
    it('is as the map is at a zoom: the world is 512 pixels wide at 0', () => {
        const { at, pixelsPerMetre } = frameAt([111, 35], 1, 400, 300);
        expect(at([111, 35])).toEqual([200, 150]);
        expect(at([111 + 90, 35])[0]).toBeCloseTo(200 + 256, 6);
        expect(1 / pixelsPerMetre).toBeCloseTo((40_075_016.686 * Math.cos((35 * Math.PI) / 180)) / 1024, 3);
    });
    it('grows by a place that lies outside', () => {
        expect(including([110, 34, 112, 36], [113, 33])).toEqual([110, 33, 113, 36]);
    });
    it('leaves out what nobody could tell apart', () => {
        const frame = frameOf([110, 34, 112, 36], 100, 100, even(0));
        const short = pathOf(layer({ type: 'LineString', coordinates: [[110, 35], [110.001, 35], [112, 35], [112.001, 35]] }), frame);
        expect(short.match(/[ML]/g)).toHaveLength(3);
        expect(pathOf(layer({ type: 'Polygon', coordinates: [[[110, 35], [110.001, 35], [110.001, 35.001], [110, 35]]] }), frame)).toBe('');
        expect(pathOf(layer({ type: 'Point', coordinates: [110, 35] }), frame)).toBe('');
    });
});
