import { useEffect, useRef, useState } from 'preact/hooks';
import { signIn } from '../api/session';
import { Refusal } from '../api/http';
import { t } from '../i18n';
import { load, loaded } from '../state/network';
import { signingIn } from '../state/signing';

/** Over the frozen page, so that what was typed there is still there behind it. */
export function SignIn() {
    const box = useRef<HTMLDialogElement>(null);
    const [trouble, setTrouble] = useState('');
    const [busy, setBusy] = useState(false);
    const needed = loaded.value === 'refused';
    const open = signingIn.value || needed;
    useEffect(() => {
        if (open && box.current?.open === false) box.current.showModal();
        if (!open) box.current?.close();
    }, [open]);
    if (!open) return null;
    const send = async (event: SubmitEvent) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget as HTMLFormElement);
        setBusy(true);
        setTrouble('');
        try {
            await signIn(String(form.get('token')).trim(), form.get('keep') !== null);
            signingIn.value = false;
            if (loaded.value !== 'ready') loaded.value = 'loading';
            await load();
        } catch (error) {
            const refused = error instanceof Refusal ? error : new Refusal(0, '', '');
            setTrouble(refused.status === 401 ? t('tokenUnknown') : refused.status === 403 ? t('tokenTooSmall') : refused.status === 429 ? t('tokenWait', { n: refused.retryAfter ?? 60 }) : t('unreachable'));
        } finally {
            setBusy(false);
        }
    };
    return (
        <dialog ref={box} onCancel={(event) => (needed ? event.preventDefault() : (signingIn.value = false))} aria-label={t('signIn')}>
            <form onSubmit={(event) => void send(event)} class="col" style={{ gap: 12 }}>
                <h2 class="f20">{t('signIn')}</h2>
                {needed && <p class="s">{t('signInFirst')}</p>}
                <input type="text" name="user" value="yihong" autocomplete="username" hidden />
                <label class="col" style={{ gap: 4 }}>
                    {t('token')}
                    <input type="password" name="token" required autofocus autocomplete="current-password" maxLength={200} style={{ width: 320, maxWidth: '100%' }} />
                </label>
                <label class="row">
                    <input type="checkbox" name="keep" />
                    {t('keep')}
                </label>
                {trouble !== '' && (
                    <p role="alert" class="said">
                        {trouble}
                    </p>
                )}
                <div class="row">
                    <button type="submit" class="btn p" disabled={busy}>
                        {t('signIn')}
                    </button>
                    {!needed && (
                        <button type="button" class="btn" onClick={() => (signingIn.value = false)}>
                            {t('cancel')}
                        </button>
                    )}
                </div>
            </form>
        </dialog>
    );
}
