import { root } from './http';

export type Live = 'connecting' | 'live' | 'lost';
export interface Listener {
    site: (feature: unknown) => void;
    alert: (document: unknown) => void;
    reset: () => void;
    state: (state: Live) => void;
}

const alertSteps = ['opened', 'escalated', 'eased', 'updated', 'resolved', 'closed', 'reopened', 'acknowledged', 'assigned', 'progressed', 'commented', 'silenced', 'reminded', 'overdue'];

/** Follows the service's events, and goes on behind the last one after a break: the browser sends its id along. \return ends it */
export function follow(listener: Listener): () => void {
    let source: EventSource | null = null;
    let last = '';
    let timer = 0;
    let ended = false;
    let broken = false;
    const open = () => {
        listener.state('connecting');
        source = new EventSource(`${root}/api/v1/stream${last ? `?last_event_id=${encodeURIComponent(last)}` : ''}`);
        const on = (name: string, take: (data: unknown) => void) =>
            source?.addEventListener(name, (event: MessageEvent<string>) => {
                if (event.lastEventId) last = event.lastEventId;
                take(JSON.parse(event.data));
            });
        source.onopen = () => {
            listener.state('live');
            // without an event to go on behind, what happened in between has to be read
            if (broken && last === '') listener.reset();
            broken = false;
        };
        source.onerror = () => {
            broken = true;
            listener.state('lost');
            if (source?.readyState === EventSource.CLOSED && !ended) {
                window.clearTimeout(timer);
                timer = window.setTimeout(open, 3000);
            }
        };
        on('site.changed', listener.site);
        on('reset', listener.reset);
        for (const step of alertSteps) on(`alert.${step}`, listener.alert);
    };
    const again = () => {
        if (source?.readyState === EventSource.OPEN || ended) return;
        source?.close();
        window.clearTimeout(timer);
        open();
    };
    window.addEventListener('online', again);
    open();
    return () => {
        ended = true;
        window.clearTimeout(timer);
        window.removeEventListener('online', again);
        source?.close();
    };
}
