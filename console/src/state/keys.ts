import { signal } from '@preact/signals';
import { asking } from './acting';
import { letters } from './preferences';
import { choose, go, page, param, place } from './route';

const pages: Record<string, string> = { m: '/', a: '/alerts', o: '/overview', k: '/air', d: '/data', p: '/ops' };
const acts: Record<string, string> = { a: 'acknowledge', s: 'assign', p: 'progress', c: 'comment', r: 'resolve', m: 'silence' };
let after = '';
/** The list of all keys. */
export const keysShown = signal(false);

/** Single letters act on what is shown, never in a field. Buttons that have a key say so: `data-key`, `data-action`. */
export function listenToKeys(): void {
    document.addEventListener('keydown', (event) => {
        const field = (event.target as Element | null)?.closest?.('input, textarea, select, [role=slider]');
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (event.key === 'Escape') return escape();
        if (field) return;
        if (event.key === '?') return void (keysShown.value = !keysShown.value);
        if (keysShown.value || (!letters.value && /^[a-z,.[\]]$/i.test(event.key))) return;
        const key = event.key.toLowerCase();
        const press = (selector: string) => {
            const button = [...document.querySelectorAll<HTMLElement>(selector)].find((one) => !(one as HTMLButtonElement).disabled);
            if (!button) return false;
            event.preventDefault();
            if (button instanceof HTMLInputElement && button.type === 'text') button.focus();
            else button.click();
            return true;
        };
        if (after === 'g' && pages[key]) {
            after = '';
            event.preventDefault();
            return go(pages[key]);
        }
        after = key;
        if (key === 'g') return;
        if (key === 'j' || key === 'k' || event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            if ((event.target as Element | null)?.closest?.('.mapwrap')) return;
            if (walk(key === 'j' || event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
            // the row is another one with the next drawing
            if (event.shiftKey) window.setTimeout(() => press('[data-key=x]:not(:checked)'));
            return;
        }
        if (event.target instanceof HTMLButtonElement && key === ' ') return;
        if (acts[key] && press(`[data-action="${acts[key]}"]`)) return;
        press(`[data-key="${CSS.escape(key)}"]`);
    });
}

/** Goes along the rows of the list that the page is about. */
function walk(by: number): boolean {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-site], [data-alert]')];
    if (rows.length === 0) return false;
    const here = rows.findIndex((row) => row === document.activeElement || row.getAttribute('aria-current') === 'true');
    const row = rows[Math.min(rows.length - 1, Math.max(0, here + by))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
    if (row?.dataset.alert) choose({ id: row.dataset.alert });
    return true;
}

function escape(): void {
    if (asking.value !== null) asking.value = null;
    else if (page.value === '' && param('site')) {
        const id = param('site')!;
        choose({ site: null });
        document.querySelector<HTMLElement>(`[data-site="${CSS.escape(id)}"]`)?.focus();
    } else if (page.value === '' && place.value.query.size > 0) choose({ show: null, river: null, county: null, level: null, class: null });
}
