import { useEffect, useState } from 'preact/hooks';
import { getJson, postJson, Refusal } from '../../api/http';
import { t } from '../../i18n';
import { brief, duration } from '../../model/time';
import { mayAct, mayAdmin, now, sites, siteName } from '../../state/network';
import { choose, param } from '../../state/route';
import { signingIn } from '../../state/signing';
import './ops.css';

const tabs = ['devices', 'quarantine', 'outbox', 'forwards', 'versions'] as const;
type Tab = (typeof tabs)[number];

interface Device {
    mn: string;
    site: string;
    name: string;
    connected: boolean;
    peer: string | null;
    last_frame_at: string | null;
    last_record_at: string | null;
    edition: string;
    frames: number;
    records: number;
    refused: number;
    last_refusal: unknown;
}
interface Completeness {
    expected: number;
    present: number;
    late: number;
    days: { date: string; expected: number; present: number; late: number; missing: string[] }[];
}
interface Entry {
    id: number;
    received_at: string;
    source: string;
    code: string;
    detail: string;
    site: string;
    raw?: string;
}
interface Channel {
    id: string;
    kind: string;
    waiting: number;
    delivered?: number;
    failing_since: string | null;
    last_error?: string | null;
    dead: { id: number | string; alert?: string; type?: string; error?: string; at?: string }[] | number;
}

/** What keeps the service running, for who may operate it. */
export default function OpsPage() {
    const tab = (tabs as readonly string[]).includes(param('tab') ?? '') ? (param('tab') as Tab) : 'devices';
    if (!mayAct.value)
        return (
            <main class="empty">
                <p>{t('signInFirst')}</p>
                <button type="button" class="btn" onClick={() => (signingIn.value = true)}>
                    {t('signIn')}
                </button>
            </main>
        );
    return (
        <main class="op">
            <nav class="views" aria-label={t('ops')}>
                <div>
                    {tabs.map((one) => (
                        <button key={one} type="button" aria-pressed={tab === one} onClick={() => choose({ tab: one })}>
                            {t(one)}
                        </button>
                    ))}
                </div>
            </nav>
            <section class="ob" aria-label={t(tab)}>
                <h1 class="f20">
                    <b>{t(tab)}</b>
                </h1>
                {tab === 'devices' && <Devices />}
                {tab === 'quarantine' && <Quarantine />}
                {tab === 'outbox' && <Outbox />}
                {tab === 'forwards' && <Forwards />}
                {tab === 'versions' && <Versions />}
            </section>
        </main>
    );
}

/** What a path gives, read anew when `again` changes. */
function useRead<T>(path: string, again = 0): { got: T | null; failed: string } {
    const [got, setGot] = useState<T | null>(null);
    const [failed, setFailed] = useState('');
    useEffect(() => {
        let alive = true;
        getJson<T>(path).then((told) => alive && (setGot(told), setFailed('')), (error: Error) => alive && setFailed(error.message || t('unreachable')));
        return () => {
            alive = false;
        };
    }, [path, again]);
    return { got, failed };
}

function Devices() {
    const { got, failed } = useRead<{ devices: Device[] }>('/api/v1/devices', Math.floor(now.value / 30_000));
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    return (
        <div class="card dt" tabIndex={0} role="region" aria-label={t('devices')}>
            <table>
                <thead>
                    <tr>
                        <th>MN</th>
                        <th>{t('sections')}</th>
                        <th>{t('live')}</th>
                        <th>{t('dueReceived')}</th>
                        <th>{t('newest', { at: '' })}</th>
                        <th>HJ 212</th>
                    </tr>
                </thead>
                <tbody>
                    {got?.devices.map((device) => {
                        const site = sites.value.get(device.site);
                        return (
                            <tr key={device.mn}>
                                <td>{device.mn}</td>
                                <td>{site ? siteName(site) : device.name}</td>
                                <td class="nw">{device.connected ? <b>{t('online')}</b> : t('offline')}</td>
                                <td>
                                    <Week mn={device.mn} />
                                </td>
                                <td class="nw">{device.last_record_at ? brief(Date.parse(device.last_record_at), now.value) : '—'}</td>
                                <td class="f12 m">
                                    {device.edition} · {device.frames} / {device.records}
                                    {device.refused > 0 ? ` · ${t('quarantine')} ${device.refused}` : ''}
                                </td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
            {got?.devices.length === 0 && <p class="empty">{t('none')}</p>}
        </div>
    );
}

function Week({ mn }: { mn: string }) {
    const { got } = useRead<Completeness>(`/api/v1/devices/${encodeURIComponent(mn)}/completeness`);
    if (got === null) return <span class="m">—</span>;
    return (
        <span class="row" style={{ gap: 3 }} title={got.days.map((day) => `${day.date} ${day.present}/${day.expected}`).join('\n')}>
            {got.days.map((day) => (
                <i key={day.date} class={day.present === 0 ? 'dayc none' : day.present >= day.expected ? 'dayc full' : 'dayc part'}>
                    {day.present}
                </i>
            ))}
            <span class="f12 m nw">
                {got.present} / {got.expected}
            </span>
        </span>
    );
}

const saying = (error: unknown): string => (error instanceof Refusal && error.status === 0 ? t('unreachable') : error instanceof Error ? error.message : String(error));

function Quarantine() {
    const [again, setAgain] = useState(0);
    const [said, setSaid] = useState('');
    const { got, failed } = useRead<{ entries: Entry[] }>('/api/v1/quarantine?limit=200', again);
    const replay = async () => {
        try {
            setSaid(JSON.stringify(await postJson('/api/v1/quarantine/replay', undefined)));
        } catch (error) {
            setSaid(saying(error));
        }
        setAgain(again + 1);
    };
    const drop = async (id: number) => {
        await postJson(`/api/v1/quarantine/${id}`, undefined, 'DELETE').catch((error: unknown) => setSaid(saying(error)));
        setAgain(again + 1);
    };
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    return (
        <>
            <div class="row">
                <button type="button" class="btn sm" onClick={() => void replay()}>
                    {t('replay')}
                </button>
                <span class="f12 s">{said}</span>
            </div>
            <div class="card dt">
                <table>
                    <tbody>
                        {got?.entries.map((entry) => (
                            <tr key={entry.id}>
                                <td class="nw">{brief(Date.parse(entry.received_at), now.value)}</td>
                                <td>{entry.site}</td>
                                <td>
                                    <b>{entry.code}</b> <span class="f13">{entry.detail}</span>
                                    {entry.raw && <pre class="raw">{entry.raw.slice(0, 400)}</pre>}
                                </td>
                                <td class="f12 m">{entry.source}</td>
                                <td>
                                    <button type="button" class="btn q sm" onClick={() => void drop(entry.id)}>
                                        {t('close')}
                                    </button>
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
                {got?.entries.length === 0 && <p class="empty">{t('none')}</p>}
            </div>
        </>
    );
}

function Outbox() {
    const [again, setAgain] = useState(0);
    const { got, failed } = useRead<{ channels: Channel[] }>('/api/v1/notifications', again);
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    const replay = (channel: string, id: number | string) =>
        void postJson(`/api/v1/notifications/${encodeURIComponent(channel)}/dead/${id}/replay`, undefined)
            .catch(() => undefined)
            .then(() => setAgain(again + 1));
    return (
        <div class="card dt">
            {got?.channels.map((channel) => (
                <div class="pad" key={channel.id}>
                    <div class="row">
                        <b>{channel.id}</b> <span class="m">{channel.kind}</span> {t('pending')} {channel.waiting}
                        {channel.failing_since && <b>{duration(now.value - Date.parse(channel.failing_since))}</b>} <span class="f12 s">{channel.last_error ?? ''}</span>
                    </div>
                    {Array.isArray(channel.dead) &&
                        channel.dead.map((letter) => (
                            <div class="row f13" key={letter.id}>
                                {t('dead')} {letter.alert ?? letter.id} {letter.error ?? ''}
                                <button type="button" class="btn sm" onClick={() => replay(channel.id, letter.id)}>
                                    {t('replay')}
                                </button>
                            </div>
                        ))}
                </div>
            ))}
            {got?.channels.length === 0 && <p class="empty">{t('none')}</p>}
        </div>
    );
}

function Forwards() {
    const { got, failed } = useRead<{ forwards: Record<string, unknown>[] }>('/api/v1/forwards');
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    return (
        <div class="card dt">
            {got?.forwards.map((forward) => (
                <pre class="raw pad" key={String(forward.id)}>
                    {JSON.stringify(forward, null, 1)}
                </pre>
            ))}
            {got?.forwards.length === 0 && <p class="empty">{t('none')}</p>}
        </div>
    );
}

function Versions() {
    const { got } = useRead<{ info: { title: string; version: string } }>('/api');
    const [said, setSaid] = useState('');
    const reload = async () => {
        try {
            setSaid(JSON.stringify(await postJson('/api/v1/admin/reload', undefined), null, 1));
        } catch (error) {
            setSaid(saying(error));
        }
    };
    return (
        <div class="card pad">
            <p>
                {got?.info.title} <b>{got?.info.version}</b>
            </p>
            {mayAdmin.value && (
                <button type="button" class="btn sm" onClick={() => void reload()}>
                    {t('reload')}
                </button>
            )}
            {said !== '' && <pre class="raw">{said}</pre>}
        </div>
    );
}
