import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const out = resolve(repository, 'console/tests/out');
mkdirSync(out, { recursive: true });

interface Service {
    url: string;
    folder: string;
    stop: () => Promise<void>;
}

/** The demonstration as scripts/demo.sh starts it: real readings played over HJ 212 up to now. */
async function demonstration(): Promise<Service> {
    const folder = mkdtempSync(join(tmpdir(), 'yihong-console-'));
    const program = process.env.YIHONG ?? join(repository, 'build/release/yihong');
    const child: ChildProcess = spawn('scripts/demo.sh', ['--program', program, '--listen', '127.0.0.1:0', '--data', folder, '--speed', 'max'], { cwd: repository, detached: true });
    let said = '';
    child.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const url = await until(() => /listening http=(\S+)/.exec(said)?.[1], 'the service to listen', () => said);
    const stop = async () => {
        if (child.exitCode === null && child.pid !== undefined) {
            process.kill(-child.pid, 'SIGTERM');
            await new Promise((done) => child.once('exit', done));
        }
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    };
    // the stations have played up to now when the newest records of all ten sections are of the last hours, the severe alert stands, and the people have dealt
    // with theirs
    await until(async () => {
        const { alerts } = (await (await fetch(`${url}/api/v1/alerts?state=open`)).json()) as { alerts: { severity: string }[] };
        const { features } = (await (await fetch(`${url}/collections/water-sections/items?f=json`)).json()) as { features: { properties: { time: string | null } }[] };
        const live = features.filter(({ properties: { time } }) => time !== null && Date.now() - Date.parse(time) < 12 * 3600_000);
        const theirs = (await (await fetch(`${url}/api/v1/alerts?site=xiaohancun&family=water&state=acknowledged`)).json()) as { alerts: { progress_at: string | null }[] };
        return alerts.some((one) => one.severity === 'high') && theirs.alerts.some((one) => one.progress_at !== null) && live.length >= 10;
    }, 'the stations to play up to now', () => said);
    return { url, folder, stop };
}

export async function until<T>(ask: () => T | Promise<T>, what: string, more: () => string = () => '', within = 90_000): Promise<NonNullable<T>> {
    const end = Date.now() + within;
    for (;;) {
        const got = await Promise.resolve(ask()).catch(() => undefined);
        if (got) return got;
        if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${more()}`);
        await new Promise((done) => setTimeout(done, 100));
    }
}

const launch = (): Promise<Browser> =>
    chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'] });

/** A demonstration and a browser for all tests of a file. */
export function demonstrated(): { service: Service; browser: Browser } {
    const stage = {} as { service: Service; browser: Browser };
    beforeAll(async () => {
        [stage.service, stage.browser] = await Promise.all([demonstration(), launch()]);
    });
    afterAll(async () => {
        await stage.browser?.close();
        await stage.service?.stop();
    });
    return stage;
}

/** A window whose log is watched: whatever a browser calls an error there is one here. */
export async function window(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ context: BrowserContext; page: Page; errors: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const errors: string[] = [];
    page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') if (!/GL Driver Message|GPU stall/.test(message.text())) errors.push(message.text());
    });
    page.on('response', (response) => {
        if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
    });
    page.on('pageerror', (error) => errors.push(error.message));
    return { context, page, errors };
}

/** The map has drawn what it knows. */
export async function drawn(page: Page): Promise<void> {
    await page.waitForFunction(
        () => {
            const map = (globalThis as unknown as { yihongMap?: { map: { loaded: () => boolean; queryRenderedFeatures: (options: object) => unknown[]; getLayer: (id: string) => unknown } } }).yihongMap?.map;
            return map?.loaded() === true && map.getLayer('sites') !== undefined && map.queryRenderedFeatures({ layers: ['sites'] }).length > 0;
        },
        undefined,
        { timeout: 45_000 },
    );
}

/** Serious and critical findings of axe-core, in words. */
export async function findings(page: Page): Promise<string[]> {
    await page.evaluate(readFileSync(resolve(repository, 'console/node_modules/axe-core/axe.min.js'), 'utf8'));
    const result = await page.evaluate(() => (globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }).axe.run({ resultTypes: ['violations'] }));
    return result.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
}

export interface Feature {
    id: string;
    geometry: { coordinates: number[] } | null;
    properties: Record<string, unknown>;
}
/** As many sections as the country has, each as one of the demonstration is; one in five hundred has its alert. */
export async function country(page: Page, url: string): Promise<Feature[]> {
    const read = async (path: string) => (await (await fetch(`${url}${path}`)).json()) as { features: Feature[]; links: unknown[] };
    const some = await read('/collections/water-sections/items?limit=100&f=json');
    // one section of the demonstration has no place, and at some hours of the day it is the first that alerts
    const located = some.features.filter((one) => one.geometry !== null);
    const calm = located.filter((one) => one.properties.alert_severity === 'none');
    const standing = located.find((one) => one.properties.alert_severity !== 'none')!;
    const alerting = { ...standing, properties: { ...standing.properties, alert_severity: 'high' } };
    const features = Array.from({ length: 5641 }, (_, i): Feature => {
        const like = i % 500 === 0 ? alerting : calm[i % calm.length]!;
        return { ...like, id: `n${i}`, geometry: { ...like.geometry!, coordinates: [80 + ((i * 7919) % 5000) / 100, 20 + ((i * 104729) % 3000) / 100] }, properties: { ...like.properties, name: `断面${i}` } };
    });
    // the service goes on with its own sections, which are not among these: of these the page hears what `tell` says
    await page.addInitScript(() => {
        let listeners = new Map<string, (event: unknown) => void>();
        (globalThis as unknown as { EventSource: unknown }).EventSource = class {
            static OPEN = 1;
            static CLOSED = 2;
            readyState = 1;
            onopen: (() => void) | null = null;
            onerror = null;
            constructor() {
                listeners = new Map();
                setTimeout(() => this.onopen?.());
            }
            addEventListener(name: string, take: (event: unknown) => void) {
                listeners.set(name, take);
            }
            close() {}
        };
        (globalThis as unknown as { tell: unknown }).tell = (features: unknown[]) => {
            for (const feature of features) listeners.get('site.changed')?.({ data: JSON.stringify(feature), lastEventId: '' });
        };
    });
    await page.route('**/collections/water-sections/items?*', (route) => route.fulfill({ contentType: 'application/geo+json', body: JSON.stringify({ type: 'FeatureCollection', features, links: [] }) }));
    return features;
}
