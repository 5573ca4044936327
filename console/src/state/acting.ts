import { signal } from '@preact/signals';
import { act, type Action, type ActionBody, type Alert } from '../api/alerts';
import { Refusal } from '../api/http';
import { t } from '../i18n';
import { hour } from '../model/time';
import { keep, author } from './preferences';
import { refreshAlert, session } from './network';
import { signingIn } from './signing';

/** What was typed and not yet on disk: it outlives a change of the alert by somebody else, a closed panel and an ended session. */
export const drafts = signal<Map<string, string>>(new Map());
export function draft(id: string, text: string | null): void {
    const next = new Map(drafts.value);
    if (text === null || text === '') next.delete(id);
    else next.set(id, text);
    drafts.value = next;
}

/** Which form is open at an alert. */
export const asking = signal<{ id: string; action: Action } | null>(null);
/** What became of the last act, by alert. */
export const outcome = signal<Map<string, { text: string; conflict: boolean }>>(new Map());
export function say(id: string, said: { text: string; conflict: boolean } | null): void {
    const next = new Map(outcome.value);
    if (said === null) next.delete(id);
    else next.set(id, said);
    outcome.value = next;
}

export const underWay = signal<{ id: string; action: Action } | null>(null);

/** What the service would take in this state. */
export function possible(alert: Alert): Action[] {
    if (alert.state === 'open') return ['acknowledge', 'assign', 'progress', 'comment', 'resolve', 'silence'];
    if (alert.state === 'acknowledged') return ['assign', 'progress', 'comment', 'resolve', 'silence'];
    if (alert.state === 'resolved') return [...(alert.resolved_by === 'water' ? (['close'] as const) : []), 'progress', 'comment', 'reopen'];
    return ['comment', 'reopen'];
}

export function people(): string[] {
    try {
        return JSON.parse(localStorage.getItem('yihong.people') ?? '[]') as string[];
    } catch {
        return [];
    }
}

/** Sends it, and shows what the alert is then: nothing is shown as done before it is on disk. \return whether it was taken */
export async function perform(alert: Alert, action: Action, body: ActionBody): Promise<boolean> {
    underWay.value = { id: alert.id, action };
    say(alert.id, null);
    const by = session.value.name === null && author.value ? { by: author.value } : {};
    try {
        await act(alert.id, action, { ...by, ...body });
        if (body.assignee) keep('people', JSON.stringify([body.assignee, ...people().filter((name) => name !== body.assignee)].slice(0, 5)));
        asking.value = null;
        draft(alert.id, null);
        await refreshAlert(alert.id).catch(() => undefined);
        return true;
    } catch (error) {
        const refused = error instanceof Refusal ? error : new Refusal(0, 'unreachable', t('unreachable'));
        if (refused.status === 409) {
            if (body.note) draft(alert.id, body.note);
            await refreshAlert(alert.id).catch(() => undefined);
            say(alert.id, { text: '', conflict: true });
        } else {
            if (body.note) draft(alert.id, body.note);
            // over the page as it is: what was typed is still there behind it
            if (refused.status === 401) signingIn.value = true;
            say(alert.id, { text: refused.status === 401 ? t('sessionEnded') : t('failed', { why: refused.detail }), conflict: false });
        }
        return false;
    } finally {
        underWay.value = null;
    }
}

export const untilHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
