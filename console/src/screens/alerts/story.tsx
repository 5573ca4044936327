import { useEffect, useState } from 'preact/hooks';
import { story as readStory, type Alert, type Evidence, type Finding, type Step, type Story as Told } from '../../api/alerts';
import { Refusal } from '../../api/http';
import { judgement, series, type Item, type Judgement, type SeriesRecord } from '../../api/readings';
import { ItemChart } from '../../charts/item-chart';
import { aside, classWords, comma, isChinese, semicolon, t, tOr } from '../../i18n';
import { figure, unitText } from '../../model/number';
import { clockSeconds, day, dayMonth, duration, midnight, stamp } from '../../model/time';
import { alerts, now, parameterName, parameterUnit, siteName, sites } from '../../state/network';
import { address } from '../../state/route';
import { Actions } from '../../ui/actions';
import { Deadlines } from '../../ui/deadlines';
import { Disc, lookOf, SeverityMark, spoken } from '../../ui/disc';
import { Icon } from '../../ui/parts';
import { SmallMap } from '../../ui/small-map';
import { alertName, WorstNow } from './page';
import { PrintSheet } from './print';

export const findingText = (finding: Finding): string => `${parameterName(finding.parameter)} ${figure(finding.value)} ${unitText(finding.unit)}`.trim();

/** Of the worst values of its life the worst. */
export const worstOf = (alert: Alert): Finding | undefined => [...alert.worst].sort((a, b) => (b.class ?? 0) - (a.class ?? 0) || (b.multiple ?? -1) - (a.multiple ?? -1))[0];

export function Story({ id }: { id: string }) {
    const [told, setTold] = useState<Told | null>(null);
    const [failed, setFailed] = useState<Error | null>(null);
    const [records, setRecords] = useState<SeriesRecord[]>([]);
    const [why, setWhy] = useState<Judgement | null>(null);
    const listed = alerts.value.get(id);
    const version = listed?.updated_at ?? '';
    const steps = listed?.steps ?? 0;
    useEffect(() => {
        let alive = true;
        readStory(id).then((got) => alive && (setTold(got), setFailed(null)), (error: Error) => alive && setFailed(error));
        return () => {
            alive = false;
        };
    }, [id, version, steps]);
    const siteId = told?.site ?? listed?.site;
    const site = siteId === undefined ? undefined : sites.value.get(siteId);
    useEffect(() => {
        if (!siteId || told?.family === 'service') return;
        let alive = true;
        const first = Date.parse(told?.first_time ?? new Date().toISOString());
        const end = site?.time ?? Date.now();
        series(siteId, Math.max(midnight(Math.min(first, end)), end - 30 * day), end + 1, site?.interval ?? undefined).then((got) => alive && setRecords(got), () => undefined);
        judgement(siteId).then((got) => alive && setWhy(got), () => undefined);
        return () => {
            alive = false;
        };
    }, [siteId, site?.time, told?.first_time]);
    if (failed !== null && told === null) return <section class="story empty">{failed instanceof Refusal && failed.status === 404 ? t('noAlert') : t('loadFailed', { why: failed.message })}</section>;
    const alert: Alert | null = told ?? listed ?? null;
    if (alert === null) return <section class="story empty">{t('loading')}</section>;
    const items = itemsOf(alert).slice(0, 2);
    return (
        <section class="story" aria-label={alertName(alert)}>
            <Head alert={alert} />
            <div class="row wrap acting">
                <div class="grow">
                    <Actions alert={alert} />
                </div>
                <span class="f13 s">
                    {alert.state === 'open' ? <b>{t('unansweredFor', { for: duration(now.value - Date.parse(alert.opened_at)) })}</b> : alert.acknowledged_by ? t('ackBy', { name: alert.acknowledged_by }) : ''}
                    {alert.silent_until !== null && Date.parse(alert.silent_until) > now.value ? ` ${t('silentUntil', { at: stamp(Date.parse(alert.silent_until), now.value) })}` : ''}
                </span>
            </div>
            <div class="cards">
                <div class="card pad">
                    <Deadlines alert={alert} width={340} />
                    {site?.position && (
                        <div style={{ marginTop: 10 }}>
                            <SmallMap site={site} width={340} height={120} />
                        </div>
                    )}
                </div>
                <div class="card pad">
                    <div class="row sec">
                        <h3>{t('rulesThatHold')}</h3>
                        {told !== null && told.causes.length > 0 && <span>{t('nRules', { n: told.causes.length })}</span>}
                    </div>
                    <Rules told={told} />
                </div>
                {items.map((parameter) => (
                    <div class="card pad" key={parameter}>
                        <div class="row sec">
                            <h3>{parameterName(parameter)}</h3>
                            <span>{unitText(parameterUnit(parameter))}</span>
                        </div>
                        <ItemChart parameter={parameter} item={itemOf(why, parameter)} records={records} height={150} now={now.value} />
                    </div>
                ))}
            </div>
            {told !== null && <History told={told} />}
            {told !== null && <PrintSheet alert={told} site={site} why={why} records={records} items={items} />}
        </section>
    );
}

export const itemsOf = (alert: Alert): string[] => [...new Set([...alert.deciding_parameters, ...alert.pollutants.map((one) => one.parameter), ...alert.worst.map((one) => one.parameter)])];
export const itemOf = (why: Judgement | null, parameter: string): Item | null => why?.parameters.find((item) => item.parameter === parameter) ?? null;

/** Of the fields, never of the service's title: that speaks of one moment. */
export function headline(alert: Alert, at: number): string {
    const lasting = duration(at - Date.parse(alert.first_time));
    if (alert.family === 'water' && (alert.peak_class ?? 0) > 3 && alert.state !== 'resolved') return `${alertName(alert)} ${t('worseFor', { for: lasting })}`.replace(isChinese.value ? ' ' : '\u0000', '');
    return `${alertName(alert)} ${tOr(`family_${alert.family}`, alert.family)}`;
}

function Head({ alert }: { alert: Alert }) {
    const site = sites.value.get(alert.site);
    const [copied, setCopied] = useState(false);
    const worst = worstOf(alert);
    return (
        <div class="shead">
            {site && site.kind !== 'air_station' && <Disc {...lookOf(site)} severity={null} r={20} name={spoken(site, siteName(site))} />}
            <div class="grow">
                <div class="row wrap">
                    <span class={`chip ${alert.severity}`}>{t(alert.severity)}</span>
                    <span class="chip">{tOr(alert.state, alert.state)}</span>
                    <span class="f12 m el">
                        {tOr(`family_${alert.family}`, alert.family)} · {alert.id}
                    </span>
                </div>
                <h2 class="f20">
                    <b>{headline(alert, now.value)}</b>
                </h2>
                <p class="f13 s">
                    {[alert.river, alert.county, site?.level ? tOr(site.level, '') + (isChinese.value ? '' : ' ') + tOr(`kind_${site.kind}`, '') : null].filter(Boolean).join(' · ')}
                    {'　'}
                    <WorstNow alert={alert} about={worst && alert.peak_time ? aside(`${findingText(worst)}${comma()}${stamp(Date.parse(worst.time), now.value)}`) : ''} />
                    {'　'}
                    {alert.family === 'water' && (alert.likely_consequence_of.length > 0 ? t('upstreamCause', { n: alert.likely_consequence_of.length }) : t('noUpstream'))}
                </p>
            </div>
            <div class="row noprint">
                {site && (
                    <a class="btn q" href={address(`/sites/${encodeURIComponent(site.id)}`)}>
                        {t('openSection')}
                    </a>
                )}
                <button
                    type="button"
                    class="btn q"
                    onClick={() => {
                        void navigator.clipboard?.writeText(new URL(address('/alerts', { id: alert.id }), location.href).href).then(() => setCopied(true));
                    }}
                >
                    <Icon of="link" /> {t(copied ? 'copied' : 'copyLink')}
                </button>
                <button type="button" class="btn q" onClick={() => window.print()}>
                    <Icon of="print" /> {t('print')}
                </button>
            </div>
        </div>
    );
}

/** What holds now in the words of the service, and since when. */
export function Rules({ told }: { told: Told | null }) {
    if (told === null) return null;
    if (told.causes.length === 0) return <p class="f13 s">{t('noRuleHolds')}</p>;
    return (
        <ul class="rules">
            {told.causes.map((cause) => (
                <li class="row f13" key={cause.rule}>
                    <SeverityMark severity={cause.severity} /> <span class="grow">{isChinese.value ? cause.description : (cause.description_en ?? cause.description)}</span>
                    <span class="f12 s nw">{t('sinceWhen', { at: stamp(Date.parse(cause.since), now.value) })}</span>
                </li>
            ))}
        </ul>
    );
}

const byEngine = new Set(['updated']);

function History({ told }: { told: Told }) {
    const steps = [...told.history].reverse();
    const first = told.history[0];
    const last = told.history.at(-1);
    const sameDay = first && last && midnight(Date.parse(first.at)) === midnight(Date.parse(last.at));
    return (
        <div class="card pad hist">
            <div class="row sec">
                <h3>{t('story')}</h3>
                {first && last && <span class="grow">{t('nSteps', { n: told.history.length, from: stamp(Date.parse(first.at), now.value), to: stamp(Date.parse(last.at), now.value).slice(sameDay ? -5 : 0) })}</span>}
                <span class="row s">
                    {told.chain.verified && <Icon of="check" size={14} />}
                    {told.chain.verified ? t('chainOk') : t('chainBroken')}
                </span>
            </div>
            <ol>
                {steps.map((step) => (
                    <StepRow key={step.step} step={step} alert={told} evidence={told.evidence.find((one) => one.step === step.step)} showDay={!sameDay} />
                ))}
            </ol>
        </div>
    );
}

export const stepWord = (step: Step): string => tOr(`step_${step.kind}`, step.kind);
/** Who did it; the engine is nobody. */
export const stepBy = (step: Step): string => (step.by === 'engine' ? '' : step.by);

function StepRow({ step, alert, evidence: by, showDay }: { step: Step; alert: Alert; evidence: Evidence | undefined; showDay: boolean }) {
    const at = Date.parse(step.at);
    const thin = byEngine.has(step.kind) && step.by === 'engine';
    const mark = step.severity ?? (step.kind === 'escalated' || step.kind === 'opened' || step.kind === 'reminded' ? alert.severity : null);
    const lines = (step.text?.[isChinese.value ? 'zh' : 'en']?.body ?? '').split('\n');
    const evidence = lines.find((line) => line.startsWith('超标项目：') || line.startsWith('Exceeding: '));
    const change = lines.find((line) => line.startsWith('变化：') || line.startsWith('Change: '));
    return (
        <li class={thin ? 'thin' : ''}>
            <time class="f12 m" dateTime={step.at}>
                {showDay ? `${dayMonth(at)} ` : ''}
                {clockSeconds(at)}
            </time>
            <span class="dot">{mark && !thin ? <SeverityMark severity={mark} size={13} /> : <i />}</span>
            <div class="grow">
                <span class={thin ? 'f12 m' : ''}>
                    {thin ? stepWord(step) : <b>{stepWord(step)}</b>} {stepBy(step)} {step.assignee ? t('assignedTo', { name: step.assignee }) : ''} {change && step.by === 'engine' ? change.replace(/^(变化：|Change: )/, '') : ''}
                </span>
                {step.note && (step.by !== 'engine' || !change?.includes(step.note)) && <p class="f13">{step.note}</p>}
                {evidence && <p class="f12 m">{evidence.replace(/^(超标项目：|Exceeding: )/, '')}</p>}
                {by?.data.records && by.data.records.length > 0 && <Records of={by.data.records} />}
            </div>
            <span class="f12 m">#{step.number}</span>
        </li>
    );
}

/** What a step was decided by: each record with its values, flags and frames, masked as the service keeps them. */
function Records({ of }: { of: NonNullable<Evidence['data']['records']> }) {
    return (
        <details class="f12 ev">
            <summary>{t('evidenceOf', { n: of.length })}</summary>
            {of.map((record) => (
                <div key={record.time + record.interval}>
                    <p>
                        <b>{stamp(Date.parse(record.time), now.value)}</b> {[tOr(`period_${record.interval}`, record.interval), record.water_class ? classWords(record.water_class) : record.aqi ? `AQI ${record.aqi}` : '', tOr(`status_${record.status}`, record.status), record.received_at ? t('receivedAt', { at: stamp(Date.parse(record.received_at), now.value) }) : ''].filter(Boolean).join(comma())}
                    </p>
                    <p>
                        {Object.entries(record.values)
                            .map(([item, value]) => `${parameterName(item)} ${figure(value)} ${unitText(parameterUnit(item))}${(record.flags?.[item] ?? 'N') === 'N' ? '' : ` ${tOr(`flag_${record.flags?.[item]}`, record.flags?.[item] ?? '')}`}`.trim())
                            .join(semicolon())}
                    </p>
                    {record.frames?.map((frame) => (
                        <pre class="raw" key={frame.sha256} title={`SHA-256 ${frame.sha256}`}>
                            {frame.text.trim()}
                        </pre>
                    ))}
                </div>
            ))}
        </details>
    );
}
