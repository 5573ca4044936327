import { batch, computed, signal } from '@preact/signals';
import type { Feature } from 'geojson';
import { alerts as readAlerts, story as readStory, type Alert } from '../api/alerts';
import { bookOf, siteFeatures, siteOf } from '../api/features';
import { Refusal } from '../api/http';
import { classes as readClasses, parameters as readParameters, type Parameter } from '../api/readings';
import { session as readSession, type Session } from '../api/session';
import { follow, type Live } from '../api/stream';
import { waters as readWaters } from '../api/waters';
import type { Link } from '../model/waters';
import { isChinese } from '../i18n';
import { classesOf, placeOf, withRecords, type Classes } from '../model/matrix';
import { compareAlerts, inOrder } from '../model/order';
import { isAir, isWater, type Site } from '../model/site';
import { day } from '../model/time';

/* What the service has told: read once, then kept by the stream. */

export const now = signal(Date.now());
export const sites = signal<Map<string, Site>>(new Map());
export const alerts = signal<Map<string, Alert>>(new Map());
export const water = signal<Classes | null>(null);
/** Which section the water of each comes to. */
export const links = signal<Map<string, Link>>(new Map());
export const names = signal<Map<string, Parameter>>(new Map());
export const session = signal<Session>({ name: null, scopes: [], title: '', can_sign_out: false });
export const loaded = signal<'loading' | 'ready' | 'refused' | 'failed'>('loading');
export const failure = signal('');
export const live = signal<{ state: Live; since: number; missed: number; restored: number }>({ state: 'connecting', since: Date.now(), missed: 0, restored: 0 });
/** When each site or alert last changed under the eyes of whoever looks. */
export const changed = signal<Map<string, number>>(new Map());
/** The newest thing that the service is known to have said. */
export const heardAt = signal(Date.now());

export const mayAct = computed(() => session.value.scopes.includes('operate'));
export const mayAdmin = computed(() => session.value.scopes.includes('admin'));
export const waterSites = computed(() => [...sites.value.values()].filter(isWater));
export const airSites = computed(() => [...sites.value.values()].filter(isAir));
export const alertOf = (site: Site): Alert | undefined => (site.alertId === null ? undefined : alerts.value.get(site.alertId));
export const orderedSites = computed(() => inOrder(waterSites.value, alertOf));
export const orderedAlerts = computed(() => [...alerts.value.values()].sort(compareAlerts));
export const waiting = computed(() => orderedAlerts.value.filter((alert) => alert.state === 'open').length);
/** The newest period of which anything is known: what “now” is on strips. */
export const newestPlace = computed(() => {
    const known = water.value;
    if (known === null) return 0;
    const newest = Math.max(0, ...waterSites.value.filter((site) => site.interval === '4h').map((site) => site.time ?? 0));
    return Math.min(known.periods - 1, Math.max(0, placeOf(known, newest)));
});
export const newestTime = computed(() => Math.max(0, ...waterSites.value.map((site) => site.time ?? 0)) || null);

export function parameterName(id: string): string {
    const known = names.value.get(id);
    return known === undefined ? id : isChinese.value ? known.name : known.name_en;
}
export const parameterUnit = (id: string): string => names.value.get(id)?.unit ?? '';
export const siteName = (site: Site): string => (isChinese.value ? site.name : site.nameEn);
/** 小韩村 of 小韩村（西曲村）: for labels. */
export const shortName = (site: Site): string => siteName(site).replace(/[（(].*$/, '').trim();

const strips = 8 * day;
let reading = 0;
/** Reads everything anew. What is under way is of no more use: it may have its answers already, from before whoever asks now signed in. */
export async function load(): Promise<void> {
    const mine = ++reading;
    const newest = () => mine === reading;
    try {
        const [who, known, all, open] = await Promise.all([readSession(), readParameters(), siteFeatures(), readAlerts()]);
        if (!newest()) return;
        batch(() => {
            session.value = who;
            names.value = new Map(known.map((one) => [one.parameter, one]));
            const readable = book();
            sites.value = new Map(all.map((feature) => siteOf(feature, readable)).map((site) => [site.id, site]));
            alerts.value = new Map(open.map((alert) => [alert.id, alert]));
            heardAt.value = Date.now();
            loaded.value = 'ready';
        });
        publish();
    } catch (error) {
        if (!newest()) return;
        const refused = error instanceof Refusal && error.status === 401;
        failure.value = error instanceof Refusal ? error.detail : String(error);
        if (loaded.value !== 'ready' || refused) loaded.value = refused ? 'refused' : 'failed';
        return;
    }
    readWaters().then((known) => newest() && (links.value = known), () => undefined);
    readClasses(Date.now() - strips, Date.now(), '4h').then((matrix) => newest() && (water.value = classesOf(matrix)), () => undefined);
}

/** One alert anew, as a step of its story comes: the step's document has not all that a row shows. */
const asked = new Set<string>();
let timer = 0;
function askAgain(id: string): void {
    asked.add(id);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
        const ids = [...asked];
        asked.clear();
        void (ids.length > 10
            ? readAlerts().then((all) => (alerts.value = new Map(all.map((alert) => [alert.id, alert]))))
            : Promise.all(ids.map(refreshAlert))
        ).catch(() => undefined);
    }, 150);
}

export async function refreshAlert(id: string): Promise<void> {
    const told = await readStory(id);
    const next = new Map(alerts.value);
    if (told.state === 'closed') next.delete(id);
    else next.set(id, told);
    batch(() => {
        alerts.value = next;
        mark([id]);
    });
}

function mark(ids: Iterable<string>): void {
    const at = Date.now();
    const next = new Map([...changed.value].filter(([, time]) => at - time <= 30_000));
    for (const id of ids) next.set(id, at);
    changed.value = next;
}

/** The names by which features are understood. */
export const book = () => bookOf([...names.value.values()]);

/** Sites that changed since the last frame: one update for all of them. */
const pending = new Map<string, Feature>();
let frame = 0;
function take(feature: Feature): void {
    pending.set(String(feature.id), feature);
    if (frame === 0) frame = window.setTimeout(publish, 50);
}
function publish(): void {
    frame = 0;
    // before the names of items are known nothing can be read; the first reading publishes what came meanwhile
    if (names.value.size === 0) return;
    const known = book();
    batch(() => {
        const next = new Map(sites.value);
        const came = [...pending.values()].map((feature) => siteOf(feature, known));
        for (const site of came) next.set(site.id, site);
        mark(pending.keys());
        pending.clear();
        if (water.value !== null) water.value = withRecords(water.value, came.filter(isWater));
        sites.value = next;
        heardAt.value = Date.now();
    });
}

/** What hears of alerts as they come: the sound and the spoken news. */
export interface AlertNews {
    type?: string;
    subject?: string;
    data?: { alert?: { site_name?: string; site_name_en?: string; severity?: string } };
}
export const newsOfAlerts: ((news: AlertNews) => void)[] = [];

export function start(): () => void {
    void load();
    let since = Date.now();
    let missed = 0;
    const stop = follow({
        site: (feature) => {
            missed += 1;
            take(feature as Feature);
        },
        alert: (document) => {
            missed += 1;
            const told = document as AlertNews;
            if (told.subject) askAgain(told.subject);
            for (const hear of newsOfAlerts) hear(told);
        },
        reset: () => void load(),
        state: (state) => {
            if (state === live.value.state) return;
            if (state === 'lost' && live.value.state === 'live') since = Date.now();
            const restored = state === 'live' && live.value.since !== 0 && live.value.state !== 'live' && Date.now() - since > 10_000;
            if (state === 'live') {
                // what the stream brings behind the last event comes in the first moments
                missed = 0;
                if (loaded.value === 'failed' || loaded.value === 'refused') void load();
                window.setTimeout(() => {
                    if (restored) live.value = { ...live.value, missed, restored: Date.now() };
                }, 1500);
            }
            const keeps = state === 'connecting' && live.value.state === 'lost';
            live.value = { ...live.value, state: keeps ? 'lost' : state, since: state === 'live' ? Date.now() : since };
        },
    });
    const tick = window.setInterval(() => {
        if (!document.hidden || Math.floor(Date.now() / 1000) % 60 === 0) now.value = Date.now();
    }, 1000);
    return () => {
        stop();
        window.clearInterval(tick);
    };
}
