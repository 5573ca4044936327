import { date } from './time';

/* Periods of the calendar of Beijing as `/api/v1/statistics` names them: `2026-11-26`, `2026-11`, `2026`. */

export const spans = ['day', 'month', 'year'] as const;
export type Span = (typeof spans)[number];
const lengths: Record<Span, number> = { day: 10, month: 7, year: 4 };

/** The period of a kind that a moment lies in. */
export const codeOf = (span: Span, ms: number): string => date(ms).slice(0, lengths[span]);

/** What the address asks for, where it is one of that kind and stands in the calendar. */
export const isCode = (span: Span, text: string | null): text is string => text !== null && text.length === lengths[span] && /^\d{4}(-\d\d){0,2}$/.test(text) && stepped(text, 0) === text;

/** The period that follows after so many of its kind; before it where `by` is negative. */
export function stepped(code: string, by: number): string {
    const [year = 0, month = 1, day = 1] = code.split('-').map(Number);
    const [y, m, d] = code.length === lengths.year ? [by, 0, 0] : code.length === lengths.month ? [0, by, 0] : [0, 0, by];
    return new Date(Date.UTC(year + y, month - 1 + m, day + d)).toISOString().slice(0, code.length);
}
