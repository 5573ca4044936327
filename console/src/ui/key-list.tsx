import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { keysShown } from '../state/keys';
import { letters, setLetters } from '../state/preferences';
import { actionWord } from './actions';

/** All keys, and the switch for those of a single letter. */
export function KeyList() {
    const box = useRef<HTMLDialogElement>(null);
    const open = keysShown.value;
    useEffect(() => {
        if (open) box.current?.showModal();
    }, [open]);
    if (!open) return null;
    const close = () => (keysShown.value = false);
    const line = (keys: string[], word: string) => (
        <>
            <dt>
                {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                ))}
            </dt>
            <dd>{word}</dd>
        </>
    );
    return (
        <dialog ref={box} class="keys" aria-label={t('keysTitle')} onClose={close}>
            <h2 class="f20">{t('keysTitle')}</h2>
            <dl class="f13">
                {line(['/'], t('find'))}
                {line(['G'], t('keysGo'))}
                {line(['J', 'K'], t('keysUpDown'))}
                {line(['Enter'], t('keysOpen'))}
                {line(['Esc'], t('keysClose'))}
                {line(['A'], actionWord('acknowledge'))}
                {line(['S'], actionWord('assign'))}
                {line(['P'], actionWord('progress'))}
                {line(['C'], actionWord('comment'))}
                {line(['R'], actionWord('resolve'))}
                {line(['M'], actionWord('silence'))}
                {line(['X'], t('chooseIt'))}
                {line(['Shift', 'J'], t('keysExtend'))}
                {line(['[', ']'], t('keysPanels'))}
                {line(['Space'], t('play'))}
                {line([',', '.'], t('keysStep'))}
                {line(['0'], t('wholeCity'))}
                {line(['+', '-'], t('keysZoom'))}
                {line(['L'], t('layers'))}
                {line(['T'], t('theme'))}
            </dl>
            <label class="row">
                <input type="checkbox" checked={letters.value} onChange={(event) => setLetters(event.currentTarget.checked)} />
                {t('keysLetters')}
            </label>
            <button type="button" class="btn" onClick={close}>
                {t('close')}
            </button>
        </dialog>
    );
}
