import { useState } from 'preact/hooks';
import { postJson, Refusal } from '../../api/http';
import { t } from '../../i18n';
import { mayAdmin, waterSites, airSites } from '../../state/network';
import { saying, useRead } from '../../state/read';

interface Reloaded {
    sites: number;
    layers: number;
    devices: number;
    rules: number;
}

/** Which version runs, and its files read again: what is wrong with them by file and line, or how many there are now. */
export function Versions() {
    const { got } = useRead<{ info: { title: string; version: string } }>('/api');
    const ready = useRead<{ status: string }>('/readyz');
    const [said, setSaid] = useState('');
    const [problems, setProblems] = useState<string[]>([]);
    const [busy, setBusy] = useState(false);
    const reload = async () => {
        setBusy(true);
        setProblems([]);
        setSaid('');
        try {
            const now = await postJson<Reloaded>('/api/v1/admin/reload', undefined);
            setSaid(t('reloaded', { a: now.sites, b: now.layers, c: now.devices, d: now.rules }));
        } catch (error) {
            if (error instanceof Refusal && error.status === 422) {
                setSaid(t('reloadRefused'));
                setProblems(error.detail.replace(/^nothing was changed:\s*/, '').split('\n'));
            } else setSaid(saying(error));
        } finally {
            setBusy(false);
        }
    };
    return (
        <>
            <h1 class="f20">
                <b>{t('versions')}</b>
            </h1>
            <div class="card pad">
                <p>
                    {got?.info.title} <b>{got?.info.version}</b>
                </p>
                <p class="f13 s">{ready.failed || t('isReady', { a: waterSites.value.length, b: airSites.value.length })}</p>
            </div>
            <div class="card pad">
                <h2 class="sec">
                    <b>{t('reloadFiles')}</b> {t('reloadHint')}
                </h2>
                <div class="row" style={{ marginTop: 8 }}>
                    {mayAdmin.value ? (
                        <button type="button" class="btn sm" disabled={busy} onClick={() => void reload()}>
                            {t('reloadNow')}
                        </button>
                    ) : (
                        <span class="f13 s">{t('needsAdmin')}</span>
                    )}
                    <span class="f13" role="status">
                        {said}
                    </span>
                </div>
                {problems.length > 0 && (
                    <ul class="gaps f13">
                        {problems.map((problem) => (
                            <li key={problem}>{problem}</li>
                        ))}
                    </ul>
                )}
            </div>
        </>
    );
}
