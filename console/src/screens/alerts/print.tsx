import type { Story } from '../../api/alerts';
import type { Judgement, SeriesRecord } from '../../api/readings';
import { ItemChart } from '../../charts/item-chart';
import { classWords, t, tOr } from '../../i18n';
import { figure, unitText } from '../../model/number';
import { duration, period, stamp } from '../../model/time';
import type { Site } from '../../model/site';
import { now, parameterName, parameterUnit, session } from '../../state/network';
import { address } from '../../state/route';
import { Deadlines } from '../../ui/deadlines';
import { Disc, lookOf, SeverityMark } from '../../ui/disc';
import { PaperFoot, scaled, ScaleBar, verdict } from '../../ui/parts';
import { SmallMap, source } from '../../ui/small-map';
import { itemName, orderedItems, ownTime, qualityOf } from '../map/detail';
import { alertName } from './page';
import { findingText, itemOf, Rules, stepBy, stepWord, worstOf } from './story';

const mostSteps = 7;

/** What people and the engine did that changed something; the updates between are a count. */
export function printedSteps(told: Story): { shown: Story['history']; left: number } {
    const telling = told.history.filter((step) => step.kind !== 'updated' || step.by !== 'engine');
    const [people, engine] = [telling.filter((step) => step.by !== 'engine'), telling.filter((step) => step.by === 'engine')];
    const kept = new Set([...people.slice(-mostSteps + 1), ...engine.slice(0, 1), ...engine.slice(-Math.max(1, mostSteps - people.length - 1))].slice(0, mostSteps + 1));
    const shown = told.history.filter((step) => kept.has(step)).reverse();
    return { shown, left: told.history.length - shown.length };
}

/** The alert on one A4 page: shown by a printer only. */
export function PrintSheet({ alert, site, why, records, items }: { alert: Story; site: Site | undefined; why: Judgement | null; records: SeriesRecord[]; items: string[] }) {
    const worst = worstOf(alert);
    const { shown, left } = printedSteps(alert);
    const counted = why === null ? [] : orderedItems(why).counted.filter((item) => item.rule !== 'range').slice(0, 4);
    const since = Date.parse(alert.opened_at);
    return (
        <article class="sheet" data-theme="light" aria-hidden="true">
            <header class="row">
                {site && <Disc {...lookOf(site)} severity={null} r={24} />}
                <div class="grow">
                    <div class="f12">
                        {session.value.title}　{t('reportTitle')}
                    </div>
                    <h1>
                        {alertName(alert)}
                        {(alert.peak_class ?? 0) > 3 ? t('worse') : tOr(`family_${alert.family}`, '')}
                    </h1>
                    <div class="f12">
                        {[alert.river, alert.county, site?.level ? tOr(site.level, '') + tOr(`kind_${site.kind}`, '') : null].filter(Boolean).join(' · ')}
                        {site?.position ? `　${site.position[0].toFixed(4)}°E ${site.position[1].toFixed(4)}°N${site.accuracy ? `（±${(site.accuracy / 1000).toFixed(0)} km，${t('estimated')}）` : ''}` : `　${t('noPosition')}`}
                    </div>
                </div>
                <div class="r">
                    <div class="row" style={{ justifyContent: 'flex-end' }}>
                        <SeverityMark severity={alert.severity} size={16} />
                        <b class="f20">{t(alert.severity)}</b>
                    </div>
                    <div class="f12">
                        {tOr(alert.state, alert.state)} {alert.state === 'open' ? duration(now.value - since) : (alert.assignee ?? alert.acknowledged_by ?? '')}
                    </div>
                </div>
            </header>
            <div class="facts">
                <div>
                    <span class="f12">{t('present')}</span>
                    <b>{site && site.waterClass > 0 ? `${classWords(site.waterClass)}，${qualityOf(site.waterClass)}` : t('unjudged')}</b>
                    <span class="f12">{site?.time ? `${stamp(site.time, now.value).slice(0, -5)}${period(site.time, site.interval ?? '')}` : ''}</span>
                </div>
                <div>
                    <span class="f12">{t('atWorst')}</span>
                    <b>
                        {alert.peak_class ? classWords(alert.peak_class) : '—'}
                        {worst ? `，${findingText(worst)}` : ''}
                    </b>
                    <span class="f12">{worst ? `${stamp(Date.parse(worst.time), now.value).slice(0, -5)}${period(Date.parse(worst.time), worst.interval)}` : ''}</span>
                </div>
                <div>
                    <span class="f12">{t('lasting')}</span>
                    <b>{duration((alert.resolved_at ? Date.parse(alert.resolved_at) : now.value) - Date.parse(alert.first_time))}</b>
                    <span class="f12">{t('sinceTime', { at: stamp(Date.parse(alert.first_time), now.value) })}</span>
                </div>
            </div>
            {counted.length > 0 && (
                <section>
                    <h2>
                        {t('itemsAndLimits')} <small>{why?.parameters[0]?.edition} · {t('whyHint')}</small>
                    </h2>
                    <table>
                        <tbody>
                            {counted.map((item) => (
                                <tr key={item.parameter}>
                                    <td>
                                        <b>{itemName(item)}</b> <span class="f11">{ownTime(item, why!)}</span>
                                    </td>
                                    <td class="r nw">
                                        <b>{figure(item.assessed)}</b> {unitText(item.unit)}
                                    </td>
                                    <td>
                                        <ScaleBar of={scaled(item)!} width={280} />
                                    </td>
                                    <td class="nw">
                                        <span class="row">
                                            <Disc letter={item.class ?? 0} standing="valid" severity={null} r={8} /> {verdict(item)}
                                        </span>
                                    </td>
                                    <td class="f12 nw r">{item.clause}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </section>
            )}
            <div class="two">
                {items.map((parameter) => (
                    <section key={parameter}>
                        <h2>
                            {parameterName(parameter)} <small>{unitText(parameterUnit(parameter))}</small>
                        </h2>
                        <ItemChart parameter={parameter} item={itemOf(why, parameter)} records={records} height={130} now={now.value} printed />
                    </section>
                ))}
            </div>
            <div class={site?.position ? 'two placed' : undefined}>
                {site?.position && (
                    <section>
                        <h2>{t('positionWord')}</h2>
                        <SmallMap site={site} width={227} height={170} />
                    </section>
                )}
                <section>
                    <Deadlines alert={alert} width={330} />
                    <h2>{t('rulesThatHold')}</h2>
                    <Rules told={alert} />
                </section>
            </div>
            <section>
                <h2>
                    {t('story')} <small>{left > 0 ? t('moreSteps', { n: left }) : ''}</small>
                </h2>
                <table class="steps">
                    <tbody>
                        {shown.map((step) => (
                            <tr key={step.step}>
                                <td class="f12 nw">{stamp(Date.parse(step.at), now.value)}</td>
                                <td class="nw">
                                    <b>{stepWord(step)}</b> {stepBy(step)}
                                </td>
                                <td class="f12">{step.note || (step.text?.zh?.title ?? '').replace(/^【[^】]*】/, '').slice(0, 60)}</td>
                                <td class="f12 r">#{step.number}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
                <p class="f11">
                    {alert.chain.verified ? t('chainStep', { n: alert.history.at(-1)?.number ?? 0 }) : t('chainBroken')}　SHA-256　{alert.history.at(-1)?.hash}
                </p>
            </section>
            <div class="signs">
                <span>{t('dutySign')}</span>
                <span>{t('handledBy')}</span>
                <span>{t('checkedBy')}</span>
            </div>
            <PaperFoot href={new URL(address('/alerts', { id: alert.id }), location.href).href} source={site?.position ? source : undefined} />
        </article>
    );
}

