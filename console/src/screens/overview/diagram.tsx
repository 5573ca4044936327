import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { classWords, comma, t } from '../../i18n';
import { figure, multiple } from '../../model/number';
import { standing, type Site } from '../../model/site';
import { yearMonth } from '../../model/time';
import { branchesOf, drawn, type Drawing } from '../../model/waters';
import { links, parameterName, shortName, siteName } from '../../state/network';
import { address } from '../../state/route';
import { Disc, lookOf, spoken } from '../../ui/disc';
import { Rivers } from './page';
import { riversOf } from './rivers';

/** What decides, in a few characters. */
function brieflyWhy(site: Site): string {
    const is = standing(site);
    if (is === 'silent') return t('noRecord');
    if (is === 'stale') return t('noDataSince', { at: yearMonth(site.time!) });
    if (is === 'unjudged') return t('unjudged');
    const worst = site.pollutants[0];
    // a line ends behind the item, not within 超 0.8 倍
    if (site.waterClass > 3 && worst) return `${parameterName(worst.parameter)}${worst.multiple === null ? '' : ` ${(Number(multiple(worst.multiple)) === 0 ? t('justOver') : t('over', { m: multiple(worst.multiple) })).replaceAll(' ', '\u00a0')}`}`;
    const item = site.deciding[0];
    return item === undefined ? classWords(site.waterClass) : `${parameterName(item)} ${figure(site.values[item])}`;
}

/** The rivers with their confluences as the service knows them; waters whose order nobody told are lines below. `u`: pixels of a unit; `plain`: names alone,
 * within the width that there is, to be read from afar. */
export function Waters({ all, u = 1, plain = false }: { all: Site[]; u?: number; plain?: boolean }) {
    const known = links.value;
    const trees = useMemo(() => branchesOf([...known.values()]).map(drawn), [known]);
    const there = new Map(all.map((site) => [site.id, site]));
    const shown = trees.filter((tree) => tree.nodes.some((node) => there.has(node.site)));
    const inside = new Set(shown.flatMap((tree) => tree.nodes.map((node) => node.site)));
    const rest = riversOf(all.filter((site) => !inside.has(site.id)));
    return (
        <>
            {shown.map((tree) => (
                <Diagram key={tree.nodes[0]?.site} tree={tree} sites={there} u={u} plain={plain} />
            ))}
            {rest.length > 0 && <Rivers rivers={rest.slice(0, most)} />}
            {rest.length > most && <p class="pad f12 m">{t('moreWaters', { n: rest.length - most })}</p>}
        </>
    );
}
const most = 40;

function Diagram({ tree, sites, u, plain }: { tree: Drawing; sites: Map<string, Site>; u: number; plain: boolean }) {
    const box = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(1280);
    useEffect(() => {
        const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
        if (box.current) watch.observe(box.current);
        return () => watch.disconnect();
    }, []);
    const slot = Math.max(plain ? 0 : 104 * u, (width - 60 * u) / tree.width);
    const high = (plain ? 96 : 88) * u;
    const x = (slots: number) => 12 * u + slots * slot;
    const y = (row: number) => 30 * u + row * high;
    const size: [number, number] = [x(tree.width) + 40 * u, y(tree.rows - 1) + (plain ? 48 : 70) * u];
    return (
        <div class="wd" ref={box} tabIndex={0} role="region" aria-label={t('rivers')}>
            <div style={{ position: 'relative', width: size[0], height: size[1], ['--wide' as never]: size[0] }}>
                <svg width={size[0]} height={size[1]} aria-hidden="true">
                    {tree.reaches.map((reach, i) => {
                        const site = reach.of === null ? undefined : sites.get(reach.of);
                        const is = site && standing(site);
                        const sure = is === 'valid' || is === 'incomplete';
                        return (
                            <polyline
                                key={i}
                                points={reach.points.map(([px, row]) => `${x(px)},${y(row)}`).join(' ')}
                                fill="none"
                                stroke={sure && site!.waterClass > 0 ? `var(--c${site!.waterClass})` : 'var(--m-water)'}
                                stroke-width={(reach.stem ? 8 : 5) * u}
                                stroke-linejoin="round"
                                stroke-linecap={site?.position === null ? 'butt' : 'round'}
                                stroke-dasharray={site?.position === null ? `${8 * u} ${5 * u}` : undefined}
                            />
                        );
                    })}
                    {tree.confluences.map(([px, row], i) => (
                        <circle key={i} cx={x(px)} cy={y(row)} r={3.5 * u} fill="var(--paper)" stroke="var(--m-waterline)" stroke-width={1.4 * u} />
                    ))}
                    <path d={`M${x(tree.width) - 4 * u} ${y(tree.nodes.find((node) => node.site === stemEnd(tree))!.row) - 9 * u}l${10 * u} ${9 * u}l${-10 * u} ${9 * u}`} fill="none" stroke="var(--m-waterline)" stroke-width={2 * u} />
                </svg>
                {tree.names.map((one) => (
                    <i class="wn0" key={`${one.name}${one.row}`} style={{ left: x(one.x), top: y(one.row) - 26 * u, fontSize: 13 * u }}>
                        {one.name}
                    </i>
                ))}
                {tree.nodes.map((node) => {
                    const site = sites.get(node.site);
                    if (site === undefined) return null;
                    const old = standing(site) === 'stale' || standing(site) === 'silent';
                    return (
                        <a key={node.site} class={`wnode${old ? ' thin' : ''}`} data-node={node.site} href={address('/', { site: site.id })} style={{ left: x(node.x), top: y(node.row), width: slot, fontSize: 14 * u, lineHeight: `${18 * u}px` }}>
                            <span class="at">
                                <Disc {...lookOf(site)} r={12 * u} rings name={spoken(site, siteName(site))} />
                            </span>
                            <b style={{ marginTop: (site.alertSeverity === null ? 17 : 23) * u }}>{shortName(site)}</b>
                            {!plain && (
                                <span style={{ fontSize: 12 * u, lineHeight: `${15 * u}px` }}>
                                    {brieflyWhy(site)}
                                    {site.position === null ? comma() + t('placeUnknown') : ''}
                                </span>
                            )}
                        </a>
                    );
                })}
            </div>
        </div>
    );
}

/** The section farthest down. */
const stemEnd = (tree: Drawing): string => tree.nodes.reduce((a, b) => (b.x > a.x ? b : a)).site;
