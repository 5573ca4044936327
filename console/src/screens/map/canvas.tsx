import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isChinese, t } from '../../i18n';
import { basemap } from '../../api/settings';
import { labelLine, reason } from '../../model/reasons';
import { isAir, standing, type Position, type Site } from '../../model/site';
import { distance, gaussKruger, meridianOf } from '../../map/projection';
import type { AirMarker, Marker, NetworkMap } from '../../map/network-map';
import { airSites, parameterName, parameterUnit, shortName, sites } from '../../state/network';
import { moment, shownSites } from '../../state/moment';
import { shown } from '../../state/preferences';
import { choose, param, selected } from '../../state/route';
import { Disc, SeverityMark } from '../../ui/disc';
import { Icon } from '../../ui/parts';
import { groundTiles, readLayer, readLayers } from '../../map/layers';
import { aroundOf } from '../../map/small';
import { FirstMap, source } from '../../ui/small-map';
import { filtered, filterNames } from './list';

const markerOf = (site: Site): Marker => ({
    id: site.id,
    position: site.position!,
    name: shortName(site),
    second: labelLine(site, parameterName, parameterUnit),
    letter: site.waterClass,
    standing: standing(site),
    severity: site.alertSeverity,
    state: site.alertState,
    level: site.level,
    lake: site.kind === 'lake_section',
});
const airOf = (site: Site): AirMarker => ({
    id: site.id,
    position: site.position!,
    text: site.aqi === null ? '—' : String(site.aqi),
    level: site.aqiLevel,
    current: !site.stale && site.aqi !== null,
    name: shortName(site),
});

/** `?at=111.24,35.21,8.6`. */
function viewOf(text: string | null): { centre: Position; zoom: number } | null {
    const [x, y, z] = (text ?? '').split(',').map(Number);
    return [x, y, z].every((n) => n !== undefined && Number.isFinite(n)) ? { centre: [x!, y!], zoom: z! } : null;
}

const code = () => Promise.all([import('../../map/network-map'), import('maplibre-gl/dist/maplibre-gl.css')]);
/** What a map needs is asked for before the page around it is drawn. */
export function expectMap(): void {
    readLayers();
    code().catch(() => undefined);
}

const none: Site[] = [];
type Group = 'sites' | 'air' | 'counties' | 'rivers' | 'lakes';

/** The map of the network; `enlarged` for a wall: the picture alone, as many times larger. */
export function MapCanvas({ only, enlarged }: { only?: Site[]; enlarged?: number }) {
    const plain = enlarged !== undefined;
    const box = useRef<HTMLDivElement>(null);
    const [map, setMap] = useState<NetworkMap | null>(null);
    // what follows the pointer draws itself anew, not the page
    const pointer = useSignal<Position | null>(null);
    const hover = useSignal<{ id: string; x: number; y: number } | null>(null);
    const [metres, setMetres] = useState(200);
    const [failed, setFailed] = useState(false);
    const [hidden, setHidden] = useState<Set<string>>(new Set(['']));
    const [panel, setPanel] = useState(false);
    const [points, setPoints] = useState<Position[] | null>(null);
    const [below, setBelow] = useState('');
    const [broken, setBroken] = useState('');
    // the graphics of a browser take their time, and the page with them: the sections are drawn as lines and discs before that
    const [first, setFirst] = useState(true);
    const [seen] = useState(() => {
        let done = () => {};
        return { promise: new Promise<void>((resolve) => (done = () => resolve())), done: () => done() };
    });
    const latest = useRef<{ markers: Marker[]; stations: AirMarker[] }>({ markers: [], stations: [] });
    useEffect(() => {
        let alive = true;
        let made: NetworkMap | null = null;
        // without the city nothing is drawn before, and a window in the background draws nothing at all
        readLayer('city').catch(seen.done);
        window.setTimeout(seen.done, 4000);
        void Promise.all([code(), groundTiles(), seen.promise]).then(
            ([[module], ground]) => {
                if (!alive || box.current === null) return;
                try {
                    made = new module.NetworkMap({
                        element: box.current,
                        ...latest.current,
                        chinese: isChinese.peek(),
                        view: plain ? null : viewOf(param('at')),
                        ground,
                        label: t('mapName'),
                        padding: plain ? 24 : aroundOf(box.current.clientWidth),
                        ...(plain ? { enlarged } : {}),
                        flights: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
                        listener: {
                            pick: (id) => choose({ site: id }),
                            hover: (id, at) => {
                                if (id !== null || hover.peek() !== null) hover.value = id === null ? null : { id, ...at };
                            },
                            moved: (centre, zoom) => {
                                setMetres(made?.metresPerPixel() ?? 200);
                                if (!plain && made?.map.isMoving() === false && touched) choose({ at: `${centre[0].toFixed(4)},${centre[1].toFixed(4)},${zoom.toFixed(2)}` });
                            },
                            pointer: (at) => (pointer.value = at),
                            failed: () => setFailed(true),
                            measured: setPoints,
                            drawn: () => setFirst(false),
                        },
                    });
                } catch (error) {
                    setBroken(String(error instanceof Error ? error.message : error));
                    return;
                }
                let touched = param('at') !== null;
                for (const kind of ['dragstart', 'wheel', 'touchstart', 'keydown'] as const) box.current.addEventListener(kind === 'dragstart' ? 'pointerdown' : kind, () => (touched = true), { passive: true });
                setMap(made);
                void basemap().then((found) => {
                    if (!alive || found === null) return;
                    made?.under(found);
                    setBelow(found.attribution);
                });
                (window as { yihongMap?: NetworkMap }).yihongMap = made;
            },
            (error: Error) => setBroken(error.message),
        );
        return () => {
            alive = false;
            made?.remove();
        };
    }, []);
    const filters = filterNames.map(param).join('|');
    const water = useMemo(() => only ?? filtered(shownSites.value), [only, shownSites.value, filters]);
    const air = moment.value === null && !only ? airSites.value : none;
    const chosen = selected.value === null ? undefined : sites.value.get(selected.value);
    const markers = useMemo(() => water.filter((site) => site.position).map(markerOf), [water, isChinese.value]);
    const stations = useMemo(() => air.filter((site) => site.position).map(airOf), [air, isChinese.value]);
    latest.current = { markers, stations };
    useEffect(() => map?.show(markers, stations), [map, markers, stations]);
    useEffect(() => map?.select(selected.value, chosen?.accuracy ?? null), [map, selected.value, chosen?.accuracy]);
    useEffect(() => map?.restyle(isChinese.value), [map, shown.value, isChinese.value]);
    useEffect(() => map?.hide(hidden), [map, hidden]);
    const toggle = (group: Group) => {
        const next = new Set(hidden);
        if (!next.delete(group)) next.add(group);
        setHidden(next);
    };
    const lines = first && <FirstMap of={water} view={plain ? null : viewOf(param('at'))} plain={plain} drawn={() => requestAnimationFrame(() => requestAnimationFrame(seen.done))} />;
    if (plain)
        return (
            <div class="mapwrap" style={{ width: `${100 / enlarged}%`, height: `${100 / enlarged}%`, transform: `scale(${enlarged})`, transformOrigin: '0 0' }}>
                <div class="canvas" ref={box} />
                {lines}
            </div>
        );
    const placed = water.filter((site) => site.position);
    return (
        <section class="mapwrap" aria-label={t('map')}>
            <div class="canvas" ref={box} />
            {lines}
            {broken !== '' && <div class="empty">{t('loadFailed', { why: broken })}</div>}
            <div class="ctl a">
                <button type="button" aria-label={t('zoomIn')} onClick={() => map?.zoom(1)}>
                    <Icon of="plus" />
                </button>
                <button type="button" aria-label={t('zoomOut')} onClick={() => map?.zoom(-1)}>
                    <Icon of="minus" />
                </button>
                <button type="button" aria-label={t('wholeCity')} data-key="0" onClick={() => map?.wholeCity()}>
                    <Icon of="whole" />
                </button>
            </div>
            <div class="ctl b">
                <button type="button" aria-label={t('layers')} aria-pressed={panel} data-key="l" onClick={() => setPanel(!panel)}>
                    <Icon of="layers" />
                </button>
                <button
                    type="button"
                    aria-label={t('measure')}
                    aria-pressed={points !== null}
                    onClick={() => {
                        map?.measure(points === null);
                        setPoints(points === null ? [] : null);
                    }}
                >
                    <Icon of="ruler" />
                </button>
            </div>
            {panel ? (
                <Layers
                    hidden={hidden}
                    toggle={toggle}
                    counts={{ sites: t('plusUnplaced', { a: placed.length, b: water.length - placed.length }), air: String(airSites.value.length) }}
                    failed={failed}
                    close={() => setPanel(false)}
                    retry={() => {
                        setFailed(false);
                        map?.readAgain();
                    }}
                />
            ) : (
                <Legend />
            )}
            <Tip at={hover} />
            {points !== null && (
                <div class="tip" style={{ left: 12, top: 12 }}>
                    <b>{lengthText(points)}</b> <span class="f12 m">{t('measureHint')}</span>
                </div>
            )}
            <Foot pointer={pointer} metres={metres} below={below} />
        </section>
    );
}

function lengthText(points: Position[]): string {
    let sum = 0;
    for (let i = 1; i < points.length; ++i) sum += distance(points[i - 1]!, points[i]!);
    return sum < 1000 ? `${Math.round(sum)} m` : `${(sum / 1000).toFixed(sum < 10_000 ? 2 : 1)} km`;
}

function Legend() {
    return (
        <div class="legend" role="img" aria-label={t('legendWater')}>
            {([[1, 2], [3], [4], [5], [6]] as const).map((classes) => (
                <span class="cl" key={classes[0]}>
                    <span class="row">
                        {classes.map((c) => (
                            <Disc key={c} letter={c} standing="valid" severity={null} r={9} />
                        ))}
                    </span>
                    <span class="m">{t(`q${classes[0]}`)}</span>
                </span>
            ))}
            <span class="it">
                <Disc letter={0} standing="unjudged" severity={null} r={9} />
                {t('unjudged')}
            </span>
            <span class="it">
                <Disc letter={2} standing="stale" severity={null} r={9} />
                {t('stale')}
            </span>
            {(['high', 'alert', 'notice'] as const).map((severity) => (
                <span class="it" key={severity}>
                    <SeverityMark severity={severity} />
                    {t(severity)}
                </span>
            ))}
        </div>
    );
}

function Layers({ hidden, toggle, counts, failed, close, retry }: { hidden: Set<string>; toggle: (group: Group) => void; counts: Record<string, string>; failed: boolean; close: () => void; retry: () => void }) {
    const line = (group: Group, word: Parameters<typeof t>[0], right: string) => (
        <label key={group}>
            <input type="checkbox" checked={!hidden.has(group)} onChange={() => toggle(group)} />
            <span class="grow">{t(word)}</span>
            <span class="f12 m">{right}</span>
        </label>
    );
    return (
        <div class="layers" role="group" aria-label={t('legend')}>
            <div class="row">
                <b class="grow">{t('legend')}</b>
                <button type="button" class="btn q sm" aria-label={t('close')} onClick={close}>
                    <Icon of="close" size={14} />
                </button>
            </div>
            {line('sites', 'layerSections', counts.sites ?? '')}
            {line('air', 'layerAir', counts.air ?? '')}
            {line('counties', 'layerCounties', '±0.1 km')}
            {line('rivers', 'layerRivers', '±0.5–3 km')}
            {line('lakes', 'layerLakes', '2017，±0.3 km')}
            {failed && (
                <p class="f12 s" role="alert">
                    {t('groundFailed')}{' '}
                    <button type="button" class="btn sm" onClick={retry}>
                        {t('retry')}
                    </button>
                </p>
            )}
            <hr style={{ margin: '8px 0' }} />
            <p class="f12 m">{t('legendWater')}</p>
            <div class="row" style={{ margin: '6px 0' }}>
                {[1, 2, 3, 4, 5, 6].map((c) => (
                    <Disc key={c} letter={c} standing="valid" severity={null} r={9} />
                ))}
            </div>
            <p class="f12 m">{t('legendAir')}</p>
            <div class="row" style={{ margin: '6px 0', gap: 4 }}>
                {([1, 2, 3, 4, 5, 6] as const).map((level) => (
                    <span key={level} class={`aqi a${level}`} style={{ minWidth: 32, height: 20, fontSize: 11 }}>
                        {t(`aqi${level}`).slice(0, isChinese.value ? 1 : 4)}
                    </span>
                ))}
            </div>
            <p class="f12 m">{t('legendState')}</p>
            <div class="two f12" style={{ margin: '6px 0' }}>
                <span>
                    <Disc letter={3} standing="incomplete" severity={null} r={9} />
                    {t('incomplete')}
                </span>
                <span>
                    <Disc letter={2} standing="stale" severity={null} r={9} />
                    {t('stale')}
                </span>
                <span>
                    <Disc letter={0} standing="unjudged" severity={null} r={9} />
                    {t('unjudged')}
                </span>
                <span>
                    <Icon of="unplaced" />
                    {t('noPosition')}
                </span>
            </div>
            <p class="f12 m">{t('legendAlert')}</p>
            <div class="row f12" style={{ marginTop: 6 }}>
                {(['high', 'alert', 'notice'] as const).map((severity) => (
                    <span class="row" style={{ gap: 4 }} key={severity}>
                        <SeverityMark severity={severity} />
                        {t(severity)}
                    </span>
                ))}
            </div>
        </div>
    );
}

function Tip({ at }: { at: Signal<{ id: string; x: number; y: number } | null> }) {
    const site = at.value === null ? undefined : sites.value.get(at.value.id);
    if (at.value === null || site === undefined) return null;
    const { x, y } = at.value;
    const why = reason(site, parameterName);
    return (
        <div class="tip" style={{ left: x + 16, top: y + 16 }}>
            <div class="row">
                <b>{shortName(site)}</b>
                <span class="f12 m">{[site.water, site.county].filter(Boolean).join(' · ')}</span>
            </div>
            <div class="f13">{isAir(site) ? `AQI ${site.aqi ?? '—'} ${site.aqiCategory ?? ''}` : `${why.head} ${why.rest}`}</div>
            <div class="row f12 m">
                {site.accuracy ? t('accuracy', { n: (site.accuracy / 1000).toFixed(site.accuracy < 1000 ? 1 : 0) }) : ''}
                <span class="grow" />
                {t('openHint')}
            </div>
        </div>
    );
}

function Foot({ pointer: at, metres, below }: { pointer: Signal<Position | null>; metres: number; below: string }) {
    const pointer = at.value;
    const nice = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000].find((length) => length / metres > 55) ?? 500_000;
    const grid = pointer && gaussKruger(pointer[0], pointer[1], meridianOf(pointer[0]));
    return (
        <div class="mfoot">
            <span>
                <i class="scaleline" style={{ width: nice / metres }} />
                {nice >= 1000 ? `${nice / 1000} km` : `${nice} m`}
                {pointer && (
                    <>
                        {'　'}
                        {pointer[0].toFixed(4)}°E {pointer[1].toFixed(4)}°N{'　'}
                        <span title={`CGCS2000 3° CM ${meridianOf(pointer[0])}E${meridianOf(pointer[0]) === 111 ? ' (EPSG:4546)' : ''}`}>
                            X {Math.round(grid!.x)} Y {Math.round(grid!.y)} m
                        </span>
                    </>
                )}
            </span>
            <span>
                {below ? `${below} · ` : ''}{source} · {t('riverAccuracy')}
            </span>
        </div>
    );
}
