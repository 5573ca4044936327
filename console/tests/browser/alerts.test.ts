import { describe, expect, it } from 'vitest';
import { demonstrated, findings, out, until, window } from './harness';

const stage = demonstrated();

const stateOf = async (id: string): Promise<string> => ((await (await fetch(`${stage.service.url}/api/v1/alerts/${id}?f=json`)).json()) as { state: string }).state;

describe('an alert', () => {
    it('goes through its life while a second browser watches, and a 409 keeps the note', async () => {
        const first = await window(stage.browser);
        const second = await window(stage.browser);
        await second.context.addInitScript(() => localStorage.setItem('yihong.author', '王值班'));
        await first.page.goto(`${stage.service.url}/console/alerts`);
        const foremost = async () => (await first.page.locator('[data-alert]').first().getAttribute('data-alert')) ?? undefined;
        // once the people of the demonstration have answered that of 小韩村; which one comes first then goes by the time of day
        const whole = await until(async () => ((await foremost())?.startsWith('xiaohancun') ? undefined : foremost()), 'one that nobody has answered comes first');
        await first.page.locator('.story .hist li').first().waitFor();
        // since when each rule holds, who is on duty, and that nobody would be told
        expect(await first.page.locator('.story .rules li').allInnerTexts()).toContainEqual(expect.stringMatching(/^持续劣于Ⅲ类：.*\s自 \S/));
        await first.page.locator('.duty', { hasText: /当班\s*演示·(王值班|李工)\s*通知渠道\s*未配置/ }).waitFor();
        await first.page.screenshot({ path: `${out}/alerts.png` });
        expect(await findings(first.page)).toEqual([]);
        // what is done leaves the first view; both stay with this one
        await first.page.goto(`${stage.service.url}/console/alerts?view=all&id=${whole}`);
        await second.page.goto(`${stage.service.url}/console/alerts?view=all&id=${whole}`);

        // the second has a note half written when the first acknowledges
        await second.page.locator('.story [data-action=assign]').click();
        await second.page.locator('.story input[name=assignee]').fill('王值班');
        await second.page.locator('.story textarea').fill('已电话通知');
        await first.page.locator('.story [data-action=acknowledge]').click();
        await first.page.locator('.story input[name=by]').fill('李值班');
        await first.page.locator('.story form.ask button[type=submit]').click();
        await second.page.locator('.story .chip', { hasText: '已确认' }).waitFor();
        expect(await stateOf(whole)).toBe('acknowledged');
        expect(await second.page.locator('.story textarea').inputValue()).toBe('已电话通知');
        await second.page.locator('.story form.ask button[type=submit]').click();
        await first.page.locator('.story .hist', { hasText: '已电话通知' }).waitFor();

        // resolved by the first under the hand of the second: his note is still there, to be sent otherwise
        await second.page.locator('.story [data-action=silence]').click();
        await second.page.locator('.story textarea').fill('下午采样');
        const reply = await fetch(`${stage.service.url}/api/v1/alerts/${whole}/resolve`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ by: '李值班', note: '核实' }) });
        expect(reply.status).toBe(200);
        await second.page.locator('.story form.ask button[type=submit]').click();
        await second.page.locator('.said', { hasText: '你的备注还在' }).waitFor();
        await second.page.locator('.said button').click();
        await first.page.locator('.story .hist', { hasText: '下午采样' }).waitFor();
        await first.page.keyboard.press('Escape');
        await first.page.goto(`${stage.service.url}/console/alerts?view=all&id=${whole}`);
        await first.page.locator('.story [data-action=reopen]').click();
        await first.page.locator('.story textarea').fill('又超标');
        await first.page.locator('.story form.ask button[type=submit]').click();
        await second.page.locator('.story .chip', { hasText: '待确认' }).waitFor();
        expect(first.errors).toEqual([]);
        // the browser itself notes the refused request
        expect(second.errors.filter((error) => !/409|net::ERR_ABORTED/.test(error))).toEqual([]);
        await first.context.close();
        await second.context.close();
    });

    it('is handed on together with others, by the keyboard; a note outlives the end of the session', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/alerts?view=all`);
        await page.locator('[data-alert]').nth(2).waitFor();
        await page.keyboard.press('?');
        await page.locator('dialog.keys', { hasText: '单字母快捷键' }).waitFor();
        expect(await findings(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.locator('dialog.keys').waitFor({ state: 'detached' });
        await page.keyboard.press('x');
        await page.keyboard.press('Shift+J');
        await page.locator('.inbox', { hasText: '已选 2' }).waitFor();
        const ids = await page.locator('.ar:has(input:checked) [data-alert]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.alert!));
        await page.locator('.inbox [role=group] button', { hasText: '交办' }).click();
        if (await page.locator('.inbox .ask input[name=by]').count()) await page.locator('.inbox .ask input[name=by]').fill('值班甲');
        await page.locator('.inbox .ask input[name=assignee]').fill('孙工');
        await page.locator('.inbox .ask button[type=submit]').click();
        const told = async (id: string) => (await (await fetch(`${stage.service.url}/api/v1/alerts/${id}?f=json`)).json()) as { assignee: string | null };
        for (const id of ids) await until(async () => (await told(id)).assignee === '孙工', `${id} to be handed on`);
        expect(ids).toHaveLength(2);
        await page.locator('.inbox', { hasText: '已选' }).waitFor({ state: 'detached' });
        // the token ends while somebody types
        await page.route('**/api/v1/alerts/*/comment', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"unauthorized","detail":"token"}' }));
        await page.locator('.story [data-action=comment]').click();
        await page.locator('.story .ask textarea').fill('已联系上游');
        await page.locator('.story .ask button[type=submit]').click();
        await page.locator('dialog', { hasText: '登录' }).waitFor();
        expect(await page.locator('.story .ask textarea').inputValue()).toBe('已联系上游');
        await page.locator('dialog button', { hasText: '取消' }).click();
        await page.unroute('**/api/v1/alerts/*/comment');
        await page.locator('.story .ask button[type=submit]').click();
        await page.locator('.story .hist li', { hasText: '已联系上游' }).waitFor();
        expect(errors.filter((error) => !/401/.test(error))).toEqual([]);
        await context.close();
    });

    it('prints as one A4 page', async () => {
        const { page, context, errors } = await window(stage.browser);
        await page.goto(`${stage.service.url}/console/alerts?view=all`);
        await page.locator('[data-alert^=xiaohancun]').click();
        // what the first step was decided by, with the station's own words, and where that is
        await page.locator('.story .hist li').last().locator('summary').click();
        expect(await page.locator('.story .hist li').last().locator('.raw').first().innerText()).toMatch(/^##\d{4}QN=.*PW=\*{6};MN=A140800_0004/);
        await page.locator('.cards .smap path.city[d^=M]').waitFor();
        await page.locator('.sheet canvas').first().waitFor({ state: 'attached' });
        await page.locator('.sheet .steps tr').first().waitFor({ state: 'attached' });
        await page.locator('.sheet .smap path.city[d^=M]').waitFor({ state: 'attached' });
        const pdf = await page.pdf({ path: `${out}/alert.pdf`, format: 'A4', preferCSSPageSize: true });
        expect(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
        // charts keep the size that they were drawn with beside the screen: both stand on the paper, side by side
        await page.emulateMedia({ media: 'print' });
        await page.screenshot({ path: `${out}/alert-print.png` });
        const [sheet, ...charts] = await Promise.all([page.locator('.sheet'), ...(await page.locator('.sheet canvas').all())].map((one) => one.boundingBox()));
        expect(charts).toHaveLength(2);
        expect(charts[1]!.y).toBe(charts[0]!.y);
        expect(charts[1]!.x + charts[1]!.width).toBeLessThanOrEqual(sheet!.x + sheet!.width + 1);
        await page.emulateMedia({ media: 'screen' });
        expect(await page.locator('.shead').innerText()).toMatch(/最重 劣Ⅴ类（氨氮 3\.33 mg\/L，[^）]+），现 /);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('comes after a lost connection, whose length is told', async () => {
        const { page, context } = await window(stage.browser);
        await page.route('**/api/v1/stream*', (route) => route.abort());
        await page.goto(`${stage.service.url}/console/?site=longmen`);
        await page.locator('.line[role=alert]', { hasText: '连接中断' }).waitFor();
        const now = new Date(Math.floor(Date.now() / 3600_000) * 3600_000).toISOString();
        const body = [{ site: 'longmen', time: now, interval: 'sample', values: { ph: 8, dissolved_oxygen: 8, codmn: 2, ammonia_nitrogen: 1.8, total_phosphorus: 0.05 } }];
        expect((await fetch(`${stage.service.url}/api/v1/readings`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status).toBe(200);
        await page.unroute('**/api/v1/stream*');
        await page.locator('[data-live=live]').waitFor();
        await page.locator('[data-site=longmen]', { hasText: 'Ⅴ类' }).waitFor();
        await context.close();
    });
});

describe('who may only read', () => {
    it('sees no buttons, and may sign in and out', async () => {
        const { page, context } = await window(stage.browser);
        // as through a proxy: nobody on the machine itself
        await context.setExtraHTTPHeaders({ 'X-Forwarded-For': '203.0.113.7' });
        await page.goto(`${stage.service.url}/console/alerts`);
        await page.locator('[data-alert]').first().waitFor();
        await page.locator('.story .hist li').first().waitFor();
        expect(await page.locator('[data-action]').count()).toBe(0);
        await page.locator('.top .btn', { hasText: '登录' }).click();
        await page.locator('dialog input[name=token]').fill('yh_wrong');
        await page.locator('dialog button[type=submit]').click();
        await page.locator('dialog [role=alert]', { hasText: '没有这个令牌' }).waitFor();
        await until(async () => (await page.locator('[data-action]').count()) === 0, 'no buttons');
        await context.close();
    });
});
