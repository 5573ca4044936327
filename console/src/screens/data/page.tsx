import { useState } from 'preact/hooks';
import { root } from '../../api/http';
import { t, tOr } from '../../i18n';
import { containing, formats, itemsUrl, type Format } from '../../model/formats';
import { reason, timeOf } from '../../model/reasons';
import { isAir, isWater, standing, type Site } from '../../model/site';
import { basket, inBasket } from '../../state/basket';
import { airSites, now, orderedSites, parameterName, siteName } from '../../state/network';
import { address, choose, param } from '../../state/route';
import { joined } from '../../i18n';
import { AqiSquare, Disc, lookOf } from '../../ui/disc';
import { FormatChoice, Icon, Unplaced } from '../../ui/parts';
import { Basket } from './basket';
import './data.css';

const rowHeight = 36;

/** The filters of the page, by the names that the service has for them. */
function shownSites(): { all: Site[]; path: (format: Format) => string; collection: string } {
    const kind = param('kind') ?? 'water';
    const wanted = (param('q') ?? '').trim().toLowerCase();
    const [level, river, county] = ['level', 'river', 'county'].map(param);
    const all = (kind === 'air' ? airSites.value : orderedSites.value).filter(
        (site) =>
            (kind === 'air' ? isAir(site) : isWater(site)) &&
            (!level || site.level === level) &&
            (!river || site.water === river) &&
            (!county || site.county === county) &&
            (!wanted || [site.name, site.nameEn, site.id, site.water, site.county, site.mn].some((one) => one?.toLowerCase().includes(wanted))),
    );
    const collection = kind === 'air' ? 'air-stations' : 'water-sections';
    const filter = wanted ? containing(wanted, kind === 'air' ? ['name', 'name_en', 'id', 'county', 'mn'] : ['name', 'name_en', 'id', 'water_body', 'county', 'mn']) : null;
    const path = (format: Format): string => itemsUrl(collection, format, { level, county, water_body: river, filter });
    return { all, collection, path };
}

/** Every site in a table, to be searched; what is ticked is taken along with its records. */
export default function DataPage() {
    const [top, setTop] = useState(0);
    const [copied, setCopied] = useState('');
    const text = param('q') ?? '';
    const kind = param('kind') ?? 'water';
    const [format, setFormat] = useState<Format>('GeoJSON');
    const { all, path, collection } = shownSites();
    const first = all.length > 100 ? Math.max(0, Math.floor(top / rowHeight) - 10) : 0;
    const shown = all.length > 100 ? all.slice(first, first + 60) : all;
    const ticked = all.filter((site) => basket.value.has(site.id)).length;
    const source = kind === 'air' ? airSites.value : orderedSites.value;
    const pick = (name: 'level' | 'river' | 'county', everything: string, of: (site: Site) => string | null) => (
        <select class={param(name) ? 'chip on' : 'chip'} aria-label={everything} value={param(name) ?? ''} onChange={(event) => choose({ [name]: event.currentTarget.value || null })}>
            <option value="">{everything}</option>
            {[...new Set(source.map(of).filter((value): value is string => value !== null))]
                .sort((a, b) => a.localeCompare(b, 'zh'))
                .map((value) => (
                    <option key={value} value={value}>
                        {name === 'level' ? tOr(value, value) : value}
                    </option>
                ))}
        </select>
    );
    const copy = (what: string) => void navigator.clipboard?.writeText(what).then(() => setCopied(what));
    const layer = `${location.origin}${root}/collections/${collection}`;
    const current = location.origin + root + path(format);
    return (
        <main class="dp">
            <div class="row wrap">
                <h1 class="f20">
                    <b>{t('data')}</b>
                </h1>
                <span class="m">{t(kind === 'air' ? 'nStations' : 'nSections', { n: all.length })}</span>
                <input type="text" aria-label={t('findSites')} placeholder={t('findSites')} value={text} onInput={(event) => choose({ q: event.currentTarget.value || null })} />
                <div class="seg" role="group" aria-label={t('data')}>
                    {(['water', 'air'] as const).map((one) => (
                        <button key={one} type="button" aria-pressed={kind === one} onClick={() => choose({ kind: one === 'water' ? null : one, river: null })}>
                            {t(one === 'air' ? 'layerAir' : 'layerSections')}
                        </button>
                    ))}
                </div>
                {pick('level', t('allLevels'), (site) => site.level)}
                {kind === 'water' && pick('river', t('allRivers'), (site) => site.water)}
                {pick('county', t('allCounties'), (site) => site.county)}
                <span class="grow" />
                <FormatChoice format={format} of={Object.keys(formats) as Format[]} choose={setFormat} />
                <a class="btn sm" href={root + path(format)} download={`${collection}.${formats[format].ending}`}>
                    <Icon of="download" size={14} /> {t('presentState')}
                </a>
                <button type="button" class="btn q sm" title={current} onClick={() => copy(current)}>
                    <Icon of="link" size={14} /> {t(copied === current ? 'copied' : 'copyUrl')}
                </button>
                <button type="button" class="btn q sm" title={layer} onClick={() => copy(layer)}>
                    <Icon of="layers" size={14} /> {t(copied === layer ? 'copied' : 'layerUrl')}
                </button>
            </div>
            <div class="card dt" tabIndex={0} role="region" aria-label={t('dataTable')} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
                {all.length === 0 ? (
                    <p class="empty">{text ? t('nothingFound', { text }) : t('none')}</p>
                ) : (
                    <table>
                        <thead>
                            <tr>
                                <th>
                                    <input type="checkbox" aria-label={t('tickAll')} checked={ticked === all.length} onChange={(event) => inBasket(all.map((site) => site.id), event.currentTarget.checked)} />
                                </th>
                                <th>{t(kind === 'air' ? 'layerAir' : 'sections')}</th>
                                {kind === 'water' && <th>{t('rivers')}</th>}
                                <th>{t('layerCounties')}</th>
                                <th>{kind === 'air' ? 'AQI' : t('classWord')}</th>
                                <th>{t('timeBeijing')}</th>
                                <th>{t('idWord')}</th>
                                <th>MN</th>
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
            <Basket />
        </main>
    );
}

function Row({ site }: { site: Site }) {
    const why = reason(site, parameterName);
    const air = isAir(site);
    const old = standing(site) === 'stale' || standing(site) === 'silent';
    const says = air
        ? site.aqi === null
            ? t('unjudged')
            : [site.aqiCategory, site.primary.length > 0 ? `${t('primary')} ${joined(site.primary.map(parameterName))}` : ''].filter(Boolean).join(' · ')
        : [why.head, why.rest].filter(Boolean).join(' ');
    return (
        <tr style={{ height: rowHeight }} data-row={site.id}>
            <td>
                <input type="checkbox" aria-label={siteName(site)} checked={basket.value.has(site.id)} onChange={(event) => inBasket([site.id], event.currentTarget.checked)} />
            </td>
            <td>
                <a class="row" href={address(`/sites/${encodeURIComponent(site.id)}`)}>
                    {air ? <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} /> : <Disc {...lookOf(site)} severity={null} r={9} />}
                    {siteName(site)} {site.position === null && <Unplaced />}
                </a>
            </td>
            {!air && <td>{site.water ?? '—'}</td>}
            <td>{site.county ?? '—'}</td>
            <td class="f13">
                {standing(site) === 'stale' && <span class="m">{t('stale')} · </span>}
                <span class={old ? 'm' : ''}>{standing(site) === 'silent' ? t('noRecord') : says}</span>
            </td>
            <td class="nw">
                {timeOf(site, now.value)} <span class="f12 m">{site.interval ? tOr(`period_${site.interval}`, site.interval) : ''}</span>
            </td>
            <td class="f12 m">{site.id}</td>
            <td class="f12 m">{site.mn ?? '—'}</td>
        </tr>
    );
}
