import type { Alert } from '../api/alerts';
import { classWords, comma, isChinese, joined, t, tOr } from '../i18n';
import { figure, multiple, unitText } from './number';
import { standing, type Site } from './site';
import { brief, duration, yearMonth } from './time';
import type { Run } from './matrix';

type NameOf = (parameter: string) => string;

/** How far over: one multiple for all that share it (`氨氮、总磷超 0.2 倍`), else each with its own as reports write it (`氨氮(2.6)、总磷(0.9)`). */
export function overText(site: Site, nameOf: NameOf): string {
    const items = (site.pollutants.length > 0 ? site.pollutants : site.deciding.map((parameter) => ({ parameter, multiple: null }))).slice(0, 3);
    if (items.length === 0) return '';
    const said = items.map((item) => (item.multiple === null ? null : multiple(item.multiple)));
    const names = items.map((item) => nameOf(item.parameter));
    if (said.every((m) => m === said[0])) return said[0] === null || said[0] === undefined ? joined(names) : `${joined(names)} ${Number(said[0]) === 0 ? t('justOver') : t('over', { m: said[0] })}`;
    return joined(names.map((name, i) => (said[i] === null ? name : `${name}${isChinese.value ? '' : ' '}(${said[i]})`)));
}

/** The second line of a row: why it is as it is. \return the class or state, bold, and what follows */
export function reason(site: Site, nameOf: NameOf): { head: string; tone: number; rest: string } {
    const is = standing(site);
    if (is === 'silent') return { head: t('noRecord'), tone: 0, rest: '' };
    if (is === 'unjudged') return { head: t('unjudged'), tone: 0, rest: whyUnjudged(site) };
    if (is === 'incomplete')
        return { head: classWords(site.waterClass), tone: site.waterClass, rest: [site.waterClass > 3 ? overText(site, nameOf) : '', t('missingItems', { items: joined(site.missing.map(nameOf)) })].filter(Boolean).join(comma()) };
    if (site.waterClass > 3) return { head: classWords(site.waterClass), tone: site.waterClass, rest: overText(site, nameOf) };
    return { head: classWords(site.waterClass), tone: site.waterClass, rest: decidedBy(site, nameOf) };
}

function whyUnjudged(site: Site): string {
    if (site.status !== 'normal') return tOr(`status_${site.status}`, site.status);
    return t('noValid');
}

function decidedBy(site: Site, nameOf: NameOf): string {
    const item = site.deciding[0];
    const value = item === undefined ? undefined : site.values[item];
    return item === undefined ? '' : `${nameOf(item)}${value === undefined ? '' : ` ${figure(value)}`}`;
}

/** The second line of a label on the map. */
export function labelLine(site: Site, nameOf: NameOf, unitOf: NameOf): string {
    const is = standing(site);
    if (is === 'silent') return t('noRecord');
    if (is === 'stale') return t('noDataSince', { at: yearMonth(site.time!) });
    if (is === 'unjudged') return `${t('unjudged')}${site.status === 'normal' ? '' : ` · ${tOr(`status_${site.status}`, site.status)}`}`;
    const first = site.pollutants[0]?.parameter ?? site.deciding[0];
    const value = first === undefined ? undefined : site.values[first];
    if (first === undefined || value === undefined) return classWords(site.waterClass);
    const text = `${nameOf(first)} ${figure(value)}`;
    const over = site.pollutants[0]?.multiple;
    return site.waterClass > 3 && over !== null && over !== undefined
        ? `${text} ${unitText(unitOf(first))} · ${Number(multiple(over)) === 0 ? t('justOver') : t('over', { m: multiple(over) })}`
        : text;
}

/** 劣于Ⅲ类 2 天 20 小时. Where that was before the strip begins, the alert knows. */
export function sinceText(run: Run | null, alert: Alert | undefined, site: Site, now: number): string {
    if (run === null) return '';
    const first = !run.before && run.kind === 'worse' && alert?.family === 'water' ? Math.min(Date.parse(alert.first_time), run.since) : run.since;
    const lasting = duration(now - first);
    if (run.kind === 'worse') return t('worseFor', { for: lasting });
    if (run.kind === 'unjudged') return t('noValidFor', { for: lasting });
    return run.before && site.waterClass > 0 ? t('goodAgainFor', { for: lasting }) : '';
}

export const timeOf = (site: Site, now: number): string => (site.time === null ? '—' : brief(site.time, now));
