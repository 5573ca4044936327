import type { ComponentChildren } from 'preact';
import type { Finding } from '../api/alerts';
import type { Item } from '../api/readings';
import { classLabel, t } from '../i18n';
import { figure, multiple } from '../model/number';
import { clock, date } from '../model/time';
import { now } from '../state/network';

/** The last periods of a section, a bar each: the worse the higher. Unjudged as outline, nothing as a dash. */
export function Strip({ row, width = 6, height = 10 }: { row: string; width?: number; height?: number }) {
    const step = width + Math.max(1, Math.round(width / 6));
    return (
        <svg class="strip" width={row.length * step} height={height} viewBox={`0 0 ${row.length * step} ${height}`} aria-hidden="true">
            {[...row].map((letter, i) => {
                const c = Number(letter);
                if (letter === '-') return <path d={`M${i * step} ${height - 0.5}h${width}`} stroke="var(--line-2)" />;
                if (c === 0) return <rect x={i * step + 0.5} y=".5" width={width - 1} height={height - 1} fill="none" stroke="var(--ink-3)" />;
                const tall = (height * (5 + Math.max(c, 2) * 0.9)) / 10.4;
                return <rect x={i * step} y={height - tall} width={width} height={tall} fill={`var(--c${c})`} />;
            })}
        </svg>
    );
}

/** A line of a list of terms. */
export const line = (name: string, value: ComponentChildren) => (
    <>
        <dt class="m">{name}</dt>
        <dd>{value}</dd>
    </>
);

/** How many records came in a day of how many were due. */
export const DayCell = ({ came, due, title }: { came: number; due: number; title: string }) => (
    <i class={came === 0 ? 'dayc none' : came >= due ? 'dayc full' : 'dayc part'} title={title}>
        {came}
    </i>
);

/** What is drawn of an item: its value on the scale of the classes. */
export interface Scaled {
    value: number | null;
    class: number | null;
    limits: number[];
    falling: boolean;
    range: [number, number] | null;
}

export function scaled(item: Item): Scaled | null {
    if (item.rule === 'range' && item.limits.low !== undefined && item.limits.high !== undefined)
        return { value: item.assessed, class: item.class, limits: [], falling: false, range: [item.limits.low, item.limits.high] };
    const limits = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ'].map((c) => item.limits[c]).filter((limit): limit is number => limit !== undefined);
    if (limits.length !== 5) return null;
    return { value: item.assessed, class: item.class, limits, falling: item.rule === 'minimum', range: null };
}

/** Where a value stands on six equal segments, 0 to 6: within its segment by its distance to the limits. */
export function placeOnScale({ value, limits, falling }: Scaled): number | null {
    if (value === null) return null;
    const sign = falling ? -1 : 1;
    const joints = limits.map((limit) => limit * sign);
    const v = value * sign;
    const low = falling ? joints[0]! - (joints[1]! - joints[0]!) * 2 : 0;
    const high = falling ? 0 : joints[4]! * 2;
    const edges = [Math.min(low, v), ...joints, Math.max(high, v)];
    for (let i = 0; i < 6; ++i) {
        const [a, b] = [edges[i]!, edges[i + 1]!];
        if (v <= b || i === 5) return i + (b === a ? 0.5 : Math.min(0.94, Math.max(0.06, (v - a) / (b - a))));
    }
    return null;
}

/** The class scale: six equal segments, limits under the joints, Ⅲ as a tick, the value where it stands. */
export function ScaleBar({ of, width = 330 }: { of: Scaled; width?: number }) {
    if (of.range !== null) return <RangeBar value={of.value} range={of.range} width={width} />;
    const each = width / 6;
    const place = placeOnScale(of);
    const at = place === null ? null : place * each;
    const c = of.class ?? 0;
    return (
        <svg class="scale" width={width} height="31" viewBox={`0 -1 ${width} 32`} aria-hidden="true">
            {[1, 2, 3, 4, 5, 6].map((n) => (
                <rect x={(n - 1) * each + 0.5} y="8" width={each - 1} height="8" rx="1" fill={n === c ? `var(--c${n})` : `var(--b${n})`} />
            ))}
            <path d={`M${3 * each} 5v14`} stroke="var(--ink)" stroke-width="1.5" />
            {at !== null && <path d={`M${at} 7l-4.5-7h9z`} fill="var(--ink)" />}
            {of.limits.map((limit, i) => (
                <text x={(i + 1) * each} y="28" text-anchor="middle" font-size="10.5" fill={i === 2 ? 'var(--ink)' : 'var(--ink-3)'} font-weight={i === 2 ? 700 : 400}>
                    {figure(limit)}
                </text>
            ))}
        </svg>
    );
}

function RangeBar({ value, range: [low, high], width }: { value: number | null; range: [number, number]; width: number }) {
    const span = high - low;
    const x = (v: number) => ((v - low + span * 0.33) / (span * 1.66)) * width;
    return (
        <svg class="scale" width={width} height="31" viewBox={`0 -1 ${width} 32`} aria-hidden="true">
            <rect x="0" y="8" width={width} height="8" rx="1" fill="var(--b6)" />
            <rect x={x(low)} y="8" width={x(high) - x(low)} height="8" fill="var(--sunken)" />
            {[low, high].map((limit) => (
                <>
                    <path d={`M${x(limit)} 5v14`} stroke="var(--ink)" stroke-width="1.5" />
                    <text x={x(limit)} y="28" text-anchor="middle" font-size="10.5" font-weight="700" fill="var(--ink)">
                        {figure(limit)}
                    </text>
                </>
            ))}
            {value !== null && <path d={`M${Math.min(width - 5, Math.max(5, x(value)))} 7l-4.5-7h9z`} fill="var(--ink)" />}
        </svg>
    );
}

/** 超Ⅲ类 0.2 倍, 刚超, 达到Ⅱ类. `short`: 超 0.2 倍, where the class stands beside it. */
export function verdict(item: Pick<Item, 'class' | 'multiple' | 'rule'>, short = false): string {
    const c = item.class ?? 0;
    if (item.rule === 'range') return c > 3 ? t('outOfRange') : t('passes');
    if (c === 0) return '';
    if (c <= 3) return t('within', { c: classLabel(c) });
    if (item.multiple === null) return t('underIII');
    return Number(multiple(item.multiple)) === 0 ? t('justOver') : t(short ? 'over' : 'overIII', { m: multiple(item.multiple) });
}

export const findingVerdict = (finding: Finding): string => verdict({ class: finding.class, multiple: finding.multiple, rule: finding.parameter === 'dissolved_oxygen' ? 'minimum' : 'maximum' });

const paths = {
    search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3 3',
    bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.8 14.2h2.4',
    theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
    person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.6-3 2.8-4.2 5.5-4.2s4.9 1.2 5.5 4.2',
    close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
    plus: 'M8 3v10M3 8h10',
    minus: 'M3 8h10',
    whole: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
    layers: 'M8 2 14 5.2 8 8.4 2 5.2zM2.5 8.2 8 11l5.5-2.8M2.5 11 8 13.8 13.5 11',
    ruler: 'M2.5 10.5l8-8 3 3-8 8zM5 8l1.4 1.4M7.2 5.8l1.4 1.4M9.4 3.6l1.4 1.4',
    play: 'M5 3l8 5-8 5z',
    pause: 'M5 3v10M11 3v10',
    next: 'M6 3l5 5-5 5',
    back: 'M10 3 5 8l5 5',
    link: 'M6.5 9.5l3-3M7 4.5l1.8-1.8a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.8 1.8A3 3 0 0 1 2.9 9l1.8-1.8',
    print: 'M4 6V2h8v4M4 12H2V6h12v6h-2M4 10h8v4H4z',
    download: 'M8 2v8M4.8 7 8 10.2 11.2 7M3 13.5h10',
    check: 'M3 8.5 6.5 12 13 4.5',
    unplaced: 'M8 14s4.5-4.3 4.5-7.5A4.5 4.5 0 0 0 3.9 4.6M3.5 6.5C3.5 9.7 8 14 8 14M2.5 2.5l11 11',
    map: 'M2.5 4 6 2.5l4 1.5 3.5-1.5v9.5L10 13.5 6 12l-3.5 1.5zM6 2.5V12M10 4v9.5',
    grid: 'M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z',
    drop: 'M8 2s4.5 4.6 4.5 7.7a4.5 4.5 0 0 1-9 0C3.5 6.6 8 2 8 2z',
    wind: 'M2 6h7.5a2 2 0 1 0-2-2M2 9h10a2 2 0 1 1-2 2M2 12h4.5',
    table: 'M2.5 3h11v10h-11zM2.5 6.3h11M6.3 6.3V13',
    sliders: 'M2.5 5h6M12 5h1.5M10.2 3.3a1.7 1.7 0 1 0 .01 0M2.5 11H4M7.5 11h6M5.8 9.3a1.7 1.7 0 1 0 .01 0',
} as const;

export function Icon({ of, size = 16 }: { of: keyof typeof paths; size?: number }) {
    return (
        <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d={paths[of]} />
        </svg>
    );
}

export const Unplaced = () => (
    <span class="np" title={t('noPositionWhy')}>
        <Icon of="unplaced" size={13} />
        {t('noPosition')}
    </span>
);

export const Empty = ({ children }: { children: ComponentChildren }) => <div class="empty">{children}</div>;

/** Under what is printed: where it stands and when it was printed. */
export const PaperFoot = ({ href, source }: { href: string; source?: string }) => (
    <footer class="row f11 onpaper">
        <span class="grow">{href}</span>
        {source && <span>{source}　</span>}
        <span>{t('printedAt', { at: `${date(now.value)} ${clock(now.value)}` })}</span>
    </footer>
);

/** Which kind of file is to be taken along. */
export const FormatChoice = <T extends string>({ format, of, choose }: { format: T; of: readonly T[]; choose: (format: T) => void }) => (
    <select class="chip" name="format" aria-label={t('fileFormat')} value={format} onChange={(event) => choose(event.currentTarget.value as T)}>
        {of.map((one) => (
            <option key={one} value={one}>
                {one}
            </option>
        ))}
    </select>
);
