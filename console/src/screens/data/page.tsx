import { useState } from 'preact/hooks';
import { root, url } from '../../api/http';
import { t, tOr } from '../../i18n';
import { reason, timeOf } from '../../model/reasons';
import { isAir, isWater, type Site } from '../../model/site';
import { now, orderedSites, airSites, parameterName, siteName } from '../../state/network';
import { address, choose, param } from '../../state/route';
import { AqiSquare, Disc, lookOf } from '../../ui/disc';
import { Icon, Unplaced } from '../../ui/parts';
import './data.css';

const rowHeight = 36;

/** Every site in a table, to be searched, and taken along. */
export default function DataPage() {
    const [top, setTop] = useState(0);
    const [copied, setCopied] = useState('');
    const text = param('q') ?? '';
    const kind = param('kind') ?? '';
    const wanted = text.trim().toLowerCase();
    const all = [...orderedSites.value, ...airSites.value].filter(
        (site) => (!kind || (kind === 'air' ? isAir(site) : isWater(site))) && (!wanted || [site.name, site.nameEn, site.id, site.water, site.county, site.mn].some((one) => one?.toLowerCase().includes(wanted))),
    );
    const first = all.length > 100 ? Math.max(0, Math.floor(top / rowHeight) - 10) : 0;
    const shown = all.length > 100 ? all.slice(first, first + 60) : all;
    const collection = kind === 'air' ? 'air-stations' : 'water-sections';
    const path = url(`/collections/${collection}/items`, { f: 'json', limit: 10000 });
    const download = (href: string, label: string, name: string) => (
        <span class="row">
            <a class="btn sm" href={root + href} download={name}>
                <Icon of="download" size={14} /> {label}
            </a>
            <button type="button" class="btn q sm" onClick={() => void navigator.clipboard?.writeText(location.origin + root + href).then(() => setCopied(href))}>
                <Icon of="link" size={14} /> {t(copied === href ? 'copied' : 'copyUrl')}
            </button>
        </span>
    );
    return (
        <main class="dp">
            <div class="row wrap">
                <h1 class="f20">
                    <b>{t('data')}</b>
                </h1>
                <span class="m">{t('nSections', { n: all.length })}</span>
                <input type="text" aria-label={t('find')} placeholder={t('find')} value={text} onInput={(event) => choose({ q: event.currentTarget.value || null })} />
                <div class="seg" role="group">
                    {(['', 'water', 'air'] as const).map((one) => (
                        <button key={one} type="button" aria-pressed={kind === one} onClick={() => choose({ kind: one || null })}>
                            {t(one === '' ? 'view_all' : one === 'air' ? 'layerAir' : 'layerSections')}
                        </button>
                    ))}
                </div>
                <span class="grow" />
                {download(path, `${t(kind === 'air' ? 'layerAir' : 'layerSections')} GeoJSON`, `${collection}.geojson`)}
            </div>
            <div class="card dt" tabIndex={0} role="region" aria-label={t('dataTable')} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
                {all.length === 0 ? (
                    <p class="empty">{t('nothingFound', { text })}</p>
                ) : (
                    <table>
                        <thead>
                            <tr>
                                <th>{t('sections')}</th>
                                <th>{t('rivers')}</th>
                                <th>{t('byCounty')}</th>
                                <th>{t('classWord')}</th>
                                <th>{t('timeBeijing')}</th>
                                <th>id / MN</th>
                            </tr>
                        </thead>
                        <tbody>
                            {first > 0 && <tr style={{ height: first * rowHeight }} />}
                            {shown.map((site) => (
                                <Row key={site.id} site={site} />
                            ))}
                            {first + shown.length < all.length && <tr style={{ height: (all.length - first - shown.length) * rowHeight }} />}
                        </tbody>
                    </table>
                )}
            </div>
        </main>
    );
}

function Row({ site }: { site: Site }) {
    const why = reason(site, parameterName);
    return (
        <tr style={{ height: rowHeight }}>
            <td>
                <a class="row" href={address(`/sites/${encodeURIComponent(site.id)}`)}>
                    {isAir(site) ? <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} /> : <Disc {...lookOf(site)} severity={null} r={9} />}
                    {siteName(site)} {site.position === null && <Unplaced />}
                </a>
            </td>
            <td>{site.water ?? '—'}</td>
            <td>{site.county ?? '—'}</td>
            <td class="f13">{isAir(site) ? `${site.aqiCategory ?? '—'}` : `${why.head} ${why.rest}`}</td>
            <td class="nw">
                {timeOf(site, now.value)} <span class="f12 m">{site.interval ? tOr(`period_${site.interval}`, site.interval) : ''}</span>
            </td>
            <td class="f12 m">
                {site.id} {site.mn ?? ''}
            </td>
        </tr>
    );
}
