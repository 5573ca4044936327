import type { AlertState, Severity } from '../model/site';
import { getJson, postJson, url } from './http';
import type { SeriesRecord } from './readings';

export interface Finding {
    parameter: string;
    name: string;
    name_en: string;
    value: number;
    unit: string;
    limit: number | null;
    multiple: number | null;
    class: number | null;
    compared_with: string;
    limit_class: number | null;
    median: number | null;
    time: string;
    interval: string;
}

export interface Deadlines {
    assign_by: string | null;
    progress_by: string | null;
    resolve_by: string | null;
    major: boolean;
}

/** As `/api/v1/alerts` lists it. */
export interface Alert {
    id: string;
    family: string;
    rules: string[];
    site: string;
    site_name: string;
    site_name_en: string;
    kind: string;
    county: string | null;
    river: string | null;
    severity: Severity;
    peak_severity: Severity;
    state: AlertState;
    opened_at: string;
    updated_at: string;
    acknowledged_at: string | null;
    acknowledged_by: string | null;
    assigned_at: string | null;
    assignee: string | null;
    progress_at: string | null;
    resolved_at: string | null;
    resolved_by: string | null;
    closed_at: string | null;
    first_time: string;
    last_time: string;
    water_class: number | null;
    aqi: number | null;
    peak_class: number | null;
    peak_aqi: number | null;
    peak_time: string | null;
    deciding_parameters: string[];
    pollutants: Finding[];
    present: Finding[];
    worst: Finding[];
    likely_consequence_of: string[];
    silent_until: string | null;
    escalates_at: string | null;
    escalation_level: number;
    deadlines: Deadlines | null;
    overdue: string[];
    steps: number;
    reminders: number;
}

export interface Step {
    step: number;
    number: number;
    kind: string;
    at: string;
    by: string;
    note: string;
    severity?: Severity;
    assignee?: string;
    text?: { zh?: { title: string; body: string }; en?: { title: string; body: string } };
    hash: string;
    verified: boolean;
}

/** A rule that holds now. */
export interface Cause {
    rule: string;
    severity: Severity;
    description: string;
    description_en: string | null;
    since: string;
}

/** What a step was decided by: the records as they were then, with their frames. */
export interface Evidence {
    step: number;
    data: { records?: (Pick<SeriesRecord, 'time' | 'interval' | 'status' | 'received_at' | 'water_class' | 'aqi' | 'values' | 'flags'> & { frames?: { received_at: string; text: string; sha256: string }[] })[] };
}

export interface Story extends Alert {
    causes: Cause[];
    history: Step[];
    evidence: Evidence[];
    chain: { verified: boolean; broken_at?: number | null };
}

export type Action = 'acknowledge' | 'assign' | 'progress' | 'comment' | 'resolve' | 'silence' | 'reopen' | 'close';
export interface ActionBody {
    by?: string;
    note?: string;
    assignee?: string;
    major?: boolean;
    until?: string;
}

/** All that are not closed; closed ones are asked for by the view that shows them. */
export async function alerts(states = 'open,acknowledged,resolved'): Promise<Alert[]> {
    const found: Alert[] = [];
    let after: string | null = null;
    do {
        const page: { alerts: Alert[]; links: { rel: string; href: string }[] } = await getJson(
            url('/api/v1/alerts', { state: states, limit: 1000, after }),
        );
        found.push(...page.alerts);
        const next = page.links.find((link) => link.rel === 'next')?.href;
        after = next === undefined ? null : new URL(next, 'http://service').searchParams.get('after');
    } while (after !== null && found.length < 5000);
    return found;
}

/** Those of a site, closed ones too, newest first. */
export const alertsOfSite = async (site: string): Promise<Alert[]> => (await getJson<{ alerts: Alert[] }>(url('/api/v1/alerts', { site, limit: 100 }))).alerts;

export const story = (id: string): Promise<Story> => getJson(url(`/api/v1/alerts/${encodeURIComponent(id)}`, { f: 'json' }));

export const act = (id: string, action: Action, body: ActionBody): Promise<unknown> =>
    postJson(`/api/v1/alerts/${encodeURIComponent(id)}/${action}`, body);
