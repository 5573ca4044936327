import { describe, expect, it } from 'vitest';
import { demonstrated, findings, out, window } from './harness';

const stage = demonstrated();

/** Nothing of a document's own spelling stands on a page that people read. */
const raw = /[{}]|"\w+":|undefined|NaN|\[object/;

describe('operations', () => {
    it('speak in words on every tab', async () => {
        const { page, context, errors } = await window(stage.browser);
        const reply = await fetch(`${stage.service.url}/api/v1/readings`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify([{ site: 'nowhere', time: '2026-11-26T00:00:00Z', interval: '4h', values: { ph: 7 } }]) });
        expect(reply.status).toBe(200);
        for (const [tab, says] of [['devices', '在线'], ['quarantine', '站点未登记'], ['outbox', '[[channels]]'], ['forwards', '没有转发到上级平台'], ['versions', '服务正常']] as const) {
            await page.goto(`${stage.service.url}/console/ops/${tab}`);
            await page.locator('.ob', { hasText: says }).waitFor();
            expect((await page.locator('.ob').innerText()).replace(/\[\[\w+\]\]/g, '').replace(/\{"site".*/g, ''), tab).not.toMatch(raw);
            expect(await findings(page), tab).toEqual([]);
            await page.screenshot({ path: `${out}/ops-${tab}.png` });
        }
        // what was refused is read again on a click, and goes for good on two
        await page.goto(`${stage.service.url}/console/ops/quarantine`);
        await page.getByRole('button', { name: '全部重读' }).click();
        await page.locator('.ob', { hasText: '仍被拒' }).waitFor();
        await page.getByRole('button', { name: '删除' }).first().click();
        await page.getByRole('button', { name: '确定删除' }).click();
        await page.locator('.ob', { hasText: '隔离区是空的' }).waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });

    it('try rules on what is stored', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/ops/rules`);
        const { rules } = (await (await fetch(`${stage.service.url}/api/v1/alerts/rules`)).json()) as { rules: { id: string; title: string }[] };
        await page.locator('.ob > .dt', { hasText: rules[0]!.title }).waitFor();
        const asked = page.waitForResponse((reply) => reply.url().includes('/alerts/backtest'));
        await page.getByRole('button', { name: '开始试算' }).click();
        const told = (await (await asked).json()) as { numberMatched: number; records: number };
        expect(told.numberMatched).toBeGreaterThan(0);
        await page.locator(`[data-tried="${told.numberMatched}"]`).waitFor();
        expect(await page.locator('[data-tried]').innerText()).not.toMatch(raw);
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/ops-rules.png` });
        // a slip of the pen is told with its line
        await page.getByText('改用自己的规则').click();
        await page.locator('[name=try-own]').fill('[[rules]]\nid = "x"\nkind = "worse_than_clas"\n');
        await page.getByRole('button', { name: '开始试算' }).click();
        await page.locator('.ob .said', { hasText: 'rules:3:' }).waitFor();
        // the browser itself writes a line for every answer from 400 on
        expect(errors.filter((line) => !line.includes('400'))).toEqual([]);
        await context.close();
    });

    it('mark what no reading says, and take it back', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/ops/marks`);
        await page.locator('[name=mark-by]').fill('李值班');
        await page.locator('[name=mark-site]').fill('tongguandiaoqiao');
        await page.locator('[name=mark-begin]').fill('2020-11-03');
        await page.locator('[name=mark-reason]').fill('河道无水');
        await page.locator('[name=mark-document]').fill('运环函〔2020〕12号');
        await page.getByRole('button', { name: '登记' }).click();
        const row = page.locator('[data-mark]', { hasText: '2020-11-03起' });
        await row.waitFor();
        await row.locator('input[type=date]').fill('2020-11-09');
        await page.locator('[data-mark]', { hasText: '2020-11-03至2020-11-09' }).waitFor();
        // a list of dust days, some of them of other places
        await page.locator('[name=dust-list]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', // in GB18030, as Excel writes it: 城市,日期 运城市 临汾市
            buffer: Buffer.concat([Buffer.from('b3c7cad02cc8d5c6da0ad4cbb3c7cad02c', 'hex'), Buffer.from('2020-11-20\n'), Buffer.from('c1d9b7dacad02c', 'hex'), Buffer.from('2020-11-20\n')]) });
        await page.locator('.ob .said', { hasText: '登记 1 天，已有 0 天，别处：临汾市' }).waitFor();
        expect(await page.locator('.ob').innerText()).not.toMatch(raw);
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/ops-marks.png` });
        const marked = (await (await fetch(`${stage.service.url}/api/v1/statistics/water-sections?period=2020-11&site=tongguandiaoqiao&compare=none`)).json()) as { sections: { days_left_out: number; marks: { by: string }[] }[] };
        expect(marked.sections[0]).toMatchObject({ days_left_out: 7, marks: [{ by: '李值班' }] });
        await page.locator('[data-mark]', { hasText: '2020-11-03至2020-11-09' }).getByRole('button', { name: '撤销' }).click();
        await page.getByLabel('为何撤销').fill('登记有误');
        await page.getByRole('button', { name: '确定撤销' }).click();
        await page.locator('.ob .said', { hasText: '已撤销：断流' }).waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });

    it('ask a station for what is missing', async () => {
        const { page, context, errors } = await window(stage.browser);
        const { devices } = (await (await fetch(`${stage.service.url}/api/v1/devices`)).json()) as { devices: { mn: string; site: string }[] };
        const mn = devices.find((one) => one.site === 'tongguandiaoqiao')!.mn;
        await page.goto(`${stage.service.url}/console/ops/devices/${mn}`);
        await page.locator('[data-refill]').first().click();
        await page.locator('.dvd .said').waitFor();
        const said = await page.locator('.dvd .said').innerText();
        expect(said).toMatch(/补回 \d+ 条|没有数据|没有应答|拒绝/);
        const { commands } = (await (await fetch(`${stage.service.url}/api/v1/devices/${mn}/commands`)).json()) as { commands: { command: string }[] };
        expect(commands.some((one) => one.command === 'history_hour')).toBe(true);
        expect(errors).toEqual([]);
        await context.close();
    });
});

describe('an air station', () => {
    it('says why its index is what it is, on its page and on the map', async () => {
        const { page, context, errors } = await window(stage.browser);
        // as its readings have it at some hours: nothing of nitrogen dioxide, and no index then
        const time = new Date(Math.floor(Date.now() / 3600_000) * 3600_000).toISOString();
        for (const no2 of [30, null]) {
            const body = [{ site: '2175A', time, interval: 'hour', values: { pm25: 26, pm10: 43, so2: 4, no2, co: 0.6, o3: 158 } }];
            const reply = await fetch(`${stage.service.url}/api/v1/readings`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
            expect(reply.status).toBe(200);
            const why = (await (await fetch(`${stage.service.url}/api/v1/sites/2175A/judgement`)).json()) as { aqi: number | null; parameters: { name: string; iaqi: number | null }[] };
            expect(why.parameters.filter((item) => item.iaqi === null).map((item) => item.name)).toEqual(no2 === null ? ['二氧化氮'] : []);
            await page.goto(`${stage.service.url}/console/sites/2175A`);
            for (const { name, iaqi } of why.parameters) {
                const row = page.locator('table.why tbody tr', { hasText: name });
                await row.waitFor();
                expect((await row.locator('td').allInnerTexts()).slice(3).join(' '), name).toMatch(iaqi === null ? /^— 不参评：没有数值$/ : new RegExp(`^${iaqi} .* → `));
            }
            expect(await findings(page)).toEqual([]);
            await page.screenshot({ path: `${out}/air-section${no2 === null ? '-none' : ''}.png` });
            await page.goto(`${stage.service.url}/console/?site=2175A`);
            await page.locator('.det', { hasText: no2 === null ? '缺二氧化氮' : `AQI ${why.aqi}` }).waitFor();
            await page.locator('.det canvas').first().waitFor();
        }
        await page.goto(`${stage.service.url}/console/air`);
        await page.locator('.hours li').nth(23).waitFor();
        expect(await page.locator('.hours li').count()).toBe(24);
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/air.png` });
        expect(errors).toEqual([]);
        await context.close();
    });
});
