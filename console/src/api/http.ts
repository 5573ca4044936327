import { t } from '../i18n';

/** Where the service stands: all that is before `/console` in the address, so that a proxy may put a prefix before it. */
export const root = (() => {
    if (typeof location === 'undefined') return '';
    const place = location.pathname.indexOf('/console');
    return place > 0 ? location.pathname.slice(0, place) : '';
})();

/** What the service said instead of what was asked for. `status` 0: it did not answer. */
export class Refusal extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        readonly detail: string,
        readonly retryAfter: number | null = null,
    ) {
        super(detail || code);
    }
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
        response = await fetch(root + path, { credentials: 'same-origin', ...init });
    } catch {
        throw new Refusal(0, 'unreachable', t('unreachable'));
    }
    if (response.ok) return response;
    let code = 'unknown';
    let detail = response.statusText;
    try {
        const problem = (await response.json()) as { code?: string; detail?: string };
        code = problem.code ?? code;
        detail = problem.detail ?? detail;
    } catch {
        // a proxy answers as it likes
    }
    const wait = Number(response.headers.get('Retry-After'));
    throw new Refusal(response.status, code, detail, wait > 0 ? wait : null);
}

export async function getJson<T>(path: string): Promise<T> {
    return (await (await ask(path, { headers: { Accept: 'application/json' } })).json()) as T;
}

export const postJson = <T>(path: string, body: unknown, method = 'POST'): Promise<T> => send<T>(path, body === undefined ? undefined : JSON.stringify(body), 'application/json', method);

/** A text of a form of its own, or a file as it is, whatever it is written in; the answer is JSON. */
export const postText = <T>(path: string, body: string | Blob, type: string): Promise<T> => send<T>(path, body, type, 'POST');

async function send<T>(path: string, body: string | Blob | undefined, type: string, method: string): Promise<T> {
    const response = await ask(path, { method, headers: { 'Content-Type': type, Accept: 'application/json' }, body });
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
}

/** A path of the API with its parameters; those without a value are left out. */
export function url(path: string, parameters: Record<string, string | number | null | undefined> = {}): string {
    const query = Object.entries(parameters)
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
        .join('&');
    return query ? `${path}?${query}` : path;
}

/** A list whole: page by page, as its `next` links lead. They name the service as it knows itself; what is asked for is on the page's own address. */
export async function pages<Page extends object>(first: string): Promise<Page[]> {
    const found: Page[] = [];
    for (let path: string | undefined = first; path !== undefined; ) {
        const page: Page & { links?: { rel: string; href: string }[] } = await getJson(path);
        found.push(page);
        const link = page.links?.find((one) => one.rel === 'next')?.href;
        path = link === undefined ? undefined : first.replace(/\?.*$/, '') + new URL(link, 'http://service').search;
    }
    return found;
}
