import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { alertsOfSite, type Alert } from '../../api/alerts';
import type { Judgement, SeriesRecord } from '../../api/readings';
import { ItemChart } from '../../charts/item-chart';
import { t } from '../../i18n';
import { unitText } from '../../model/number';
import { isAir, type Site } from '../../model/site';
import { hour, iso, stamp } from '../../model/time';
import { alertOf, now, parameterName, parameterUnit } from '../../state/network';
import { address, choose, go, param } from '../../state/route';
import { SeverityMark } from '../../ui/disc';
import { orderedItems } from '../map/detail';

/** Which items are drawn: those of the URL, else the deciding and counted ones, at most four. */
export function chartItems(site: Site, told: Judgement | null, records: SeriesRecord[]): string[] {
    const chosen = param('items');
    if (chosen) return chosen.split(',');
    const there = new Set(records.flatMap((record) => Object.keys(record.values)));
    const order = told === null ? [] : orderedItems(told).counted.filter((item) => item.rule !== 'range').map((item) => item.parameter);
    const usual = isAir(site) ? [...site.primary, 'pm25', 'pm10', 'o3', 'no2'] : ['ammonia_nitrogen', 'codmn', 'total_phosphorus', 'dissolved_oxygen'];
    return [...new Set([...order, ...usual])].filter((item) => there.has(item)).slice(0, 4);
}

/** The alerts of a site about what is measured there, as far as they stood in a range. */
function useAlerts(site: Site, [from, to]: [number, number]): Alert[] {
    const [all, setAll] = useState<Alert[]>([]);
    const present = alertOf(site);
    useEffect(() => {
        let alive = true;
        alertsOfSite(site.id).then((got) => alive && setAll(got), () => undefined);
        return () => {
            alive = false;
        };
    }, [site.id, site.time, present?.updated_at]);
    return all.filter((one) => (one.family === 'water' || one.family === 'air' || one.family === 'discharge') && Date.parse(one.first_time) < to && endOf(one) > from);
}
/** Until when the water was as an alert says. */
const endOf = (alert: Alert): number => Date.parse(alert.resolved_at ?? alert.closed_at ?? '') || now.value;
const concerns = (alert: Alert, item: string): boolean => alert.family === 'air' || [...alert.worst, ...alert.pollutants, ...alert.present].some((finding) => finding.parameter === item);

export function Charts({ site, told, records, range, lastYear, other }: { site: Site; told: Judgement | null; records: SeriesRecord[]; range: [number, number]; lastYear?: SeriesRecord[]; other?: { name: string; records: SeriesRecord[] } }) {
    const items = chartItems(site, told, records);
    const all = [...new Set(records.flatMap((record) => Object.keys(record.values)))];
    const pick = (item: string, on: boolean) => choose({ items: (on ? [...items, item] : items.filter((one) => one !== item)).join(',') || null });
    const overlays = other ? [other] : undefined;
    const pointed = useSignal<number | null>(null);
    const alerts = useAlerts(site, range);
    const spans = useMemo(() => new Map(items.map((item) => [item, alerts.filter((one) => concerns(one, item)).map((one) => ({ id: one.id, severity: one.peak_severity, from: Date.parse(one.first_time), to: endOf(one) }))])), [items.join(), alerts.map((one) => one.id + one.updated_at).join(), Math.floor(now.value / hour)]);
    return (
        <>
            {items.map((item, i) => (
                <div key={item}>
                    <div class="row f13">
                        <h3>
                            <b>{parameterName(item)}</b> <span class="m">{unitText(parameterUnit(item))}</span>
                        </h3>
                    </div>
                    <ItemChart
                        parameter={item}
                        item={told?.parameters.find((one) => one.parameter === item) ?? null}
                        records={records}
                        lastYear={lastYear}
                        overlays={overlays}
                        height={i === 0 ? 150 : 108}
                        now={now.value}
                        range={range}
                        axis={i === 0 || i === items.length - 1}
                        onRange={(from, to) => choose({ range: `${iso(from)}/${iso(to)}` })}
                        together={items}
                        alerts={spans.get(item)}
                        onAlert={(id) => go('/alerts', { view: 'all', id })}
                        pointed={pointed}
                    />
                </div>
            ))}
            {alerts.length > 0 && (
                <p class="row wrap f12" data-alerts>
                    {alerts.slice(0, 6).map((one) => (
                        <a key={one.id} class="row" style={{ gap: 4 }} href={address('/alerts', { view: 'all', id: one.id })}>
                            <SeverityMark severity={one.peak_severity} hollow={one.state !== 'open'} />
                            {stamp(Date.parse(one.first_time), now.value)}–{one.resolved_at || one.closed_at ? stamp(endOf(one), now.value) : t('present')}
                        </a>
                    ))}
                </p>
            )}
            <details class="f12">
                <summary>{t('chooseItems')}</summary>
                <div class="row wrap">
                    {all.map((item) => (
                        <label key={item} class="row" style={{ gap: 4 }}>
                            <input type="checkbox" checked={items.includes(item)} onChange={(event) => pick(item, event.currentTarget.checked)} />
                            {parameterName(item)}
                        </label>
                    ))}
                </div>
            </details>
        </>
    );
}
