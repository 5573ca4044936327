import { useEffect, useState } from 'preact/hooks';
import { alerts as readAlerts, type Action, type ActionBody, type Alert } from '../../api/alerts';
import { classLabel, colon, comma, isChinese, joined, t, tOr } from '../../i18n';
import { families, inView, views, type View } from '../../model/inbox';
import { strip } from '../../model/matrix';
import { compareAlerts } from '../../model/order';
import { reason, timeOf } from '../../model/reasons';
import { standing, type Severity } from '../../model/site';
import { duration } from '../../model/time';
import { draft, outcome, perform, possible, say } from '../../state/acting';
import { alerts, changed, loaded, mayAct, newestPlace, now, orderedAlerts, parameterName, session, siteName, sites, water, waterSites } from '../../state/network';
import { author } from '../../state/preferences';
import { useRead } from '../../state/read';
import { address, choose, param } from '../../state/route';
import { actionWord, Ask, isStillWorse, nameless } from '../../ui/actions';
import { deadlineText } from '../../ui/deadlines';
import { Disc, lookOf, SeverityMark } from '../../ui/disc';
import { Empty, Icon, Strip } from '../../ui/parts';
import { Story } from './story';
import './alerts.css';

const viewNow = (): View => (views as readonly string[]).includes(param('view') ?? '') ? (param('view') as View) : 'todo';
export const alertName = (alert: Alert): string => (isChinese.value ? alert.site_name : alert.site_name_en) || t('family_service');

export default function AlertsPage() {
    const view = viewNow();
    const me = session.value.name ?? author.value;
    const [closed, setClosed] = useState<Alert[]>([]);
    const [marked, setMarked] = useState<Set<string>>(new Set());
    useEffect(() => {
        if (view === 'all') readAlerts('closed').then(setClosed, () => undefined);
    }, [view]);
    const all = [...orderedAlerts.value, ...(view === 'all' ? closed.filter((alert) => !alerts.value.has(alert.id)).sort(compareAlerts) : [])];
    const [family, severity] = [param('family'), param('severity')];
    const shown = all.filter((alert) => inView(alert, view, me, now.value) && (!family || alert.family === family) && (!severity || alert.severity === severity));
    const id = param('id') ?? (window.innerWidth >= 768 ? shown[0]?.id : undefined) ?? null;
    return (
        <main class={`ib${param('id') ? ' one' : ''}`}>
            <h1 class="vh">{t('alerts')}</h1>
            <Views view={view} all={all} me={me} family={family} severity={severity} />
            <section class="inbox" aria-label={t(`view_${view}`)}>
                <div class="row ih">
                    <h2 class="f16">
                        <b>{t(`view_${view}`)}</b> <span class="m">{shown.length}</span>
                    </h2>
                    <span class="grow" />
                    <span class="f13 s">{t('firstFirst')}</span>
                </div>
                <div class="il">
                    {shown.map((alert) => (
                        <Row key={alert.id} alert={alert} current={alert.id === id} marked={marked.has(alert.id)} mark={(on) => setMarked(with_(marked, alert.id, on))} />
                    ))}
                    {shown.length === 0 && loaded.value === 'ready' && <Empty>{view === 'todo' && !family && !severity ? t('noTodo') : t('viewEmpty', { view: t(`view_${view}`) })}</Empty>}
                    {view === 'todo' && <Blind />}
                </div>
                {marked.size > 0 ? <Several ids={[...marked]} done={() => setMarked(new Set())} left={(ids) => setMarked(new Set(ids))} /> : <Keys />}
            </section>
            {id !== null ? <Story key={id} id={id} /> : <section class="story empty">{t('chooseAlert')}</section>}
        </main>
    );
}

function with_(set: Set<string>, id: string, on: boolean): Set<string> {
    const next = new Set(set);
    if (on) next.add(id);
    else next.delete(id);
    return next;
}

function Views({ view, all, me, family, severity }: { view: View; all: Alert[]; me: string; family: string | null; severity: string | null }) {
    const inThis = (alert: Alert) => inView(alert, view, me, now.value);
    const line = (name: string, value: string, label: preact.ComponentChildren, count: number, on: boolean) => (
        <button key={value} type="button" aria-pressed={on} class={count > 0 ? 'some' : ''} onClick={() => choose({ [name]: on && name !== 'view' ? null : value, ...(name === 'view' ? { id: null } : {}) })}>
            {label}
            <span class="grow" />
            <span>{count}</span>
        </button>
    );
    return (
        <nav class="views" aria-label={t('alerts')}>
            <div>
                {views.map((one) => line('view', one, t(`view_${one}`), all.filter((alert) => inView(alert, one, me, now.value)).length, view === one))}
                <h3>{t('family')}</h3>
                {families.map((one) => line('family', one, t(`family_${one}`), all.filter((alert) => inThis(alert) && alert.family === one).length, family === one))}
                <h3>{t('severity')}</h3>
                {(['high', 'alert', 'notice'] as const).map((one: Severity) =>
                    line('severity', one, <><SeverityMark severity={one} /> {t(one)}</>, all.filter((alert) => inThis(alert) && alert.severity === one).length, severity === one),
                )}
            </div>
            <div class="duty">
                {mayAct.value && <OnDuty />}
                <div class="f12 m">{t('yourName')}</div>
                <b>{me || (mayAct.value ? t('onThisMachine') : t('signIn'))}</b>
            </div>
        </nav>
    );
}

/** Whom an alert reaches now: who is on duty, and whether the channels get through. */
function OnDuty() {
    const minute = Math.floor(now.value / 60_000);
    const duty = useRead<{ has_roster: boolean; on_duty: { id: string; name: string; role: string | null }[] }>('/api/v1/alerts/duty', minute).got;
    const channels = useRead<{ channels: { id: string; failing_since: string | null }[] }>('/api/v1/notifications', minute).got?.channels;
    const failing = channels?.filter((one) => one.failing_since !== null).length ?? 0;
    return (
        <>
            <div class="f12 m">{t('onDuty')}</div>
            <b title={duty?.on_duty.map((one) => one.role).filter(Boolean).join(comma())}>
                {duty === null ? '' : duty.on_duty.length > 0 ? joined(duty.on_duty.map((one) => one.name)) : t(duty.has_roster ? 'nobodyOnDuty' : 'noRoster')}
            </b>
            <div class="f12 m">{t('channels')}</div>
            <a href={address('/ops/outbox')}>
                <b>{channels === undefined ? '' : channels.length === 0 ? t('nobodyHears') : failing > 0 ? t('channelsFailing', { n: channels.length, bad: failing }) : t('channelsFine', { n: channels.length })}</b>
            </a>
        </>
    );
}

function Row({ alert, current, marked, mark }: { alert: Alert; current: boolean; marked: boolean; mark: (on: boolean) => void }) {
    const site = sites.value.get(alert.site);
    const row = water.value === null || alert.family !== 'water' ? '' : strip(water.value, alert.site, 16, newestPlace.value);
    const items = joined((alert.pollutants.length > 0 ? alert.pollutants : alert.worst).map((finding) => parameterName(finding.parameter)).slice(0, 3));
    const since = alert.state === 'open' ? Date.parse(alert.opened_at) : Date.parse(alert.acknowledged_at ?? alert.resolved_at ?? alert.opened_at);
    const fresh = now.value - (changed.value.get(alert.id) ?? 0) < 30_000;
    const answer = outcome.value.get(alert.id);
    return (
        <div class={`ar${fresh ? ' fresh' : ''}`} data-current={current}>
            {mayAct.value && <input type="checkbox" {...(current ? { 'data-key': 'x' } : {})} checked={marked} aria-label={alertName(alert)} onChange={(event) => mark(event.currentTarget.checked)} />}
            <button type="button" data-alert={alert.id} aria-current={current} onClick={() => choose({ id: alert.id })}>
                <SeverityMark severity={alert.severity} hollow={alert.state !== 'open'} size={18} />
                <span class="grow">
                    <span class="row">
                        <b class="nm el">{alertName(alert)}</b>
                        <span class="f12 m el">{[alert.river, alert.county ?? (site && site.position === null ? t('noPosition') : null)].filter(Boolean).join(' · ')}</span>
                        <span class="grow" />
                        <b class="f12 nw">{duration(now.value - since)}</b>
                    </span>
                    <span class="f13 el" style={{ display: 'block' }}>
                        <WorstNow alert={alert} />
                        {items ? `${colon()}${items}` : ''}
                    </span>
                    <span class="row f11 m" style={{ marginTop: 4 }}>
                        {row !== '' && <Strip row={row} />}
                        <span class="nw el">
                            {tOr(alert.state, alert.state)}
                            {alert.reminders > 0 ? ` · ${t('step_reminded')} ${alert.reminders}` : ''}
                            {alert.assignee ? ` · ${t('assignedTo', { name: alert.assignee })}` : ''}
                        </span>
                        <span class="grow" />
                        <span class="nw f12 s">{deadlineText(alert, now.value)}</span>
                    </span>
                    {answer && (
                        <span class="f12" style={{ display: 'block' }}>
                            {answer.conflict ? t('wasQuicker', { state: tOr(alert.state, alert.state) }) : answer.text}
                        </span>
                    )}
                </span>
            </button>
        </div>
    );
}

/** 最重 劣Ⅴ类，现 Ⅳ类, each in its colour; `about`: more of the worst. */
export function WorstNow({ alert, about = '' }: { alert: Alert; about?: string }) {
    const site = sites.value.get(alert.site);
    if (!alert.peak_class) return <>{alert.peak_aqi ? `AQI ${alert.peak_aqi}` : tOr(`family_${alert.family}`, alert.family)}</>;
    const present = site && standing(site) !== 'stale' ? site.waterClass : 0;
    const worst = t('worstThen', { c: '\u0000' }).split('\u0000');
    const is = t('nowClass', { c: '\u0000' }).split('\u0000');
    return (
        <span>
            {worst[0]}
            <b class={`c${alert.peak_class}t`}>
                {classLabel(alert.peak_class)}
                {worst[1]}
            </b>
            {about}
            {present > 0 && (
                <>
                    {comma()}
                    {is[0]}
                    <b class={`c${present}t`}>
                        {classLabel(present)}
                        {is[1]}
                    </b>
                </>
            )}
        </span>
    );
}

/** Sections that nobody is told about, since nobody sees their water. */
function Blind() {
    const blind = waterSites.value.filter((site) => (standing(site) === 'stale' || standing(site) === 'silent' || standing(site) === 'unjudged') && site.alertSeverity === null).sort((a, b) => (b.time ?? 0) - (a.time ?? 0));
    if (blind.length === 0) return null;
    return (
        <section class="blind">
            <h3 class="sec">
                <b>{t('blind')}</b> {t('nSections', { n: blind.length })}
            </h3>
            {blind.slice(0, 50).map((site) => (
                <a key={site.id} class="row" href={address('/', { site: site.id })}>
                    <Disc {...lookOf(site)} r={9} />
                    <b class="nm">{siteName(site)}</b>
                    <span class="f12 m el grow">{standing(site) === 'unjudged' ? reason(site, parameterName).rest : [site.water, site.county ?? t('noPosition')].filter(Boolean).join(' · ')}</span>
                    <span class="f12 m nw">{timeOf(site, now.value)}</span>
                </a>
            ))}
        </section>
    );
}

const together = ['acknowledge', 'assign', 'silence', 'comment', 'resolve', 'close'] as const satisfies Action[];
/** Each by itself: what one could not be done to stays chosen, and its row says why. */
function Several({ ids, done, left }: { ids: string[]; done: () => void; left: (ids: string[]) => void }) {
    const [said, setSaid] = useState('');
    const [asks, setAsks] = useState<Action | null>(null);
    const chosen = ids.map((id) => alerts.value.get(id)).filter((alert): alert is Alert => alert !== undefined);
    const each = async (action: Action, body: ActionBody) => {
        const refused: string[] = [];
        for (const alert of chosen) {
            if (!possible(alert).includes(action)) say(alert.id, { text: t('notPossible', { what: actionWord(action), state: tOr(alert.state, alert.state) }), conflict: false });
            else if (await perform(alert, action, body)) continue;
            refused.push(alert.id);
        }
        setAsks(null);
        draft(batch, null);
        if (refused.length === 0) return done();
        setSaid(`${actionWord(action)} ${chosen.length - refused.length} / ${chosen.length}`);
        left(refused);
    };
    const begin = (action: Action) => (action === 'close' || (action === 'acknowledge' && !nameless()) ? void each(action, {}) : setAsks(asks === action ? null : action));
    return (
        <div role="group" aria-label={t('batch')}>
            {asks !== null && (
                <div style={{ padding: '0 16px 10px' }}>
                    <Ask key={asks} action={asks} draftOf={batch} isStillWorse={chosen.some(isStillWorse)} take={(body) => each(asks, body)} leave={() => setAsks(null)} />
                </div>
            )}
            <div class="ifoot row wrap">
                <b>{t('selected', { n: chosen.length })}</b>
                <span class="grow f12 s" role="status">
                    {said}
                </span>
                {together
                    .filter((action) => chosen.some((alert) => possible(alert).includes(action)))
                    .map((action) => (
                        <button key={action} type="button" class="btn sm" aria-expanded={asks === action} onClick={() => begin(action)}>
                            {actionWord(action)}
                        </button>
                    ))}
                <button type="button" class="btn q sm" aria-label={t('cancel')} onClick={done}>
                    <Icon of="close" size={14} />
                </button>
            </div>
        </div>
    );
}
/** Under which the note for several is kept. */
const batch = 'several';

function Keys() {
    return (
        <div class="ifoot row f12 m" aria-hidden="true">
            <span>
                <kbd>J</kbd> <kbd>K</kbd> {t('keysUpDown')}
            </span>
            {mayAct.value && (
                <>
                    <span>
                        <kbd>A</kbd> {t('acknowledge')}
                    </span>
                    <span>
                        <kbd>S</kbd> {t('assign')}
                    </span>
                    <span>
                        <kbd>R</kbd> {t('resolve')}
                    </span>
                    <span>
                        <kbd>X</kbd> {t('chooseIt')}
                    </span>
                </>
            )}
            <span>
                <kbd>?</kbd> {t('allKeys')}
            </span>
        </div>
    );
}

