import { computed, signal } from '@preact/signals';
import { words, type Word } from './words';

export type Language = 'zh' | 'en';
export const language = signal<Language>('zh');
export const isChinese = computed(() => language.value === 'zh');

/** A word in the language of the page, `{name}` filled in. */
export function t(word: Word, parts?: Record<string, string | number>): string {
    const said: string = words[word][language.value === 'zh' ? 0 : 1];
    return parts === undefined ? said : said.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ''));
}

/** A word that may not be known: of a state that a later service sends. */
export function tOr(word: string, otherwise: string, parts?: Record<string, string | number>): string {
    return word in words ? t(word as Word, parts) : otherwise;
}

const letters = { zh: ['—', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'], en: ['—', 'I', 'II', 'III', 'IV', 'V', '>V'] } as const;
/** Ⅰ … 劣Ⅴ. */
export const classLabel = (c: number): string => letters[language.value][c] ?? '—';
/** What stands in a disc: one character. */
export const discLetter = (c: number): string => ['—', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣'][c] ?? '—';
/** Ⅳ类. */
export const classWords = (c: number): string => t('class', { c: classLabel(c) });

/** Names joined as the language does. */
export const joined = (names: string[]): string => names.join(language.value === 'zh' ? '、' : ', ');

/** Between parts of a sentence, as the language writes it. */
export const comma = (): string => (language.value === 'zh' ? '，' : ', ');
export const semicolon = (): string => (language.value === 'zh' ? '；' : '; ');
export const colon = (): string => (language.value === 'zh' ? '：' : ': ');
/** A remark in brackets, behind what it belongs to. */
export const aside = (text: string): string => (language.value === 'zh' ? `（${text}）` : ` (${text})`);
