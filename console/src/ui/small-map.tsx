import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FeatureCollection } from 'geojson';
import { t } from '../i18n';
import { most } from '../map/clusters';
import { bounds } from '../map/ground';
import { readLayer, type LayerId } from '../map/layers';
import { aroundOf, even, frameAt, frameOf, including, pathOf, radiusAt, roomOf, type Frame } from '../map/small';
import { isAir, type Position, type Site } from '../model/site';
import { loaded, siteName } from '../state/network';
import { address } from '../state/route';
import { AqiSquare, Disc, lookOf } from './disc';
import './small-map.css';

const lines = ['lakes', 'rivers-derived', 'rivers', 'yellow-river', 'salt-lake', 'counties'] as const satisfies LayerId[];
/** Whose shapes these are. */
export const source = '© OpenStreetMap contributors · GSHHG';
export type Layers = Map<LayerId, FeatureCollection>;

/** What there is of the layers so far; one that does not come is left out. */
export function useLayers(): Layers {
    const [layers, setLayers] = useState<Layers>(new Map());
    useEffect(() => {
        let alive = true;
        for (const id of ['city', ...lines] as const) readLayer(id).then((layer) => alive && setLayers((before) => new Map(before).set(id, layer)), () => undefined);
        return () => {
            alive = false;
        };
    }, []);
    return layers;
}

/** The city, its waters and counties as lines. */
export function Lines({ layers, frame }: { layers: Layers; frame: Frame }) {
    const paths = useMemo(() => new Map([...layers].map(([id, layer]) => [id, pathOf(layer, frame)])), [layers, frame]);
    return (
        <>
            <path class="land" d={paths.get('city')} />
            {lines.map((id) => (
                <path key={id} class={id} d={paths.get(id)} />
            ))}
            <path class="city" d={paths.get('city')} />
        </>
    );
}

/** A path for each class, the stale ones first: points without length, which the width of the line makes discs. */
function dotsOf(there: { site: Site; at: [number, number] }[]): string[] {
    const paths = ['', '', '', '', '', '', ''];
    for (const { site, at } of there) paths[site.stale ? 0 : site.waterClass] += `M${Math.round(at[0] * 10) / 10} ${Math.round(at[1] * 10) / 10}h0`;
    return paths;
}

/** Which sections are where, before the map itself is there: in its colours, and at the places where it will have them. */
export function FirstMap({ of, view, plain, drawn }: { of: Site[]; view: { centre: Position; zoom: number } | null; plain: boolean; drawn: () => void }) {
    const box = useRef<HTMLDivElement>(null);
    const [size, setSize] = useState<[number, number] | null>(null);
    useLayoutEffect(() => setSize([box.current!.clientWidth, box.current!.clientHeight]), []);
    const layers = useLayers();
    const city = layers.get('city');
    const frame = useMemo(() => {
        if (size === null) return null;
        const whole = city && bounds(city);
        return view ? frameAt(view.centre, view.zoom, ...size) : whole ? frameOf(whole, ...size, roomOf(plain ? 24 : aroundOf(size[0]), size[1])) : null;
    }, [size, city]);
    const there = useMemo(() => {
        if (frame === null || size === null) return [];
        const placed = of.flatMap((site) => (site.position ? [{ site, at: frame.at(site.position) }] : []));
        return placed.filter(({ at: [x, y] }) => x > -20 && y > -20 && x < size[0] + 20 && y < size[1] + 20);
    }, [of, frame]);
    const dots = useMemo(() => (there.length > most ? dotsOf(there) : []), [there]);
    const known = frame !== null && loaded.value !== 'loading';
    useEffect(() => {
        if (known) drawn();
    }, [known]);
    return (
        <div class="smap first" ref={box} aria-hidden="true">
            {frame && size && (
                <svg width={size[0]} height={size[1]}>
                    <Lines layers={layers} frame={frame} />
                    {dots.map((d, c) => <path key={c} class="dots" style={{ stroke: c === 0 ? 'var(--ink-3)' : `var(--c${c})` }} d={d} />)}
                </svg>
            )}
            {frame && there.length <= most && there.map(({ site, at: [x, y] }) => (
                <span key={site.id} data-first={site.id} style={{ left: x, top: y }}>
                    <Disc {...lookOf(site)} r={radiusAt(frame.zoom)} rings />
                </span>
            ))}
        </div>
    );
}

/** Where in the city a site lies, and how surely; it leads to the map. */
export function SmallMap({ site, width, height }: { site: Site; width: number; height: number }) {
    const layers = useLayers();
    const city = layers.get('city');
    const frame = useMemo(() => {
        const box = city && bounds(city);
        return box && site.position ? frameOf(including(box, site.position), width, height, even(8)) : null;
    }, [city, site.position, width, height]);
    if (site.position === null) return null;
    const [x, y] = frame?.at(site.position) ?? [0, 0];
    const radius = (site.accuracy ?? 0) * (frame?.pixelsPerMetre ?? 0);
    return (
        <a class="smap" title={source} href={address('/', { site: site.id })} aria-label={[t('map'), siteName(site), isAir(site) ? `AQI ${site.aqi ?? '—'}` : ''].join(' ').trim()} style={{ width, height }}>
            {frame && (
                <>
                    <svg width={width} height={height} aria-hidden="true">
                        <Lines layers={layers} frame={frame} />
                        {radius > 8 && <circle class="sure" cx={x} cy={y} r={radius} />}
                    </svg>
                    <span style={{ left: x, top: y }}>{isAir(site) ? <AqiSquare aqi={site.aqi} level={site.aqiLevel} stale={site.stale} /> : <Disc {...lookOf(site)} severity={null} r={9} />}</span>
                </>
            )}
        </a>
    );
}
