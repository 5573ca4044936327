import type { Alert } from '../api/alerts';
import { comma, t } from '../i18n';
import { duration, stamp } from '../model/time';
import { now } from '../state/network';

const steps = ['assign_by', 'progress_by', 'resolve_by'] as const;
type Step = (typeof steps)[number];
const done = (alert: Alert, step: Step): boolean =>
    step === 'assign_by' ? alert.assigned_at !== null : step === 'progress_by' ? alert.progress_at !== null : alert.resolved_at !== null || alert.closed_at !== null;

/** Which deadline comes next, and how long it is till then. */
export function nextDeadline(alert: Alert, at: number): { what: Step; left: number } | null {
    if (alert.deadlines === null || alert.state === 'closed') return null;
    for (const step of steps) {
        const by = alert.deadlines[step];
        if (by !== null && !done(alert, step)) return { what: step, left: Date.parse(by) - at };
    }
    return null;
}

export function deadlineText(alert: Alert, at: number): string {
    const next = nextDeadline(alert, at);
    if (next === null) return '';
    return next.left >= 0 ? t('leftTo', { what: t(next.what).toLowerCase(), for: duration(next.left) }) : t('overdueBy', { what: t(next.what), for: duration(-next.left) });
}

/** 13710 as a bar of time: from the registration to the last deadline, filled up to now. */
export function Deadlines({ alert, width = 348 }: { alert: Alert; width?: number }) {
    const { deadlines } = alert;
    if (deadlines === null) return <p class="f12 m">{t('noDeadlines')}</p>;
    const begin = Date.parse(alert.opened_at);
    const ends = steps.map((step) => (deadlines[step] === null ? null : Date.parse(deadlines[step])));
    const last = Math.max(...ends.map((end) => end ?? 0));
    const inner = width - 40;
    const x = (ms: number) => 4 + ((ms - begin) / (last - begin)) * inner;
    const at = Math.min(Math.max(now.value, begin), last);
    return (
        <div>
            <div class="row sec wrap">
                <h3>{t('deadlines')}</h3>
                <span class="grow">{t('registered', { at: stamp(begin, now.value) })}</span>
                <b style={{ fontWeight: nextDeadline(alert, now.value)?.left ?? 1 ? 400 : 700 }}>{deadlineText(alert, now.value)}</b>
            </div>
            <svg class="deadlines" width={width} height="52" viewBox={`0 0 ${width} 52`} role="img" aria-label={steps.map((step, i) => `${t(step)} ${ends[i] ? stamp(ends[i]!, now.value) : '—'}`).join(comma())} style={{ maxWidth: '100%', height: 'auto' }}>
                <path d={`M4 12H${4 + inner}`} stroke="var(--line-2)" stroke-width="4" stroke-linecap="round" />
                <path d={`M4 12H${Math.max(5, x(at))}`} stroke="var(--ink)" stroke-width="4" stroke-linecap="round" />
                {steps.map((step, i) => {
                    const end = ends[i];
                    if (end === null || end === undefined) return null;
                    const is = done(alert, step);
                    // the words of an end that is near stay in the picture
                    const isNear = x(end) < 36;
                    const anchor = isNear ? 'start' : i === 2 ? 'end' : 'middle';
                    const tx = isNear ? 0 : i === 2 ? Math.min(width, x(end) + 20) : x(end);
                    return (
                        <g key={step}>
                            <circle cx={x(end)} cy="12" r="5" fill={is ? 'var(--ink)' : 'var(--paper)'} stroke="var(--ink)" stroke-width="2" />
                            <text x={tx} y="33" text-anchor={anchor} font-size="12" font-weight="700" fill="var(--ink)">
                                {t(step)}
                                {is ? ' ✓' : ''}
                            </text>
                            <text x={tx} y="48" text-anchor={anchor} font-size="11" fill="var(--ink-3)">
                                {stamp(end, now.value)}
                            </text>
                        </g>
                    );
                })}
            </svg>
            {deadlines.major && <p class="f12 m">{t('isMajor')}</p>}
        </div>
    );
}
