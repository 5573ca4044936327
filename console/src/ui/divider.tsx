import { useState } from 'preact/hooks';
import { t } from '../i18n';
import { keep, kept } from '../state/preferences';

const [least, most] = [300, 480];
const between = (width: number): number => Math.min(most, Math.max(least, Math.round(width)));

/** Between the map and the column on its left or right, to be dragged or moved by arrows; the browser remembers how wide the column is. */
export function Divider({ column, usual }: { column: 'list' | 'detail'; usual: number }) {
    const [width, setWidth] = useState(() => between(Number(kept(column)) || usual));
    const choose = (to: number) => {
        setWidth(between(to));
        keep(column, String(between(to)));
    };
    const side = column === 'list' ? 1 : -1;
    return (
        <div
            class={`divider ${column}`}
            role="separator"
            aria-orientation="vertical"
            aria-label={t(column === 'list' ? 'listWidth' : 'detailWidth')}
            aria-valuenow={width}
            aria-valuemin={least}
            aria-valuemax={most}
            tabIndex={0}
            ref={(element) => element?.parentElement?.style.setProperty(`--${column}`, `${width}px`)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && choose(width + side * event.movementX)}
            onKeyDown={(event) => {
                if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
                event.preventDefault();
                choose(width + side * (event.key === 'ArrowRight' ? 20 : -20));
            }}
        />
    );
}
