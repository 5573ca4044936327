import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { at, timeAt } from '../../model/matrix';
import { brief, clock, date, day, dayMonth, midnight, weekday, ranges, type Range } from '../../model/time';
import { now, waterSites } from '../../state/network';
import { endsNow, moment, reach, showMoment, shownClasses, shownPeriods, shownPlace } from '../../state/moment';
import { choose } from '../../state/route';
import { Icon } from '../../ui/parts';

const beat = 600;

/** The network over the last days: a column a period, the worst on top. */
export function TimeStrip() {
    const known = shownClasses.value;
    const periods = shownPeriods.value;
    const [playing, setPlaying] = useState(false);
    const box = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(600);
    useEffect(() => {
        const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
        if (box.current) watch.observe(box.current);
        return () => watch.disconnect();
    }, []);
    useEffect(() => {
        if (!playing || known === null) return;
        const timer = window.setInterval(() => {
            const next = shownPlace.peek() + 1;
            const end = shownPeriods.peek()?.last ?? 0;
            if (next >= end) {
                showMoment(endsNow.peek() ? null : timeAt(known, end));
                setPlaying(false);
            } else showMoment(timeAt(known, next));
        }, beat);
        return () => window.clearInterval(timer);
    }, [playing, known === null]);
    const [first, last] = [periods?.first ?? 0, periods?.last ?? 0];
    const columns = last - first + 1;
    const each = Math.max(3, Math.min(22, (width - 8) / Math.max(Math.round(ranges[reach.value] / (known?.length ?? day)), columns)));
    const place = shownPlace.value;
    const step = (by: number) => {
        if (known === null) return;
        const next = Math.min(last, Math.max(first, place + by));
        showMoment(next === last && endsNow.value ? null : timeAt(known, next));
    };
    const play = () => {
        // from the beginning, where the end of it is shown
        if (!playing && known !== null && place === last) showMoment(timeAt(known, first));
        setPlaying(!playing);
    };
    const isEmpty = known !== null && waterSites.value.every((site) => /^-*$/.test((known.rows.get(site.id) ?? '').slice(first, last + 1)));
    const shownTime = known === null ? null : timeAt(known, place);
    return (
        <section class="tl" aria-label={t('timeStrip')}>
            <div class="a f13">
                <div class="m">
                    {moment.value === null ? t('now') : t('looking', { at: '' })} <span class="f12">{t('period_4h')}</span>
                </div>
                <b class="f16 nw">{shownTime === null ? '—' : `${dayMonth(shownTime)} ${clock(shownTime)}`}</b>
                <input
                    type="date"
                    aria-label={t('chooseDay')}
                    title={t('chooseDay')}
                    max={date(now.value)}
                    value={date(shownTime ?? now.value)}
                    onChange={(event) => {
                        const chosen = Date.parse(`${event.currentTarget.value}T00:00:00+08:00`);
                        setPlaying(false);
                        if (!Number.isNaN(chosen)) showMoment(chosen > now.value ? null : chosen);
                    }}
                />
            </div>
            <div class="t" ref={box}>
                {known !== null && (
                    <svg
                        role="slider"
                        tabindex={0}
                        aria-label={t('timeStrip')}
                        aria-valuemin={0}
                        aria-valuemax={columns - 1}
                        aria-valuenow={place - first}
                        aria-valuetext={brief(timeAt(known, place), now.value)}
                        onKeyDown={(event) => {
                            if (event.key === 'ArrowLeft') step(-1);
                            else if (event.key === 'ArrowRight') step(1);
                            else return;
                            event.preventDefault();
                        }}
                        onClick={(event) => {
                            const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
                            const next = Math.min(last, Math.max(first, first + Math.floor(x / each)));
                            setPlaying(false);
                            showMoment(next === last && endsNow.value ? null : timeAt(known, next));
                        }}
                    >
                        {Array.from({ length: columns }, (_, i) => (
                            <Column key={i} x={i * each} width={each - 2} letters={waterSites.value.map((site) => at(known, site.id, first + i))} />
                        ))}
                        {days(timeAt(known, first), timeAt(known, last), Math.ceil(58 / ((day / known.length) * each))).map((ms) => (
                            <g key={ms}>
                                <path d={`M${xOf(ms)} 72v6`} stroke="var(--line-2)" />
                                <text x={xOf(ms) + 3 * each} y="89" text-anchor="middle" visibility={xOf(ms) + 6 * each > width + 20 ? 'hidden' : undefined} font-size="11" fill={midnight(now.value) === ms ? 'var(--ink)' : 'var(--ink-3)'} font-weight={midnight(now.value) === ms ? 700 : 400}>
                                    {dayMonth(ms)} {weekday(ms)}
                                </text>
                            </g>
                        ))}
                        {isEmpty && (
                            <text x={(columns * each) / 2} y="40" text-anchor="middle" font-size="13" fill="var(--ink-2)">
                                {t('stripEmpty')}
                            </text>
                        )}
                        <rect x={(place - first) * each - 1} y="6" width={each} height="64" rx="2" fill="none" stroke="var(--ink)" stroke-width="2" />
                    </svg>
                )}
            </div>
            <div class="z">
                <button type="button" class="btn sm" data-key=" " onClick={play} disabled={known === null}>
                    <Icon of={playing ? 'pause' : 'play'} size={14} /> {t(playing ? 'pause' : 'play')}
                </button>
                <button type="button" hidden data-key="," onClick={() => step(-1)} />
                <button type="button" hidden data-key="." onClick={() => step(1)} />
                <select class="chip" aria-label={t('stripReach')} value={reach.value} onChange={(event) => choose({ range: event.currentTarget.value === '7d' ? null : event.currentTarget.value })}>
                    {(Object.keys(ranges) as Range[]).map((one) => (
                        <option key={one} value={one}>
                            {endsNow.value ? t('last', { range: t(`range${one}`) }) : t(`range${one}`)}
                        </option>
                    ))}
                </select>
            </div>
        </section>
    );

    function xOf(ms: number): number {
        return ((ms - timeAt(known!, first)) / known!.length) * each;
    }
}

/** Where days begin, as many of them as their names find room. */
const days = (from: number, to: number, every: number): number[] => Array.from({ length: Math.ceil((to - midnight(from)) / day) + 1 }, (_, i) => midnight(from) + i * day).filter((ms, i) => ms >= from && ms <= to && i % every === 0);

const tall = 60;
/** Cells where they are few, shares of a bar where they are many. */
function Column({ x, width, letters }: { x: number; width: number; letters: string[] }) {
    const there = letters.filter((letter) => letter !== '-');
    if (there.length === 0) return <path d={`M${x} 68h${Math.max(2, width)}`} stroke="var(--line-2)" />;
    const order = [...there].sort((a, b) => Number(a === '0' ? 9 : a) - Number(b === '0' ? 9 : b));
    const cell = Math.min(11, tall / Math.max(there.length, 5));
    return (
        <g>
            {order.map((letter, i) =>
                letter === '0' ? (
                    <rect key={i} x={x + 0.5} y={68 - (i + 1) * cell + 1.5} width={width - 1} height={Math.max(1, cell - 2)} fill="none" stroke="var(--ink-3)" stroke-width=".8" />
                ) : (
                    <rect key={i} x={x} y={68 - (i + 1) * cell + 1} width={width} height={Math.max(1, cell - 1)} fill={`var(--c${letter})`} />
                ),
            )}
        </g>
    );
}
