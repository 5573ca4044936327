import { describe, expect, it } from 'vitest';
import { demonstrated, drawn, findings, out, until, window } from './harness';

const stage = demonstrated();

describe('the map', () => {
    it('is where a browser is led, and shows the sections, the worst first', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/`);
        expect(new URL(page.url()).pathname).toBe('/console/');
        await page.waitForSelector('[data-site=zhangliuzhuang]');
        const names = await page.locator('[data-site] .nm').allTextContents();
        expect(names).toHaveLength(12);
        // which section that is goes by the time of day: the most severe of those that nobody has answered
        const { features } = (await (await fetch(`${stage.service.url}/collections/water-sections/items?f=json`)).json()) as { features: { properties: { name: string; alert_state: string; alert_severity: string } }[] };
        const weightOf = ({ properties: p }: (typeof features)[number]) => (p.alert_state === 'open' ? ['none', 'notice', 'alert', 'high'].indexOf(p.alert_severity) : 0);
        expect(weightOf(features.find(({ properties }) => properties.name === names[0])!)).toBe(Math.max(...features.map(weightOf)));
        await drawn(page);
        await page.screenshot({ path: `${out}/map-light.png` });
        expect(await findings(page)).toEqual([]);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('shows the sections where they are before the map itself has come, and the map at the same places', async () => {
        const { page, context, errors } = await window(stage.browser);
        let answer = () => {};
        const held = new Promise<void>((done) => (answer = done));
        await page.route(/network-map-[^/]*\.js$/, async (route) => (await held, await route.continue()));
        await page.goto(`${stage.service.url}/console/`);
        const disc = page.locator('[data-first=zhangliuzhuang]');
        await disc.waitFor();
        await page.locator('.first path.yellow-river[d^=M]').waitFor();
        const box = (await disc.boundingBox())!;
        await page.screenshot({ path: `${out}/map-first.png` });
        answer();
        await drawn(page);
        await page.locator('.first').waitFor({ state: 'detached' });
        const [x, y] = await page.evaluate(() => {
            interface Shown {
                markers: { id: string; position: [number, number] }[];
                map: { project: (at: [number, number]) => { x: number; y: number }; getCanvas: () => { getBoundingClientRect: () => { left: number; top: number } } };
            }
            const { markers, map } = (globalThis as unknown as { yihongMap: Shown }).yihongMap;
            const { left, top } = map.getCanvas().getBoundingClientRect();
            const at = map.project(markers.find((one) => one.id === 'zhangliuzhuang')!.position);
            return [left + at.x, top + at.y] as const;
        });
        expect(Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y)).toBeLessThan(2);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('finds 张留庄 and says its class and why, by the keyboard alone', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/`);
        await page.waitForSelector('[data-site=zhangliuzhuang]');
        await page.keyboard.press('/');
        await page.keyboard.type('张留庄');
        await page.waitForSelector('.hits [aria-selected=true]');
        await page.keyboard.press('Enter');
        await page.waitForSelector('.det .scale');
        const why = (await (await fetch(`${stage.service.url}/api/v1/sites/zhangliuzhuang/judgement`)).json()) as { water_class: number; parameters: { name: string; decided: boolean; assessed: number }[] };
        const said = await page.locator('.det').innerText();
        expect(said).toContain(['', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'][why.water_class]);
        for (const item of why.parameters.filter((one) => one.decided)) expect(said).toContain(item.name);
        expect(new URL(page.url()).searchParams.get('site')).toBe('zhangliuzhuang');
        await page.waitForSelector('.det canvas');
        expect(await findings(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.waitForSelector('.det', { state: 'detached' });
        expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.site)).toBe('zhangliuzhuang');
        expect(errors).toEqual([]);
        await context.close();
    });

    it('speaks English, shines dark, and remembers both', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/?site=xiaohancun`);
        await page.waitForSelector('.det .scale');
        await page.getByRole('button', { name: 'EN', exact: true }).click();
        expect(await page.locator('.kpi').innerText()).toContain('Worse than III');
        await page.keyboard.press('t');
        expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
        await page.reload();
        await page.waitForSelector('.det .scale');
        expect(await page.locator('html').getAttribute('lang')).toBe('en');
        await drawn(page);
        expect(await findings(page)).toEqual([]);
        await page.getByRole('button', { name: '中', exact: true }).click();
        await page.screenshot({ path: `${out}/map-dark.png` });
        expect(errors).toEqual([]);
        await context.close();
    });

    it('shows the network as it was, and the same link the same moment', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/`);
        await page.waitForSelector('[data-site=zhangliuzhuang]');
        const slider = page.locator('.tl [role=slider]');
        await slider.focus();
        for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowLeft');
        const link = page.url();
        const shown = new URL(link).searchParams.get('t')!;
        expect(shown).toMatch(/\+08:00$/);
        // the address changes with the key, the page with its next drawing
        const drawn = page.locator('.chip.inv', { hasText: shown.slice(11, 16) });
        await drawn.waitFor();
        const counts = await page.locator('.kpi b').allTextContents();
        await page.goto(link);
        await drawn.waitFor();
        await page.waitForSelector('[data-site=zhangliuzhuang]');
        expect(await page.locator('.kpi b').allTextContents()).toEqual(counts);
        await page.getByRole('button', { name: '回到现在' }).click();
        await page.waitForSelector('[data-live=live]');
        expect(errors).toEqual([]);
        await context.close();
    });

    it('goes to any day, with what was known of the sections then', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/`);
        await page.waitForSelector('[data-site=xiaohancun]');
        await page.locator('.tl input[type=date]').fill('2021-11-16');
        await page.waitForURL((url) => url.searchParams.get('t') === '2021-11-16T00:00:00+08:00');
        const then = async (at: string) => ((await (await fetch(`${stage.service.url}/collections/water-sections/items?f=json&datetime=${encodeURIComponent(at)}`)).json()) as { features: { id: string; properties: { name: string; water_class: number | null; currency: string; time: string } }[] }).features;
        const worse = (features: Awaited<ReturnType<typeof then>>) => features.filter(({ properties: p }) => p.currency === 'current' && (p.water_class ?? 0) > 3).length;
        const day = await then('2021-11-16T00:00:00+08:00');
        await until(async () => Number(await page.locator('.kpi b').first().textContent()) === worse(day), 'the count of that day');
        // the strip lies around the day, and the arrow goes on from it
        await page.locator('.tl text', { hasText: '11-16' }).waitFor();
        await page.locator('.tl [role=slider]').focus();
        await page.keyboard.press('ArrowRight');
        await page.waitForURL((url) => url.searchParams.get('t') === '2021-11-16T04:00:00+08:00');
        // a section says why it was so, by the record of then
        await page.locator('[data-site=longmen]').click();
        const record = (await then('2021-11-16T04:00:00+08:00')).find(({ id }) => id === 'longmen')!.properties;
        const told = (await (await fetch(`${stage.service.url}/api/v1/sites/longmen/judgement?time=${record.time}&interval=4h&f=json`)).json()) as { parameters: { parameter: string; name: string; assessed: number }[] };
        const item = told.parameters.find(({ parameter }) => parameter === 'codmn')!;
        await until(async () => (await page.locator('.det .it', { hasText: item.name }).innerText()).includes(String(item.assessed)), 'the value of then');
        // the same by its address, with more days around it
        await page.locator('.tl select').selectOption('30d');
        const link = page.url();
        expect(new URL(link).searchParams.get('range')).toBe('30d');
        await page.locator('.tl [role=slider][aria-valuemax="179"]').waitFor();
        await page.goto(link);
        await page.locator('.chip.inv', { hasText: '2021-11-16 04:00' }).waitFor();
        await page.locator('.tl [role=slider][aria-valuemax="179"]').waitFor();
        await page.screenshot({ path: `${out}/map-then.png` });
        // a day of which nothing is known says so
        await page.locator('.tl input[type=date]').fill('2024-05-01');
        await page.getByText('这段时间没有记录').waitFor();
        await page.getByRole('button', { name: '回到现在' }).click();
        await page.waitForSelector('[data-live=live]');
        expect(errors).toEqual([]);
        await context.close();
    });

    it('has columns of the width that somebody gives them, and remembers it', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/?site=longmen`);
        await page.locator('.det .it').first().waitFor();
        const widths = () => page.evaluate(() => ['.panel', '.det'].map((one) => document.querySelector(one)!.getBoundingClientRect().width));
        expect(await widths()).toEqual([340, 380]);
        const handle = (await page.locator('.divider.list').boundingBox())!;
        await page.mouse.move(handle.x + 4, 400);
        await page.mouse.down();
        await page.mouse.move(handle.x + 64, 400, { steps: 6 });
        await page.mouse.up();
        await page.locator('.divider.detail').focus();
        for (let i = 0; i < 6; ++i) await page.keyboard.press('ArrowRight');
        expect(await widths()).toEqual([400, 300]);
        await page.reload();
        await page.locator('.det .it').first().waitFor();
        expect(await widths()).toEqual([400, 300]);
        await page.keyboard.press('[');
        await page.locator('.panel').waitFor({ state: 'detached' });
        await page.keyboard.press('[');
        await page.locator('.panel').waitFor();
        expect(await findings(page)).toEqual([]);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('has its ground from the tiles of the service, and says where they did not come', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.route('**/tiles/WebMercatorQuad/*/*/*?*', (route) => route.abort());
        await page.goto(`${stage.service.url}/console/`);
        await drawn(page);
        const seen = () =>
            page.evaluate(() => (globalThis as unknown as { yihongMap: { map: { queryRenderedFeatures: (options: object) => { sourceLayer: string }[] } } }).yihongMap.map.queryRenderedFeatures({ layers: ['city-fill', 'counties-line', 'yellow-line', 'salt-fill', 'neighbours-fill'] }).map((one) => one.sourceLayer));
        expect(await seen()).toEqual([]);
        await page.keyboard.press('l');
        await page.locator('.layers [role=alert]', { hasText: '未能读取' }).waitFor();
        await page.unroute('**/tiles/WebMercatorQuad/*/*/*?*');
        await page.locator('.layers [role=alert] button').click();
        await until(async () => new Set(await seen()).size === 5, 'the layers of the ground');
        expect(await page.locator('.layers [role=alert]').count()).toBe(0);
        expect(errors.filter((error) => !error.includes('net::ERR_FAILED'))).toEqual([]);
        await context.close();
    });

    it('changes as readings come, without being asked', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/`);
        await page.waitForSelector('[data-live=live]');
        const now = new Date(Math.floor(Date.now() / 3600_000) * 3600_000).toISOString();
        const body = [{ site: 'hejindaqiao', time: now, interval: 'sample', values: { ph: 8, dissolved_oxygen: 8, codmn: 12, ammonia_nitrogen: 0.3, total_phosphorus: 0.1 } }];
        const reply = await fetch(`${stage.service.url}/api/v1/readings`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
        expect(reply.status).toBe(200);
        await page.locator('[data-site=hejindaqiao]', { hasText: 'Ⅴ类' }).waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });
});
