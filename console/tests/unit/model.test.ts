import { beforeEach, describe, expect, it } from 'vitest';
import { bookOf, siteOf } from '../../src/api/features';
import { bandsOf, cameOf, lineOf, sampled, stretchesOf } from '../../src/charts/series';
import { language, t } from '../../src/i18n';
import { words } from '../../src/i18n/words';
import { gaussKruger } from '../../src/map/projection';
import { classesOf, run, strip, withRecords } from '../../src/model/matrix';
import { containing, itemsUrl } from '../../src/model/formats';
import { groupOf, inOrder } from '../../src/model/order';
import { overText } from '../../src/model/reasons';
import { figure, percent, unitText } from '../../src/model/number';
import { standing, type Site } from '../../src/model/site';
import { brief, duration, midnight, period } from '../../src/model/time';
import { placeOnScale } from '../../src/ui/parts';

const site = (of: Partial<Site>): Site => ({ ...siteOf({ type: 'Feature', id: of.id ?? 'a', geometry: null as never, properties: { name: 'a', time: '2026-11-26T04:00:00Z', currency: 'current', water_class: 2 } }, bookOf([])), ...of });
beforeEach(() => (language.value = 'zh'));

const book = bookOf([{ parameter: 'codmn', name: '高锰酸盐指数' }, { parameter: 'ammonia_nitrogen', name: '氨氮' }, { parameter: 'chromium_vi', name: '铬(六价)' }]);
describe('a feature', () => {
    it('is read as it is served, flat', () => {
        const flat = siteOf(
            { type: 'Feature', id: 'x', geometry: { type: 'Point', coordinates: [111, 35] }, properties: { currency: 'stale', alert_state: 'open', alert_severity: 'high', deciding_parameters: 'codmn、ammonia_nitrogen', main_pollutants: '高锰酸盐指数(0.8)、铬(六价)(1.2)、氨氮', missing_parameters: null, codmn: 10.8, river_chainage_km: 12 } },
            book,
        );
        expect(flat).toMatchObject({ stale: true, alertState: 'open', alertSeverity: 'high', deciding: ['codmn', 'ammonia_nitrogen'], missing: [], position: [111, 35], values: { codmn: 10.8 } });
        expect(flat.pollutants).toEqual([{ parameter: 'codmn', multiple: 0.8 }, { parameter: 'chromium_vi', multiple: 1.2 }, { parameter: 'ammonia_nitrogen', multiple: null }]);
        expect(Object.keys(flat.values)).toEqual(['codmn']);
        expect(siteOf({ type: 'Feature', id: 'x', geometry: null as never, properties: { alert_state: 'none', alert_severity: 'none', currency: 'current' } }, book)).toMatchObject({ alertState: null, alertSeverity: null, stale: false, position: null });
    });
});

describe('what is known of a site', () => {
    it('tells stale, unjudged and incomplete apart, in this order', () => {
        expect(standing(site({}))).toBe('valid');
        expect(standing(site({ complete: false }))).toBe('incomplete');
        expect(standing(site({ waterClass: 0, complete: false }))).toBe('unjudged');
        expect(standing(site({ waterClass: 0, stale: true }))).toBe('stale');
        expect(standing(site({ time: null }))).toBe('silent');
    });
    it('is what the list is ordered by', () => {
        const all = [
            site({ id: 'good' }),
            site({ id: 'old', stale: true, waterClass: 6 }),
            site({ id: 'none', waterClass: 0 }),
            site({ id: 'bad', waterClass: 5 }),
            site({ id: 'answered', waterClass: 5, alertSeverity: 'alert', alertState: 'acknowledged' }),
            site({ id: 'noticed', alertSeverity: 'notice', alertState: 'open' }),
            site({ id: 'severe', waterClass: 6, alertSeverity: 'high', alertState: 'open' }),
        ];
        expect(inOrder(all, () => undefined).map((one) => one.id)).toEqual(['severe', 'answered', 'bad', 'noticed', 'none', 'good', 'old']);
        expect(groupOf(site({ waterClass: 4, alertSeverity: 'notice', alertState: 'open' }))).toBe('act');
    });
});

describe('how far over', () => {
    const over = (...multiples: (number | null)[]) => overText(site({ waterClass: 5, pollutants: multiples.map((m, i) => ({ parameter: 'abc'.charAt(i), multiple: m })) }), (name) => name);
    it('is said of each item by itself, unless all share it', () => {
        expect(over(0.52, 0.29)).toBe('a(0.5)、b(0.3)');
        expect(over(0.21, 0.19)).toBe('a、b 超 0.2 倍');
        expect(over(0.01)).toBe('a 刚超');
        expect(over(2.6, null)).toBe('a(2.6)、b');
        expect(over(null)).toBe('a');
    });
});

describe('classes over time', () => {
    const classes = classesOf({ from: '2026-11-24T00:00:00Z', interval: '4h', period_minutes: 240, periods: 6, sites: { a: '22-455', b: '000000', c: '------' } });
    it('say since when', () => {
        expect(run(classes, 'a', 5)).toEqual({ kind: 'worse', since: Date.parse('2026-11-24T12:00:00Z'), before: true });
        expect(run(classes, 'b', 5)).toMatchObject({ kind: 'unjudged', before: false });
        expect(run(classes, 'c', 5)).toBeNull();
        expect(strip(classes, 'a', 4, 5)).toBe('-455');
        expect(strip(classes, 'c', 4, 5)).toBe('');
    });
    it('grow with the records that come', () => {
        const later = withRecords(classes, [site({ id: 'a', waterClass: 3, time: Date.parse('2026-11-25T00:00:00Z') }), site({ id: 'z', time: null })]);
        expect(later.rows.get('a')).toBe('22-4553');
        expect(later.periods).toBe(7);
        expect(classes.rows.get('a')).toBe('22-455');
        // nothing new is nothing new
        expect(withRecords(later, [site({ id: 'a', waterClass: 3, time: Date.parse('2026-11-25T00:00:00Z') })])).toBe(later);
    });
});

describe('numbers and times', () => {
    it('are written as people read them', () => {
        expect(figure(1899.8)).toBe('1899.8');
        expect(figure(12345)).toBe('12\u2009345');
        expect(figure(null)).toBe('—');
        expect(percent(3, 4)).toBe('75');
        expect(percent(1, 0)).toBe('—');
        expect([unitText('degC'), unitText('uS/cm'), unitText('dimensionless'), unitText('mg/L')]).toEqual(['℃', 'µS/cm', '', 'mg/L']);
    });
    it('are those of Beijing', () => {
        const now = Date.parse('2026-11-26T12:10:00Z');
        expect(brief(Date.parse('2026-11-26T04:00:00Z'), now)).toBe('12:00');
        expect(brief(Date.parse('2026-11-25T04:00:00Z'), now)).toBe('11-25 12:00');
        expect(brief(Date.parse('2025-11-06T12:00:00Z'), now)).toBe('2025-11-06');
        expect(period(Date.parse('2026-11-26T04:00:00Z'), '4h')).toBe('12:00–16:00');
        expect(midnight(now)).toBe(Date.parse('2026-11-25T16:00:00Z'));
        expect([40e3, 78 * 60e3, 68 * 3600e3].map(duration)).toEqual(['40 秒', '1 小时 18 分', '2 天 20 小时']);
        language.value = 'en';
        expect(duration(78 * 60e3)).toBe('1 h 18 min');
    });
});

describe('the map', () => {
    it('knows Gauss-Krüger by 111° E (gdaltransform -t_srs EPSG:4546)', () => {
        const { x, y } = gaussKruger(111.29, 35.6);
        expect(x).toBeCloseTo(3941199.265, 2);
        expect(y).toBeCloseTo(526278.909, 2);
    });
});

describe('the class scale', () => {
    const codmn = { value: 7.3, class: 4, limits: [2, 4, 6, 10, 15], falling: false, range: null };
    it('has the value in the segment of its class, oxygen in the same direction', () => {
        expect(placeOnScale(codmn)).toBeCloseTo(3.325);
        expect(Math.floor(placeOnScale({ ...codmn, value: 6 })!)).toBe(2);
        expect(Math.floor(placeOnScale({ ...codmn, value: 99 })!)).toBe(5);
        const oxygen = { value: 10.8, class: 1, limits: [7.5, 6, 5, 3, 2], falling: true, range: null };
        expect(Math.floor(placeOnScale(oxygen)!)).toBe(0);
        expect(Math.floor(placeOnScale({ ...oxygen, value: 4 })!)).toBe(3);
    });
});

describe('charts', () => {
    it('have bands to 1.12 of what is greatest, gaps where periods are missing', () => {
        const item = { rule: 'maximum', limits: { Ⅰ: 2, Ⅱ: 4, Ⅲ: 6, Ⅳ: 10, Ⅴ: 15 } } as never;
        expect(bandsOf(item, [7]).top).toBeCloseTo(15.12);
        expect(bandsOf(item, [20]).top).toBeCloseTo(22.4);
        expect(bandsOf(item, [7]).areas.map(([, , c]) => c)).toEqual([1, 2, 3, 4, 5, 6]);
        expect(bandsOf({ rule: 'minimum', limits: { Ⅰ: 7.5, Ⅱ: 6, Ⅲ: 5, Ⅳ: 3, Ⅴ: 2 } } as never, [7]).areas[0]).toEqual([0, 2, 6]);
        const at = (...times: number[]) => times.map((time) => ({ time, value: 1, why: null }));
        expect(stretchesOf(at(0, 4, 8, 20), 4, 0, 24)).toEqual([{ kind: 'missing', begin: 12, end: 20, count: 2, why: '' }]);
        // before the first and behind the last
        expect(stretchesOf(at(8, 12), 4, 0, 24)).toMatchObject([{ begin: 0, end: 8, count: 2 }, { begin: 16, end: 24, count: 2 }]);
        // the newest value is still under way
        expect(stretchesOf(at(0, 4), 4, 0, 11)).toEqual([]);
    });
    it('part what does not count from what did not come', () => {
        const record = (time: number, status: string, flag?: string) => ({ time: new Date(time * 3600_000).toISOString(), interval: '4h' as const, status, values: { codmn: 3 }, flags: (flag ? { codmn: flag } : {}) as Record<string, string> });
        const points = cameOf([record(0, 'normal'), record(4, 'maintenance'), record(8, 'maintenance'), record(12, 'normal', 'D'), record(16, 'normal'), record(20, 'normal', 'M'), record(24, 'normal')], 'codmn');
        expect(points.map((one) => one.why)).toEqual([null, 'maintenance', 'maintenance', 'D', null, 'M', null]);
        const hour = 3600_000;
        expect(stretchesOf(points, 4 * hour, 0, 28 * hour)).toEqual([{ kind: 'invalid', begin: 4 * hour, end: 16 * hour, count: 3, why: 'maintenance' }]);
        // the line goes through nothing that does not count
        expect(lineOf(points, 4 * hour, 1500).filter(([, value]) => value !== null).map(([time]) => time / hour)).toEqual([0, 16, 24]);
        expect(lineOf(points, 4 * hour, 1500).filter(([, value]) => value === null)).toHaveLength(2);
    });
    it('keep least and greatest where they leave points out', () => {
        const points = Array.from({ length: 10_000 }, (_, i) => ({ time: i, value: i === 5000 ? 99 : i % 7 }));
        const kept = sampled(points, 500);
        expect(kept.length).toBeLessThanOrEqual(510);
        expect(kept.some((point) => point.value === 99)).toBe(true);
    });
});

describe('words', () => {
    it('exist in both languages, with the same blanks', () => {
        for (const [name, [zh, en]] of Object.entries(words)) {
            expect(zh, name).not.toBe('');
            expect(en, name).not.toBe('');
            expect(new Set(en.match(/\{\w+\}/g)), name).toEqual(new Set(zh.match(/\{\w+\}/g)));
        }
        expect(t('over', { m: '0.2' })).toBe('超 0.2 倍');
    });
});

describe('an address of features', () => {
    it('holds what was typed as text, whatever signs stand in it', () => {
        expect(containing(" O'Neil_50% ", ['name', 'id'])).toBe("CASEI(name) LIKE CASEI('%O''Neil\\_50\\%%') OR CASEI(id) LIKE CASEI('%O''Neil\\_50\\%%')");
    });
    it('asks for a page of GeoJSON, and for other files whole', () => {
        expect(itemsUrl('water-sections', 'GeoJSON', { level: 'national', county: null })).toBe('/collections/water-sections/items?level=national&f=json&limit=10000');
        expect(itemsUrl('water-records', 'CSV', { site: 'a,b' })).toBe('/collections/water-records/items?site=a%2Cb&f=csv&bom=true');
        expect(itemsUrl('water-records', 'Excel', {})).toBe('/collections/water-records/items?f=xlsx');
    });
});
