import { describe, expect, it } from 'vitest';
import { demonstrated, out, until, window } from './harness';

const stage = demonstrated();

const post = async (site: string, hours: number, values: Record<string, number>) => {
    const time = new Date(Math.floor(Date.now() / 3600_000 - hours) * 3600_000).toISOString();
    const reply = await fetch(`${stage.service.url}/api/v1/readings`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify([{ site, time, interval: 'sample', values }]) });
    expect(reply.status).toBe(200);
};

describe('a new alert', () => {
    it('is told by a line, a tone and a notice of the desktop, to who asked for them', async () => {
        const { page, context, errors } = await window(stage.browser);
        await context.addInitScript(() => {
            const heard = { tones: 0, notices: [] as string[] };
            (globalThis as unknown as { heard: typeof heard }).heard = heard;
            const parameter = { value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
            (globalThis as unknown as { AudioContext: unknown }).AudioContext = class {
                currentTime = 0;
                destination = {};
                resume = () => Promise.resolve();
                createGain = () => ({ gain: parameter, connect: () => undefined });
                createOscillator = () => ({ frequency: parameter, connect: () => undefined, start: () => (heard.tones += 1), stop: () => undefined });
            };
            (globalThis as unknown as { Notification: unknown }).Notification = class {
                static permission = 'granted';
                static requestPermission = () => Promise.resolve('granted');
                close = () => undefined;
                constructor(text: string) {
                    heard.notices.push(text);
                }
            };
            Object.defineProperty(document, 'hidden', { get: () => true });
        });
        const heard = () => page.evaluate(() => (globalThis as unknown as { heard: { tones: number; notices: string[] } }).heard);
        await page.goto(`${stage.service.url}/console/overview`);
        await page.locator('[data-live=live]').waitFor();
        // nobody asked yet: a line alone
        await post('shangbocheng', 0, { ph: 8, dissolved_oxygen: 8, codmn: 2, ammonia_nitrogen: 4.5, total_phosphorus: 0.05 });
        await page.locator('[data-notice^=shangbocheng]', { hasText: '严重' }).waitFor();
        await page.screenshot({ path: `${out}/notice.png` });
        expect(await heard()).toEqual({ tones: 0, notices: [] });
        await page.locator('.top .btn[aria-pressed=false]').first().click();
        expect((await heard()).tones).toBe(1);
        await post('tongguandiaoqiao', 0, { ph: 8, dissolved_oxygen: 8, codmn: 2, ammonia_nitrogen: 5.5, total_phosphorus: 0.05 });
        await page.locator('[data-notice^=tongguandiaoqiao]').waitFor();
        await until(async () => (await heard()).notices.some((text) => text.includes('潼关吊桥')), 'the notice of the desktop');
        // two tones for a severe one, and no more for the same within five minutes
        expect((await heard()).tones).toBe(3);
        await page.locator('[data-notice^=tongguandiaoqiao] button').first().click();
        await page.locator('.story h2', { hasText: '潼关吊桥' }).waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });

    it('goes after a while, also where the one before it was closed under the pointer', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/overview`);
        await page.locator('[data-live=live]').waitFor();
        const foul = { ph: 8, dissolved_oxygen: 8, codmn: 2, ammonia_nitrogen: 5.5, total_phosphorus: 0.05 };
        await post('longmen', 0, foul);
        await page.locator('[data-notice^=longmen] [aria-label=关闭]').click();
        await page.locator('.toasts').waitFor({ state: 'detached' });
        await page.mouse.move(700, 300);
        await post('hejindaqiao', 0, foul);
        await page.locator('[data-notice^=hejindaqiao]').waitFor();
        await page.locator('.toasts').waitFor({ state: 'detached' });
        expect(errors).toEqual([]);
        await context.close();
    });
});
