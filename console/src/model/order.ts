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

/** What the order of sites asks of one, computed once. */
interface Ranked {
    site: Site;
    group: Group;
    near: number;
    alert: Alert | undefined;
}
const rankOf = (site: Site, alertOf: (site: Site) => Alert | undefined): Ranked => ({ site, group: groupOf(site), near: nearness(site), alert: alertOf(site) });
const byId = (a: Site, b: Site): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Negative: `a` comes first. */
function compare(a: Ranked, b: Ranked): number {
    const group = groups.indexOf(a.group) - groups.indexOf(b.group);
    if (group !== 0) return group;
    const [left, right] = [a.alert, b.alert];
    if (left !== undefined && right !== undefined) {
        const severity = weight[b.site.alertSeverity ?? 'notice'] - weight[a.site.alertSeverity ?? 'notice'];
        if (severity !== 0) return severity;
        const overdue = right.overdue.length - left.overdue.length;
        if (overdue !== 0) return overdue;
        const opened = Date.parse(left.opened_at) - Date.parse(right.opened_at);
        if (opened !== 0) return opened;
    }
    if (a.group === 'stale') return (b.site.time ?? 0) - (a.site.time ?? 0) || byId(a.site, b.site);
    if (a.group === 'watch') {
        const said = Number(b.site.alertSeverity !== null) - Number(a.site.alertSeverity !== null);
        if (said !== 0) return said;
    }
    return b.near - a.near || byId(a.site, b.site);
}

/** Sites as somebody has to deal with them. */
export const inOrder = (sites: Site[], alertOf: (site: Site) => Alert | undefined): Site[] =>
    sites
        .map((site) => rankOf(site, alertOf))
        .sort(compare)
        .map(({ site }) => site);

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
