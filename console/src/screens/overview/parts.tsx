import type { ComponentChildren } from 'preact';

/** A figure of the row at the top: what it is, the number, what it is of. */
export const Figure = ({ name, unit, more, children }: { name: string; unit: string; more: string; children: ComponentChildren }) => (
    <div class="kp">
        <div class="f12 s">{name}</div>
        <div>
            <b>{children}</b>
            <span>{unit}</span>
        </div>
        <div class="f12 s">{more}</div>
    </div>
);
