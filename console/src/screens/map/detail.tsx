import { useEffect, useRef, useState } from 'preact/hooks';
import type { Alert } from '../../api/alerts';
import { judgement, series, type Item, type Judgement, type Measured, type SeriesRecord } from '../../api/readings';
import { classLabel, classWords, comma, isChinese, joined, semicolon, t, tOr } from '../../i18n';
import { figure, unitText } from '../../model/number';
import { run } from '../../model/matrix';
import { overText, sinceText } from '../../model/reasons';
import { isAir, standing, type Site } from '../../model/site';
import { brief, clock, day, duration, period, periods, stamp } from '../../model/time';
import { alertOf, now, parameterName, siteName } from '../../state/network';
import { moment, shownClasses, shownNow, shownPlace } from '../../state/moment';
import { address, choose } from '../../state/route';
import { Actions } from '../../ui/actions';
import { Deadlines } from '../../ui/deadlines';
import { AqiSquare, Disc, lookOf, spoken } from '../../ui/disc';
import { Icon, scaled, ScaleBar, verdict } from '../../ui/parts';
import { ItemChart } from '../../charts/item-chart';

export const itemName = (item: Measured): string => (isChinese.value ? item.name : (item.name_en ?? parameterName(item.parameter)));

/** When an item was measured, where that is not when the record was that the judgement is of: `2021-11-02 10:05 采样`. */
export const ownTime = (item: Item, told: Judgement): string =>
    item.time === told.time && item.interval === told.interval ? '' : `${stamp(Date.parse(item.time), now.value)} ${tOr(`period_${item.interval}`, item.interval)}`;

/** 轻度污染 in the language of the page. */
export const qualityOf = (c: number): string => (c > 0 ? tOr(`quality${c}`, '') : '');

/** What is said of a section in one line: class, quality, how far over. */
export function Verdict({ site, told }: { site: Site; told: Judgement | null }) {
    const is = standing(site);
    if (is === 'silent') return <span>{t('noRecord')}</span>;
    if (is === 'unjudged') return <b>{t('unjudged')}</b>;
    if (is === 'incomplete')
        return (
            <>
                <b class={`c${site.waterClass}t`}>{t('noBetterThan', { c: classLabel(site.waterClass), items: joined(site.missing.map(parameterName)) })}</b>
            </>
        );
    return (
        <>
            <b class={`c${site.waterClass}t`}>
                {classWords(site.waterClass)}
                {comma()}
                {qualityOf(site.waterClass)}
            </b>{' '}
            {is === 'stale' ? t('stale') : site.waterClass > 3 ? overText(site, parameterName) : (told?.meets_target === false ? t('missesIt') : '')}
        </>
    );
}

export function Detail({ site }: { site: Site }) {
    const [told, setTold] = useState<Judgement | null>(null);
    const [records, setRecords] = useState<SeriesRecord[]>([]);
    const [failed, setFailed] = useState('');
    const heading = useRef<HTMLHeadingElement>(null);
    const alert = alertOf(site);
    useEffect(() => {
        let alive = true;
        setFailed('');
        if (isAir(site)) setTold(null);
        else judgement(site.id, moment.value === null || site.time === null || site.interval === null ? null : { time: site.time, interval: site.interval }).then((got) => alive && setTold(got), (error: Error) => alive && (setTold(null), setFailed(site.time === null ? '' : error.message)));
        const end = site.time ?? Date.now();
        series(site.id, end - 3 * day, end + 1, site.interval ?? undefined).then((got) => alive && setRecords(got), () => undefined);
        return () => {
            alive = false;
        };
    }, [site.id, site.time, moment.value === null]);
    useEffect(() => heading.current?.focus({ preventScroll: true }), [site.id]);
    const close = () => {
        choose({ site: null });
        document.querySelector<HTMLElement>(`[data-site="${CSS.escape(site.id)}"]`)?.focus();
    };
    return (
        <section class="det" aria-label={siteName(site)}>
            <div class="dh">
                <div class="row" style={{ alignItems: 'flex-start', gap: 12 }}>
                    {isAir(site) ? <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} /> : <Disc {...lookOf(site)} severity={null} r={19} name={spoken(site, siteName(site))} />}
                    <div class="grow">
                        <h2 class="f20" tabIndex={-1} ref={heading} style={{ outline: 0 }}>
                            {siteName(site)}
                        </h2>
                        <div class="f12 m">
                            {[site.water, site.county, site.level ? `${tOr(site.level, '')}${isChinese.value ? '' : ' '}${tOr(`kind_${site.kind}`, '')}` : null, site.position === null ? t('noPosition') : site.accuracy ? t('accuracy', { n: (site.accuracy / 1000).toFixed(site.accuracy < 1000 ? 1 : 0) }) : null]
                                .filter(Boolean)
                                .join(' · ')}
                        </div>
                    </div>
                    <button type="button" class="btn q sm" aria-label={t('close')} onClick={close}>
                        <Icon of="close" />
                    </button>
                </div>
                <p class="lead">{isAir(site) ? <AirVerdict site={site} /> : <Verdict site={site} told={told} />}</p>
                {site.time !== null && site.interval !== null && (
                    <p class="f12 s">
                        {stampPeriod(site.time, site.interval)} · {tOr(`period_${site.interval}`, site.interval)} · {site.standard}
                    </p>
                )}
            </div>
            {alert && moment.value === null && <AlertBar alert={alert} />}
            {failed !== '' && <p class="blk s">{t('loadFailed', { why: failed })}</p>}
            {told !== null && !isAir(site) && <Why told={told} />}
            {records.length > 0 && <SinceWhen site={site} told={told} records={records} alert={alert} />}
            {alert?.deadlines && moment.value === null && (
                <div class="blk">
                    <Deadlines alert={alert} />
                </div>
            )}
            <div class="blk last">
                <a class="go" href={address(`/sites/${encodeURIComponent(site.id)}`)}>
                    {t('openSection')} <Icon of="next" size={14} />
                </a>
                {alert && (
                    <a class="go" href={address('/alerts', { id: alert.id })}>
                        {t('openStory')} <Icon of="next" size={14} />
                    </a>
                )}
            </div>
        </section>
    );
}

const stampPeriod = (ms: number, interval: string): string => `${stamp(ms, now.value).slice(0, -clock(ms).length)}${period(ms, interval)}`;

function AirVerdict({ site }: { site: Site }) {
    if (site.aqi === null)
        return (
            <>
                <b>{t('unjudged')}</b> {site.missing.length > 0 ? t('missingItems', { items: joined(site.missing.map(parameterName)) }) : ''}
            </>
        );
    return (
        <>
            <b>AQI {site.aqi}</b> {site.aqiCategory ?? tOr(`aqi${site.aqiLevel}`, '')} {site.stale ? t('stale') : ''} {site.primary.length > 0 ? `${t('primary')} ${joined(site.primary.map(parameterName))}` : ''}
        </>
    );
}

function AlertBar({ alert }: { alert: Alert }) {
    const since = alert.state === 'open' ? Date.parse(alert.opened_at) : Date.parse(alert.acknowledged_at ?? alert.opened_at);
    return (
        <div class="act">
            <div class="row wrap">
                <span class={`chip ${alert.severity}`}>{t(alert.severity)}</span>
                <b>{t(alert.state)}</b>
                <span class="s">{duration(now.value - since)}</span>
                <span class="grow" />
                <span class="f12 m">{alert.assignee ? t('assignedTo', { name: alert.assignee }) : alert.acknowledged_by ? t('ackBy', { name: alert.acknowledged_by }) : ''}</span>
            </div>
            <Actions alert={alert} compact />
        </div>
    );
}

/** The items in the order in which they matter: those that decide, those that count, and a line for the rest. */
export function orderedItems(told: Judgement): { counted: Item[]; others: Item[] } {
    const drawn = told.parameters.filter((item) => item.counted && scaled(item) !== null);
    const counted = drawn.sort((a, b) => Number(b.decided) - Number(a.decided) || (b.class ?? 0) - (a.class ?? 0) || (b.multiple ?? -1) - (a.multiple ?? -1) || Number(a.rule === 'range') - Number(b.rule === 'range'));
    // the month that a sample was taken for is no measurement
    return { counted, others: told.parameters.filter((item) => !counted.includes(item) && item.parameter !== 'plan_month') };
}

function Why({ told }: { told: Judgement }) {
    const { counted, others } = orderedItems(told);
    const range = counted.filter((item) => item.rule === 'range');
    const unit = counted[0] ? unitText(counted[0].unit) : '';
    return (
        <div class="blk">
            <div class="row sec">
                <h3>{t('why')}</h3>
                <span>
                    {t('whyHint')}
                    {unit ? `${comma()}${unit}` : ''}
                </span>
            </div>
            {counted
                .filter((item) => item.rule !== 'range')
                .map((item) => (
                    <div class="it" key={item.parameter}>
                        <div class="row">
                            <span style={{ fontWeight: item.decided ? 700 : 400 }}>{itemName(item)}</span>
                            <span class="f11 m grow el">{ownTime(item, told)}</span>
                            <span class={(item.class ?? 0) > 3 ? `f13 c${item.class}t` : 'f13 s'}>{verdict(item)}</span>
                            <b class="f16">{figure(item.assessed)}</b>
                            <span class="f12 m">{unitText(item.unit)}</span>
                        </div>
                        <ScaleBar of={scaled(item)!} width={348} />
                    </div>
                ))}
            <p class="f12 s" style={{ marginTop: 6 }}>
                {[
                    ...range.map((item) => `${itemName(item)} ${figure(item.assessed)} ${verdict(item)}`),
                    others.length > 0 ? t('notCounted', { items: joined(others.map(itemName)) }) : '',
                    told.missing_parameters && told.missing_parameters.length > 0 ? t('missingItems', { items: joined(told.missing_parameters.map(parameterName)) }) : '',
                ]
                    .filter(Boolean)
                    .join(semicolon())}
            </p>
        </div>
    );
}

function SinceWhen({ site, told, records, alert }: { site: Site; told: Judgement | null; records: SeriesRecord[]; alert: Alert | undefined }) {
    const item = told === null ? null : (orderedItems(told).counted.find((one) => one.rule !== 'range') ?? null);
    const parameter = item?.parameter ?? site.deciding[0] ?? (isAir(site) ? (site.primary[0] ?? 'pm25') : null);
    if (parameter === null) return null;
    const known = shownClasses.value;
    const lasting = known === null ? '' : sinceText(run(known, site.id, shownPlace.value), alert, site, shownNow.value);
    // of a stale one its last days, not all that it is silent since
    const range: [number, number] | undefined = site.stale && site.time !== null ? [site.time - 3 * day, site.time + (periods[site.interval ?? ''] ?? day)] : undefined;
    const worse = lasting || t('lastRecord', { at: site.time === null ? '—' : brief(site.time, now.value) });
    return (
        <div class="blk">
            <div class="row sec">
                <h3>{t('since')}</h3>
                <span class="grow">
                    {worse}
                    {alert?.peak_class ? `${comma()}${t('worst', { c: classLabel(alert.peak_class) })}` : ''}
                </span>
                <span>{parameterName(parameter)}</span>
            </div>
            <ItemChart parameter={parameter} item={item} records={records} height={140} now={shownNow.value} range={range} />
        </div>
    );
}
