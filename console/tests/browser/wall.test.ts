import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { country, demonstrated, drawn, out, window, type Feature } from './harness';

const stage = demonstrated();

interface Weight {
    heap: number;
    nodes: number;
    listeners: number;
}
/** The least of two rounds of its pages: the rivers of a country are twenty megabytes while they are shown, and until they are collected after that. */
async function weigh(session: CDPSession): Promise<Weight> {
    // a snapshot alone collects all that nothing holds: `collectGarbage` left five megabytes that were gone after one
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    const least: Weight = { heap: Infinity, nodes: Infinity, listeners: Infinity };
    // few looks, far apart: on a busy machine each collection takes seconds
    for (let read = 0; read < 8; ++read) {
        await new Promise((done) => setTimeout(done, 700));
        await session.send('HeapProfiler.collectGarbage');
        const { usedSize } = await session.send('Runtime.getHeapUsage');
        const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
        least.heap = Math.min(least.heap, usedSize);
        least.nodes = Math.min(least.nodes, nodes);
        least.listeners = Math.min(least.listeners, jsEventListeners);
    }
    return least;
}

/** A clock that runs twenty times as fast: the page's second is a twentieth of one. */
const hasten = (page: Page): Promise<void> =>
    page.addInitScript(() => {
        const every = globalThis.setInterval;
        (globalThis as unknown as { setInterval: unknown }).setInterval = (what: () => void, ms: number) => every(what, ms >= 1000 ? ms / 20 : ms);
    });

describe('the wall, with the sections of the whole country', () => {
    it('is after the events of an hour at 20 a second what it was after those of five minutes, and never blinks', async () => {
        const { page, context, errors } = await window(stage.browser, { viewport: { width: 1920, height: 1080 } });
        const all = await country(page, stage.service.url);
        await hasten(page);
        await page.goto(`${stage.service.url}/console/?mode=wall&every=20s`);
        await page.locator('.wall .wf').waitFor();
        await drawn(page);
        await page.screenshot({ path: `${out}/wall-network.png` });
        const session = await context.newCDPSession(page);
        await session.send('HeapProfiler.enable');
        await page.evaluate(() => {
            const canvas = document.querySelector('canvas');
            (globalThis as unknown as { canvas: unknown; lost: number }).canvas = canvas;
            (globalThis as unknown as { lost: number; turns: number }).lost = 0;
            (globalThis as unknown as { turns: number }).turns = 0;
            new MutationObserver(() => ((globalThis as unknown as { turns: number }).turns += 1)).observe(document.querySelector('.dots')!, { attributes: true, subtree: true, attributeFilter: ['class'] });
            // whatever takes the map or the list away for a moment is seen here
            new MutationObserver(() => {
                if (!canvas?.isConnected || !document.querySelector('.wall .wf') || !document.querySelector('.wall ul li')) (globalThis as unknown as { lost: number }).lost += 1;
            }).observe(document.querySelector('.wall')!, { childList: true, subtree: true });
        });
        // 72,000 events, as in an hour at 20 a second: a minute of them at once, and each minute drawn
        const weights = new Map<number, Weight>();
        await page.evaluate((features) => ((globalThis as unknown as { all: unknown }).all = features), all);
        for (let minute = 1; minute <= 60; ++minute) {
            await page.evaluate(async (first) => {
                const { all: sections, tell } = globalThis as unknown as { all: Feature[]; tell: (features: Feature[]) => void };
                tell(
                    Array.from({ length: 1200 }, (_, i) => {
                        const n = first * 1200 + i;
                        const feature = sections[(n * 7919) % sections.length]!;
                        return { ...feature, properties: { ...feature.properties, water_class: 1 + (n % 4), codmn: (n % 80) / 10 } };
                    }),
                );
                await new Promise((done) => setTimeout(done, 100));
                await new Promise((done) => requestAnimationFrame(done));
            }, minute);
            if (minute === 5 || minute === 60) weights.set(minute, await weigh(session));
        }
        // every page had its turn, again and again
        expect(await page.evaluate(() => (globalThis as unknown as { turns: number }).turns)).toBeGreaterThan(5);
        const [early, late] = [weights.get(5)!, weights.get(60)!];
        expect(late.heap).toBeLessThan(early.heap * 1.1 + 2_000_000);
        expect(late.nodes).toBeLessThan(early.nodes * 1.1 + 200);
        expect(late.listeners).toBeLessThan(early.listeners * 1.1 + 50);
        expect(await page.evaluate(() => (globalThis as unknown as { lost: number }).lost)).toBe(0);
        expect(await page.evaluate(() => document.querySelector('canvas') === (globalThis as unknown as { canvas: unknown }).canvas)).toBe(true);
        expect(errors).toEqual([]);
        await context.close();
    }, 420_000);
});
