import { classLabel, comma, discLetter, t, tOr } from '../i18n';
import { standing, type AlertState, type Severity, type Site, type Standing } from '../model/site';

export interface DiscLook {
    letter: number;
    standing: Standing;
    severity: Severity | null;
    state?: AlertState | null;
}

/** The mark of a severity by shape: diamond, triangle, octagon. Hollow: somebody deals with it. */
export function SeverityMark({ severity, hollow = false, size = 14 }: { severity: Severity; hollow?: boolean; size?: number }) {
    const fill = hollow ? 'var(--paper)' : 'var(--ink)';
    const mark = hollow ? 'var(--ink)' : 'var(--paper)';
    return (
        <svg class="sev" width={size} height={size} viewBox="0 0 14 14" role="img" aria-label={t(severity)}>
            {severity === 'notice' && <path d="M7 1.6 12.4 7 7 12.4 1.6 7z" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.4" stroke-linejoin="round" />}
            {severity === 'alert' && (
                <>
                    <path d="M7 1.4 13 12H1z" fill={fill} stroke="var(--ink)" stroke-width="1.2" stroke-linejoin="round" />
                    <path d="M7 5.2v3.2" stroke={mark} stroke-width="1.5" stroke-linecap="round" />
                    <circle cx="7" cy="10.3" r=".8" fill={mark} />
                </>
            )}
            {severity === 'high' && (
                <>
                    <path d="M4.6.9h4.8l3.7 3.7v4.8l-3.7 3.7H4.6L.9 9.4V4.6z" fill={fill} stroke="var(--ink)" stroke-width="1.2" />
                    <path d="M7 3.6v4" stroke={mark} stroke-width="1.8" stroke-linecap="round" />
                    <circle cx="7" cy="10" r="1" fill={mark} />
                </>
            )}
        </svg>
    );
}

/** What a section is, as its symbol on the map shows it. `r`: of the disc. */
export function Disc({ letter, standing: is, severity, state, r = 12.6, name = '', rings = false }: DiscLook & { r?: number; name?: string; rings?: boolean }) {
    const around = rings && severity !== null && state !== 'resolved' ? 10 : 0;
    const half = r + 2.4 + around;
    const size = 2 * half;
    const known = is !== 'unjudged' && is !== 'silent' && letter > 0;
    const text = discLetter(known ? letter : 0);
    const fontSize = r * (text === '劣' ? 1.06 : 1.2) * (is === 'incomplete' ? 0.8 : 1);
    const y = half + fontSize * 0.36 - (is === 'incomplete' ? r * 0.28 : 0);
    const c = `var(--c${letter})`;
    const mark = severity !== null && state !== 'resolved' && state !== 'closed';
    return (
        <span class={mark ? 'disc marked' : 'disc'}>
            <svg width={size} height={size} viewBox={`0 0 ${size} ${size}`} {...(name === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name })}>
                {around > 0 && <Rings severity={severity!} r={r} at={half} />}
                <circle cx={half} cy={half} r={r + 1.8} fill="var(--paper)" />
                {is === 'stale' && known ? (
                    <circle cx={half} cy={half} r={r - 1} fill="var(--paper)" stroke={`var(--c${letter}s)`} stroke-width="2.2" stroke-dasharray={`${0.42 * r} ${0.24 * r}`} />
                ) : known ? (
                    <circle cx={half} cy={half} r={r} fill={c} stroke={`var(--c${letter}s)`} stroke-width=".9" />
                ) : (
                    <circle cx={half} cy={half} r={r - 0.4} fill="var(--paper)" stroke="var(--ink-3)" stroke-width="1.6" stroke-dasharray={is === 'silent' || is === 'stale' ? '3 2.4' : undefined} />
                )}
                {is === 'incomplete' && known && (
                    <path
                        d={`M${half - r * Math.sqrt(1 - 0.38 * 0.38)} ${half + 0.38 * r}A${r} ${r} 0 0 0 ${half + r * Math.sqrt(1 - 0.38 * 0.38)} ${half + 0.38 * r}z`}
                        fill="var(--paper)"
                        stroke={`var(--c${letter}s)`}
                        stroke-width=".9"
                    />
                )}
                <text x={half} y={y} text-anchor="middle" font-size={fontSize} font-weight="700" fill={!known ? 'var(--ink-2)' : is === 'stale' ? `var(--c${letter}t)` : `var(--c${letter}x)`}>
                    {text}
                </text>
            </svg>
            {mark && <SeverityMark severity={severity} hollow={state === 'acknowledged'} size={Math.max(14, r)} />}
        </span>
    );
}

function Rings({ severity, r, at }: { severity: Severity; r: number; at: number }) {
    if (severity === 'notice') return <circle cx={at} cy={at} r={r + 4} fill="none" stroke="var(--ink)" stroke-width="1.2" stroke-dasharray="2.6 2.2" />;
    if (severity === 'alert') return <circle cx={at} cy={at} r={r + 4.2} fill="none" stroke="var(--ink)" stroke-width="2" />;
    return (
        <>
            <circle cx={at} cy={at} r={r + 4.4} fill="none" stroke="var(--ink)" stroke-width="2.4" />
            <circle cx={at} cy={at} r={r + 8.6} fill="none" stroke="var(--ink)" stroke-width="1.6" />
        </>
    );
}

export const lookOf = (site: Site): DiscLook => ({ letter: site.waterClass, standing: standing(site), severity: site.alertSeverity, state: site.alertState });

/** “小韩村，Ⅳ类，轻度污染，严重预警待确认”: a symbol in words. */
export function spoken(site: Site, name: string): string {
    const is = standing(site);
    const words = [name];
    if (is === 'unjudged') words.push(t('unjudged'));
    else if (site.waterClass > 0) words.push(t('class', { c: classLabel(site.waterClass) }));
    if (is === 'stale' || is === 'silent') words.push(t('stale'));
    if (is === 'incomplete') words.push(t('incomplete'));
    if (site.alertSeverity !== null) words.push(t(site.alertSeverity), tOr(site.alertState ?? '', ''));
    return words.filter((word) => word !== '').join(comma());
}

/** A square of the official colour with the index in it; dashed and without colour where it is of another day. */
export function AqiSquare({ aqi, level, stale }: { aqi: number | null; level: number; stale: boolean }) {
    return <span class={stale || aqi === null ? 'aqi old' : `aqi a${level}`}>{aqi ?? '—'}</span>;
}
