import { useEffect, useRef, useState } from 'preact/hooks';
import { classWords, isChinese, language, t, tOr } from '../i18n';
import { brief, clock, stamp } from '../model/time';
import { heardAt, live, mayAct, now, orderedAlerts, parameterName, session, siteName, sites, waiting } from '../state/network';
import { moment, showMoment } from '../state/moment';
import { author, setAuthor, setLanguage, setTheme, shown, sound } from '../state/preferences';
import { switchSound } from '../state/notices';
import { address, go, page } from '../state/route';
import { signingIn } from '../state/signing';
import { signOut } from '../api/session';
import { reason } from '../model/reasons';
import { Disc, lookOf, SeverityMark } from './disc';
import { Icon } from './parts';

export const tabs = [
    ['', 'map', 'map'],
    ['alerts', 'alerts', 'bell'],
    ['overview', 'overview', 'grid'],
    ['air', 'air', 'wind'],
    ['data', 'data', 'table'],
    ['ops', 'ops', 'sliders'],
] as const;

export function Header() {
    const current = page.value === 'sites' ? 'data' : page.value;
    return (
        <header class="top">
            <a class="brand" href={address('/')}>
                <b>{t('brand')}</b>
                <span class="el">{session.value.title.replace(/^一泓\s*(Yihong)?\s*/, '')}</span>
            </a>
            <nav class="tabs" aria-label={t('brand')}>
                {tabs
                    .filter(([path]) => path !== 'ops' || mayAct.value)
                    .map(([path, word, icon]) => (
                        <a key={path} class="tab" href={address(`/${path}`)} aria-current={current === path ? 'page' : undefined}>
                            <Icon of={icon} size={20} />
                            {t(word)}
                            {word === 'alerts' && waiting.value > 0 && (
                                <span class="cnt" aria-label={t('waiting', { n: waiting.value })}>
                                    {waiting.value}
                                </span>
                            )}
                        </a>
                    ))}
            </nav>
            <div class="grow" />
            <Find />
            <LiveState />
            <button type="button" class="btn q" aria-label={t('sound')} aria-pressed={sound.value} title={t(sound.value ? 'soundOn' : 'sound')} onClick={switchSound}>
                <Icon of="bell" />
            </button>
            <button type="button" class="btn q" aria-label={t('theme')} data-key="t" onClick={() => setTheme(shown.value === 'dark' ? 'light' : 'dark')}>
                <Icon of="theme" />
            </button>
            <button type="button" class="btn q" title={t('language')} lang={isChinese.value ? 'en' : 'zh-CN'} onClick={() => setLanguage(language.value === 'zh' ? 'en' : 'zh')}>
                {t('languageShort')}
            </button>
            <Person />
        </header>
    );
}

function LiveState() {
    const { state } = live.value;
    if (moment.value !== null)
        return (
            <span class="row">
                <span class="chip inv">{t('looking', { at: stamp(moment.value, now.value) })}</span>
                <button type="button" class="btn sm" onClick={() => showMoment(null)}>
                    {t('backToNow')}
                </button>
            </span>
        );
    const word = state === 'live' ? t('live') : t('reconnecting');
    return (
        <div class={state === 'live' ? 'live' : 'live off'} role="status" data-live={state}>
            <i />
            <span>{word}</span>
            <b>{state === 'live' ? `${isChinese.value ? stamp(now.value, now.value) : clock(now.value)}` : brief(heardAt.value, now.value)}</b>
        </div>
    );
}

function Person() {
    const [open, setOpen] = useState(false);
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (!open) return;
        const leave = (event: Event) => {
            if (event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(event.target as Node)) setOpen(false);
        };
        document.addEventListener('pointerdown', leave);
        document.addEventListener('keydown', leave);
        return () => {
            document.removeEventListener('pointerdown', leave);
            document.removeEventListener('keydown', leave);
        };
    }, [open]);
    const { name } = session.value;
    return (
        <div ref={box}>
            <button type="button" class="btn q person" aria-label={name ?? (mayAct.value ? author.value || t('onThisMachine') : t('signIn'))} aria-expanded={open} aria-haspopup="true" onClick={() => (name === null && !mayAct.value ? (signingIn.value = true) : setOpen(!open))}>
                <Icon of="person" />
                {name ?? (mayAct.value ? author.value || t('onThisMachine') : t('signIn'))}
            </button>
            {open && (
                <div class="menu">
                    {name !== null ? (
                        <>
                            <p>{t('youAre', { name })}</p>
                            <p class="f12 m">{session.value.scopes.join(' ')}</p>
                            {session.value.can_sign_out && (
                                <button
                                    type="button"
                                    class="btn sm"
                                    style={{ marginTop: 10 }}
                                    onClick={() => {
                                        void signOut().then(() => location.reload());
                                    }}
                                >
                                    {t('signOut')}
                                </button>
                            )}
                        </>
                    ) : (
                        <>
                            <label class="col" style={{ gap: 4 }}>
                                {t('yourName')}
                                <input type="text" value={author.value} onInput={(event) => setAuthor(event.currentTarget.value)} />
                            </label>
                            <p class="f12 m">{t('yourNameWhy')}</p>
                            <button type="button" class="btn sm" style={{ marginTop: 10 }} onClick={() => (signingIn.value = true)}>
                                {t('signIn')}
                            </button>
                        </>
                    )}
                </div>
            )}
        </div>
    );
}

interface Hit {
    key: string;
    label: string;
    more: string;
    go: () => void;
    mark: preact.ComponentChildren;
}

function Find() {
    const [text, setText] = useState('');
    const [at, setAt] = useState(0);
    const [open, setOpen] = useState(false);
    const wanted = text.trim().toLowerCase();
    const hits = wanted === '' ? [] : search(wanted).slice(0, 12);
    const take = (hit: Hit | undefined) => {
        if (!hit) return;
        hit.go();
        setText('');
        setOpen(false);
        (document.activeElement as HTMLElement | null)?.blur();
    };
    return (
        <div class="find" role="search">
            <label>
                <Icon of="search" />
                <input
                    type="text"
                    role="combobox"
                    aria-expanded={open && wanted !== ''}
                    aria-controls="hits"
                    aria-label={t('find')}
                    placeholder={t('find')}
                    value={text}
                    data-key="/"
                    onFocus={() => setOpen(true)}
                    onBlur={() => window.setTimeout(() => setOpen(false), 150)}
                    onInput={(event) => {
                        setText(event.currentTarget.value);
                        setAt(0);
                        setOpen(true);
                    }}
                    onKeyDown={(event) => {
                        if (event.isComposing) return;
                        if (event.key === 'ArrowDown') setAt(Math.min(hits.length - 1, at + 1));
                        else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
                        else if (event.key === 'Enter') take(hits[at]);
                        else if (event.key === 'Escape') {
                            setText('');
                            event.currentTarget.blur();
                        } else return;
                        event.preventDefault();
                        event.stopPropagation();
                    }}
                />
                <kbd>/</kbd>
            </label>
            {open && wanted !== '' && (
                <ul class="hits" id="hits" role="listbox" aria-label={t('found', { n: hits.length })}>
                    {hits.map((hit, i) => (
                        <li key={hit.key} role="option" aria-selected={i === at} onPointerDown={() => take(hit)}>
                            {hit.mark}
                            <span class="grow el">{hit.label}</span>
                            <span class="f12 m">{hit.more}</span>
                        </li>
                    ))}
                    {hits.length === 0 && (
                        <li role="option" aria-selected={false} class="s">
                            {t('nothingFound', { text })}
                        </li>
                    )}
                </ul>
            )}
        </div>
    );
}

function search(wanted: string): Hit[] {
    const has = (...texts: (string | null)[]) => texts.some((text) => text?.toLowerCase().includes(wanted));
    const all = [...sites.value.values()];
    const places = (of: (site: (typeof all)[number]) => string | null, name: string): Hit[] =>
        [...new Set(all.map(of).filter((value): value is string => value !== null && value.toLowerCase().includes(wanted)))].map((value) => ({
            key: `${name}:${value}`,
            label: value,
            more: t('nSections', { n: all.filter((site) => of(site) === value && site.kind !== 'air_station').length }),
            go: () => go('/', { [name]: value }),
            mark: <Icon of={name === 'river' ? 'drop' : 'whole'} />,
        }));
    return [
        ...all
            .filter((site) => has(site.name, site.nameEn, site.id, site.mn))
            .map((site): Hit => ({
                key: site.id,
                label: siteName(site),
                more: [site.water, site.county, site.kind === 'air_station' ? t('layerAir') : reason(site, parameterName).head].filter(Boolean).join(' · '),
                go: () => go('/', { site: site.id }),
                mark: site.kind === 'air_station' ? <Icon of="grid" /> : <Disc {...lookOf(site)} severity={null} r={8} />,
            })),
        ...places((site) => site.water, 'river'),
        ...places((site) => site.county, 'county'),
        ...orderedAlerts.value
            .filter((alert) => has(alert.id, alert.site_name, alert.site_name_en))
            .map((alert): Hit => ({
                key: `alert:${alert.id}`,
                label: `${isChinese.value ? alert.site_name : alert.site_name_en} ${alert.peak_class ? classWords(alert.peak_class) : ''}`,
                more: `${t('alerts')} · ${tOr(alert.state, alert.state)}`,
                go: () => go('/alerts', { view: 'all', id: alert.id }),
                mark: <SeverityMark severity={alert.severity} />,
            })),
    ];
}
