import { t } from '../i18n';
import { brief, duration } from '../model/time';
import { failure, heardAt, live, load, loaded, now } from '../state/network';

/** What is wrong between this page and the service, over the whole width: only once it lasts. */
export function LostLine() {
    const { state, since, missed, restored } = live.value;
    if (loaded.value === 'failed')
        return (
            <div class="line" role="alert">
                {t('loadFailed', { why: failure.value || t('unreachable') })}
                <button type="button" onClick={() => void load()}>
                    {t('retry')}
                </button>
            </div>
        );
    if (state !== 'live' && loaded.value === 'ready' && now.value - since >= 10_000)
        return (
            <div class="line" role="alert">
                {t('lostLine', { for: duration(now.value - since), at: brief(heardAt.value, now.value) })}
                <button type="button" onClick={() => window.dispatchEvent(new Event('online'))}>
                    {t('retry')}
                </button>
            </div>
        );
    if (restored > 0 && now.value - restored < 8000)
        return (
            <div class="line quiet" role="status">
                {t('back', { n: missed })}
            </div>
        );
    return <div />;
}
