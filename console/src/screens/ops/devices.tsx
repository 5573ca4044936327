import { useState } from 'preact/hooks';
import { getJson, postJson } from '../../api/http';
import { t, tOr } from '../../i18n';
import { isAir } from '../../model/site';
import { brief, dayMonth, duration, hour, iso, periods, stamp } from '../../model/time';
import { now, sites, siteName } from '../../state/network';
import { address, go, place } from '../../state/route';
import { DayCell, Icon, line } from '../../ui/parts';
import { Said, Title } from './parts';
import { saying, useRead } from '../../state/read';

interface Device {
    mn: string;
    site: string;
    name: string;
    connected: boolean;
    peer: string | null;
    connected_at: string | null;
    last_frame_at: string | null;
    last_record_at: string | null;
    edition: string | null;
    clock_drift_s: number | null;
    frames: number;
    records: number;
    refused: number;
    bad_crc: number;
    last_refusal: { detail?: string; code?: string; at?: string } | string | null;
    unknown_factors: string[];
}
interface Completeness {
    interval: string;
    expected: number;
    present: number;
    late: number;
    missing: number;
    days: { date: string; expected: number; present: number; late: number; missing: string[] }[];
}

const nameOf = (device: Device): string => {
    const site = sites.value.get(device.site);
    return site ? siteName(site) : device.name;
};
/** 地表水 or HJ 212-2017. */
const editionOf = (edition: string | null): string => (edition === null || edition === '' ? '—' : /^\d{4}$/.test(edition) ? `HJ 212-${edition}` : tOr(`edition_${edition}`, edition));

/** Loggers: who is connected, what was due and came, day by day; of the chosen one its gaps, to be asked for again. */
export function Devices() {
    const { got, failed } = useRead<{ devices: Device[] }>('/api/v1/devices', Math.floor(now.value / 30_000));
    const mn = decodeURIComponent(place.value.path.split('/')[3] ?? '');
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    const all = got?.devices ?? [];
    const chosen = all.find((device) => device.mn === mn);
    const offline = all.filter((device) => !device.connected).length;
    return (
        <>
            <Title word="devices" more={got === null ? t('loading') : t('devicesOnline', { a: all.length - offline, b: all.length })} />
            <div class={chosen ? 'split' : 'whole'}>
                <div class="card dt" tabIndex={0} role="region" aria-label={t('devices')}>
                    <table>
                        <thead>
                            <tr>
                                <th>{t('devices')}</th>
                                <th>MN</th>
                                <th>{t('connection')}</th>
                                <th>{t('weekReceived')}</th>
                                <th>{t('lastReceived')}</th>
                                <th>{t('protocol')}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {all.map((device) => (
                                <tr key={device.mn} class={device === chosen ? 'on' : ''}>
                                    <td>
                                        <button type="button" class="btn q sm lnk" data-device={device.mn} aria-current={device === chosen} onClick={() => go(`/ops/devices/${encodeURIComponent(device.mn)}`)}>
                                            {nameOf(device)}
                                        </button>
                                    </td>
                                    <td class="f12 m">{device.mn}</td>
                                    <td class="nw">{device.connected ? t('online') : <b>{t('offline')}</b>}</td>
                                    <td>
                                        <Week mn={device.mn} again={device.records} />
                                    </td>
                                    <td class="nw">{device.last_record_at ? brief(Date.parse(device.last_record_at), now.value) : '—'}</td>
                                    <td class="f12 m">{editionOf(device.edition)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                    {got !== null && all.length === 0 && <p class="empty">{t('noDevices')}</p>}
                </div>
                {chosen && <DeviceDetail key={chosen.mn} device={chosen} />}
            </div>
        </>
    );
}

/** A cell a day: how many came of how many; the whole week beside it. */
function Week({ mn, again }: { mn: string; again: number }) {
    const { got } = useRead<Completeness>(`/api/v1/devices/${encodeURIComponent(mn)}/completeness`, again);
    if (got === null) return <span class="m">—</span>;
    return (
        <span class="row" style={{ gap: 3 }}>
            {got.days.map((one) => (
                <DayCell key={one.date} came={one.present} due={one.expected} title={t('ofDue', { day: one.date.slice(5), a: one.present, b: one.expected })} />
            ))}
            <span class="f12 m nw">
                {got.present} / {got.expected}
            </span>
        </span>
    );
}

/** Periods that follow each other, as one gap each; the newest first. */
export function gapsIn(missing: string[], length: number): { begin: number; end: number; count: number }[] {
    const gaps: { begin: number; end: number; count: number }[] = [];
    for (const at of missing.map((one) => Date.parse(one)).sort((a, b) => a - b)) {
        const last = gaps.at(-1);
        if (last !== undefined && at - last.end <= length) {
            last.end = at;
            last.count += 1;
        } else gaps.push({ begin: at, end: at, count: 1 });
    }
    return gaps.reverse();
}

interface Command {
    id: string;
    state: string;
    records?: number;
    qn_rtn?: { text?: string } | null;
    exe_rtn?: { text?: string } | null;
}

function DeviceDetail({ device }: { device: Device }) {
    const [again, setAgain] = useState(0);
    const { got } = useRead<Completeness>(`/api/v1/devices/${encodeURIComponent(device.mn)}/completeness`, device.records + again);
    const [busy, setBusy] = useState<number | null>(null);
    const [said, setSaid] = useState('');
    const length = periods[got?.interval ?? 'hour'] ?? hour;
    const gaps = gapsIn(got?.days.flatMap((one) => one.missing) ?? [], length);
    const refill = async (begin: number, end: number) => {
        setBusy(begin);
        setSaid('');
        try {
            const path = `/api/v1/devices/${encodeURIComponent(device.mn)}/commands`;
            let command = await postJson<Command>(path, { command: 'history_hour', begin: iso(begin), end: iso(end) });
            for (let i = 0; i < 60 && ['queued', 'sent', 'accepted'].includes(command.state); ++i) {
                await new Promise((done) => setTimeout(done, 1000));
                command = await getJson<Command>(`${path}/${command.id}`);
            }
            setSaid(command.state === 'done' ? t('refilled', { n: command.records ?? 0 }) : tOr(`command_${command.state}`, command.state));
        } catch (error) {
            setSaid(saying(error));
        } finally {
            setBusy(null);
            setAgain((n) => n + 1);
        }
    };
    const site = sites.value.get(device.site);
    const refusal = device.last_refusal === null ? null : typeof device.last_refusal === 'string' ? device.last_refusal : (device.last_refusal.detail ?? device.last_refusal.code ?? '');
    return (
        <section class="card dvd" aria-label={nameOf(device)}>
            <div class="row">
                <h2 class="f16 grow">
                    <b>{nameOf(device)}</b> <span class="f12 m">{device.mn}</span>
                </h2>
                <a class="btn q sm" href={address('/ops/devices')} aria-label={t('close')}>
                    <Icon of="close" size={14} />
                </a>
            </div>
            <dl class="about f13">
                {line(t('connection'), device.connected ? `${t('online')} ${device.peer ?? ''}${device.connected_at ? `　${duration(now.value - Date.parse(device.connected_at))}` : ''}` : t('offline'))}
                {line(t('protocol'), editionOf(device.edition))}
                {line(t('lastFrame'), device.last_frame_at ? brief(Date.parse(device.last_frame_at), now.value) : '—')}
                {line(t('framesRecords'), t('framesRecordsOf', { a: device.frames, b: device.records, c: device.refused + device.bad_crc }))}
                {device.clock_drift_s !== null && line(t('clockDrift'), t('seconds', { n: device.clock_drift_s }))}
                {refusal && line(t('lastRefusal'), refusal)}
                {device.unknown_factors.length > 0 && line(t('unknownFactors'), device.unknown_factors.join('、'))}
            </dl>
            <h3 class="sec">
                <b>{t('gaps')}</b> {got === null ? '' : t('gapsOf', { n: got.missing, b: got.expected })}
            </h3>
            <Said text={said} />
            <ul class="gaps f13">
                {gaps.map((gap) => (
                    <li key={gap.begin} class="row">
                        <span class="grow">
                            {gap.count === 1 ? stamp(gap.begin, now.value) : t('gapFromTo', { from: stamp(gap.begin, now.value), to: stamp(gap.end, now.value) })} <span class="m">{t('missingTimes', { n: gap.count })}</span>
                        </span>
                        <button type="button" class="btn sm" data-refill disabled={busy !== null || !device.connected} title={device.connected ? '' : t('command_not_connected')} onClick={() => void refill(gap.begin, gap.end)}>
                            {t(busy === gap.begin ? 'refilling' : 'refill')}
                        </button>
                    </li>
                ))}
                {got !== null && gaps.length === 0 && <li class="s">{t('noGaps', { day: dayMonth(now.value) })}</li>}
            </ul>
            {site && (
                <a class="go f13" href={address(`/sites/${encodeURIComponent(site.id)}`)}>
                    {t(isAir(site) ? 'openStation' : 'openSection')} <Icon of="next" size={14} />
                </a>
            )}
        </section>
    );
}
