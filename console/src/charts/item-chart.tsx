import { useEffect, useRef, useState } from 'preact/hooks';
import type { Item, SeriesRecord } from '../api/readings';
import { isChinese, t } from '../i18n';
import { figure, unitText } from '../model/number';
import { stamp } from '../model/time';
import { parameterName, parameterUnit } from '../state/network';
import { shown } from '../state/preferences';
import type { Signal } from '@preact/signals';
import type { Overlay, Plot, AlertSpan } from './plot';

interface Properties {
    parameter: string;
    item: Item | null;
    records: SeriesRecord[];
    height: number;
    now: number;
    range?: [number, number];
    lastYear?: SeriesRecord[];
    overlays?: Overlay[];
    /** Which a person chose by dragging over the chart. */
    onRange?: (from: number, to: number) => void;
    axis?: boolean;
    /** all that is drawn beside each other */
    together?: string[];
    alerts?: AlertSpan[];
    onAlert?: (id: string) => void;
    /** the time that is pointed at in any of them */
    pointed?: Signal<number | null>;
    /** On paper, whose points are finer than those of a screen. */
    printed?: boolean;
}

/** An item over time on the bands of the classes. The drawing library comes with the first chart. */
export function ItemChart(given: Properties) {
    const box = useRef<HTMLDivElement>(null);
    const [plot, setPlot] = useState<Plot | null>(null);
    useEffect(() => {
        let made: Plot | null = null;
        let alive = true;
        let asked = false;
        // drawn once it has a size: not where it is out of sight
        const watch = new ResizeObserver(() => {
            if (made !== null) return made.resize();
            if (asked || !box.current?.clientWidth) return;
            asked = true;
            void import('./plot').then((module) => {
                if (!alive || box.current === null) return;
                made = module.makePlot(box.current, given.printed === true);
                setPlot(made);
            });
        });
        if (box.current) watch.observe(box.current);
        return () => {
            alive = false;
            watch.disconnect();
            made?.dispose();
        };
    }, []);
    const theme = shown.value;
    const zh = isChinese.value;
    const minuteNow = Math.floor(given.now / 60_000);
    const cross = given.pointed?.value ?? null;
    useEffect(() => plot?.draw({ ...given, onPoint: (time) => given.pointed && (given.pointed.value = time) }), [plot, given.alerts, given.together?.join(), given.records, given.item, given.parameter, given.lastYear, given.overlays, given.range?.[0], given.range?.[1], theme, zh, minuteNow]);
    const values = given.records.filter((record) => record.values[given.parameter] !== undefined);
    return (
        <div class="chart">
            <div ref={box} style={{ height: given.height }} aria-hidden="true" />
            {plot !== null && cross !== null && <i class="cross" style={{ left: plot.x(cross) }} />}
            <table class="vh">
                <caption>
                    {parameterName(given.parameter)} {unitText(parameterUnit(given.parameter))}
                </caption>
                <tbody>
                    {values.slice(-60).map((record) => (
                        <tr key={record.time}>
                            <th scope="row">{stamp(Date.parse(record.time), given.now)}</th>
                            <td>
                                {figure(record.values[given.parameter])} {record.flags?.[given.parameter] ? `${t('notCountedWord')} ${record.flags[given.parameter]}` : ''}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
