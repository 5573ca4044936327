import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n';
import { now } from '../state/network';
import { dismiss, expire, notices, open, spoken } from '../state/notices';
import { SeverityMark } from './disc';
import { Icon } from './parts';

/** What happened elsewhere: at most three lines at the foot, gone after a while, not while somebody points at them. */
export function Notices() {
    const [held, setHeld] = useState(false);
    const shown = notices.value;
    useEffect(() => {
        if (!held) expire(now.value);
    }, [held, now.value]);
    // the pointer does not leave a list that is taken away under it
    useEffect(() => setHeld(false), [shown.length === 0]);
    return (
        <>
            <div class="vh" role="status" aria-live="polite">
                {spoken.value.now ? '' : spoken.value.text}
            </div>
            <div class="vh" role="alert" aria-live="assertive">
                {spoken.value.now ? spoken.value.text : ''}
            </div>
            {shown.length > 0 && (
                <ul class="toasts" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}>
                    {shown.map((notice) => (
                        <li key={notice.id} class="row" data-notice={notice.alert}>
                            <SeverityMark severity={notice.severity} />
                            <button type="button" class="btn q sm" onClick={() => (open(notice.alert), dismiss(notice.id))}>
                                {notice.text}
                            </button>
                            <button type="button" class="btn q sm" aria-label={t('close')} onClick={() => dismiss(notice.id)}>
                                <Icon of="close" size={14} />
                            </button>
                        </li>
                    ))}
                </ul>
            )}
        </>
    );
}
