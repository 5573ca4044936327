import { describe, expect, it } from 'vitest';
import { clusterKey, clustered, most, type Bounds } from '../../src/map/clusters';
import type { Marker } from '../../src/map/network-map';

const marker = (id: number, x: number, y: number, more: Partial<Marker> = {}): Marker => ({ id: String(id), position: [x, y], name: '', second: '', letter: 1 + (id % 6), standing: 'valid', severity: null, state: null, level: null, lake: false, ...more });
const country: Bounds = [73, 18, 135, 54];
/** As many as the country has. */
const network = Array.from({ length: 5641 }, (_, i) => marker(i, 80 + ((i * 7919) % 5000) / 100, 20 + ((i * 104729) % 3000) / 100, i % 500 === 0 ? { severity: 'high', state: 'open' } : i % 11 === 0 ? { standing: 'stale' } : {}));

describe('clusters', () => {
    it('hold every section once, and no alert', () => {
        const { single, clusters } = clustered(network, 4, country);
        expect(clusters.length).toBeGreaterThan(20);
        expect(single.length + clusters.reduce((sum, one) => sum + one.count, 0)).toBe(network.length);
        for (const one of clusters) expect(one.classes.reduce((a, b) => a + b, 0)).toBe(one.count);
        expect(single.filter((one) => one.severity !== null)).toHaveLength(network.filter((one) => one.severity !== null).length);
        // what is not known now is no class
        expect(clusters.reduce((sum, one) => sum + one.classes[6]!, 0)).toBeGreaterThan(0);
    });
    it('are there only far away, and only where there are many', () => {
        expect(clustered(network, 7, country).clusters).toEqual([]);
        expect(clustered(network.slice(0, most), 4, country).clusters).toEqual([]);
        expect(clustered(network, 4, [0, 0, 1, 1]).clusters).toEqual([]);
    });
    it('stay where they are while the map is moved', () => {
        const moved: Bounds = [74, 19, 136, 55];
        expect(clustered(network, 4.3, moved).clusters).toEqual(clustered(network, 4.7, country).clusters);
    });
    it('are drawn from shares, of which none is lost', () => {
        expect(clusterKey({ position: [0, 0], count: 240, classes: [0, 120, 118, 0, 1, 1, 0] })).toBe('k:240:0,12,12,0,1,1,0');
    });
});
