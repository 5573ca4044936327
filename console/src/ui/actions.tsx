import { useEffect, useRef, useState } from 'preact/hooks';
import type { Action, ActionBody, Alert } from '../api/alerts';
import { isChinese, t, tOr } from '../i18n';
import { asking, draft, drafts, outcome, people, perform, possible, say, underWay, untilHours } from '../state/acting';
import { alerts, mayAct, session, sites } from '../state/network';
import { author, setAuthor } from '../state/preferences';
import { standing } from '../model/site';
import { signingIn } from '../state/signing';

const keys: Partial<Record<Action, string>> = { acknowledge: 'A', assign: 'S', progress: 'P', comment: 'C', resolve: 'R', silence: 'M' };
export const actionWord = (action: Action): string => t(action === 'close' ? 'closeAlert' : action);

/** What can be done to an alert, here and now. Who may not act sees no buttons. */
export function Actions({ alert, compact = false }: { alert: Alert; compact?: boolean }) {
    if (!mayAct.value)
        return (
            <p class="f12 s" style={{ marginTop: 8 }}>
                <button type="button" class="btn q sm" style={{ padding: 0 }} onClick={() => (signingIn.value = true)}>
                    {t('readOnly')}
                </button>
            </p>
        );
    const can = possible(alert);
    const shown = compact ? can.filter((action) => (alert.state === 'open' ? ['acknowledge', 'assign', 'comment'] : ['assign', 'progress', 'close', 'reopen', 'comment']).includes(action)).slice(0, 3) : can;
    const open = asking.value?.id === alert.id ? asking.value.action : null;
    return (
        <div>
            <div class="acts">
                {shown.map((action, i) => (
                    <ActionButton key={action} alert={alert} action={action} first={i === 0} />
                ))}
            </div>
            <Said alert={alert} />
            {open !== null && (
                <Ask
                    key={open}
                    draftOf={alert.id}
                    assignee={alert.assignee ?? ''}
                    action={open}
                    isStillWorse={isStillWorse(alert)}
                    take={(body) => perform(alert, open, body)}
                    leave={() => {
                        asking.value = null;
                        say(alert.id, null);
                    }}
                />
            )}
        </div>
    );
}

function ActionButton({ alert, action, first }: { alert: Alert; action: Action; first: boolean }) {
    const busy = underWay.value?.id === alert.id && underWay.value.action === action;
    const [slow, setSlow] = useState(false);
    useEffect(() => {
        if (!busy) return setSlow(false);
        const timer = window.setTimeout(() => setSlow(true), 300);
        return () => window.clearTimeout(timer);
    }, [busy]);
    return (
        <button type="button" class={first ? 'btn p' : 'btn'} disabled={underWay.value !== null} data-action={action} aria-expanded={asking.value?.id === alert.id && asking.value.action === action} onClick={() => begin(alert, action)}>
            {slow ? t('acting', { what: actionWord(action) }) : actionWord(action)}
            {keys[action] && !slow && <kbd>{keys[action]}</kbd>}
        </button>
    );
}

/** Whether the log would not know who acts: no token says it, and no name was given yet. */
export const nameless = (): boolean => session.value.name === null && author.value.trim() === '';

/** At once where nothing has to be said; otherwise a line opens in place. */
export function begin(alert: Alert, action: Action): void {
    if (!mayAct.value || !possible(alert).includes(action)) return;
    if (action === 'acknowledge' && !nameless()) void perform(alert, action, {});
    else asking.value = asking.value?.id === alert.id && asking.value.action === action ? null : { id: alert.id, action };
}

function Said({ alert }: { alert: Alert }) {
    const said = outcome.value.get(alert.id);
    if (said === undefined) return null;
    const present = alerts.value.get(alert.id) ?? alert;
    const kept = drafts.value.get(alert.id);
    return (
        <div class="said" role="alert">
            {said.conflict ? (
                <>
                    {present.state === 'acknowledged' && present.acknowledged_by ? t('ackBy', { name: present.acknowledged_by }) : t('wasQuicker', { state: tOr(present.state, present.state) })}
                    {kept !== undefined && (
                        <>
                            {isChinese.value ? '。' : '. '}
                            {t('noteKept')}{' '}
                            <button type="button" class="btn sm" onClick={() => void perform(present, 'comment', { note: kept })}>
                                {t('asComment')}
                            </button>
                        </>
                    )}
                </>
            ) : (
                said.text
            )}
        </div>
    );
}

export const isStillWorse = (alert: Alert): boolean => {
    const site = sites.value.get(alert.site);
    return site !== undefined && standing(site) !== 'stale' && site.waterClass > 3;
};

interface Asked {
    action: Action;
    /** under which what is typed is kept, until it is sent */
    draftOf: string;
    assignee?: string;
    /** the readings say otherwise than who resolves it */
    isStillWorse: boolean;
    take: (body: ActionBody) => Promise<unknown>;
    leave: () => void;
}
/** What an action needs to be told, in place. */
export function Ask({ action, draftOf, assignee: before = '', isStillWorse, take, leave }: Asked) {
    const [note, setNote] = useState(drafts.value.get(draftOf) ?? '');
    const [assignee, setAssignee] = useState(before);
    const [major, setMajor] = useState(false);
    const [hours, setHours] = useState(4);
    const first = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
    useEffect(() => first.current?.focus(), []);
    const [name, setName] = useState(author.value);
    const asksName = useRef(nameless()).current;
    const needsNote = action === 'resolve' || action === 'comment' || action === 'progress';
    const write = (text: string) => {
        setNote(text);
        draft(draftOf, text);
    };
    const send = (event: Event) => {
        event.preventDefault();
        if (asksName && name.trim() === '') return;
        if (asksName) setAuthor(name.trim());
        if ((needsNote && note.trim() === '') || (action === 'assign' && assignee.trim() === '')) return;
        void take({
            ...(note.trim() ? { note: note.trim() } : {}),
            ...(action === 'assign' ? { assignee: assignee.trim(), ...(major ? { major } : {}) } : {}),
            ...(action === 'silence' ? { until: untilHours(hours) } : {}),
        });
    };
    const onKey = (event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        leave();
    };
    return (
        <form class="ask" style={{ marginTop: 10 }} onSubmit={send} onKeyDown={onKey} aria-label={actionWord(action)}>
            {asksName && (
                <label class="row">
                    {t('yourName')}
                    <input ref={first} type="text" class="grow" name="by" value={name} required autocomplete="name" onInput={(event) => setName(event.currentTarget.value)} />
                </label>
            )}
            {action === 'assign' && (
                <div class="row wrap">
                    <label class="row grow">
                        {t('assignee')}
                        <input ref={asksName ? undefined : first} type="text" class="grow" name="assignee" value={assignee} list="people" autocomplete="off" onInput={(event) => setAssignee(event.currentTarget.value)} />
                        <datalist id="people">
                            {people().map((name) => (
                                <option key={name} value={name} />
                            ))}
                        </datalist>
                    </label>
                    <label class="row">
                        <input type="checkbox" checked={major} onChange={(event) => setMajor(event.currentTarget.checked)} />
                        {t('major')}
                    </label>
                </div>
            )}
            {action === 'silence' && (
                <div class="seg" role="group" aria-label={t('until')}>
                    {[1, 4, 12, 24].map((n) => (
                        <button key={n} type="button" aria-pressed={hours === n} onClick={() => setHours(n)}>
                            {t('hours', { n })}
                        </button>
                    ))}
                </div>
            )}
            {action === 'resolve' && isStillWorse && <p class="f12 s">{t('stillWorse')}</p>}
            <label>
                <span class="f12 s">{t('note')}</span>
                <textarea
                    ref={action === 'assign' || asksName ? undefined : first}
                    name="note"
                    value={note}
                    required={needsNote}
                    onInput={(event) => write(event.currentTarget.value)}
                    onKeyDown={(event) => {
                        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
                    }}
                />
            </label>
            <div class="row">
                <button type="submit" class="btn p sm" disabled={underWay.value !== null}>
                    {actionWord(action)}
                </button>
                <button type="button" class="btn sm" onClick={leave}>
                    {t('cancel')}
                </button>
            </div>
        </form>
    );
}
