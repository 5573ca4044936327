import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demonstrated, out, until, window } from './harness';

const stage = demonstrated();

const token = (name: string, scope: string): string => {
    const said = execFileSync(process.env.YIHONG!, ['token', 'create', name, '--scope', scope, '--config', join(stage.service.folder, 'demo.toml'), '--data', stage.service.folder], { encoding: 'utf8' });
    return /yh_\S+/.exec(said)![0];
};

describe('signing in', () => {
    it('gives the buttons that the token may, keeps them over a reload, and takes them away again', async () => {
        const secret = token('duty-wang', 'operate');
        // as through a proxy: nobody on the machine itself
        const { page, context, errors } = await window(stage.browser, { extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.7' } });
        await page.goto(`${stage.service.url}/console/alerts`);
        await page.locator('.story .hist li').first().waitFor();
        expect(await page.locator('[data-action]').count()).toBe(0);
        expect(await page.locator('.tabs .tab', { hasText: '运维' }).count()).toBe(0);

        await page.locator('.top .btn', { hasText: '登录' }).click();
        await page.locator('dialog input[name=token]').fill(secret);
        await page.locator('dialog button[type=submit]').click();
        await page.locator('dialog').waitFor({ state: 'detached' });
        await page.locator('.story [data-action=acknowledge]').waitFor();
        await page.locator('.tabs .tab', { hasText: '运维' }).waitFor();
        // no script can read what opens the service
        const cookie = (await context.cookies()).find((one) => one.name === 'yihong_token');
        expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
        expect(await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(secret);

        // who acts stands in the log by the token's name
        await page.reload();
        await page.locator('.story [data-action=comment]').click();
        await page.locator('.story textarea').fill('已登录');
        await page.locator('.story form.ask button[type=submit]').click();
        await page.locator('.story .hist li', { hasText: 'duty-wang' }).first().waitFor();
        await page.screenshot({ path: `${out}/signed-in.png` });

        await page.locator('.top .person').click();
        await page.getByRole('button', { name: '退出' }).click();
        await page.locator('.top .btn', { hasText: '登录' }).waitFor();
        await page.locator('.story .hist li').first().waitFor();
        expect(await page.locator('[data-action]').count()).toBe(0);
        await until(async () => (await context.cookies()).every((one) => one.name !== 'yihong_token' || one.value === ''), 'the cookie to be gone');
        expect(errors).toEqual([]);
        await context.close();
    });
});
