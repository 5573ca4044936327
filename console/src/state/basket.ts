import { signal } from '@preact/signals';

/** The sites whose records somebody gathers to take along; kept while the page is open. */
export const basket = signal<ReadonlySet<string>>(new Set());
export function inBasket(ids: string[], on: boolean): void {
    const next = new Set(basket.value);
    for (const id of ids)
        if (on) next.add(id);
        else next.delete(id);
    basket.value = next;
}
