import { useState } from 'preact/hooks';
import { postJson } from '../../api/http';
import { t, tOr } from '../../i18n';
import { brief } from '../../model/time';
import { now, sites, siteName } from '../../state/network';
import { Title } from './parts';
import { saying, useRead } from '../../state/read';

interface Entry {
    id: number;
    received_at: string;
    source: string;
    code: string;
    detail: string;
    site: string;
    raw: string | null;
}
interface Replayed {
    tried: number;
    settled: number;
    remaining: number;
    accepted: number;
    duplicates: number;
    revised: number;
}

/** What was refused, why, and as it came; read again once its cause is mended. */
export function Quarantine() {
    const [again, setAgain] = useState(0);
    const [said, setSaid] = useState('');
    const [dropping, setDropping] = useState<number | null>(null);
    const { got, failed } = useRead<{ entries: Entry[] }>('/api/v1/quarantine?limit=200', again);
    const replay = async () => {
        try {
            const done = await postJson<Replayed>('/api/v1/quarantine/replay', undefined);
            setSaid(done.tried === 0 ? t('nothingToReplay') : t('replayed', { n: done.tried, a: done.settled, b: done.remaining }));
        } catch (error) {
            setSaid(saying(error));
        }
        setAgain((n) => n + 1);
    };
    const drop = async (id: number) => {
        setDropping(null);
        await postJson(`/api/v1/quarantine/${id}`, undefined, 'DELETE').catch((error: unknown) => setSaid(saying(error)));
        setAgain((n) => n + 1);
    };
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    const entries = got?.entries ?? [];
    return (
        <>
            <Title word="quarantine" more={got === null ? t('loading') : t('nEntries', { n: entries.length })}>
                <span class="grow f13 s" role="status">
                    {said}
                </span>
                <button type="button" class="btn sm" disabled={entries.length === 0} onClick={() => void replay()}>
                    {t('replayAll')}
                </button>
            </Title>
            <div class="card dt" tabIndex={0} role="region" aria-label={t('quarantine')}>
                {entries.length > 0 && (
                    <table class="top-aligned">
                        <thead>
                            <tr>
                                <th>{t('receivedWord')}</th>
                                <th>{t('devices')}</th>
                                <th>{t('reason')}</th>
                                <th>{t('source')}</th>
                                <th />
                            </tr>
                        </thead>
                        <tbody>
                            {entries.map((entry) => {
                                const site = sites.value.get(entry.site);
                                return (
                                    <tr key={entry.id}>
                                        <td class="nw">{brief(Date.parse(entry.received_at), now.value)}</td>
                                        <td>{site ? siteName(site) : entry.site || '—'}</td>
                                        <td class="wrapped">
                                            <b>{tOr(`code_${entry.code}`, entry.code)}</b> <span class="f13 s">{entry.detail}</span>
                                            {entry.raw && <pre class="raw">{entry.raw.slice(0, 400)}</pre>}
                                        </td>
                                        <td class="f12 m">{entry.source}</td>
                                        <td class="r">
                                            <button type="button" class={dropping === entry.id ? 'btn sm p' : 'btn q sm'} onClick={() => (dropping === entry.id ? void drop(entry.id) : setDropping(entry.id))}>
                                                {t(dropping === entry.id ? 'dropSure' : 'drop')}
                                            </button>
                                        </td>
                                    </tr>
                                );
                            })}
                        </tbody>
                    </table>
                )}
                {got !== null && entries.length === 0 && <p class="empty">{t('noQuarantine')}</p>}
            </div>
        </>
    );
}
