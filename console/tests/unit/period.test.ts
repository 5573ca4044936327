import { describe, expect, it } from 'vitest';
import { codeOf, isCode, stepped } from '../../src/model/period';

describe('periods', () => {
    it('are those of Beijing', () => {
        const evening = Date.parse('2026-12-31T16:30:00Z');
        expect([codeOf('day', evening), codeOf('month', evening), codeOf('year', evening)]).toEqual(['2027-01-01', '2027-01', '2027']);
    });
    it('follow each other over the ends of months and years', () => {
        expect([stepped('2026-03-01', -1), stepped('2024-02-28', 1), stepped('2026-12-31', 1)]).toEqual(['2026-02-28', '2024-02-29', '2027-01-01']);
        expect([stepped('2026-01', -1), stepped('2026-12', 1), stepped('2026', -1)]).toEqual(['2025-12', '2027-01', '2025']);
    });
    it('are asked for by a code of their kind alone', () => {
        expect([isCode('day', '2026-11-26'), isCode('month', '2026-11'), isCode('year', '2026')]).toEqual([true, true, true]);
        expect([isCode('day', '2026-11'), isCode('month', '2026-11-26'), isCode('year', null), isCode('month', '2026/11'), isCode('month', '20-2611')]).toEqual([false, false, false, false, false]);
        expect([isCode('month', '2021-13'), isCode('month', '2021-00'), isCode('day', '2021-02-30'), isCode('year', '0000'), isCode('day', '2024-02-29')]).toEqual([false, false, false, false, true]);
    });
});
