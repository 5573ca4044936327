import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demonstrated, drawn, findings, out, until, window } from './harness';

const stage = demonstrated();

describe('a section', () => {
    it('shows each item against its limits, its charts, and gives away what it shows', async () => {
        const { page, context, errors } = await window(stage.browser, { acceptDownloads: true });
        await page.goto(`${stage.service.url}/console/sites/xiaohancun`);
        await page.locator('.charts canvas').nth(3).waitFor();
        const why = (await (await fetch(`${stage.service.url}/api/v1/sites/xiaohancun/judgement`)).json()) as { parameters: { name: string; counted: boolean; assessed: number; clause: string }[] };
        const table = await page.locator('table.why').innerText();
        for (const item of why.parameters.filter((one) => one.counted)) for (const text of [item.name, String(item.assessed), item.clause]) expect(table).toContain(text);
        // where it lies in the city, by lines of the layers; the disc is on the picture, and leads to the map
        await page.locator('.smap path.yellow-river[d^=M]').waitFor();
        const [picture, disc] = [await page.locator('.smap').boundingBox(), await page.locator('.smap .disc').boundingBox()];
        expect(disc!.x > picture!.x && disc!.y > picture!.y && disc!.x + disc!.width < picture!.x + picture!.width && disc!.y + disc!.height < picture!.y + picture!.height).toBe(true);
        expect(await page.locator('.smap').getAttribute('href')).toContain('?site=xiaohancun');
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/section.png` });
        // who points at one chart sees the time in all of them
        const charts = page.locator('.charts canvas');
        const first = (await charts.first().boundingBox())!;
        await page.mouse.move(first.x + first.width * 0.7, first.y + 60);
        await until(async () => (await page.locator('.charts .cross').count()) === (await charts.count()), 'a line in every chart');
        await page.mouse.move(0, 0);
        // its alert stands over the chart from its first record on, and leads to its story
        const [alert] = ((await (await fetch(`${stage.service.url}/api/v1/alerts?site=xiaohancun&family=water`)).json()) as { alerts: { id: string; first_time: string }[] }).alerts;
        await page.locator('[data-alerts] a[href*="xiaohancun-water"]').first().waitFor();
        const days = 7 * 86_400_000;
        const from = Date.now() - days;
        await page.mouse.click(first.x + 38 + ((first.width - 78) * (Date.parse(alert!.first_time) - from)) / (1.07 * days), first.y + 7);
        await page.waitForURL((url) => url.searchParams.get('id') === alert!.id);
        await page.goBack();
        await charts.nth(3).waitFor();
        const before = new URL(page.url());
        await page.getByRole('button', { name: '24 小时' }).click();
        expect(new URL(page.url()).searchParams.get('range')).toBe('24h');
        expect(before.searchParams.get('range')).toBeNull();
        // the records that are shown, as the API has them
        await page.locator('.recs select[name=format]').selectOption('GeoJSON');
        const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.recs a[download]').click()]);
        const got = JSON.parse(readFileSync((await download.path())!, 'utf8')) as { features: { properties: { site: string; time: string } }[] };
        const shown = await page.evaluate(async (id) => ((await (await fetch(`/api/v1/sites/${id}/readings?limit=10000&f=json`)).json()) as { records: { time: string }[] }).records.map((one) => one.time), 'xiaohancun');
        expect(got.features.length).toBeGreaterThan(0);
        for (const { properties } of got.features) {
            expect(properties.site).toBe('xiaohancun');
            expect(shown).toContain(properties.time);
            expect(Date.parse(properties.time)).toBeGreaterThan(Date.now() - 25 * 3_600_000);
        }
        expect(errors).toEqual([]);
        await context.close();
    });

    it('says of an item that was measured at another time when that was', async () => {
        const { page, context, errors } = await window(stage.browser);
        interface Told {
            time: string;
            parameters: { parameter: string; name: string; time: string; interval: string; counted: boolean }[];
        }
        const told = (await (await fetch(`${stage.service.url}/api/v1/sites/hejindaqiao/judgement?f=json`)).json()) as Told;
        const sampled = told.parameters.find((item) => item.parameter === 'cod')!;
        expect(sampled.interval).toBe('sample');
        const when = new Date(Date.parse(sampled.time) + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ');
        await page.goto(`${stage.service.url}/console/sites/hejindaqiao`);
        const row = (name: string) => page.locator('table.why tr', { hasText: name }).first();
        expect(await row(sampled.name).innerText()).toContain(`${when} 采样`);
        expect(await row('氨氮').innerText()).not.toContain('20:00');
        await page.goto(`${stage.service.url}/console/?site=hejindaqiao`);
        expect(await page.locator('.det .it', { hasText: sampled.name }).innerText()).toContain(`${when} 采样`);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('prints light, and within the paper, whatever the screen is', async () => {
        const { page, context, errors } = await window(stage.browser, { viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
        await page.goto(`${stage.service.url}/console/sites/xiaohancun`);
        await page.locator('.charts canvas').nth(3).waitFor();
        const widths = () => page.locator('.charts canvas').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
        const before = await widths();
        // a pixel of the band behind the first chart
        const dark = () =>
            page.locator('.charts canvas').first().evaluate((canvas) => {
                const one = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
                one.drawImage(canvas as HTMLCanvasElement, 60, 30, 1, 1, 0, 0, 1, 1);
                return one.getImageData(0, 0, 1, 1).data[0]! < 128;
            });
        expect(await dark()).toBe(true);
        // A4, of which 12 mm at each side stay free
        await page.setViewportSize({ width: 794, height: 1123 });
        await page.emulateMedia({ media: 'print' });
        await page.evaluate(() => globalThis.dispatchEvent(new Event('beforeprint')));
        expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(22, 24, 27)');
        expect(await dark()).toBe(false);
        for (const width of await widths()) expect(width).toBeLessThanOrEqual(703 - 2 * 16);
        await page.getByText('打印', { exact: false }).last().waitFor();
        await page.screenshot({ path: `${out}/section-print.png`, fullPage: true });
        await page.emulateMedia({ media: 'screen' });
        await page.setViewportSize({ width: 1920, height: 1080 });
        await page.evaluate(() => globalThis.dispatchEvent(new Event('afterprint')));
        expect(await widths()).toEqual(before);
        expect(await dark()).toBe(true);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('that there is not is told in words', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/sites/nowhere`);
        await page.getByText('没有这个断面').waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });
});

describe('the overview', () => {
    it('counts no stale section in its share', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/overview`);
        await page.locator('.rv .rs, .wd .wnode').first().waitFor();
        const { features } = (await (await fetch(`${stage.service.url}/collections/water-sections/items?limit=100&f=json`)).json()) as { features: { properties: Record<string, unknown> }[] };
        const sure = features.filter(({ properties: p }) => p.currency === 'current' && p.class_complete === true && typeof p.water_class === 'number');
        const good = sure.filter(({ properties }) => (properties.water_class as number) <= 3);
        expect(await page.locator('.kp').first().innerText()).toContain(`${good.length} / ${sure.length}`);
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/overview.png` });
        expect(errors).toEqual([]);
        await context.close();
    });
});

describe('the overview of a period', () => {
    it('says the figures of a day as the statistics have them, and goes to the day before', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/overview`);
        // what is compared is what the page was told: the stations may still be playing
        const [reply] = await Promise.all([page.waitForResponse(/\/statistics\/water-sections\?/), page.getByRole('button', { name: '日', exact: true }).click()]);
        // the last whole day, in Beijing
        const code = new Date(Date.now() + 8 * 3600_000 - 86_400_000).toISOString().slice(0, 10);
        await page.locator(`[data-period="${code}"]`).waitFor();
        interface Told {
            all: { good: number; evaluated: number; good_share: number; met: number; missed: number };
            sections: { id: string; water_class: number | null; target: string }[];
        }
        expect(new URL(reply.url()).searchParams.get('period')).toBe(code);
        const told = (await reply.json()) as Told;
        expect(told.all.evaluated).toBeGreaterThan(5);
        await page.locator('.kp', { hasText: 'Ⅲ类及以上' }).getByText(`${told.all.good} / ${told.all.evaluated} 个可评价断面`).waitFor();
        expect(await page.locator('.kp', { hasText: '不达目标' }).innerText()).toContain(`${told.all.missed}/ ${told.all.met + told.all.missed}`);
        for (const { id, water_class, target } of told.sections) {
            const row = await page.locator(`[data-section=${id}]`).innerText();
            expect(row, id).toContain(water_class === null ? '有效数据不足' : `${['', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'][water_class]}类`);
            expect(row.includes('未达目标'), id).toBe(target === 'missed');
        }
        // the worst first, those without a class last
        const shown = await page.locator('[data-section]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.section));
        const classes = shown.map((id) => told.sections.find((one) => one.id === id)!.water_class ?? 0);
        expect(classes).toEqual([...classes].sort((a, b) => b - a));
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/overview-day.png` });
        await page.getByRole('button', { name: '前一时段' }).click();
        await page.locator(`[data-period="${new Date(Date.parse(code) - 86_400_000).toISOString().slice(0, 10)}"]`).waitFor();
        // who looks back at a moment gets the period that it lies in
        await page.goto(`${stage.service.url}/console/overview?period=month&t=2020-11-16T04:00:00%2B08:00`);
        await page.locator('[data-period="2020-11"]').waitFor();
        // a year of which few months are known has classes and no verdicts
        await page.goto(`${stage.service.url}/console/overview?period=year&of=2021`);
        await page.locator('[data-section=zhangliuzhuang]', { hasText: 'Ⅴ类' }).getByText('1/12 个月有均值，不足 8 个月，不判定达标').waitFor();
        // a month of which little is known says so, in the words of the page
        await page.goto(`${stage.service.url}/console/overview?period=month&of=2021-03&lang=en`);
        await page.locator('[data-section=longmen]', { hasText: 'too few valid data' }).waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });
});

describe('other sizes', () => {
    it('a phone shows what to do first, and a detail as a page', async () => {
        const { page, context, errors } = await window(stage.browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
        await page.goto(`${stage.service.url}/console/`);
        await page.locator('.firstthing').waitFor();
        await drawn(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        await page.screenshot({ path: `${out}/phone.png` });
        expect(await findings(page)).toEqual([]);
        await page.locator('[data-site=longmen]').click();
        await page.locator('.det .scale').first().waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });

    it('a wall turns its pages by itself', async () => {
        const { page, context, errors } = await window(stage.browser, { viewport: { width: 1920, height: 1080 } });
        await page.goto(`${stage.service.url}/console/?mode=wall&every=5s`);
        await page.locator('.wall .wf').waitFor();
        await drawn(page);
        await page.screenshot({ path: `${out}/wall.png` });
        // to be read from five metres: no text under 22 px, those of the map as large as it is shown
        const small = await page.locator('.wall').evaluate((wall) =>
            [...wall.querySelectorAll('*')].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '') && one.closest('svg,.vh') === null && parseFloat(getComputedStyle(one).fontSize) < 22).map((one) => one.textContent),
        );
        expect(small).toEqual([]);
        const shown = await page.locator('.wm .maplibregl-canvas').evaluate((canvas) => [canvas.getBoundingClientRect().width, (canvas as HTMLCanvasElement).width, canvas.clientWidth]);
        // names are 14 px high on the map's own canvas, of which each pixel is one of the screen
        expect((14 * shown[0]!) / shown[2]!).toBeGreaterThan(22);
        expect(Math.abs(shown[1]! - shown[0]!)).toBeLessThan(4);
        await page.locator('.wall .rv, .wall .wd').first().waitFor();
        await page.locator('.wall .wa').waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });
});
