import { useRef, useState } from 'preact/hooks';
import { t, tOr } from '../../i18n';
import { groupOf, groups, type Group } from '../../model/order';
import { run, strip } from '../../model/matrix';
import { reason, sinceText, timeOf } from '../../model/reasons';
import { standing, type Site } from '../../model/site';
import { alertOf, changed, loaded, now, parameterName, siteName, sites } from '../../state/network';
import { moment, shownClasses, shownNow, shownPlace, shownSites } from '../../state/moment';
import { choose, param, selected } from '../../state/route';
import { Disc, lookOf, spoken } from '../../ui/disc';
import { Strip, Unplaced } from '../../ui/parts';

/** The counts on top, which are filters as well. */
export type Count = 'worse' | 'better' | 'unjudged' | 'stale';
export function countOf(site: Site): Count {
    const is = standing(site);
    if (is === 'stale' || is === 'silent') return 'stale';
    if (is === 'unjudged') return 'unjudged';
    return site.waterClass > 3 ? 'worse' : 'better';
}

export const filterNames = ['show', 'level', 'river', 'county', 'class'] as const;
export function filtered(all: Site[]): Site[] {
    const [show, level, river, county, classes] = filterNames.map(param);
    return all.filter(
        (site) =>
            (!show || countOf(site) === show) &&
            (!level || site.level === level) &&
            (!river || site.water === river) &&
            (!county || (county === '-' ? site.position === null : site.county === county)) &&
            (!classes || (standing(site) !== 'stale' && classes.split(',').includes(String(site.waterClass)))),
    );
}

export function Counts() {
    const all = shownSites.value;
    const show = param('show');
    return (
        <div class="kpi">
            {(['worse', 'better', 'unjudged', 'stale'] as const).map((count) => (
                <button key={count} type="button" aria-pressed={show === count} onClick={() => choose({ show: show === count ? null : count })}>
                    <b>{all.filter((site) => countOf(site) === count).length}</b>
                    <span>{t(count)}</span>
                </button>
            ))}
        </div>
    );
}

function Filters() {
    const all = [...sites.value.values()].filter((site) => site.kind !== 'air_station');
    const pick = (name: string, everything: string, values: [string, string][]) => (
        <select class={param(name) ? 'chip on' : 'chip'} aria-label={everything} value={param(name) ?? ''} onChange={(event) => choose({ [name]: event.currentTarget.value || null })}>
            <option value="">{everything}</option>
            {values.map(([value, label]) => (
                <option key={value} value={value}>
                    {label}
                </option>
            ))}
        </select>
    );
    const distinct = (of: (site: Site) => string | null) => [...new Set(all.map(of).filter((value): value is string => value !== null))].sort((a, b) => a.localeCompare(b, 'zh'));
    return (
        <div class="row flt">
            {pick('level', t('allLevels'), distinct((site) => site.level).map((level) => [level, `${tOr(level, level)} ${all.filter((site) => site.level === level).length}`]))}
            {pick('river', t('allRivers'), distinct((site) => site.water).map((river) => [river, river]))}
            {pick('county', t('allCounties'), [...distinct((site) => site.county).map((county): [string, string] => [county, county]), ['-', t('noPosition')]])}
            <span class="grow" />
            <span class="f12 s nw">{t('worstFirst')}</span>
        </div>
    );
}

type Line = { head: Group; count: number } | { site: Site; group: Group };
const heights: Record<Group, number> = { act: 88, hand: 88, worse: 88, watch: 88, good: 52, stale: 48 };
const headHeight = 28;

export function SiteList() {
    const shown = filtered(shownSites.value);
    const lines: Line[] = groups.flatMap((group) => {
        const inside = shown.filter((site) => groupOf(site) === group);
        return inside.length === 0 ? [] : [{ head: group, count: inside.length }, ...inside.map((site) => ({ site, group }))];
    });
    const filters = ['show', 'level', 'river', 'county', 'class'].filter((name) => param(name));
    return (
        <section class="panel" aria-label={t('sections')}>
            <h2 class="vh">{t('sections')}</h2>
            <Counts />
            <Filters />
            {loaded.value === 'loading' ? (
                <div class="sl" aria-label={t('reading')}>
                    {[1, 2, 3, 4, 5].map((n) => (
                        <div key={n} class="skel" />
                    ))}
                </div>
            ) : lines.length === 0 ? (
                <div class="empty">
                    {filters.length > 0 ? t('noMatch', { filter: filters.map((name) => (name === 'show' ? t(param('show') as Count) : tOr(param(name)!, param(name)!))).join('、') }) : t('noSites')}
                    {filters.length > 0 && (
                        <div>
                            <button type="button" class="btn sm" onClick={() => choose(Object.fromEntries(filters.map((name) => [name, null])))}>
                                {t('clearFilter')}
                            </button>
                        </div>
                    )}
                </div>
            ) : (
                <Rows lines={lines} />
            )}
        </section>
    );
}

/** Long lists keep only what is in sight in the page; the height of a row goes by its kind. */
function Rows({ lines }: { lines: Line[] }) {
    const [top, setTop] = useState(0);
    const box = useRef<HTMLDivElement>(null);
    const height = (line: Line) => ('head' in line ? headHeight : heights[line.group]);
    if (lines.length <= 100)
        return (
            <div class="sl" ref={box}>
                {lines.map(render)}
            </div>
        );
    const seen = box.current?.clientHeight ?? 900;
    let offset = 0;
    let before = 0;
    let total = 0;
    const inside: Line[] = [];
    for (const line of lines) {
        const h = height(line);
        if (offset + h < top - 400) before += h;
        else if (offset < top + seen + 400) inside.push(line);
        offset += h;
        total += h;
    }
    const after = total - before - inside.reduce((sum, line) => sum + height(line), 0);
    return (
        <div class="sl" ref={box} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
            <div style={{ height: before }} />
            {inside.map((line) => (
                <div key={'head' in line ? line.head : line.site.id} style={{ height: height(line), overflow: 'hidden' }}>
                    {render(line)}
                </div>
            ))}
            <div style={{ height: after }} />
        </div>
    );
}

function render(line: Line) {
    if (!('head' in line)) return <SiteRow key={line.site.id} site={line.site} group={line.group} />;
    const hint = line.head === 'act' ? t('groupActHint') : line.head === 'stale' ? t('groupStaleHint') : '';
    return (
        <div class="gh" key={line.head}>
            <h3>{t(`group_${line.head}`)}</h3>
            <span class="m">{line.count}</span>
            <span class="grow" />
            <span class="m">{hint}</span>
        </div>
    );
}

function SiteRow({ site, group }: { site: Site; group: Group }) {
    const why = reason(site, parameterName);
    const name = siteName(site);
    const known = shownClasses.value;
    const told = known === null ? null : run(known, site.id, shownPlace.value);
    const row = known === null ? '' : strip(known, site.id, 16, shownPlace.value);
    const fresh = moment.value === null && now.value - (changed.value.get(site.id) ?? 0) < 30_000;
    const full = group !== 'stale' && group !== 'good';
    return (
        <button
            type="button"
            class={`srow${group === 'stale' ? ' st' : ''}${fresh ? ' fresh' : ''}`}
            aria-current={selected.value === site.id}
            data-site={site.id}
            onClick={() => choose({ site: selected.value === site.id ? null : site.id })}
        >
            <Disc {...lookOf(site)} name={spoken(site, name)} />
            <span class="grow">
                <span class="row">
                    <span class="nm el">{name}</span>
                    {site.position === null && <Unplaced />}
                    <span class="grow" />
                    <span class="f12 m nw">{timeOf(site, now.value)}</span>
                </span>
                <span class="f12 m el" style={{ display: 'block' }}>
                    {[site.water, site.county].filter(Boolean).join(' · ')}
                </span>
                {full && (
                    <>
                        <span class="f12 el" style={{ display: 'block' }}>
                            <b class={why.tone > 0 ? `c${why.tone}t` : ''}>{why.head}</b> {why.rest}
                        </span>
                        {row !== '' && (
                            <span class="row f11 m" style={{ marginTop: 4 }}>
                                <Strip row={row} />
                                <span class="nw">{sinceText(told, alertOf(site), site, shownNow.value)}</span>
                            </span>
                        )}
                    </>
                )}
            </span>
        </button>
    );
}
