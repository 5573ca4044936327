import { root } from './http';

/** A map of somebody else's under the own layers, as the service is configured; mostly there is none. */
export interface Basemap {
    url: string;
    labels_url: string;
    attribution: string;
    max_zoom: number;
    colours: boolean;
}

let asked: Promise<Basemap | null> | null = null;
/** Read once; a service that does not know of it has none. */
export function basemap(): Promise<Basemap | null> {
    asked ??= fetch(`${root}/console/settings.json`, { credentials: 'same-origin', headers: { Accept: 'application/json' } })
        .then(async (reply) => (reply.ok && reply.headers.get('Content-Type')?.includes('json') ? ((await reply.json()) as { basemap: Basemap | null }).basemap : null))
        .catch(() => null);
    return asked;
}
