import { computed, effect, signal } from '@preact/signals';
import { sectionsAt, siteOf } from '../api/features';
import { classes as readClasses } from '../api/readings';
import { at, classesOf, placeOf, timeAt, withRecords, type Classes } from '../model/matrix';
import { inOrder } from '../model/order';
import type { Site, WaterClass } from '../model/site';
import { day, midnight, ranges, type Range } from '../model/time';
import { book, newestPlace, now, orderedSites, water, waterSites } from './network';
import { choose, param } from './route';

/* The network as it was: the classes of the days around a moment at once, and the sections with all that was known of them when it rests. */

/** The moment shown; null: now. */
export const moment = computed(() => {
    const given = param('t');
    const parsed = given === null ? NaN : Date.parse(given);
    return Number.isNaN(parsed) ? null : Math.min(parsed, Date.now());
});

/** How much of the time around the moment the strip shows. */
export const reach = computed((): Range => {
    const given = param('range');
    return given !== null && given in ranges ? (given as Range) : '7d';
});

/** The sections as the service knows that they were at a moment. */
const exact = signal<{ moment: number; sites: Site[] } | null>(null);
const exactly = (): Site[] | null => (exact.value !== null && exact.value.moment === moment.value ? exact.value.sites : null);
/** The clock of what is shown. */
export const shownNow = computed(() => moment.value ?? now.value);

/** The classes of other days than those that are kept, or of more of them. `living`: up to the present. */
const other = signal<{ classes: Classes; reach: Range; living: boolean } | null>(null);
/** Whether the last period of the strip is the present one. */
export const endsNow = computed((): boolean => moment.value === null || water.value === null || moment.value > timeAt(water.value, newestPlace.value) - ranges[reach.value]);

/** Of the periods that the strip shows; null: not read yet. */
export const shownClasses = computed((): Classes | null => {
    const present = endsNow.value;
    const known = other.value;
    let classes: Classes | null = null;
    if (present && reach.value !== '30d') classes = water.value;
    else if (known !== null && known.reach === reach.value && known.living === present) classes = present ? withRecords(known.classes, waterSites.value) : known.classes;
    // a section may be judged by more than its record of that period
    return classes === null ? null : withRecords(classes, exactly() ?? []);
});
const lastOf = (known: Classes): number => (endsNow.value ? newestPlace.value + placeOf(known, water.value?.from ?? known.from) : known.periods - 1);
/** The places of the first and last period of the strip. */
export const shownPeriods = computed(() => {
    const known = shownClasses.value;
    if (known === null) return null;
    const last = Math.min(known.periods - 1, lastOf(known));
    return { first: Math.max(0, last + 1 - Math.round(ranges[reach.value] / known.length)), last };
});
/** Which period of them is shown. */
export const shownPlace = computed(() => {
    const known = shownClasses.value;
    const shown = shownPeriods.value;
    if (known === null || shown === null) return 0;
    return moment.value === null ? shown.last : Math.min(shown.last, Math.max(0, placeOf(known, moment.value)));
});

/** A four-hour value stands for twelve hours: three periods. */
const holds = 3;
const withoutAlert = { alertId: null, alertSeverity: null, alertState: null };
/** A section as it was: its class of that period, or the one before that still stood. */
function asOf(site: Site, known: Classes): Site {
    for (let back = 0; back <= shownPlace.value; ++back) {
        const letter = at(known, site.id, shownPlace.value - back);
        if (letter === '-') continue;
        return {
            ...site,
            ...withoutAlert,
            waterClass: Number(letter) as WaterClass,
            complete: true,
            missing: [],
            stale: back >= holds,
            time: timeAt(known, shownPlace.value - back),
            interval: '4h',
            quality: null,
            deciding: [],
            pollutants: [],
        };
    }
    return { ...site, ...withoutAlert, waterClass: 0, stale: true };
}

export const shownSites = computed((): Site[] => {
    if (moment.value === null) return orderedSites.value;
    const told = exactly();
    if (told !== null) return told;
    const known = shownClasses.value;
    return known === null ? [] : waterSites.value.map((site) => asOf(site, known)).sort((a, b) => b.waterClass - a.waterClass);
});

export function showMoment(ms: number | null): void {
    choose({ t: ms === null ? null : new Date(ms + 8 * 3600_000).toISOString().slice(0, 19) + '+08:00' });
}

const rest = 350;
/** Reads what a moment needs, as it is chosen. */
export function followMoment(): void {
    let timer = 0;
    effect(() => {
        const shown = moment.value;
        window.clearTimeout(timer);
        if (shown === null) return;
        // who drags or plays goes by the classes alone
        timer = window.setTimeout(() => {
            sectionsAt(shown).then((features) => {
                if (moment.peek() !== shown) return;
                const names = book();
                exact.value = { moment: shown, sites: inOrder(features.map((feature) => ({ ...siteOf(feature, names), ...withoutAlert })), () => undefined) };
            }, () => undefined);
        }, rest);
    });
    effect(() => {
        const [present, wanted, shown] = [endsNow.value, reach.value, moment.value];
        if (water.value === null || (present && wanted !== '30d')) return;
        const kept = other.peek();
        if (kept !== null && kept.reach === wanted && kept.living === present && (present || (shown !== null && placeOf(kept.classes, shown) >= 0 && placeOf(kept.classes, shown) < kept.classes.periods))) return;
        const length = ranges[wanted];
        const end = present || shown === null ? now.peek() : Math.min(now.peek(), midnight(shown) + Math.ceil(length / day / 2) * day);
        readClasses(end - length, end, '4h').then((matrix) => {
            if (moment.peek() === shown && reach.peek() === wanted) other.value = { classes: classesOf(matrix), reach: wanted, living: present };
        }, () => undefined);
    });
}
