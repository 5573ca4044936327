import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { root, url } from '../../api/http';
import { airStatistics, waterStatistics, type AirStatistics, type Group, type SectionOfPeriod, type WaterStatistics } from '../../api/statistics';
import { classLabel, classWords, colon, comma, isChinese, joined, semicolon, t } from '../../i18n';
import { multiple } from '../../model/number';
import { codeOf, isCode, spans, stepped, type Span } from '../../model/period';
import type { Site } from '../../model/site';
import { day } from '../../model/time';
import { moment } from '../../state/moment';
import { now, parameterName, shortName, siteName, sites } from '../../state/network';
import { address, choose, param } from '../../state/route';
import { Disc } from '../../ui/disc';
import { Icon } from '../../ui/parts';
import { Figure } from './parts';

/** What the address asks for: nothing is the present. A period without its date is that of the moment looked back at, else that of the last whole day. */
export function periodAsked(): { span: Span; code: string } | null {
    const span = spans.find((one) => one === param('period'));
    if (span === undefined) return null;
    const of = param('of');
    return { span, code: isCode(span, of) ? of : codeOf(span, moment.value ?? now.value - day) };
}

/** Now, or a day, a month, a year; and which. */
export function PeriodChoice() {
    const asked = periodAsked();
    return (
        <>
            <div class="seg" role="group" aria-label={t('period')}>
                <button type="button" aria-pressed={asked === null} onClick={() => choose({ period: null, of: null })}>
                    {t('period_now')}
                </button>
                {spans.map((span) => (
                    <button key={span} type="button" aria-pressed={asked?.span === span} onClick={() => choose({ period: span, of: null, level: null })}>
                        {t(`span_${span}`)}
                    </button>
                ))}
            </div>
            {asked && (
                <div class="row" style={{ gap: 4 }}>
                    <button type="button" class="btn q sm" aria-label={t('periodBefore')} onClick={() => choose({ of: stepped(asked.code, -1) })}>
                        <Icon of="back" size={14} />
                    </button>
                    <b data-period={asked.code}>{asked.code}</b>
                    <button type="button" class="btn q sm" aria-label={t('periodAfter')} disabled={asked.code >= codeOf(asked.span, now.value)} onClick={() => choose({ of: stepped(asked.code, 1) })}>
                        <Icon of="next" size={14} />
                    </button>
                </div>
            )}
        </>
    );
}

/** The figures of a period as reports make them, beside those of the year before. */
export function PeriodOverview({ code }: { code: string }) {
    const [water, setWater] = useState<WaterStatistics | null>(null);
    const [air, setAir] = useState<AirStatistics | null>(null);
    const [failed, setFailed] = useState('');
    useEffect(() => {
        let alive = true;
        setFailed('');
        waterStatistics(code).then((got) => alive && setWater(got), (error: Error) => alive && setFailed(error.message));
        airStatistics(code).then((got) => alive && setAir(got), () => alive && setAir(null));
        return () => {
            alive = false;
        };
    }, [code]);
    if (failed !== '') return <p class="empty">{t('loadFailed', { why: failed })}</p>;
    if (water === null || water.period.code !== code) return <p class="empty">{t('loading')}</p>;
    const base = water.base?.code ?? '';
    const path = (report: string, f: string) => root + url(`/api/v1/${report}`, { period: code, f });
    return (
        <>
            <p class="s">
                {[isChinese.value ? water.period.label : code, water.sections.some((one) => one.provisional) ? t('soFar') : '', t('periodHint', { edition: water.edition, base })].filter(Boolean).join(comma())}
            </p>
            <Numbers all={water.all} sections={water.sections} base={base} />
            <div class="g3 g2">
                <Sections all={water.sections} period={water.period} />
                <div class="col" style={{ gap: 12 }}>
                    <Groups title={t('byWater')} groups={water.rivers} filter="river" />
                    <Groups title={t('byPlace')} groups={water.places} filter={null} />
                    {air !== null && air.stations.length > 0 && <Air of={air} base={base} />}
                </div>
            </div>
            <p class="row wrap f13">
                <a class="btn sm" href={path('reports/water-month', 'html')}>
                    {t('asReport')}
                </a>
                <a class="btn sm" href={path('reports/section-compliance', 'html')}>
                    {t('asCompliance')}
                </a>
                <a class="btn sm" href={path('reports/ranking', 'html')}>
                    {t('asRanking')}
                </a>
                <a class="btn sm" href={path('reports/water-month', 'xlsx')} download>
                    <Icon of="download" size={14} /> XLSX
                </a>
                <a class="btn sm" href={path('statistics/water-sections', 'csv')} download>
                    <Icon of="download" size={14} /> CSV
                </a>
            </p>
        </>
    );
}

function Numbers({ all, sections, base }: { all: Group; sections: SectionOfPeriod[]; base: string }) {
    const change = all.comparable.good_share_change;
    const missed = sections.filter((one) => one.target === 'missed' && one.water_class !== null && one.target_class !== null);
    return (
        <section class="card k">
            <div class="grow clsbar">
                <div class="f12 s">{t('classesOf', { n: sections.length })}</div>
                <div class="bar">
                    {all.by_class.map((n, i) => n > 0 && (
                        <span key={i} style={{ flexGrow: n, background: `var(--c${i + 1})`, color: `var(--c${i + 1}x)` }} title={`${classWords(i + 1)} ${n}`}>
                            <b>{classLabel(i + 1)}</b> {n}
                        </span>
                    ))}
                    {all.not_evaluated.length > 0 && (
                        <span style={{ flexGrow: all.not_evaluated.length }} class="un" title={`${t('unjudged')} ${all.not_evaluated.length}`}>
                            — {all.not_evaluated.length}
                        </span>
                    )}
                </div>
                <div class="f12 s">{t('notEvaluatedLeftOut')}</div>
            </div>
            <Figure name={t('better')} unit={all.good_share === null ? '' : '%'} more={[t('ofJudged', { a: all.good, b: all.evaluated }), change === null ? t('noCompared', { base }) : t('points', { n: `${change > 0 ? '+' : ''}${change}`, k: all.comparable.sections, base })].join(semicolon())}>
                {all.good_share ?? '—'}
            </Figure>
            <Figure name={classWords(6)} unit={all.worse_than_v_share === null ? '' : '%'} more={t('ofJudged', { a: all.worse_than_v, b: all.evaluated })}>
                {all.worse_than_v_share ?? '—'}
            </Figure>
            <Figure name={t('missTarget')} unit={all.met + all.missed === 0 ? '' : `/ ${all.met + all.missed}`} more={missed.slice(0, 2).map((one) => `${nameOf(one.id)} ${t('missedBy', { t: classLabel(one.target_class!), c: classLabel(one.water_class!) })}`).join(semicolon())}>
                {all.met + all.missed === 0 ? '—' : all.missed}
            </Figure>
        </section>
    );
}

const siteOf = (id: string): Site | undefined => sites.value.get(id);
const nameOf = (id: string): string => {
    const site = siteOf(id);
    return site === undefined ? id : shortName(site);
};

const withMultiple = (item: { parameter: string; multiple: number | null }): string => `${parameterName(item.parameter)}${item.multiple === null ? '' : `${isChinese.value ? '' : ' '}(${multiple(item.multiple)})`}`;
/** `逐月显著上升：氨氮`; nothing where there is none. */
const listed = (what: string, items: string[]): string => (items.length === 0 ? '' : `${what}${colon()}${joined(items)}`);
const trending = (one: SectionOfPeriod, way: 'rising' | 'falling'): string[] => (one.trend?.items ?? []).filter((item) => item.trend === way).map((item) => parameterName(item.parameter));

/** `1/12 个月有均值，不足 8 个月，不判定达标`; nothing where every month that is due has one. */
function monthsOf(one: SectionOfPeriod): string {
    if (one.months === null || one.months.with_means >= one.months.due) return '';
    const { with_means, due, needed } = one.months;
    return [t('monthsKnown', { n: with_means, due }), with_means < needed ? t('monthsTooFew', { needed }) : ''].filter(Boolean).join(comma());
}

/** `Ⅴ类，氨氮(0.7)、总磷(0.2)；去年Ⅳ类；逐月显著上升：氨氮`. */
function said(one: SectionOfPeriod): string {
    if (one.water_class === null) return one.missing.length > 0 ? t('tooFew', { items: joined(one.missing.map(parameterName)) }) : t('unjudged');
    const pollutants = one.main_pollutants.map(withMultiple);
    return [`${classWords(one.water_class)}${comma()}${joined(pollutants.length > 0 ? pollutants : one.deciding.map(parameterName))}`, monthsOf(one), one.base.water_class === null ? '' : `${t('theYearBefore')}${colon()}${classWords(one.base.water_class)}`, listed(t('trendRising'), trending(one, 'rising')), listed(t('trendFalling'), trending(one, 'falling')), listed(t('drinkingWaterOver'), (one.drinking_water?.items ?? []).filter((item) => item.multiple !== null).map(withMultiple))].filter(Boolean).join(semicolon());
}

/** Rows that somebody reads; the rest is in the table to take. */
const most = 200;

function Sections({ all, period }: { all: SectionOfPeriod[]; period: { begin: string; end: string } }) {
    const worst = (one: SectionOfPeriod) => (one.water_class ?? -1) * 1000 + (one.main_pollutants[0]?.multiple ?? 0);
    return (
        <section class="card">
            <h2 class="sec pad">
                <b>{t('worstList')}</b> {t('worstOfPeriod')}
            </h2>
            <table class="wt">
                <tbody>
                    {[...all]
                        .sort((a, b) => worst(b) - worst(a) || a.id.localeCompare(b.id))
                        .slice(0, most)
                        .map((one) => (
                            <tr key={one.id} data-section={one.id}>
                                <td>
                                    <a class="row" href={address(`/sites/${encodeURIComponent(one.id)}`, { range: `${period.begin}/${period.end}` })}>
                                        <Disc letter={one.water_class ?? 0} standing={one.water_class === null ? 'unjudged' : 'valid'} severity={null} state={null} r={8} /> <b>{siteOf(one.id) ? siteName(siteOf(one.id)!) : one.id}</b>
                                    </a>
                                </td>
                                <td class="f13 s">{said(one)}</td>
                                <td class="f12 m r nw">{one.target === 'missed' ? t('missesIt') : one.target === 'met' ? t('meetsIt') : ''}</td>
                            </tr>
                        ))}
                </tbody>
            </table>
            {all.length > most && <p class="pad f13 s">{t('moreInTable', { n: all.length - most })}</p>}
        </section>
    );
}

function Groups({ title, groups, filter }: { title: string; groups: Group[]; filter: 'river' | null }) {
    const cell = (group: Group): ComponentChildren => (filter === null ? group.name : <a href={address('/data', { [filter]: group.name })}>{group.name}</a>);
    return (
        <section class="card">
            <h2 class="sec pad">
                <b>{title}</b> {t('better')}
            </h2>
            <table class="wt">
                <tbody>
                    {groups.map((group) => (
                        <tr key={group.name}>
                            <td>{cell(group)}</td>
                            <td>
                                <span class="row f12" style={{ gap: 6 }}>
                                    {group.by_class.map((n, i) => n > 0 && (
                                        <span key={i} class="row" style={{ gap: 2 }}>
                                            <Disc letter={i + 1} standing="valid" severity={null} state={null} r={8} name={classWords(i + 1)} /> {n}
                                        </span>
                                    ))}
                                    {group.evaluated === 0 && <span class="m">{t('unjudged')}</span>}
                                </span>
                            </td>
                            <td class="r nw f13">{group.good_share === null ? '—' : `${group.good_share} %（${group.good} / ${group.evaluated}）`}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </section>
    );
}

function Air({ of, base }: { of: AirStatistics; base: string }) {
    return (
        <section class="card">
            <h2 class="sec pad">
                <b>{t('airQuality')}</b> {t('goodDaysAgainst', { base })}
            </h2>
            <table class="wt">
                <tbody>
                    {of.stations.map(({ id, now: here, base: before }) => (
                        <tr key={id}>
                            <td>
                                <a href={address('/air', { site: id })}>{nameOf(id)}</a>
                            </td>
                            {[here, before].map(({ as_valid_on_the_day: days }, i) => (
                                <td key={i} class={i === 0 ? 'r nw f13' : 'r nw f13 m'}>
                                    {days.good_share === null ? t('noDailyIndex') : t('goodDaysOf', { a: days.good, b: days.valid, p: days.good_share })}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </section>
    );
}
