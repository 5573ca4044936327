import { useEffect, useState } from 'preact/hooks';
import { classLabel, classWords, comma, t, tOr } from '../../i18n';
import { run, strip, timeAt } from '../../model/matrix';
import { groupOf } from '../../model/order';
import { overText, reason, sinceText, timeOf } from '../../model/reasons';
import { standing, type Site } from '../../model/site';
import { brief, clock, dayMonthWords, duration, parts, stamp, weekdayWords } from '../../model/time';
import { airSites, alertOf, live, newestPlace, now, orderedSites, parameterName, session, shortName, siteName, water } from '../../state/network';
import { param } from '../../state/route';
import { AqiSquare, Disc, lookOf, SeverityMark } from '../../ui/disc';
import { Strip } from '../../ui/parts';
import { countOf } from '../map/list';
import { MapCanvas } from '../map/canvas';
import { Waters } from '../overview/diagram';
import './wall.css';

const usual = ['map', 'rivers', 'air'] as const;
type Turn = (typeof usual)[number];

/** `20s`, `1m`. */
export function everyOf(text: string | null): number {
    const given = /^(\d+)(s|m)$/.exec(text ?? '');
    return given ? Math.max(5, Number(given[1]) * (given[2] === 'm' ? 60 : 1)) * 1000 : 20_000;
}

/** The three things for who stands five metres away, for weeks, untouched: which are bad, why, what first. Nothing here grows: what turns is a number. */
export default function Wall() {
    const turns = (param('pages') ?? usual.join(','))
        .split(',')
        .filter((name): name is Turn => (usual as readonly string[]).includes(name))
        .filter((name) => name !== 'air' || airSites.value.length > 0);
    const [turn, setTurn] = useState(0);
    const every = everyOf(param('every'));
    useEffect(() => {
        const timer = window.setInterval(() => setTurn((n) => n + 1), every);
        return () => window.clearInterval(timer);
    }, [every]);
    // once a night, while nothing is open, the page begins anew
    const clockNow = parts(now.value);
    const calm = orderedSites.value.every((site) => groupOf(site) !== 'act');
    useEffect(() => {
        if (calm && clockNow.h === 4 && clockNow.min === 0 && performance.now() > 3_600_000) location.reload();
    }, [clockNow.h, clockNow.min, calm]);
    // pixels of the screen to one of the design, which is 1920 wide
    const u = window.innerWidth / 1920;
    const shown = turns[turn % Math.max(1, turns.length)] ?? 'map';
    const all = orderedSites.value;
    const first = all.filter((site) => groupOf(site) === 'act' || groupOf(site) === 'hand');
    const focus = first[Math.floor(turn / Math.max(1, turns.length)) % Math.max(1, first.length)] ?? all[0];
    return (
        <div class="wall">
            <header>
                <b class="wb">{t('brand')}</b>
                <span class="ws">{session.value.title.replace(/^一泓\s*(Yihong)?\s*/, '') || t('wallTitle', { city: '' })}</span>
                <span class="grow" />
                <span class={live.value.state === 'live' ? 'live' : 'live off'}>
                    <i />
                    {live.value.state === 'live' ? t('live') : `${t('lost')} ${duration(now.value - live.value.since)}`}
                </span>
                <b class="wt">{clock(now.value)}</b>
                <span class="wday">
                    {dayMonthWords(now.value)}
                    <br />
                    {weekdayWords(now.value)}
                </span>
            </header>
            <main>
                <section class="wm">
                    <div style={{ visibility: shown === 'map' ? 'visible' : 'hidden', position: 'absolute', inset: 0 }}>
                        <MapCanvas only={all} enlarged={1.85 * u} />
                    </div>
                    {shown === 'air' && <AirWall />}
                </section>
                <section class="wc">
                    {focus && <Focus site={focus} u={u} />}
                    <ul>
                        {all
                            .filter((site) => site !== focus && standing(site) !== 'stale' && standing(site) !== 'silent')
                            .slice(0, 4)
                            .map((site) => (
                                <li key={site.id}>
                                    <Disc {...lookOf(site)} r={19 * u} />
                                    <b class="el">{shortName(site)}</b>
                                    <span>{site.alertSeverity ? t(site.alertSeverity) : timeOf(site, now.value)}</span>
                                    <span class="why el">
                                        {reason(site, parameterName).head} {reason(site, parameterName).rest}
                                    </span>
                                </li>
                            ))}
                    </ul>
                </section>
                {shown === 'rivers' && (
                    <section class="wide" aria-label={t('rivers')}>
                        <Waters all={all} u={1.75 * u} plain />
                    </section>
                )}
            </main>
            <footer>
                {(['worse', 'better', 'unjudged', 'stale'] as const).map((count) => (
                    <span key={count}>
                        <b>{all.filter((site) => countOf(site) === count).length}</b> {t(count)}
                    </span>
                ))}
                <span class="grow" />
                {[1, 2, 3, 4, 5, 6].map((c) => (
                    <Disc key={c} letter={c} standing="valid" severity={null} r={15 * u} />
                ))}
                <Disc letter={2} standing="stale" severity={null} r={15 * u} />
                <span class="ws">{t('stale')}</span>
                <span class="dots" aria-hidden="true">
                    {turns.map((name) => (
                        <i key={name} class={name === shown ? 'on' : ''} />
                    ))}
                </span>
            </footer>
        </div>
    );
}

function Focus({ site, u }: { site: Site; u: number }) {
    const alert = alertOf(site);
    const known = water.value;
    const row = known === null ? '' : strip(known, site.id, 16, newestPlace.value);
    const since = known === null ? '' : sinceText(run(known, site.id, newestPlace.value), alert, site, now.value);
    return (
        <div class="wf">
            {alert && (
                <div class="wl">
                    <SeverityMark severity={alert.severity} hollow={alert.state !== 'open'} size={28 * u} />
                    <b>
                        {t(alert.severity)}
                        {comma()}
                        {tOr(alert.state, alert.state)}
                    </b>
                    <span class="grow" />
                    <b>{duration(now.value - Date.parse(alert.state === 'open' ? alert.opened_at : (alert.acknowledged_at ?? alert.opened_at)))}</b>
                </div>
            )}
            <div class="wn">
                <Disc {...lookOf(site)} severity={null} r={62 * u} />
                <div>
                    <b>{shortName(site)}</b>
                    <span>{[site.water, site.county].filter(Boolean).join(' · ')}</span>
                </div>
            </div>
            <p class="ww">
                {standing(site) === 'unjudged' ? t('unjudged') : site.waterClass > 3 ? overText(site, parameterName) : `${siteName(site)} ${classWords(site.waterClass)}`}
                {since ? `${comma()}${since}` : ''}
            </p>
            {row !== '' && (
                <>
                    <Strip row={row} width={32} height={52} />
                    <div class="wx">
                        <span>{known === null ? '' : stamp(timeAt(known, newestPlace.value - row.length + 1), now.value)}</span>
                        <span>{alert?.peak_class ? t('worst', { c: classLabel(alert.peak_class) }) : ''}</span>
                        <span>{known === null ? '' : stamp(timeAt(known, newestPlace.value), now.value)}</span>
                    </div>
                </>
            )}
        </div>
    );
}

function AirWall() {
    const newest = Math.max(...airSites.value.map((site) => site.time ?? 0));
    return (
        <div class="wa">
            <h2>
                {t('airQuality')} AQI{newest > 0 ? `${comma()}${brief(newest, now.value)}` : ''}
            </h2>
            {airSites.value.map((site) => (
                <div key={site.id}>
                    <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} />
                    <b>{siteName(site)}</b>
                    <span>{site.aqiCategory ?? '—'}</span>
                </div>
            ))}
        </div>
    );
}
