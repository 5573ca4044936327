import { useEffect, useState } from 'preact/hooks';
import { airJudgement, judgement, series, type AirItem, type AirJudgement, type Judgement, type Measured, type SeriesRecord } from '../../api/readings';
import { classLabel, classWords, colon, comma, isChinese, joined, semicolon, t, tOr } from '../../i18n';
import { run } from '../../model/matrix';
import { figure, unitText } from '../../model/number';
import { overText, sinceText } from '../../model/reasons';
import { isAir, standing, type Site } from '../../model/site';
import { brief, date, day, dayMonth, duration, hour, midnight, period, periods, stamp, ranges, type Range } from '../../model/time';
import { above } from '../../model/waters';
import { alertOf, links, loaded, newestPlace, now, parameterName, shortName, siteName, sites, water, waterSites } from '../../state/network';
import { address, choose, param, place } from '../../state/route';
import { Actions } from '../../ui/actions';
import { deadlineText } from '../../ui/deadlines';
import { AqiSquare, Disc, lookOf, spoken } from '../../ui/disc';
import { DayCell, line, PaperFoot, scaled, ScaleBar, verdict } from '../../ui/parts';
import { SmallMap, source } from '../../ui/small-map';
import { itemName, orderedItems, ownTime, qualityOf } from '../map/detail';
import { chartItems, Charts } from './charts';
import { Records } from './records';
import './section.css';

/** `?range=7d` or `?range=2026-11-24/2026-11-27`, days of Beijing. */
function rangeOf(text: string | null, end: number): { from: number; to: number; name: Range | 'own' } {
    const own = /^(\S+)\/(\S+)$/.exec(text ?? '');
    if (own) {
        const [from, to] = [own[1]!, own[2]!].map((part) => Date.parse(part.length === 10 ? `${part}T00:00:00+08:00` : part));
        if (from !== undefined && to !== undefined && to > from) return { from, to, name: 'own' };
    }
    const name = text !== null && text in ranges ? (text as Range) : '7d';
    return { from: end - ranges[name], to: end, name };
}

export default function SectionPage() {
    const id = decodeURIComponent(place.value.path.split('/')[2] ?? '');
    const site = sites.value.get(id);
    if (site === undefined)
        return (
            <main class="empty">
                <h1 class="f20">{loaded.value === 'ready' ? t('noSite') : t('loading')}</h1>
                {loaded.value === 'ready' && <p>{t('find')}　/</p>}
            </main>
        );
    return <Section key={id} site={site} />;
}

function Section({ site }: { site: Site }) {
    const [told, setTold] = useState<Judgement | null>(null);
    const [records, setRecords] = useState<SeriesRecord[] | null>(null);
    const [lastYear, setLastYear] = useState<SeriesRecord[] | null>(null);
    const [other, setOther] = useState<SeriesRecord[]>([]);
    const [failed, setFailed] = useState('');
    const stale = standing(site) === 'stale';
    const end = stale && site.time !== null ? site.time + (periods[site.interval ?? ''] ?? hour) : Math.floor(now.value / 60_000) * 60_000;
    const range = rangeOf(param('range'), end);
    const withYear = param('lastyear') === '1';
    const compared = param('with');
    useEffect(() => {
        let alive = true;
        if (isAir(site)) return;
        judgement(site.id).then((got) => alive && setTold(got), () => undefined);
        return () => {
            alive = false;
        };
    }, [site.id, site.time]);
    useEffect(() => {
        let alive = true;
        series(site.id, range.from, range.to).then((got) => alive && (setRecords(got), setFailed('')), (error: Error) => alive && setFailed(error.message));
        return () => {
            alive = false;
        };
    }, [site.id, site.time, param('range')]);
    useEffect(() => {
        if (withYear) series(site.id, range.from - 365 * day, range.to - 365 * day).then(setLastYear, () => setLastYear([]));
        else setLastYear(null);
    }, [site.id, withYear, param('range')]);
    useEffect(() => {
        if (compared) series(compared, range.from, range.to).then(setOther, () => setOther([]));
        else setOther([]);
    }, [compared, param('range')]);
    const alert = alertOf(site);
    const air = isAir(site);
    return (
        <main class="sp">
            <Head site={site} />
            {alert && (
                <div class="abar">
                    <div class="row wrap">
                        <span class={`chip ${alert.severity}`}>{t(alert.severity)}</span>
                        <b>{tOr(alert.state, alert.state)}</b>
                        <span class="s">
                            {[duration(now.value - Date.parse(alert.state === 'open' ? alert.opened_at : (alert.acknowledged_at ?? alert.opened_at))), alert.assignee ? t('assignedTo', { name: alert.assignee }) : '', deadlineText(alert, now.value)].filter(Boolean).join(comma())}
                        </span>
                        <span class="grow" />
                        <Actions alert={alert} compact />
                        <a class="btn" href={address('/alerts', { view: 'all', id: alert.id })}>
                            {t('seeAlert')}
                        </a>
                    </div>
                </div>
            )}
            <div class="cols">
                <section class="card whycard">
                    {told !== null && !air && <WhyTable told={told} site={site} />}
                    {air && <AirNow site={site} />}
                    <About site={site} />
                </section>
                <section class="card charts">
                    <div class="row wrap">
                        <div class="seg" role="group">
                            {(['24h', '7d', '30d'] as const).map((name) => (
                                <button key={name} type="button" aria-pressed={range.name === name} onClick={() => choose({ range: name })}>
                                    {t(`range${name}`)}
                                </button>
                            ))}
                            <Own from={range.from} to={range.to} on={range.name === 'own'} />
                        </div>
                        <label class="row f13">
                            <span class="vh">{t('compare')}</span>
                            <select class="field" aria-label={t('compare')} value={compared ?? ''} onChange={(event) => choose({ with: event.currentTarget.value || null })}>
                                <option value="">{t('compare')}</option>
                                {(air ? [...sites.value.values()].filter(isAir) : waterSites.value)
                                    .filter((one) => one.id !== site.id)
                                    .map((one) => (
                                        <option key={one.id} value={one.id}>
                                            {siteName(one)}
                                        </option>
                                    ))}
                            </select>
                        </label>
                        <button type="button" class="btn sm" aria-pressed={withYear} onClick={() => choose({ lastyear: withYear ? null : '1' })}>
                            {t('lastYear')}
                        </button>
                        <span class="grow" />
                        <span class="f12 m">{lastYear?.length === 0 ? t('noLastYear') : records && records[0] ? t('since16', { from: stamp(Date.parse(records[0].time), now.value), n: records.length }) : ''}</span>
                    </div>
                    {failed !== '' && <p class="s">{t('loadFailed', { why: failed })}</p>}
                    {records?.length === 0 && <p class="empty">{t('noSeries')}</p>}
                    {records !== null && records.length > 0 && (
                        <Charts
                            site={site}
                            told={told}
                            records={records}
                            range={[range.from, range.to]}
                            lastYear={lastYear ?? undefined}
                            other={compared && sites.value.has(compared) ? { name: siteName(sites.value.get(compared)!), records: other } : undefined}
                        />
                    )}
                </section>
            </div>
            {records !== null && <Records site={site} records={records} items={chartItems(site, told, records)} from={range.from} to={range.to} />}
            <PaperFoot href={location.href} source={site.position === null ? undefined : source} />
        </main>
    );
}

function Own({ from, to, on }: { from: number; to: number; on: boolean }) {
    const [open, setOpen] = useState(false);
    return (
        <>
            <button type="button" aria-pressed={on} aria-expanded={open} onClick={() => setOpen(!open)}>
                {t('rangeOwn')}
            </button>
            {open && (
                <form
                    class="row own"
                    onSubmit={(event) => {
                        event.preventDefault();
                        const form = new FormData(event.currentTarget);
                        choose({ range: `${String(form.get('from'))}/${String(form.get('to'))}` });
                        setOpen(false);
                    }}
                >
                    <input type="date" name="from" aria-label={t('rangeOwn')} value={date(from)} required />
                    <input type="date" name="to" aria-label={t('until')} value={date(to)} required />
                    <button type="submit" class="btn sm">
                        {t('send')}
                    </button>
                </form>
            )}
        </>
    );
}

function Head({ site }: { site: Site }) {
    const known = water.value;
    const since = known === null || isAir(site) ? '' : sinceText(run(known, site.id, newestPlace.value), alertOf(site), site, now.value);
    const links_ = links.value;
    const below = links_.get(site.id)?.downstream ?? null;
    const told = below !== null || above(links_, site.id).length > 0;
    const neighbours = (word: string, ids: string[]) => (
        <div class="nb">
            <div class="f12 m">{word}</div>
            {ids.length === 0 && <div class="f13 s">{t('noOther')}</div>}
            {ids.map((id) => {
                const one = sites.value.get(id);
                return (
                    one && (
                        <a key={id} class="row f13" href={address(`/sites/${encodeURIComponent(id)}`)}>
                            <Disc {...lookOf(one)} severity={null} r={8} /> {shortName(one)} {one.water === site.water ? '' : <span class="f12 m">{one.water}</span>}
                        </a>
                    )
                );
            })}
        </div>
    );
    return (
        <div class="shd">
            {isAir(site) ? <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} /> : <Disc {...lookOf(site)} severity={null} r={22} name={spoken(site, siteName(site))} />}
            <div class="grow">
                <div class="f12 m">
                    <a href={address('/data')}>{t(isAir(site) ? 'layerAir' : 'sections')}</a> / {site.water ?? site.county} /
                </div>
                <h1>
                    {siteName(site)} <span class="f13 m">{[site.water, site.county, site.level ? tOr(site.level, '') + (isChinese.value ? '' : ' ') + tOr(`kind_${site.kind}`, '') : '', site.mn].filter(Boolean).join(' · ')}</span>
                </h1>
                <p class="f16">
                    {isAir(site) ? (
                        `AQI ${site.aqi ?? '—'} ${site.aqiCategory ?? ''}`
                    ) : standing(site) === 'unjudged' || standing(site) === 'silent' ? (
                        <b>{standing(site) === 'silent' ? t('noRecord') : t('unjudged')}</b>
                    ) : (
                        <>
                            <b class={`c${site.waterClass}t`}>{site.complete ? `${classWords(site.waterClass)}${comma()}${qualityOf(site.waterClass)}` : t('noBetterThan', { c: classLabel(site.waterClass), items: joined(site.missing.map(parameterName)) })}</b>{' '}
                            {[site.stale ? `${t('stale')}${comma()}${t('lastRecord', { at: brief(site.time!, now.value) })}` : site.waterClass > 3 ? overText(site, parameterName) : '', since].filter(Boolean).join(semicolon())}
                        </>
                    )}
                </p>
            </div>
            {told && (
                <>
                    {neighbours(t('upstream'), above(links_, site.id))}
                    {neighbours(t('downstream'), below === null ? [] : [below])}
                </>
            )}
        </div>
    );
}

/** `不参评：没有数值` */
const notCounted = (item: Measured): string => `${t('notCountedWord')}${colon()}${whyNot(item)}`;
function whyNot(item: Measured): string {
    const why = item.why_not_counted ?? '';
    if (item.flag !== 'N') return tOr(`flag_${item.flag}`, item.flag);
    if (item.value === null) return t('noValue');
    if (why.includes('week')) return t('onlyChange');
    if (why.includes('lake')) return t('onlyLakes');
    if (why.includes('no limit') || why.includes('not limited') || why === '') return t('noLimit');
    return why;
}

function WhyTable({ told, site }: { told: Judgement; site: Site }) {
    const { counted, others } = orderedItems(told);
    return (
        <>
            <div class="row sec pad">
                <h2>{told.water_class ? t('pageWhy', { c: classLabel(told.water_class) }) : t('pageWhyNone')}</h2>
                <span class="grow">
                    {stamp(Date.parse(told.time), now.value).slice(0, -5)}
                    {[period(Date.parse(told.time), told.interval), tOr(`period_${told.interval}`, told.interval), t('receivedAt', { at: brief(Date.parse(told.received_at), now.value) })].join(comma())}
                </span>
                <span>{site.standard}</span>
            </div>
            <table class="why">
                <thead>
                    <tr>
                        <th>{t('item')}</th>
                        <th class="r">{t('rounded')}</th>
                        <th />
                        <th>
                            <span class="six" aria-hidden="true">
                                {[1, 2, 3, 4, 5, 6].map((c) => (
                                    <i key={c}>{classLabel(c)}</i>
                                ))}
                            </span>
                        </th>
                        <th>{t('single')}</th>
                    </tr>
                </thead>
                <tbody>
                    {counted.map((item) => (
                        <tr key={item.parameter} class={item.decided ? 'dec' : ''}>
                            <td>
                                {itemName(item)}
                                <div class="f11 m">{isChinese.value ? item.clause : (item.clause_en ?? item.clause)}</div>
                                <div class="f11 m nw">{ownTime(item, told)}</div>
                            </td>
                            <td class="r">
                                <b class="f16">{figure(item.assessed)}</b>
                                {item.value !== item.assessed && (
                                    <div class="f11 m nw">
                                        {t('asSent')} {figure(item.value)}
                                    </div>
                                )}
                            </td>
                            <td class="f12 m">{unitText(item.unit)}</td>
                            <td>
                                <ScaleBar of={scaled(item)!} width={228} />
                            </td>
                            <td>
                                <span class="row" style={{ gap: 6 }}>
                                    <Disc letter={item.class ?? 0} standing="valid" severity={null} r={7.6} />
                                    <span class="f12">{(item.class ?? 0) > 3 ? verdict(item, true) : ''}</span>
                                </span>
                            </td>
                        </tr>
                    ))}
                    {others.map((item) => (
                        <tr key={item.parameter} class="oth">
                            <td>
                                {itemName(item)} <span class="f11 m">{ownTime(item, told)}</span>
                            </td>
                            <td class="r">{figure(item.value)}</td>
                            <td class="f12 m">{unitText(item.unit)}</td>
                            <td colSpan={2} class="f12 m">
                                {notCounted(item)}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {told.missing_parameters && told.missing_parameters.length > 0 && <p class="pad s">{t('missingItems', { items: joined(told.missing_parameters.map(parameterName)) })}</p>}
        </>
    );
}

/** Why the index is what it is: each pollutant, the stretch of the table it falls into, and its own index. */
function AirNow({ site }: { site: Site }) {
    const [told, setTold] = useState<AirJudgement | null>(null);
    useEffect(() => {
        let alive = true;
        airJudgement(site.id).then((got) => alive && setTold(got), () => alive && setTold(null));
        return () => {
            alive = false;
        };
    }, [site.id, site.time]);
    const items = [...(told?.parameters ?? [])].sort((a, b) => (b.iaqi ?? -1) - (a.iaqi ?? -1));
    return (
        <>
            <div class="row sec pad">
                <h2>{site.aqi === null ? t('airNone') : t('airWhy', { n: site.aqi })}</h2>
                <span class="grow">
                    {told === null ? '' : [stamp(Date.parse(told.time), now.value), tOr(`period_${site.interval ?? ''}`, ''), t('receivedAt', { at: brief(Date.parse(told.received_at), now.value) })].join(comma())}
                </span>
                <span>{site.standard}</span>
            </div>
            {items.length === 0 ? (
                <p class="pad s">{t(site.time === null ? 'noRecord' : 'noValid')}</p>
            ) : (
                <table class="why">
                    <thead>
                        <tr>
                            <th>{t('pollutant')}</th>
                            <th class="r">{t('concentration')}</th>
                            <th />
                            <th class="r">IAQI</th>
                            <th>{t('tableStretch')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {items.map((item) => (
                            <AirRow key={item.parameter} item={item} />
                        ))}
                    </tbody>
                </table>
            )}
        </>
    );
}

function AirRow({ item }: { item: AirItem }) {
    const b = item.breakpoints;
    return (
        <tr class={item.primary ? 'dec' : 'oth'}>
            <td>
                {itemName(item)}
                {item.primary && <span class="f11 m"> {t('primary')}</span>}
            </td>
            <td class="r">
                <b>{figure(item.value)}</b>
            </td>
            <td class="f12 m">{unitText(item.unit)}</td>
            <td class="r">{item.iaqi === null ? '—' : <b>{item.iaqi}</b>}</td>
            <td class="f12 m">{b === null ? notCounted(item) : `${(item.column ?? '').replace(/^.*_/, '')} ${figure(b.concentration_low)}–${figure(b.concentration_high)} → ${b.iaqi_low}–${b.iaqi_high}`}</td>
        </tr>
    );
}

/** What was due and what came, day by day; where it is and how sure that is. */
function About({ site }: { site: Site }) {
    const length = periods[site.interval ?? '4h'] ?? 4 * hour;
    const perDay = Math.round(day / length);
    const today = midnight(site.stale && site.time !== null ? site.time : now.value);
    const days = Array.from({ length: 7 }, (_, i) => today - (6 - i) * day);
    const [records, setRecords] = useState<SeriesRecord[]>([]);
    useEffect(() => {
        let alive = true;
        // seven days of the site's own interval, whatever range the charts show
        series(site.id, today - 6 * day, today + day, site.interval ?? undefined).then((got) => alive && setRecords(got), () => undefined);
        return () => {
            alive = false;
        };
    }, [site.id, site.time, today]);
    const counts = days.map((from) => records.filter((record) => Date.parse(record.time) >= from && Date.parse(record.time) < from + day).length);
    const due = Math.floor((Math.min(now.value, today + day) - days[0]!) / length);
    const got = counts.reduce((a, b) => a + b, 0);
    return (
        <div class="about">
            <SmallMap site={site} width={236} height={132} />
            <dl class="f13">
                {line(t('dueReceived'), <><b>{due} / {got}</b>　{t('missingN', { n: Math.max(0, due - got) })}</>)}
                {line(
                    '',
                    <span class="row" style={{ gap: 3 }}>
                        {counts.map((count, i) => (
                            <DayCell key={i} came={count} due={perDay} title={`${dayMonth(days[i]!)} ${count} / ${perDay}`} />
                        ))}
                    </span>,
                )}
                {line(t('positionWord'), site.position === null ? t('noPosition') : `${site.position[0].toFixed(4)}°E ${site.position[1].toFixed(4)}°N　${site.accuracy ? `±${String(Number((site.accuracy / 1000).toFixed(1)))} km${comma()}${t('estimated')}` : ''}`)}
                {site.river && line(t('riverOfLayers'), [site.river.name, site.river.distance === null ? '' : t('fromRiver', { n: (site.river.distance / 1000).toFixed(1) }), site.river.chainage === null ? '' : t('chainage', { n: site.river.chainage.toFixed(1) })].filter(Boolean).join(comma()))}
                {!isAir(site) && line(t('target'), site.target === null ? t('notSet') : <>{classWords(site.target)}　{site.meetsTarget === false ? t('missesIt') : ''}</>)}
            </dl>
        </div>
    );
}

