import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FeatureCollection } from 'geojson';
import { t } from '../i18n';
import { bounds } from '../map/ground';
import { readLayer, type LayerId } from '../map/layers';
import { even, frameOf, including, pathOf, type Frame } from '../map/small';
import { isAir, type Site } from '../model/site';
import { siteName } from '../state/network';
import { address } from '../state/route';
import { AqiSquare, Disc, lookOf } from './disc';
import './small-map.css';

const lines = ['lakes', 'rivers-derived', 'rivers', 'yellow-river', 'salt-lake', 'counties'] as const satisfies LayerId[];
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
        <a class="smap" href={address('/', { site: site.id })} aria-label={`${t('map')} ${siteName(site)}`} style={{ width, height }}>
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
