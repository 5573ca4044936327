import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { country, demonstrated, drawn, out, until, window } from './harness';

const stage = demonstrated();

const onMap = (page: Page, layer: string): Promise<{ icon: string; id?: string }[]> =>
    page.evaluate((name) => {
        const { map } = (globalThis as unknown as { yihongMap: { map: { getLayer: (id: string) => unknown; queryRenderedFeatures: (options: object) => { properties: { icon: string; id?: string } }[] } } }).yihongMap;
        return map.getLayer(name) ? map.queryRenderedFeatures({ layers: [name] }).map((one) => one.properties) : [];
    }, layer);
const jump = (page: Page, zoom: number): Promise<void> => page.evaluate((z) => (globalThis as unknown as { yihongMap: { map: { jumpTo: (to: object) => void } } }).yihongMap.map.jumpTo({ center: [105, 35], zoom: z }), zoom);

describe('a network of the whole country', () => {
    it('is put together far away, with every alert by itself, and taken apart nearer', async () => {
        const { page, context, errors } = await window(stage.browser);
        const all = await country(page, stage.service.url);
        await page.goto(`${stage.service.url}/console/?at=105,35,4`);
        await page.locator('[data-site]').first().waitFor();
        await until(async () => (await onMap(page, 'clusters')).length > 20, 'clusters');
        // what lies at an edge of tiles is found twice
        const singles = new Map((await onMap(page, 'sites')).map((one) => [one.id, one.icon]));
        const severe = [...singles.values()].filter((icon) => icon.includes(':high:'));
        expect(severe.length).toBeGreaterThan(8);
        expect(singles.size).toBeLessThan(400);
        await page.screenshot({ path: `${out}/network.png` });
        // the list beside it holds what is in sight of all of them
        expect(await page.locator('[data-site]').count()).toBeLessThan(100);
        expect((await page.locator('.kpi b').allTextContents()).reduce((sum, text) => sum + Number(text.replace(/\D/g, '')), 0)).toBe(all.length);
        await jump(page, 7.5);
        await until(async () => (await onMap(page, 'clusters')).length === 0 && (await onMap(page, 'sites')).length > 0, 'the sections themselves');
        await jump(page, 4);
        await until(async () => (await onMap(page, 'clusters')).length > 20, 'clusters again');
        expect(errors).toEqual([]);
        await context.close();
    });

    it('keeps every section while changes come faster than the map takes them', async () => {
        const { page, context, errors } = await window(stage.browser);
        const all = await country(page, stage.service.url);
        await page.goto(`${stage.service.url}/console/?at=111,35.5,8`);
        await drawn(page);
        await page.evaluate(() => {
            interface Shown {
                markers: { id: string; letter: number }[];
                show: (markers: object[], stations: object[]) => void;
            }
            const map = (globalThis as unknown as { yihongMap: Shown }).yihongMap;
            for (let turn = 1; turn <= 5; ++turn) map.show(map.markers.map((one) => (Number(one.id.slice(1)) % 5 < turn ? { ...one, letter: turn } : one)), []);
        });
        const known = (source: string) =>
            page.evaluate(async (id) => {
                interface Source {
                    loaded: () => boolean;
                    getData: () => Promise<{ features: { properties: { id: string; icon: string } }[] }>;
                }
                const at = (globalThis as unknown as { yihongMap: { map: { getSource: (id: string) => Source } } }).yihongMap.map.getSource(id);
                return at.loaded() ? (await at.getData()).features.map(({ properties }) => `${properties.id} ${properties.icon.split(':')[1]}`) : [];
            }, source);
        for (const source of ['sites', 'names']) {
            await until(async () => (await known(source)).includes('n0 5'), `the last change in ${source}`);
            expect((await known(source)).sort(), source).toEqual(all.map((one) => `${one.id} 5`).sort());
        }
        expect(errors).toEqual([]);
        await context.close();
    });

    it('is there as dots before the map itself has come', async () => {
        const { page, context, errors } = await window(stage.browser);
        const all = await country(page, stage.service.url);
        // the sections come after the code of the map, whose graphics let nothing else be drawn
        await page.route('**/collections/water-sections/items?*', async (route) => (await new Promise((done) => setTimeout(done, 2000)), await route.fallback()));
        await page.addInitScript(() => {
            const begun: string[] = [];
            Object.assign(globalThis, { begun });
            new MutationObserver(() => {
                if (begun.length === 0 && document.querySelector('.first path.dots')) begun.push('dots');
                if (document.querySelector('canvas.maplibregl-canvas') && !begun.includes('map')) begun.push('map');
            }).observe(document, { childList: true, subtree: true });
        });
        await page.goto(`${stage.service.url}/console/?at=105,35,3.6`);
        await page.locator('.first path.dots[d^=M]').first().waitFor();
        const dots = await page.locator('.first path.dots').evaluateAll((paths) => paths.reduce((sum, path) => sum + (path.getAttribute('d') ?? '').split('M').length - 1, 0));
        expect(dots).toBe(all.length);
        await page.locator('.first').waitFor({ state: 'detached' });
        expect(await page.evaluate(() => (globalThis as unknown as { begun: string[] }).begun)).toEqual(['dots', 'map']);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('is dragged with fewer pixels where the processor draws, and is sharp when it rests', async () => {
        const { page, context, errors } = await window(stage.browser);
        await country(page, stage.service.url);
        await page.goto(`${stage.service.url}/console/?at=105,35,7.5`);
        await drawn(page);
        const canvas = page.locator('.maplibregl-canvas');
        const density = () => canvas.evaluate((one: HTMLCanvasElement) => one.width / one.clientWidth);
        const west = () => page.evaluate(() => (globalThis as unknown as { yihongMap: { map: { getCenter: () => { lng: number } } } }).yihongMap.map.getCenter().lng);
        await until(async () => (await density()) > 0.99, 'all pixels');
        const box = (await canvas.boundingBox())!;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        await page.mouse.move(x, y);
        await page.mouse.down();
        for (let step = 1; step <= 20; ++step) await page.mouse.move(x + 15 * step, y);
        await until(async () => (await density()) < 0.41, 'four tenths of them');
        // 300 pixels at that zoom
        await until(async () => 105 - (await west()) > 1.1, 'the map under the hand');
        await page.mouse.up();
        await until(async () => (await density()) > 0.99, 'all pixels again');
        expect(errors).toEqual([]);
        await context.close();
    });

    it('opens a cluster on a click', async () => {
        const { page, context } = await window(stage.browser);
        await country(page, stage.service.url);
        await page.goto(`${stage.service.url}/console/?at=105,35,4`);
        await until(async () => (await onMap(page, 'clusters')).length > 20, 'clusters');
        const place = await page.evaluate(() => {
            const { map } = (globalThis as unknown as { yihongMap: { map: { project: (at: number[]) => { x: number; y: number }; queryRenderedFeatures: (options: object) => { geometry: { coordinates: number[] } }[] } } }).yihongMap;
            const [one] = map.queryRenderedFeatures({ layers: ['clusters'] }).map((found) => map.project(found.geometry.coordinates)).filter(({ x, y }) => x > 100 && x < 900 && y > 100 && y < 500);
            return one!;
        });
        await page.locator('.maplibregl-canvas').click({ position: place });
        await until(() => page.evaluate(() => (globalThis as unknown as { yihongMap: { map: { getZoom: () => number } } }).yihongMap.map.getZoom() > 5.9), 'the map to come nearer');
        await context.close();
    });
});

describe('the map', () => {
    it('changes a symbol in place when its section changes', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/`);
        await drawn(page);
        const iconOf = async () => (await onMap(page, 'sites')).find((one) => one.id === 'hejindaqiao')?.icon;
        expect(await iconOf()).toContain(':stale:');
        const now = new Date(Math.floor(Date.now() / 3600_000) * 3600_000).toISOString();
        const body = [{ site: 'hejindaqiao', time: now, interval: 'sample', values: { ph: 8, dissolved_oxygen: 8, codmn: 12, ammonia_nitrogen: 0.3, total_phosphorus: 0.1 } }];
        expect((await fetch(`${stage.service.url}/api/v1/readings`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status).toBe(200);
        await until(async () => (await iconOf())?.startsWith('s:5:valid') === true, 'the new class on the map');
        expect(new Set((await onMap(page, 'sites')).map((one) => one.id)).size).toBe(8);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('lies on a basemap where the service names one, and says whose it is', async () => {
        const { page, context, errors } = await window(stage.browser);
        const tile = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
        let tiles = 0;
        await page.route('**/tiles/**', (route) => ((tiles += 1), route.fulfill({ contentType: 'image/png', body: tile })));
        await page.route('**/console/settings.json', (route) =>
            route.fulfill({ contentType: 'application/json', body: JSON.stringify({ basemap: { url: `${stage.service.url}/tiles/{z}/{x}/{y}.png`, labels_url: '', attribution: '审图号：GS(2026)0000号', max_zoom: 18, colours: false } }) }),
        );
        await page.goto(`${stage.service.url}/console/`);
        await drawn(page);
        await until(() => tiles > 0, 'tiles');
        await page.locator('.mfoot', { hasText: '审图号：GS(2026)0000号' }).waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });
});
