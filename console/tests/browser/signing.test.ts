import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demonstrated, findings, out, until, window } from './harness';

const stage = demonstrated();

const asked = async (secret: string) =>
    ((await (await fetch(`${stage.service.url}/api/v1/session`, { headers: { Authorization: `Bearer ${secret}`, 'X-Forwarded-For': '203.0.113.7' } })).json()) as { name: string | null }).name;

/** A token made beside the running service, which knows of it within a second or so. */
const token = async (name: string, scope: string): Promise<string> => {
    const said = execFileSync(process.env.YIHONG!, ['token', 'create', name, '--scope', scope, '--config', join(stage.service.folder, 'demo.toml'), '--data', stage.service.folder], { encoding: 'utf8' });
    const secret = /yh_\S+/.exec(said)![0];
    await until(async () => (await asked(secret)) === name, 'the token to be known');
    return secret;
};

describe('signing in', () => {
    it('gives the buttons that the token may, keeps them over a reload, and takes them away again', async () => {
        const secret = await token('duty-wang', 'operate');
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

    it('with a token that administers gives out others, shows each once, and takes them back', async () => {
        const secret = await token('admin-li', 'admin');
        const { page, context, errors } = await window(stage.browser, { extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.7' } });
        // who signs in does not wait for what was asked for before, and gets what he may
        await page.route(/\/api\/v1\/alerts\?/, (route) => new Promise<void>((done) => setTimeout(() => void route.continue().then(done, done), 3000)), { times: 1 });
        await page.goto(`${stage.service.url}/console/ops/tokens`);
        await page.getByRole('main').getByRole('button', { name: '登录' }).click();
        await page.locator('dialog input[name=token]').fill(secret);
        await page.locator('dialog button[type=submit]').click();
        await page.locator('[data-token=admin-li]').waitFor();
        await page.locator('input[name=token-name]').fill('probe');
        await page.locator('input[name=scope-ingest]').check();
        await page.locator('form button[type=submit]').click();
        const shown = (await page.locator('.said code').textContent())!;
        expect(shown).toMatch(/^yh_/);
        await page.locator('[data-token=probe]', { hasText: '上报数据' }).waitFor();
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/ops-tokens.png` });
        await until(async () => (await asked(shown)) === 'probe', 'the token to be known');
        // never again, wherever one looks
        await page.reload();
        await page.locator('[data-token=probe]').waitFor();
        expect(await page.content()).not.toContain(shown);
        await page.locator('[data-token=probe] button').click();
        await page.locator('[data-token=probe] button', { hasText: '确定撤销' }).click();
        await page.locator('[data-token=probe]').waitFor({ state: 'detached' });
        await until(async () => (await asked(shown)) !== 'probe', 'the token to be gone');
        expect(errors).toEqual([]);
        await context.close();
    });
});
