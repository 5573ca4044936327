import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import type { Word } from '../../i18n/words';

/** What a tab is about, how many there are, and what can be done with all of them. */
export const Title = ({ word, more, children }: { word: Word; more: string; children?: ComponentChildren }) => (
    <div class="row wrap">
        <h1 class="f20">
            <b>{t(word)}</b>
        </h1>
        <span class="m">{more}</span>
        {children}
    </div>
);

/** What came of what was asked. */
export const Said = ({ text }: { text: string }) =>
    text === '' ? null : (
        <p class="said" role="status">
            {text}
        </p>
    );
