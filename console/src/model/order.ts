import type { Alert } from '../api/alerts';
import { standing, type Severity, type Site } from './site';

export const groups = ['act', 'hand', 'worse', 'watch', 'good', 'stale'] as const;
export type Group = (typeof groups)[number];
export const weight: Record<Severity, number> = { notice: 1, alert: 2, high: 3 };

/** What somebody has to do about a site, if anything. */
export function groupOf(site: Site): Group {
    const state = standing(site);
    const judged = state === 'valid' || state === 'incomplete';
    const bad = judged && site.waterClass > 3;
    const calls = site.alertSeverity !== null && (site.alertSeverity !== 'notice' || bad);
    if (calls && site.alertState === 'open') return 'act';
    if (calls && site.alertState === 'acknowledged') return 'hand';
    if (state === 'stale' || state === 'silent') return 'stale';
    if (bad) return 'worse';
    return state === 'unjudged' || site.alertSeverity !== null ? 'watch' : 'good';
}

/** How near to the limit of Ⅲ the worst of its main items is: the greatest multiple, else the class. */
const nearness = (site: Site): number => Math.max(site.waterClass, 0) + Math.min(0.9, Math.max(0, ...site.pollutants.map((p) => (p.multiple ?? 0) / 10)));

/** Negative: `a` comes first. */
export function compareSites(a: Site, b: Site, alertOf: (site: Site) => Alert | undefined): number {
    const group = groups.indexOf(groupOf(a)) - groups.indexOf(groupOf(b));
    if (group !== 0) return group;
    const [left, right] = [alertOf(a), alertOf(b)];
    const severity = weight[b.alertSeverity ?? 'notice'] - weight[a.alertSeverity ?? 'notice'];
    if (left !== undefined && right !== undefined) {
        if (severity !== 0) return severity;
        const overdue = right.overdue.length - left.overdue.length;
        if (overdue !== 0) return overdue;
        const opened = Date.parse(left.opened_at) - Date.parse(right.opened_at);
        if (opened !== 0) return opened;
    }
    if (groupOf(a) === 'stale') return (b.time ?? 0) - (a.time ?? 0) || a.id.localeCompare(b.id);
    if (groupOf(a) === 'watch') {
        const said = Number(b.alertSeverity !== null) - Number(a.alertSeverity !== null);
        if (said !== 0) return said;
    }
    return nearness(b) - nearness(a) || a.id.localeCompare(b.id);
}

/** The inbox: what nobody has answered first, then by severity, overdue, oldest. */
export function compareAlerts(a: Alert, b: Alert): number {
    const rank = { open: 0, acknowledged: 1, resolved: 2, closed: 3 };
    return (
        rank[a.state] - rank[b.state] ||
        weight[b.severity] - weight[a.severity] ||
        b.overdue.length - a.overdue.length ||
        Date.parse(a.opened_at) - Date.parse(b.opened_at) ||
        a.id.localeCompare(b.id)
    );
}
