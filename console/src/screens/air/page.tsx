import { useEffect, useState } from 'preact/hooks';
import { classes, series, type Matrix, type SeriesRecord } from '../../api/readings';
import { ItemChart } from '../../charts/item-chart';
import { comma, joined, t, tOr } from '../../i18n';
import { figure, percent, unitText } from '../../model/number';
import type { Site } from '../../model/site';
import { brief, day, dayMonth, midnight, monthName, parts } from '../../model/time';
import { airSites, now, parameterName, parameterUnit, siteName } from '../../state/network';
import { address, choose, param } from '../../state/route';
import { AqiSquare } from '../../ui/disc';
import { Icon } from '../../ui/parts';
import './air.css';

const items = ['pm25', 'pm10', 'o3', 'no2', 'so2', 'co'];
const newYear = (year: number): number => Date.parse(`${year}-01-01T00:00:00+08:00`);

/** The air: the index of every station now, the worst first; of the chosen one its hours, and the good days of the year beside the last. */
export default function AirPage() {
    const all = [...airSites.value].sort((a, b) => Number(a.stale) - Number(b.stale) || (b.aqi ?? -1) - (a.aqi ?? -1) || a.id.localeCompare(b.id));
    const chosen = all.find((site) => site.id === param('site')) ?? all[0];
    return (
        <main class="airp">
            <section class="panel" aria-label={t('layerAir')}>
                <div class="row ih">
                    <h1 class="f16">
                        <b>{t('airQuality')}</b> <span class="m">{all.length}</span>
                    </h1>
                    <span class="grow" />
                    <span class="f12 s">{t('worstFirst')}</span>
                </div>
                <div class="sl">
                    {all.map((site) => (
                        <button key={site.id} type="button" class={site.stale ? 'srow st' : 'srow'} aria-current={site === chosen} data-site={site.id} onClick={() => choose({ site: site.id })}>
                            <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} />
                            <span class="grow">
                                <span class="row">
                                    <span class="nm">{siteName(site)}</span>
                                    <span class="grow" />
                                    <span class="f12 m">{site.time === null ? '—' : brief(site.time, now.value)}</span>
                                </span>
                                <span class="f12 m el">{[site.aqiCategory, site.primary.length > 0 ? `${t('primary')} ${joined(site.primary.map(parameterName))}` : null, site.county].filter(Boolean).join(' · ')}</span>
                            </span>
                        </button>
                    ))}
                    {all.length === 0 && <p class="empty">{t('none')}</p>}
                </div>
            </section>
            {chosen && <Station key={chosen.id} site={chosen} />}
        </main>
    );
}

function Station({ site }: { site: Site }) {
    const [records, setRecords] = useState<SeriesRecord[]>([]);
    const end = site.time ?? now.peek();
    useEffect(() => {
        series(site.id, end - day + 1, end + 1, 'hour').then(setRecords, () => setRecords([]));
    }, [site.id, end]);
    const there = items.filter((item) => site.values[item] !== undefined);
    return (
        <section class="airs">
            <div class="row">
                <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} />
                <div class="grow">
                    <h2 class="f20">
                        <b>{siteName(site)}</b>
                    </h2>
                    <p class="s">{[site.aqiCategory, site.stale ? t('stale') : null, site.time === null ? null : brief(site.time, now.value), site.standard, site.county].filter(Boolean).join(' · ')}</p>
                </div>
                <a class="go" href={address(`/sites/${encodeURIComponent(site.id)}`)}>
                    {t('openStation')} <Icon of="next" size={14} />
                </a>
            </div>
            <div class="ait">
                {there.map((item) => (
                    <div class="card" key={item}>
                        <span class="f12 m">{parameterName(item)}</span>
                        <b class="f20">{figure(site.values[item])}</b>
                        <span class="f12 m">{unitText(parameterUnit(item))}</span>
                    </div>
                ))}
            </div>
            <div class="card pad">
                <h3 class="sec">
                    <b>AQI</b> {t('last24')}
                    {records.some((record) => record.aqi === null || record.aqi === undefined) ? `${comma()}${t('hoursWithoutIndex', { n: records.filter((record) => record.aqi === null || record.aqi === undefined).length })}` : ''}
                </h3>
                <ol class="hours">
                    {records.map((record) => (
                        <li key={record.time}>
                            <AqiSquare aqi={record.aqi ?? null} level={levelOf(record.aqi ?? null)} stale={false} />
                            <span class="f11 m">{brief(Date.parse(record.time), now.value).slice(-5)}</span>
                        </li>
                    ))}
                </ol>
                {records.length === 0 && <p class="s">{t('noSeries')}</p>}
            </div>
            <div class="two">
                {[...new Set([...site.primary, ...there])].slice(0, 2).map((item) => (
                    <div class="card pad" key={item}>
                        <h3 class="sec">
                            <b>{parameterName(item)}</b> {unitText(parameterUnit(item))}
                        </h3>
                        <ItemChart parameter={item} item={null} records={records} height={150} now={now.value} range={[end - day + 3600_000, end + 3600_000]} />
                    </div>
                ))}
            </div>
            <GoodDays site={site} />
        </section>
    );
}

/** Levels of the index: 0–50, –100, –150, –200, –300, above. */
export const levelOf = (aqi: number | null): number => (aqi === null ? 0 : [50, 100, 150, 200, 300].findIndex((limit) => aqi <= limit) + 1 || 6);

/** Days at level 1 or 2 of those with a daily index. */
export function goodDays(row: string): { good: number; valid: number } {
    return { good: row.replace(/[^12]/g, '').length, valid: row.replace(/[^1-6]/g, '').length };
}

function GoodDays({ site }: { site: Site }) {
    const [years, setYears] = useState<(Matrix | null)[]>([null, null]);
    const year = parts(now.peek()).y;
    useEffect(() => {
        const read = (y: number) => classes(newYear(y), Math.min(newYear(y + 1) - 1, midnight(Date.now()) + day - 1), 'day', 'air_station').catch(() => null);
        void Promise.all([read(year), read(year - 1)]).then(setYears);
    }, [site.id]);
    return (
        <div class="card pad">
            {years.map((matrix, i) => {
                const row = matrix?.sites[site.id] ?? '';
                const { good, valid } = goodDays(row);
                return (
                    <div key={i} style={{ marginBottom: 10 }}>
                        <h3 class="sec row">
                            <b class="grow">{t('goodDays', { y: year - i })}</b>
                            {valid === 0 ? t('noDailyYet') : t('goodDaysOf', { a: good, b: valid, p: percent(good, valid) })}
                        </h3>
                        <Calendar row={row} first={newYear(year - i)} />
                    </div>
                );
            })}
        </div>
    );
}

/** A square a day up to today, a column a week, the months named above. */
function Calendar({ row, first }: { row: string; first: number }) {
    const offset = (parts(first).weekday + 6) % 7;
    const all = Math.round((newYear(parts(first).y + 1) - first) / day);
    const days = Math.min(all, Math.floor((midnight(now.peek()) - first) / day) + 1);
    const columnOf = (i: number) => Math.floor((i + offset) / 7) * 10;
    return (
        <svg class="cal" viewBox="0 0 530 82" role="img" aria-label={tOr('goodDays', '', { y: parts(first).y })}>
            {Array.from({ length: 12 }, (_, m) => (
                <text key={m} x={columnOf(Math.round((Date.UTC(parts(first).y, m, 1) - Date.UTC(parts(first).y, 0, 1)) / day))} y="8" font-size="8" fill="var(--ink-3)">
                    {monthName(m)}
                </text>
            ))}
            {Array.from({ length: days }, (_, i) => {
                const level = Number(row.charAt(i) || '-');
                const known = level > 0;
                return (
                    <rect key={i} x={columnOf(i)} y={12 + ((i + offset) % 7) * 10} width="8" height="8" rx="1" class={known ? `f${level}` : ''} fill={known ? undefined : 'none'} stroke={known ? 'var(--ink-3)' : 'var(--line)'} stroke-width=".6">
                        <title>{`${dayMonth(first + i * day)} ${known ? t(`aqi${level}` as 'aqi1') : t('noDailyIndex')}`}</title>
                    </rect>
                );
            })}
        </svg>
    );
}
