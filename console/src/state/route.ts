import { computed, signal } from '@preact/signals';
import { root } from '../api/http';

/* All that the page shows stands in its address, so that a link shows the same to somebody else. */

const base = `${root}/console`;
export interface Place {
    path: string;
    query: URLSearchParams;
}

function read(): Place {
    const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : location.pathname;
    return { path: path.replace(/\/+$/, '') || '/', query: new URLSearchParams(location.search) };
}

export const place = signal<Place>(typeof location === 'undefined' ? { path: '/', query: new URLSearchParams() } : read());
export const param = (name: string): string | null => place.value.query.get(name);
export const selected = computed(() => param('site'));
export const page = computed(() => place.value.path.split('/')[1] ?? '');

export function address(path: string, query: URLSearchParams | Record<string, string | null | undefined> = {}): string {
    const all = query instanceof URLSearchParams ? query : new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]));
    // commas and slashes of lists, places and ranges stay readable
    const text = all.toString().replace(/%2C/g, ',').replace(/%2F/g, '/');
    return `${base}${path === '/' ? '/' : path}${text ? `?${text}` : ''}`;
}

/** Another page: the way back leads here. */
export function go(path: string, query: Record<string, string | null | undefined> = {}): void {
    history.pushState(null, '', address(path, query));
    place.value = read();
    document.querySelector('main')?.scrollTo(0, 0);
}

/** The same page with other choices; null takes one away. */
export function choose(changes: Record<string, string | null>, push = false): void {
    const query = new URLSearchParams(place.value.query);
    for (const [name, value] of Object.entries(changes))
        if (value === null || value === '') query.delete(name);
        else query.set(name, value);
    const next = address(place.value.path, query);
    if (next === location.pathname + location.search) return;
    if (push) history.pushState(null, '', next);
    else history.replaceState(null, '', next);
    place.value = read();
}

/** Links of the page are followed without leaving it. */
export function followLinks(): void {
    window.addEventListener('popstate', () => (place.value = read()));
    document.addEventListener('click', (event) => {
        const link = (event.target as Element | null)?.closest?.('a');
        if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.hasAttribute('download')) return;
        const to = new URL(link.href);
        if (to.origin !== location.origin || !(to.pathname === base || to.pathname.startsWith(`${base}/`))) return;
        event.preventDefault();
        history.pushState(null, '', to.pathname + to.search);
        place.value = read();
    });
}
