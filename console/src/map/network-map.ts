import { Map as MapView, prewarm } from 'virtual:maplibre';
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibre, MapGeoJSONFeature, MapMouseEvent, VectorSourceSpecification } from 'maplibre-gl';
import type { Feature, FeatureCollection } from 'geojson';
import { bold, bounds, groundLayers, groundStyle, labelPoints, layerGroups, plain } from './ground';
import { clustered, clusterKey, type Cluster } from './clusters';
import { readLayer } from './layers';
import { circleRing } from './projection';
import { Resolution } from './resolution';
import { radii, roomOf } from './small';
import { coloursOf, drawAir, drawBrine, drawCluster, drawSelection, drawSymbol, parseSymbol, symbolKey } from './symbols';
import type { Basemap } from '../api/settings';
import type { AlertState, Position, Severity, Standing } from '../model/site';

/** What the map shows of a site. */
export interface Marker {
    id: string;
    position: Position;
    name: string;
    second: string;
    letter: number;
    standing: Standing;
    severity: Severity | null;
    state: AlertState | null;
    level: string | null;
    lake: boolean;
}
export interface AirMarker {
    id: string;
    position: Position;
    text: string;
    level: number;
    current: boolean;
    name: string;
}

export interface Listener {
    pick: (id: string | null) => void;
    hover: (id: string | null, at: { x: number; y: number }) => void;
    moved: (centre: Position, zoom: number) => void;
    pointer: (at: Position | null) => void;
    /** The ground, or a part of it, could not be read. */
    failed: () => void;
    measured: (points: Position[]) => void;
    /** All that is known is on the picture for the first time, or somebody has moved it. */
    drawn: () => void;
}

export interface Options {
    element: HTMLElement;
    chinese: boolean;
    view: { centre: Position; zoom: number } | null;
    listener: Listener;
    label: string;
    ground: VectorSourceSpecification;
    /** Pixels that stay free round the city. */
    padding?: number;
    /** For a wall that nobody touches: how much larger than its element the page shows the map, which is made of as many more pixels. */
    enlarged?: number;
    flights: boolean;
    /** What is known already, so that it is drawn before anything else. */
    markers: Marker[];
    stations: AirMarker[];
}

/** Height of the names; the zooms from which they are shown, and with what decides below them. */
const letters = 14;
const names = 6.3;
const reasons = 7;

/** The image of a symbol at every zoom: `stem` and the radius that it is drawn with there. */
const sized = (stem: ExpressionSpecification | string): ExpressionSpecification => {
    const at = (r: string): ExpressionSpecification => ['concat', stem, ':', r];
    return ['step', ['zoom'], ...radii.flatMap(([from, r], i) => (i === 0 ? [at(String(r))] : [from, at(String(r))]))] as ExpressionSpecification;
};
/** How far a name stands from the middle of its disc, in its own height: behind the whole image, rings and all, or it would collide with its own. */
const away = ((): ExpressionSpecification => {
    const behind = (r: number): ExpressionSpecification => ['case', ['get', 'ringed'], (r + 14.7) / letters, (r + 5) / letters];
    return ['step', ['zoom'], ...radii.flatMap(([from, r], i) => (i === 0 ? [behind(r)] : [from, behind(r)]))] as ExpressionSpecification;
})();
const importance: Record<Severity, number> = { high: 3, alert: 2, notice: 1 };
const levels: Record<string, number> = { national: 3, provincial: 2, municipal: 1 };

// its worker starts while the page waits for the graphics
prewarm();

/** The map with its symbols: told what to show, it draws; what people do on it goes to the listener. */
export class NetworkMap {
    readonly map: MapLibre;
    private readonly resolution: Resolution | null;
    private readonly listener: Listener;
    private readonly options: Options;
    private city: [number, number, number, number] | null = null;
    private markers: Marker[] = [];
    private stations: AirMarker[] = [];
    private chosen: string | null = null;
    private accuracy: number | null = null;
    private measuring: Position[] | null = null;
    private hidden = new Set<string>();
    private pulses = new Map<string, HTMLElement>();
    private drawn: { markers: Marker[]; chosen: string | null; key: string } | null = null;
    /** What the worker knows of the sections, and of those that are named: their features as text, by id. */
    private told = { sites: new Map<string, string>(), names: new Map<string, string>() };
    private clusters: Cluster[] = [];
    private naming = 0;
    private basemap: Basemap | null = null;
    private named = false;
    private chinese: boolean;

    constructor(options: Options) {
        this.options = options;
        this.listener = options.listener;
        this.chinese = options.chinese;
        this.markers = options.markers;
        this.stations = options.stations;
        const colour = coloursOf(options.element);
        this.map = new MapView({
            container: options.element,
            style: groundStyle(options.ground, colour, options.chinese),
            attributionControl: false,
            dragRotate: false,
            pitchWithRotate: false,
            touchPitch: false,
            boxZoom: false,
            minZoom: 3.5,
            maxZoom: 17,
            renderWorldCopies: false,
            fadeDuration: 0,
            ...(options.enlarged ? { interactive: false, pixelRatio: window.devicePixelRatio * options.enlarged } : {}),
            ...(options.view ? { center: options.view.centre, zoom: options.view.zoom } : { bounds: [109.9, 34.5, 112.4, 35.95], fitBoundsOptions: { padding: 8 } }),
        });
        this.map.touchZoomRotate.disableRotation();
        this.map.keyboard.disableRotation();
        const canvas = this.map.getCanvas();
        canvas.setAttribute('role', 'application');
        canvas.setAttribute('aria-label', options.label);
        this.map.on('styleimagemissing', ({ id }: { id: string }) => this.draw(id));
        this.map.once('style.load', () => this.begin());
        // a listener also keeps it out of the browser's log: it is told in words
        this.map.on('error', (event) => (event as { sourceId?: string }).sourceId === 'ground' && this.listener.failed());
        this.map.once('idle', () => this.listener.drawn());
        this.map.on('movestart', (event) => event.originalEvent && this.listener.drawn());
        // nobody drags an enlarged one
        this.resolution = options.enlarged ? null : new Resolution(this.map);
        this.map.on('moveend', () => {
            if (this.resolution?.changing) return;
            const { lng, lat } = this.map.getCenter();
            this.listener.moved([lng, lat], this.map.getZoom());
            this.update();
        });
        this.map.on('move', () => this.placePulses());
        this.map.on('mousemove', (event: MapMouseEvent) => {
            this.listener.pointer([event.lngLat.lng, event.lngLat.lat]);
            // nobody points at a section that slides away
            if (this.map.isMoving()) return;
            const found = this.siteAt(event);
            this.map.getCanvas().style.cursor = found || this.measuring ? 'pointer' : '';
            this.listener.hover(found, event.point);
        });
        this.map.on('mouseout', () => {
            this.listener.pointer(null);
            this.listener.hover(null, { x: 0, y: 0 });
        });
        this.map.on('click', (event: MapMouseEvent) => {
            if (this.measuring === null) return this.openCluster(event) || this.listener.pick(this.siteAt(event));
            this.measuring = [...this.measuring, [event.lngLat.lng, event.lngLat.lat]];
            this.showMeasure();
        });
        this.map.on('dblclick', (event: MapMouseEvent) => {
            if (this.measuring === null) return;
            event.preventDefault();
            this.listener.measured(this.measuring);
        });
    }

    /** The sections first: the ground comes behind them to the worker, and the names behind the discs. */
    private begin(): void {
        this.addOverlays();
        this.map.resize();
        this.update();
        window.setTimeout(() => this.readGround());
    }

    /** What is not in the tiles: the frame of the city, names that stand once, and the edge of all that is known. */
    private readGround(): void {
        const named = (id: 'counties' | 'salt-lake', source: string, most = Infinity) =>
            readLayer(id).then(
                (data) => {
                    const all = labelPoints(data);
                    this.fill(source, { ...all, features: all.features.slice(0, most) });
                },
                () => undefined,
            );
        void named('counties', 'county-names');
        void named('salt-lake', 'salt-names', 1);
        readLayer('city').then(
            (data) => {
                this.city = bounds(data);
                if (!this.options.view) this.wholeCity(false);
            },
            () => undefined,
        );
        const [west, south, east, north] = this.options.ground.bounds ?? [];
        if (west === undefined || south === undefined || east === undefined || north === undefined) return;
        this.fill('edge', { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [[west, south], [east, south], [east, north], [west, north], [west, south]] } }] });
    }
    private fill(source: string, value: FeatureCollection): void {
        (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(value);
    }
    /** The ground failed, and is wanted once more. */
    readAgain(): void {
        this.map.refreshTiles('ground');
    }

    private addOverlays(): void {
        const colour = coloursOf(this.options.element);
        const none: FeatureCollection = { type: 'FeatureCollection', features: [] };
        for (const id of ['accuracy', 'measure', 'air', 'clusters', 'sites', 'names', 'selection']) if (!this.map.getSource(id)) this.map.addSource(id, { type: 'geojson', data: none, ...(id === 'sites' || id === 'names' ? { promoteId: 'id' } : {}) });
        this.map.addLayer({ id: 'accuracy', type: 'line', source: 'accuracy', paint: { 'line-color': colour('ink-3'), 'line-width': 1, 'line-dasharray': [3, 3] } });
        this.map.addLayer({ id: 'measure', type: 'line', source: 'measure', paint: { 'line-color': colour('ink'), 'line-width': 2, 'line-dasharray': [2, 1] } });
        this.map.addLayer({
            // of a source of its own: discs need no letters, and do not wait for any
            id: 'labels',
            type: 'symbol',
            source: 'names',
            minzoom: names,
            layout: {
                'text-field': ['step', ['zoom'], ['format', ['get', 'name'], { 'text-font': ['literal', bold] }], reasons, ['format', ['get', 'name'], { 'text-font': ['case', ['get', 'old'], ['literal', plain], ['literal', bold]] }, '\n', {}, ['get', 'second'], { 'font-scale': 0.86, 'text-font': ['literal', plain], 'text-color': colour('ink-2') }]] as never,
                'text-font': plain,
                'text-size': letters,
                'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
                'text-radial-offset': away,
                'text-justify': 'auto',
                'text-line-height': 1.25,
                'text-max-width': 20,
                'symbol-sort-key': ['-', ['get', 'priority']],
            },
            paint: { 'text-color': ['case', ['get', 'old'], colour('ink-2'), colour('ink')], 'text-halo-color': colour('m-land'), 'text-halo-width': 1.4 },
        });
        this.map.addLayer({ id: 'air', type: 'symbol', source: 'air', layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true } });
        this.map.addLayer({ id: 'clusters', type: 'symbol', source: 'clusters', layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true } });
        this.map.addLayer({
            id: 'sites',
            type: 'symbol',
            source: 'sites',
            layout: { 'icon-image': sized(['get', 'icon']), 'icon-allow-overlap': true, 'symbol-sort-key': ['get', 'order'] },
        });
        this.map.addLayer({ id: 'selection', type: 'symbol', source: 'selection', layout: { 'icon-image': sized('sel'), 'icon-allow-overlap': true, 'icon-ignore-placement': true } });
        this.applyHidden();
    }

    private draw(id: string): void {
        if (this.map.hasImage(id)) return;
        const ratio = Math.min(4, Math.max(1, Math.ceil(window.devicePixelRatio * (this.options.enlarged ?? 1))));
        const colour = coloursOf(this.options.element);
        const symbol = parseSymbol(id);
        const image = symbol
            ? drawSymbol(symbol, colour, ratio)
            : id.startsWith('a:')
              ? drawAir(id, colour, ratio)
              : id.startsWith('k:')
                ? drawCluster(id, colour, ratio)
              : id.startsWith('sel:')
                ? drawSelection(Number(id.slice(4)), colour, ratio)
                : id === 'brine'
                  ? drawBrine(colour, ratio)
                  : null;
        if (image) this.map.addImage(id, image, { pixelRatio: ratio });
    }

    private siteAt(event: MapMouseEvent): string | null {
        if (!this.map.getLayer('sites')) return null;
        const around: [[number, number], [number, number]] = [[event.point.x - 4, event.point.y - 4], [event.point.x + 4, event.point.y + 4]];
        const found = this.map.queryRenderedFeatures(around, { layers: ['sites', 'air', 'labels'].filter((id) => this.map.getLayer(id)) });
        const best = found.find((one: MapGeoJSONFeature) => one.layer.id !== 'labels') ?? found[0];
        return (best?.properties.id as string | undefined) ?? null;
    }

    show(markers: Marker[], stations: AirMarker[]): void {
        this.markers = markers;
        this.stations = stations;
        this.update();
    }

    /** A number is what it is made of, nearer. */
    private openCluster(event: MapMouseEvent): boolean {
        const [found] = this.map.getLayer('clusters') ? this.map.queryRenderedFeatures(event.point, { layers: ['clusters'] }) : [];
        if (found?.geometry.type !== 'Point') return false;
        this.map.easeTo({ center: found.geometry.coordinates as Position, zoom: this.map.getZoom() + 2, duration: this.options.flights ? 200 : 0 });
        return true;
    }

    private update(): void {
        if (!this.map.getSource('sites')) return;
        this.updateSites();
        (this.map.getSource('air') as GeoJSONSource).setData({ type: 'FeatureCollection', features: airFeatures(this.stations, this.map.getZoom()) });
        const chosen = [...this.markers, ...this.stations].find((marker) => marker.id === this.chosen);
        const at = (geometry: Feature['geometry']): Feature[] => [{ type: 'Feature', properties: {}, geometry }];
        (this.map.getSource('selection') as GeoJSONSource).setData({ type: 'FeatureCollection', features: chosen ? at({ type: 'Point', coordinates: chosen.position }) : [] });
        (this.map.getSource('accuracy') as GeoJSONSource).setData({
            type: 'FeatureCollection',
            features: chosen && this.accuracy ? at({ type: 'LineString', coordinates: circleRing(chosen.position, this.accuracy) }) : [],
        });
        this.setPulses();
    }

    /** What changed of the sections goes to the map, and nothing else: a network has thousands. */
    private updateSites(): void {
        const view = this.map.getBounds();
        const { single, clusters } = clustered(this.markers, this.map.getZoom(), [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]);
        const key = clusters.length === 0 ? '' : clusters.map((one) => `${clusterKey(one)}@${one.position.join()}`).join(' ');
        if (this.drawn?.markers === this.markers && this.drawn.chosen === this.chosen && this.drawn.key === key && this.named === this.map.getZoom() >= names) return;
        this.named = this.map.getZoom() >= names;
        if (this.drawn?.key !== key) this.showClusters(clusters);
        this.drawn = { markers: this.markers, chosen: this.chosen, key };
        const features = new Map(single.map((marker) => [marker.id, this.featureOf(marker)]));
        this.tell('sites', features);
        window.clearTimeout(this.naming);
        this.naming = window.setTimeout(() => this.tell('names', this.named ? features : new Map()));
    }

    private tell(id: 'sites' | 'names', features: Map<string, Feature>): void {
        const source = this.map.getSource(id) as GeoJSONSource | undefined;
        if (!source) return;
        const before = this.told[id];
        const next = new Map([...features].map(([key, feature]) => [key, JSON.stringify([feature.geometry, feature.properties])]));
        const add = [...features].filter(([key]) => before.get(key) !== next.get(key)).map(([, feature]) => feature);
        const remove = [...before.keys()].filter((key) => before.get(key) !== next.get(key));
        if (before.size === 0 || next.size === 0) source.setData({ type: 'FeatureCollection', features: add });
        else if (add.length > 0 || remove.length > 0) void source.updateData({ remove, add });
        this.told[id] = next;
    }

    private showClusters(clusters: Cluster[]): void {
        const features = clusters.map((one): Feature => ({ type: 'Feature', geometry: { type: 'Point', coordinates: one.position }, properties: { icon: clusterKey(one) } }));
        const wanted = new Set(features.map((feature) => feature.properties!.icon as string));
        for (const image of this.clusters.map(clusterKey)) if (!wanted.has(image) && this.map.hasImage(image)) this.map.removeImage(image);
        this.clusters = clusters;
        (this.map.getSource('clusters') as GeoJSONSource).setData({ type: 'FeatureCollection', features });
    }

    private featureOf(marker: Marker): Feature {
        return {
            type: 'Feature',
            // changes that wait for the worker are put together by this, whatever the source promotes
            id: marker.id,
            geometry: { type: 'Point', coordinates: marker.position },
            properties: {
                id: marker.id,
                icon: symbolKey({ letter: marker.letter, standing: marker.standing, severity: marker.severity ?? 'none', state: marker.state ?? 'none', lake: marker.lake }),
                name: marker.name,
                second: marker.second,
                old: marker.standing === 'stale' || marker.standing === 'silent',
                ringed: marker.severity !== null && marker.state !== 'resolved',
                order: orderOf(marker, this.chosen),
                priority: priorityOf(marker, this.chosen),
            },
        };
    }

    /** Only open severe alerts pulse, and at most twenty: elements of the page over the map, so that the map need not be drawn again for them. */
    private setPulses(): void {
        const severe = this.hidden.has('sites') ? [] : this.markers.filter((marker) => marker.severity === 'high' && marker.state === 'open').slice(0, 20);
        for (const [id, element] of this.pulses)
            if (!severe.some((marker) => marker.id === id)) {
                element.remove();
                this.pulses.delete(id);
            }
        for (const marker of severe)
            if (!this.pulses.has(marker.id)) {
                const element = document.createElement('i');
                element.className = 'pulse';
                this.map.getCanvasContainer().appendChild(element);
                this.pulses.set(marker.id, element);
            }
        this.placePulses();
    }
    private placePulses(): void {
        for (const marker of this.markers) {
            const element = this.pulses.get(marker.id);
            if (!element) continue;
            const { x, y } = this.map.project(marker.position);
            element.style.transform = `translate(${x}px,${y}px)`;
        }
    }

    select(id: string | null, accuracy: number | null): void {
        const before = this.chosen;
        this.chosen = id;
        this.accuracy = accuracy;
        this.update();
        const marker = [...this.markers, ...this.stations].find((one) => one.id === id);
        if (!marker || id === before || !before) return;
        if (!this.map.getBounds().contains(marker.position)) this.map.easeTo({ center: marker.position, duration: this.options.flights ? 200 : 0 });
    }

    wholeCity(flight = true): void {
        if (this.city) this.map.fitBounds(this.city, { padding: roomOf(this.options.padding ?? 70, this.map.getContainer().clientHeight), duration: flight && this.options.flights ? 200 : 0 });
    }
    zoom(by: number): void {
        this.map.zoomTo(this.map.getZoom() + by, { duration: this.options.flights ? 200 : 0 });
    }

    /** Groups of layers that are not shown: `sites`, `air`, `counties`, `rivers`, `lakes`. */
    hide(groups: Set<string>): void {
        this.hidden = groups;
        this.applyHidden();
        this.setPulses();
    }
    private applyHidden(): void {
        const set = (id: string, shown: boolean) => this.map.getLayer(id) && this.map.setLayoutProperty(id, 'visibility', shown ? 'visible' : 'none');
        for (const [group, ids] of Object.entries({ ...layerGroups, sites: ['sites', 'labels', 'clusters'], air: ['air'] })) for (const id of ids) set(id, !this.hidden.has(group));
        set('rivers-names', !this.hidden.has('rivers'));
        if (this.basemap !== null) set('lakes-fill', false);
    }

    measure(on: boolean): void {
        this.measuring = on ? [] : null;
        this.showMeasure();
    }
    private showMeasure(): void {
        const points = this.measuring ?? [];
        const line: Feature[] = points.length > 1 ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: points } }] : [];
        (this.map.getSource('measure') as GeoJSONSource | undefined)?.setData({ type: 'FeatureCollection', features: line });
        if (this.measuring) this.listener.measured(points);
    }

    /** Somebody else's map in place of land, neighbours and lakes; grey, so that colour stays that of the classes. The own lines stay over it. */
    under(basemap: Basemap): void {
        this.basemap = basemap;
        if (!this.map.getLayer('sites')) {
            this.map.once('style.load', () => this.under(basemap));
            return;
        }
        for (const [id, url] of [['basemap', basemap.url], ['basemap-names', basemap.labels_url]] as const) {
            if (url === '' || this.map.getSource(id)) continue;
            this.map.addSource(id, { type: 'raster', tiles: [url], tileSize: 256, maxzoom: basemap.max_zoom });
            this.map.addLayer({ id, type: 'raster', source: id, paint: { 'raster-saturation': basemap.colours ? 0 : -1, 'raster-opacity': basemap.colours ? 1 : 0.6, 'raster-fade-duration': 0 } }, 'rivers-derived-line');
        }
        for (const id of ['neighbours-fill', 'neighbours-line', 'city-fill', 'city-band', 'lakes-fill', 'edge']) if (this.map.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', 'none');
    }

    /** Other colours, another language: the same places. */
    restyle(chinese: boolean): void {
        this.chinese = chinese;
        if (!this.map.getLayer('sites')) {
            this.map.once('style.load', () => this.restyle(chinese));
            return;
        }
        const colour = coloursOf(this.options.element);
        for (const id of this.map.listImages()) this.map.removeImage(id);
        this.draw('brine');
        for (const layer of groundLayers(colour, this.chinese)) {
            if (!this.map.getLayer(layer.id)) continue;
            for (const [name, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, name as never, value);
            if ('layout' in layer && layer.layout && 'text-field' in layer.layout) this.map.setLayoutProperty(layer.id, 'text-field', layer.layout['text-field']);
        }
        for (const id of ['accuracy', 'measure', 'labels', 'air', 'clusters', 'sites', 'selection']) if (this.map.getLayer(id)) this.map.removeLayer(id);
        this.drawn = null;
        this.addOverlays();
        this.update();
    }

    metresPerPixel(): number {
        const { lat } = this.map.getCenter();
        return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** this.map.getZoom());
    }

    remove(): void {
        window.clearTimeout(this.naming);
        this.resolution?.remove();
        this.map.remove();
    }
}

function orderOf(marker: Marker, chosen: string | null): number {
    if (marker.id === chosen) return 9;
    if (marker.severity !== null) return 4 + importance[marker.severity];
    if (marker.standing === 'stale' || marker.standing === 'silent') return 0;
    return marker.letter > 3 ? 2 + marker.letter / 10 : 1;
}
function priorityOf(marker: Marker, chosen: string | null): number {
    const old = marker.standing === 'stale' || marker.standing === 'silent';
    return (marker.id === chosen ? 10_000 : 0) + (marker.severity ? 1000 * importance[marker.severity] : 0) + (old ? 0 : 100 * marker.letter + 50) + 10 * (levels[marker.level ?? ''] ?? 0);
}

/** Below zoom 9.5 those of a city stand in one square: how many, and the colour of the worst. */
function airFeatures(stations: AirMarker[], zoom: number): Feature[] {
    if (stations.length === 0) return [];
    const one = (marker: AirMarker, position: Position, text: string, level: number, current: boolean): Feature => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: position },
        properties: { id: marker.id, icon: `a:${text}:${level}:${current ? 'current' : 'stale'}` },
    });
    if (zoom >= 9.5) return stations.map((marker) => one(marker, marker.position, marker.text, marker.level, marker.current));
    const groups = new Map<string, AirMarker[]>();
    for (const marker of stations) {
        const key = marker.position.map((x) => Math.round(x * 2)).join(' ');
        groups.set(key, [...(groups.get(key) ?? []), marker]);
    }
    return [...groups.values()].map((group) => {
        const current = group.filter((marker) => marker.current);
        const worst = (current.length > 0 ? current : group).reduce((a, b) => (b.level > a.level ? b : a));
        const mean = (i: 0 | 1) => group.reduce((sum, marker) => sum + marker.position[i], 0) / group.length;
        const text = group.length === 1 ? worst.text : `气${group.length}`;
        return one(worst, [mean(0), mean(1)], text, current.length > 0 ? worst.level : 0, current.length > 0);
    });
}

