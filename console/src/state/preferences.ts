import { effect, signal } from '@preact/signals';
import { language, type Language } from '../i18n';
import { choose, param } from './route';

export type Theme = 'auto' | 'light' | 'dark';
export const theme = signal<Theme>('auto');
/** What is shown: the wish of the system where nothing is chosen. */
export const shown = signal<'light' | 'dark'>('light');
export const sound = signal(false);
/** Whether single letters act; who speaks to the machine may not want it (WCAG 2.1.4). */
export const letters = signal(true);
/** Who acts, where the service does not know it by a token. */
export const author = signal('');

export function kept(name: string): string | null {
    try {
        return localStorage.getItem(`yihong.${name}`);
    } catch {
        return null;
    }
}
export function keep(name: string, value: string): void {
    try {
        localStorage.setItem(`yihong.${name}`, value);
    } catch {
        // a browser that keeps nothing forgets the choice
    }
}

export function readPreferences(): void {
    const lang = param('lang') ?? kept('lang');
    language.value = lang === 'en' || lang === 'zh' ? lang : 'zh';
    const wanted = param('theme') ?? kept('theme');
    theme.value = wanted === 'light' || wanted === 'dark' ? wanted : 'auto';
    author.value = kept('author') ?? '';
    letters.value = kept('letters') !== 'off';
    if (param('lang')) keep('lang', language.value);
    if (param('theme')) keep('theme', theme.value);
    if (param('lang') || param('theme')) choose({ lang: null, theme: null });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const show = (): void => void (shown.value = param('mode') === 'wall' ? 'dark' : theme.value === 'auto' ? (system.matches ? 'dark' : 'light') : theme.value);
    system.addEventListener('change', show);
    effect(show);
    effect(() => {
        document.documentElement.dataset.theme = shown.value;
        document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
    });
}

export function setLanguage(to: Language): void {
    language.value = to;
    keep('lang', to);
}
export function setTheme(to: Theme): void {
    theme.value = to;
    keep('theme', to);
}
export function setLetters(on: boolean): void {
    letters.value = on;
    keep('letters', on ? 'on' : 'off');
}
export function setAuthor(name: string): void {
    author.value = name;
    keep('author', name);
}
