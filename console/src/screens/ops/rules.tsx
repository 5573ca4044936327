import { useState } from 'preact/hooks';
import type { Alert } from '../../api/alerts';
import { postText, url } from '../../api/http';
import { isChinese, t } from '../../i18n';
import type { Severity } from '../../model/site';
import { date, day, duration, stamp } from '../../model/time';
import { now, sites, siteName } from '../../state/network';
import { SeverityMark } from '../../ui/disc';
import { Said, Title } from './parts';
import { saying, useRead } from '../../state/read';

interface Rule {
    id: string;
    title: string;
    title_en: string;
    family: string;
    severity: Severity;
    description: string;
    description_en: string;
}
interface Tried {
    records: number;
    begin?: string;
    end?: string;
    numberMatched: number;
    alerts: Alert[];
    rules: { rule: string; severity: Severity; alerts: number; alone: number; hours_alone: number; messages: number }[];
    messages: number;
    reminders: number;
}

const titleOf = (rule: Rule): string => (isChinese.value ? rule.title : rule.title_en || rule.title);

const Severe = ({ severity }: { severity: Severity }) => (
    <span class="row" style={{ gap: 4 }}>
        <SeverityMark severity={severity} /> {t(severity)}
    </span>
);

/** The rules in force, and what they or others would have raised in a time: nothing of it is written or sent. */
export function Rules() {
    const { got, failed } = useRead<{ rules: Rule[] }>('/api/v1/alerts/rules');
    const [tried, setTried] = useState<Tried | null>(null);
    const [said, setSaid] = useState('');
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    const rules = got?.rules ?? [];
    const named = (id: string): string => {
        const rule = rules.find((one) => one.id === id);
        return rule ? titleOf(rule) : id;
    };
    return (
        <>
            <Title word="rules" more={got === null ? t('loading') : t('rulesInForce', { n: rules.length })} />
            <Try rules={rules} show={(result) => (setTried(result), setSaid(''))} failed={(why) => (setTried(null), setSaid(why))} />
            <Said text={said} />
            {tried && <Outcome tried={tried} named={named} />}
            <div class="card dt all" tabIndex={0} role="region" aria-label={t('rules')}>
                <table class="top-aligned">
                    <thead>
                        <tr>
                            <th>{t('rule')}</th>
                            <th>{t('severity')}</th>
                            <th>{t('raisedWhen')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rules.map((rule) => (
                            <tr key={rule.id}>
                                <td>
                                    {titleOf(rule)} <span class="f12 m">{rule.id}</span>
                                </td>
                                <td>
                                    <Severe severity={rule.severity} />
                                </td>
                                <td class="wrapped f13">{isChinese.value ? rule.description : rule.description_en}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </>
    );
}

/** What is to be tried: a time, one site or all, one rule or all, or rules of one's own. */
function Try({ rules, show, failed }: { rules: Rule[]; show: (tried: Tried) => void; failed: (why: string) => void }) {
    const [range, setRange] = useState({ from: date(now.value - 30 * day), to: date(now.value) });
    const [site, setSite] = useState('');
    const [rule, setRule] = useState('');
    const [own, setOwn] = useState('');
    const [busy, setBusy] = useState(false);
    const send = async (event: Event) => {
        event.preventDefault();
        if (range.to < range.from) return failed(t('rangeWrong'));
        setBusy(true);
        const found = [...sites.value.values()].find((one) => siteName(one) === site.trim() || one.id === site.trim());
        try {
            const path = url('/api/v1/alerts/backtest', { datetime: `${range.from}/${range.to}`, site: found?.id ?? site.trim(), rule: own.trim() ? '' : rule });
            show(await postText<Tried>(path, own, 'application/toml'));
        } catch (error) {
            failed(saying(error));
        } finally {
            setBusy(false);
        }
    };
    return (
        <form class="card pad col" aria-label={t('backtest')} onSubmit={(event) => void send(event)}>
            <h2 class="sec">
                <b>{t('backtest')}</b> {t('backtestHint')}
            </h2>
            <div class="row wrap">
                <input type="date" name="try-from" aria-label={t('from')} value={range.from} required onInput={(event) => setRange({ ...range, from: event.currentTarget.value })} />
                <input type="date" name="try-to" aria-label={t('until')} value={range.to} required onInput={(event) => setRange({ ...range, to: event.currentTarget.value })} />
                <input type="text" name="try-site" aria-label={t('devices')} placeholder={t('allSites')} list="try-sites" value={site} onInput={(event) => setSite(event.currentTarget.value)} />
                <datalist id="try-sites">
                    {[...sites.value.values()].slice(0, 500).map((one) => (
                        <option key={one.id} value={siteName(one)} />
                    ))}
                </datalist>
                <select name="try-rule" aria-label={t('rule')} value={rule} disabled={own.trim() !== ''} onChange={(event) => setRule(event.currentTarget.value)}>
                    <option value="">{t('allRules')}</option>
                    {rules
                        .filter((one) => one.family !== 'service')
                        .map((one) => (
                            <option key={one.id} value={one.id}>
                                {titleOf(one)}
                            </option>
                        ))}
                </select>
                <button type="submit" class="btn p sm" disabled={busy}>
                    {t(busy ? 'trying' : 'tryIt')}
                </button>
            </div>
            <details>
                <summary class="f13">{t('ownRules')}</summary>
                <textarea name="try-own" rows={8} aria-label={t('ownRules')} spellcheck={false} placeholder={'[[rules]]\nid = "codmn-5"\ntitle = "高锰酸盐指数劣于Ⅱ类"\nkind = "worse_than_class"\nclass = 2\nparameters = ["codmn"]'} value={own} onInput={(event) => setOwn(event.currentTarget.value)} />
            </details>
        </form>
    );
}

function Outcome({ tried, named }: { tried: Tried; named: (id: string) => string }) {
    if (tried.records === 0) return <Said text={t('nothingToTry')} />;
    return (
        <section class="card pad col tried" aria-label={t('backtestSays')} data-tried={tried.numberMatched}>
            <p role="status">
                <b>{t('wouldRaise', { n: tried.numberMatched, m: tried.messages, r: tried.reminders })}</b> <span class="f13 s">{t('fromRecords', { n: tried.records })}</span>
            </p>
            {tried.numberMatched > 0 && (
                <>
                    <div class="dt">
                        <table>
                            <thead>
                                <tr>
                                    <th>{t('rule')}</th>
                                    <th class="r">{t('alerts')}</th>
                                    <th class="r">{t('ofItAlone')}</th>
                                    <th class="r">{t('hoursAlone')}</th>
                                    <th class="r">{t('messagesWord')}</th>
                                </tr>
                            </thead>
                            <tbody>
                                {tried.rules
                                    .filter((rule) => rule.alerts > 0)
                                    .map((rule) => (
                                        <tr key={rule.rule}>
                                            <td>{named(rule.rule)}</td>
                                            <td class="r">{rule.alerts}</td>
                                            <td class="r">{rule.alone}</td>
                                            <td class="r">{rule.hours_alone.toFixed(1)}</td>
                                            <td class="r">{rule.messages}</td>
                                        </tr>
                                    ))}
                            </tbody>
                        </table>
                    </div>
                    <div class="dt" tabIndex={0} role="region" aria-label={t('alerts')}>
                        <table>
                            <thead>
                                <tr>
                                    <th>{t('severity')}</th>
                                    <th>{t('devices')}</th>
                                    <th>{t('raisedAt')}</th>
                                    <th>{t('lasted')}</th>
                                    <th>{t('rule')}</th>
                                </tr>
                            </thead>
                            <tbody>
                                {tried.alerts.map((alert) => {
                                    const opened = Date.parse(alert.opened_at);
                                    const over = alert.resolved_at === null ? null : Date.parse(alert.resolved_at);
                                    return (
                                        <tr key={alert.id}>
                                            <td>
                                                <Severe severity={alert.peak_severity} />
                                            </td>
                                            <td>{isChinese.value ? alert.site_name : alert.site_name_en}</td>
                                            <td class="nw">{stamp(opened, now.value)}</td>
                                            <td class="nw">{over === null ? t('notOver') : duration(over - opened)}</td>
                                            <td class="wrapped">{alert.rules.map(named).join(isChinese.value ? '、' : ', ')}</td>
                                        </tr>
                                    );
                                })}
                            </tbody>
                        </table>
                        {tried.alerts.length < tried.numberMatched && <p class="f13 s">{t('firstOf', { n: tried.alerts.length, m: tried.numberMatched })}</p>}
                    </div>
                </>
            )}
        </section>
    );
}
