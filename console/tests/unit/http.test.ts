import { afterEach, describe, expect, it, vi } from 'vitest';
import { collection } from '../../src/api/features';
import { series } from '../../src/api/readings';
import { language } from '../../src/i18n';

afterEach(() => vi.unstubAllGlobals());

/** Answers by the path that is asked for. */
function served(answers: (path: string) => unknown): string[] {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (path: string) => {
        asked.push(path);
        return Promise.resolve(new Response(JSON.stringify(answers(path))));
    });
    return asked;
}
const next = (path: string, after: string) => (path.includes('after=') ? [] : [{ rel: 'next', href: `http://10.0.0.1:8080/behind/a/proxy${path}&after=${after}` }]);

describe('what comes in pages', () => {
    it('is read whole, on the address of the page itself', async () => {
        const asked = served((path) => ({ records: [{ time: path.includes('after=') ? '2026-11-26T05:00:00Z' : '2026-11-26T04:00:00Z' }], links: next(path, '1.hour') }));
        expect((await series('a', 0, 1)).map((one) => one.time)).toEqual(['2026-11-26T04:00:00Z', '2026-11-26T05:00:00Z']);
        expect(asked).toHaveLength(2);
        expect(asked[1]).toBe(`${asked[0]}&after=1.hour`);
        served((path) => ({ type: 'FeatureCollection', features: [{ id: path.includes('after=') ? 'b' : 'a' }], links: next(path, 'a') }));
        expect((await collection('city')).map((one) => one.id)).toEqual(['a', 'b']);
    });
});

describe('a service that does not answer', () => {
    it('is said in the language of the page', async () => {
        vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
        language.value = 'zh';
        await expect(series('a', 0, 1)).rejects.toThrow('服务没有应答');
        language.value = 'en';
        await expect(series('a', 0, 1)).rejects.toThrow('the service does not answer');
    });
});
