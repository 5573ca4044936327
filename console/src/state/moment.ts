import { computed } from '@preact/signals';
import { at, placeOf, timeAt } from '../model/matrix';
import type { Site, WaterClass } from '../model/site';
import { newestPlace, orderedSites, water, waterSites } from './network';
import { choose, param } from './route';

/** The moment shown; null: now. */
export const moment = computed(() => {
    const given = param('t');
    const parsed = given === null ? NaN : Date.parse(given);
    return Number.isNaN(parsed) ? null : parsed;
});
/** Which period of the matrix is shown. */
export const shownPlace = computed(() => {
    const known = water.value;
    if (known === null) return 0;
    return moment.value === null ? newestPlace.value : Math.min(known.periods - 1, Math.max(0, placeOf(known, moment.value)));
});

/** A four-hour value stands for twelve hours: three periods. */
const holds = 3;
/** A section as it was: its class of that period, or the one before that still stood. */
function asOf(site: Site): Site {
    const known = water.value!;
    for (let back = 0; back <= shownPlace.value; ++back) {
        const letter = at(known, site.id, shownPlace.value - back);
        if (letter === '-') continue;
        return {
            ...site,
            waterClass: Number(letter) as WaterClass,
            complete: true,
            missing: [],
            stale: back >= holds,
            time: timeAt(known, shownPlace.value - back),
            interval: '4h',
            quality: null,
            deciding: [],
            pollutants: [],
            alertId: null,
            alertSeverity: null,
            alertState: null,
        };
    }
    return { ...site, waterClass: 0, stale: true, alertId: null, alertSeverity: null, alertState: null };
}

export const shownSites = computed(() => (moment.value === null || water.value === null ? orderedSites.value : waterSites.value.map(asOf).sort((a, b) => b.waterClass - a.waterClass)));

export function showMoment(ms: number | null): void {
    choose({ t: ms === null ? null : new Date(ms + 8 * 3600_000).toISOString().slice(0, 19) + '+08:00' });
}
