import { useState } from 'preact/hooks';
import { postJson } from '../../api/http';
import { comma, t, tOr } from '../../i18n';
import { brief, duration } from '../../model/time';
import { now } from '../../state/network';
import { Said, Title } from './parts';
import { saying, useRead } from '../../state/read';

interface Channel {
    id: string;
    kind: string;
    target: string;
    waiting: number;
    delivered: number;
    last_delivered_at: string | null;
    failing_since: string | null;
    last_error: string | null;
    dead: number;
    dead_letters: { id: number; event: string | null; error: string; attempts: number; time: string | null }[];
}

/** Who is told of alerts: what waits, what did not get through and why; dead letters go out again on a click. */
export function Outbox() {
    const [again, setAgain] = useState(0);
    const [said, setSaid] = useState('');
    const { got, failed } = useRead<{ channels: Channel[] }>('/api/v1/notifications', again + Math.floor(now.value / 30_000));
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    const channels = got?.channels ?? [];
    const replay = (channel: string, which: string) =>
        postJson(`/api/v1/notifications/${encodeURIComponent(channel)}/dead/${which}`, undefined)
            .then(() => setSaid(t('sentAgain')), (error: unknown) => setSaid(saying(error)))
            .then(() => setAgain((n) => n + 1));
    return (
        <>
            <Title word="outbox" more={got === null ? t('loading') : t('nChannels', { n: channels.length })} />
            <Said text={said} />
            {channels.map((channel) => (
                <div class="card pad" key={channel.id}>
                    <div class="row wrap">
                        <b>{channel.id}</b>
                        <span class="m">{[tOr(`channel_${channel.kind}`, channel.kind), channel.target].filter(Boolean).join(' · ')}</span>
                        <span class="grow" />
                        {channel.dead > 0 && (
                            <button type="button" class="btn sm" onClick={() => void replay(channel.id, 'replay')}>
                                {t('sendAllAgain')}
                            </button>
                        )}
                    </div>
                    <p class="f13 s">
                        {[
                            t('waitingN', { n: channel.waiting }),
                            t('deliveredN', { n: channel.delivered }),
                            channel.last_delivered_at ? t('lastDelivered', { at: brief(Date.parse(channel.last_delivered_at), now.value) }) : '',
                            t('deadN', { n: channel.dead }),
                        ]
                            .filter(Boolean)
                            .join(comma())}
                    </p>
                    {channel.failing_since && (
                        <p class="said">
                            {t('failingFor', { for: duration(now.value - Date.parse(channel.failing_since)) })} <span class="f13">{channel.last_error ?? ''}</span>
                        </p>
                    )}
                    {channel.dead_letters.length > 0 && (
                        <ul class="gaps f13">
                            {channel.dead_letters.map((letter) => (
                                <li class="row" key={letter.id}>
                                    <span class="grow">
                                        {letter.time ? brief(Date.parse(letter.time), now.value) : ''} <b>{letter.event ?? letter.id}</b> <span class="m">{[letter.error, t('attempts', { n: letter.attempts })].filter(Boolean).join(comma())}</span>
                                    </span>
                                    <button type="button" class="btn sm" onClick={() => void replay(channel.id, `${letter.id}/replay`)}>
                                        {t('sendAgain')}
                                    </button>
                                </li>
                            ))}
                        </ul>
                    )}
                </div>
            ))}
            {got !== null && channels.length === 0 && <p class="card empty">{t('noChannels')}</p>}
        </>
    );
}

interface Forward {
    id: string;
    address: string;
    connected: boolean;
    waiting: number;
    sent: number;
    repeated: number;
    oldest_waiting_since: string | null;
    last_answer_at: string | null;
    last_error: string | null;
}

/** Platforms above that get the records of the stations. */
export function Forwards() {
    const { got, failed } = useRead<{ forwards: Forward[] }>('/api/v1/forwards', Math.floor(now.value / 30_000));
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    const forwards = got?.forwards ?? [];
    return (
        <>
            <Title word="forwards" more={got === null ? t('loading') : t('nForwards', { n: forwards.length })} />
            {forwards.length > 0 && (
                <div class="card dt">
                    <table>
                        <thead>
                            <tr>
                                <th>{t('forwards')}</th>
                                <th>{t('connection')}</th>
                                <th class="r">{t('pending')}</th>
                                <th class="r">{t('sentWord')}</th>
                                <th class="r">{t('repeatedWord')}</th>
                                <th>{t('lastAnswer')}</th>
                                <th>{t('reason')}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {forwards.map((one) => (
                                <tr key={one.id}>
                                    <td>
                                        <b>{one.id}</b> <span class="f12 m">{one.address}</span>
                                    </td>
                                    <td>{one.connected ? t('connectedWord') : <b>{t('notConnected')}</b>}</td>
                                    <td class="r">
                                        {one.waiting} <span class="f12 m">{one.oldest_waiting_since ? duration(now.value - Date.parse(one.oldest_waiting_since)) : ''}</span>
                                    </td>
                                    <td class="r">{one.sent}</td>
                                    <td class="r">{one.repeated}</td>
                                    <td>{one.last_answer_at ? brief(Date.parse(one.last_answer_at), now.value) : '—'}</td>
                                    <td class="f13">{one.last_error ?? ''}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {got !== null && forwards.length === 0 && <p class="card empty">{t('noForwards')}</p>}
        </>
    );
}
