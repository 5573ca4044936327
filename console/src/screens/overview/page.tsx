import { classLabel, classWords, comma, semicolon, t } from '../../i18n';
import { run } from '../../model/matrix';
import { percent } from '../../model/number';
import { inOrder } from '../../model/order';
import { reason } from '../../model/reasons';
import { standing, type Site } from '../../model/site';
import { brief, duration, stamp, yearMonth } from '../../model/time';
import { airSites, alertOf, newestPlace, newestTime, now, orderedAlerts, parameterName, siteName, shortName, waiting, water, waterSites } from '../../state/network';
import { address, choose, param } from '../../state/route';
import { AqiSquare, Disc, lookOf, spoken } from '../../ui/disc';
import { Icon, PaperFoot } from '../../ui/parts';
import { Waters } from './diagram';
import { Figure } from './parts';
import { PeriodChoice, PeriodOverview, periodAsked } from './period';
import type { River } from './rivers';
import './overview.css';

/** Who takes part in counts and shares: judged completely from data of now. */
export const judged = (site: Site): boolean => standing(site) === 'valid';

export default function OverviewPage() {
    const level = param('level');
    const asked = periodAsked();
    const all = waterSites.value.filter((site) => !level || site.level === level);
    const levels = ['national', 'provincial', 'municipal'] as const;
    return (
        <main class="ov">
            <div class="row wrap">
                <h1 class="f20">
                    <b>{t('overview')}</b>
                </h1>
                <PeriodChoice />
                <span class="m">{asked !== null || newestTime.value === null ? '' : t('ovHint', { at: stamp(newestTime.value, now.value), period: t('period_4h') })}</span>
                <span class="grow" />
                {asked === null && (
                    <div class="seg" role="group">
                        {levels.map((one) => (
                            <button key={one} type="button" aria-pressed={level === one} onClick={() => choose({ level: level === one ? null : one })}>
                                {t(one)} {waterSites.value.filter((site) => site.level === one).length}
                            </button>
                        ))}
                    </div>
                )}
                <button type="button" class="btn sm" onClick={() => window.print()}>
                    <Icon of="print" size={14} /> {t('print')}
                </button>
            </div>
            {asked !== null ? <PeriodOverview code={asked.code} /> : <Present all={all} />}
            <PaperFoot href={location.href} />
        </main>
    );
}

/** What the newest records say. */
function Present({ all }: { all: Site[] }) {
    return (
        <>
            <Numbers all={all} />
            <section class="card">
                <div class="row sec pad">
                    <h2>{t('rivers')}</h2>
                    <span class="grow">{t('riversHint')}</span>
                    <span>{t('unplacedOnRiver', { n: all.filter((site) => site.position === null).length })}</span>
                </div>
                <Waters all={all} />
            </section>
            <div class="g3">
                <Worst all={all} />
                <Counties all={all} />
                <Air />
            </div>
        </>
    );
}

function Numbers({ all }: { all: Site[] }) {
    const sure = all.filter(judged);
    const good = sure.filter((site) => site.waterClass <= 3);
    const withTarget = all.filter((site) => site.target !== null);
    const missing = withTarget.filter((site) => judged(site) && site.meetsTarget === false);
    const reporting = all.filter((site) => standing(site) !== 'stale' && standing(site) !== 'silent');
    const last = orderedAlerts.value.reduce((newest, alert) => Math.max(newest, Date.parse(alert.opened_at)), 0);
    const parts = [1, 2, 3, 4, 5, 6].map((c) => ({ c, n: all.filter((site) => (standing(site) === 'valid' || standing(site) === 'incomplete') && site.waterClass === c).length })).filter((part) => part.n > 0);
    const unjudged = all.filter((site) => standing(site) === 'unjudged').length;
    const stale = all.length - reporting.length;
    return (
        <section class="card k">
            <div class="grow clsbar">
                <div class="f12 s">{t('classesOf', { n: all.length })}</div>
                <div class="bar">
                    {parts.map(({ c, n }) => (
                        <a key={c} href={address('/', { class: String(c) })} style={{ flexGrow: n, background: `var(--c${c})`, color: `var(--c${c}x)` }} title={`${classWords(c)} ${n}`}>
                            <b>{classLabel(c)}</b> {n}
                        </a>
                    ))}
                    {unjudged > 0 && (
                        <a href={address('/', { show: 'unjudged' })} style={{ flexGrow: unjudged }} class="un" title={`${t('unjudged')} ${unjudged}`}>
                            — {unjudged}
                        </a>
                    )}
                    {stale > 0 && (
                        <a href={address('/', { show: 'stale' })} style={{ flexGrow: stale }} class="old">
                            {t('stale')} {stale}
                        </a>
                    )}
                </div>
                <div class="f12 s">{t('staleLeftOut')}</div>
            </div>
            <Figure name={t('better')} unit={sure.length > 0 ? '%' : ''} more={t('ofJudged', { a: good.length, b: sure.length })}>
                {percent(good.length, sure.length)}
            </Figure>
            <Figure name={t('missTarget')} unit={withTarget.length === 0 ? '' : `/ ${withTarget.filter(judged).length}`} more={withTarget.length < all.length ? t('noTargets', { n: all.length - withTarget.length }) : missing.slice(0, 2).map((site) => `${shortName(site)} ${t('missBy', { t: classLabel(site.target!), c: classLabel(site.waterClass) })}`).join(semicolon())}>
                {withTarget.length === 0 ? '—' : missing.length}
            </Figure>
            <Figure name={t('reporting')} unit={`/ ${all.length}`} more={newestTime.value === null ? '' : t('newest', { at: brief(newestTime.value, now.value) })}>
                {reporting.length}
            </Figure>
            <Figure name={t('sinceLastAlert')} unit="" more={waiting.value > 0 ? t('waiting', { n: waiting.value }) : t('noTodo')}>
                {last === 0 ? '—' : duration(now.value - last)}
            </Figure>
        </section>
    );
}

/** A line a water, its sections in the order of the water; the reach carries the class of the section above it. */
export function Rivers({ rivers }: { rivers: River[] }) {
    return (
        <ol class="rv">
            {rivers.map((river) => (
                <li key={river.name} class={river.sections.length > 1 ? 'stem' : ''}>
                    <span class="rn">
                        <i>{river.name}</i>
                    </span>
                    <span class="reach first" />
                    {river.sections.map((site) => {
                        const sure = standing(site) === 'valid' || standing(site) === 'incomplete';
                        const colour = sure && site.waterClass > 0 ? `var(--c${site.waterClass})` : undefined;
                        const why = reason(site, parameterName);
                        const is = standing(site);
                        return (
                            <>
                                <a key={site.id} class="rs" href={address('/', { site: site.id })}>
                                    <Disc {...lookOf(site)} r={12} rings name={spoken(site, siteName(site))} />
                                    <span>
                                        <b class={is === 'stale' || is === 'silent' ? 'thin' : ''}>{shortName(site)}</b>
                                        <span class="f12 s">
                                            {is === 'stale' ? t('noDataSince', { at: yearMonth(site.time!) }) : `${why.head} ${why.rest}`}
                                            {site.position === null ? `${comma()}${t('placeUnknown')}` : site.river?.chainage ? `${comma()}${site.river.chainage.toFixed(1)} km` : ''}
                                        </span>
                                    </span>
                                </a>
                                <span class={site.position === null ? 'reach dashed' : 'reach'} style={colour ? { '--reach': colour } : {}} />
                            </>
                        );
                    })}
                </li>
            ))}
        </ol>
    );
}

function Worst({ all }: { all: Site[] }) {
    const reporting = inOrder(all.filter((site) => standing(site) !== 'stale' && standing(site) !== 'silent'), alertOf);
    return (
        <section class="card">
            <h2 class="sec pad">
                <b>{t('worstList')}</b> {t('nReporting', { n: reporting.length })}
            </h2>
            <table class="wt">
                <tbody>
                    {reporting.slice(0, 12).map((site) => {
                        const why = reason(site, parameterName);
                        const told = water.value === null ? null : run(water.value, site.id, newestPlace.value);
                        return (
                            <tr key={site.id}>
                                <td>
                                    <a class="row" href={address('/', { site: site.id })}>
                                        <Disc {...lookOf(site)} severity={null} r={8} /> <b>{siteName(site)}</b>
                                    </a>
                                </td>
                                <td class="f13 s">
                                    {why.head} {why.rest}
                                </td>
                                <td class="f12 m r nw">{told && told.kind !== 'good' ? duration(now.value - told.since) : site.time === null ? '' : brief(site.time, now.value)}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </section>
    );
}

function Counties({ all }: { all: Site[] }) {
    const counties = new Map<string, Site[]>();
    for (const site of all) {
        const county = site.county ?? t('noPosition');
        counties.set(county, [...(counties.get(county) ?? []), site]);
    }
    return (
        <section class="card">
            <h2 class="sec pad">
                <b>{t('byCounty')}</b> {t('byCountyHint')}
            </h2>
            <div class="cg">
                {[...counties]
                    .sort((a, b) => Math.max(...b[1].filter(judged).map((site) => site.waterClass), 0) - Math.max(...a[1].filter(judged).map((site) => site.waterClass), 0))
                    .map(([county, inside]) => (
                        <a class="ct" key={county} href={address('/', { county: inside[0]!.county ?? '-' })}>
                            {county}
                            <span class="row" style={{ gap: 4 }}>
                                {inside.map((site) => (
                                    <Disc key={site.id} {...lookOf(site)} severity={null} r={8} name={spoken(site, siteName(site))} />
                                ))}
                            </span>
                        </a>
                    ))}
            </div>
        </section>
    );
}

function Air() {
    const newest = Math.max(0, ...airSites.value.map((site) => site.time ?? 0));
    return (
        <section class="card">
            <h2 class="sec pad">
                <b>{t('airQuality')}</b> AQI{newest > 0 ? `${comma()}${brief(newest, now.value)}` : ''}
            </h2>
            <div class="cg">
                {airSites.value.map((site) => (
                    <a class="ct" key={site.id} href={address('/air', { site: site.id })}>
                        {siteName(site)}
                        <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} />
                    </a>
                ))}
                {airSites.value.length === 0 && <p class="s">{t('none')}</p>}
            </div>
        </section>
    );
}
