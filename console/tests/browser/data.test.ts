import { Validator } from '@seriousme/openapi-schema-validator';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demonstrated, findings, out, window } from './harness';

const stage = demonstrated();

describe('the page of data', () => {
    it('gives away the records of what is ticked, in one file, as the API has them', async () => {
        const { page, context, errors } = await window(stage.browser, { acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] });
        await page.goto(`${stage.service.url}/console/data`);
        await page.locator('[data-row=zhangliuzhuang] input').check();
        await page.locator('[data-row=longmen] input').check();
        await page.locator('.basket', { hasText: '数据篮 2' }).waitFor();
        expect(await findings(page)).toEqual([]);
        await page.screenshot({ path: `${out}/data.png` });
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载历史记录' }).click()]);
        expect(download.suggestedFilename()).toMatch(/^readings-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
        const [head, ...lines] = readFileSync((await download.path())!, 'utf8').replace('\ufeff', '').trimEnd().split('\r\n');
        expect(head).toBe('site,name,time,interval,status,parameter,value,unit,flag');
        // what comes back is what the service would take in
        await page.getByRole('button', { name: '复制网址' }).last().click();
        const urls = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
        expect(urls).toHaveLength(2);
        await page.locator('.basket select[name=format]').selectOption('Excel');
        const [workbook] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载历史记录' }).click()]);
        expect(workbook.suggestedFilename()).toMatch(/^water-records.*\.xlsx$/);
        expect(readFileSync((await workbook.path())!).subarray(0, 2).toString()).toBe('PK');
        let values = 0;
        for (const url of urls) {
            const { site, records } = (await (await fetch(url.replace('f=csv', 'f=json'))).json()) as { site: string; records: { time: string; values: Record<string, number | null> }[] };
            for (const record of records)
                for (const [parameter, value] of Object.entries(record.values)) {
                    values += 1;
                    expect(lines.some((line) => line.startsWith(`${site},`) && line.includes(`,${parameter},${value ?? ''},`)), `${site} ${parameter} ${value}`).toBe(true);
                }
        }
        expect(lines).toHaveLength(values);
        expect(errors).toEqual([]);
        await context.close();
    });

    it('filters as the service does, and has the address of that', async () => {
        const { page, context, errors } = await window(stage.browser, { permissions: ['clipboard-read', 'clipboard-write'] });
        await page.goto(`${stage.service.url}/console/data?river=汾河`);
        await page.locator('[data-row=hejindaqiao]').waitFor();
        const rows = await page.locator('[data-row]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.row));
        await page.getByRole('button', { name: '复制网址' }).first().click();
        const { features } = (await (await fetch(await page.evaluate(() => navigator.clipboard.readText()))).json()) as { features: { id: string }[] };
        expect(features.map((one) => one.id).sort()).toEqual([...rows].sort());
        // words that were typed, too, and in every format
        const search = page.locator('input[placeholder="名称、编号、河流或县"]');
        await page.goto(`${stage.service.url}/console/data`);
        await search.fill('HE');
        await page.locator('[data-row=hejindaqiao]').waitFor();
        const found = await page.locator('[data-row]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.row));
        await page.locator('.dp select[name=format]').first().selectOption('CSV');
        await page.getByRole('button', { name: '复制网址' }).first().click();
        const address = await page.evaluate(() => navigator.clipboard.readText());
        const lines = (await (await fetch(address)).text()).replace('\ufeff', '').trimEnd().split('\n').slice(1);
        expect(lines.map((line) => line.split(',')[0]).sort(), address).toEqual([...found].sort());
        await search.fill('不存在的断面');
        await page.getByText('没有符合“不存在的断面”').waitFor();
        expect(errors).toEqual([]);
        await context.close();
    });
});

describe('the description of the interface', () => {
    it('is OpenAPI 3.0 by its schema', async () => {
        const document = (await (await fetch(`${stage.service.url}/api`)).json()) as { openapi: string };
        expect(document.openapi).toMatch(/^3\.0\./);
        expect(await new Validator().validate(document)).toEqual({ valid: true });
    });
});
