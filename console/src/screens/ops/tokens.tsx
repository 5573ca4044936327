import { useState } from 'preact/hooks';
import { postJson, url } from '../../api/http';
import { t, tOr } from '../../i18n';
import { brief, date } from '../../model/time';
import { mayAdmin, now, session } from '../../state/network';
import { Said } from './parts';
import { saying, useRead } from '../../state/read';

interface Token {
    name: string;
    scopes: string[];
    created: string;
    expires: string | null;
    valid: boolean;
}
const scopes = ['read', 'operate', 'ingest', 'metrics', 'admin'] as const;
const lasts = [30, 365, 0] as const;

/** Who has access: made here, shown once, taken back on two clicks. */
export function Tokens() {
    const [again, setAgain] = useState(0);
    const [said, setSaid] = useState('');
    const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
    const [revoking, setRevoking] = useState('');
    return (
        <>
            <h1 class="f20">
                <b>{t('tokens')}</b>
            </h1>
            {!mayAdmin.value ? (
                <p class="card empty">
                    {t('needsAdmin')}
                    <br />
                    <span class="f13 m">yihong token create NAME --scope admin</span>
                </p>
            ) : (
                <>
                    {made && (
                        <div class="card pad said" role="status">
                            <b>{t('tokenOnce', { name: made.name })}</b>
                            <div class="row wrap">
                                <code class="raw">{made.secret}</code>
                                <button type="button" class="btn sm" onClick={() => void navigator.clipboard?.writeText(made.secret).then(() => setSaid(t('copied')))}>
                                    {t('copy')}
                                </button>
                                <button type="button" class="btn q sm" onClick={() => setMade(null)}>
                                    {t('close')}
                                </button>
                            </div>
                        </div>
                    )}
                    <Create made={(token) => (setMade(token), setSaid(''), setAgain((n) => n + 1))} failed={setSaid} />
                    <Said text={said} />
                    <List
                        again={again}
                        revoking={revoking}
                        revoke={(name) => {
                            if (revoking !== name) return setRevoking(name);
                            setRevoking('');
                            void postJson(`/api/v1/admin/tokens/${encodeURIComponent(name)}`, undefined, 'DELETE')
                                .then(() => setSaid(t('revoked', { name })), (error: unknown) => setSaid(saying(error)))
                                .then(() => setAgain((n) => n + 1));
                        }}
                    />
                </>
            )}
        </>
    );
}

function Create({ made, failed }: { made: (token: { name: string; secret: string }) => void; failed: (why: string) => void }) {
    const [name, setName] = useState('');
    const [may, setMay] = useState<Set<string>>(new Set(['read']));
    const [days, setDays] = useState(365);
    const send = async (event: Event) => {
        event.preventDefault();
        try {
            made(await postJson<{ name: string; secret: string }>(url('/api/v1/admin/tokens', { name: name.trim(), scope: [...may].join(','), days: days || null }), undefined));
            setName('');
        } catch (error) {
            failed(saying(error));
        }
    };
    return (
        <form class="card pad row wrap" aria-label={t('newToken')} onSubmit={(event) => void send(event)}>
            <label class="row">
                {t('tokenName')}
                <input type="text" name="token-name" value={name} required pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}" title={t('tokenNameRule')} onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <fieldset class="row wrap">
                <legend class="vh">{t('scopesWord')}</legend>
                {scopes.map((scope) => (
                    <label key={scope} class="row" style={{ gap: 4 }}>
                        <input
                            type="checkbox"
                            name={`scope-${scope}`}
                            checked={may.has(scope)}
                            onChange={(event) => {
                                const next = new Set(may);
                                if (event.currentTarget.checked) next.add(scope);
                                else next.delete(scope);
                                setMay(next);
                            }}
                        />
                        {t(`scope_${scope}`)}
                    </label>
                ))}
            </fieldset>
            <div class="seg" role="group" aria-label={t('expires')}>
                {lasts.map((one) => (
                    <button key={one} type="button" aria-pressed={days === one} onClick={() => setDays(one)}>
                        {one === 0 ? t('forEver') : t('daysN', { n: one })}
                    </button>
                ))}
            </div>
            <button type="submit" class="btn p sm" disabled={may.size === 0}>
                {t('newToken')}
            </button>
        </form>
    );
}

function List({ again, revoking, revoke }: { again: number; revoking: string; revoke: (name: string) => void }) {
    const { got, failed } = useRead<{ tokens: Token[] }>('/api/v1/admin/tokens', again);
    if (failed) return <p class="s">{t('loadFailed', { why: failed })}</p>;
    return (
        <div class="card dt">
            <table>
                <thead>
                    <tr>
                        <th>{t('tokenName')}</th>
                        <th>{t('scopesWord')}</th>
                        <th>{t('created')}</th>
                        <th>{t('expires')}</th>
                        <th />
                    </tr>
                </thead>
                <tbody>
                    {got?.tokens.map((token) => (
                        <tr key={token.name} data-token={token.name}>
                            <td>
                                <b>{token.name}</b> {token.name === session.value.name && <span class="f12 m">{t('thisIsYou')}</span>}
                            </td>
                            <td>{token.scopes.map((scope) => tOr(`scope_${scope}`, scope)).join(' · ')}</td>
                            <td class="nw">{brief(Date.parse(token.created), now.value)}</td>
                            <td class="nw">{token.expires === null ? t('forEver') : token.valid ? date(Date.parse(token.expires)) : <b>{t('expired')}</b>}</td>
                            <td class="r">
                                <button type="button" class={revoking === token.name ? 'btn sm p' : 'btn q sm'} onClick={() => revoke(token.name)}>
                                    {t(revoking === token.name ? 'revokeSure' : 'revoke')}
                                </button>
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {got?.tokens.length === 0 && <p class="empty">{t('none')}</p>}
        </div>
    );
}
