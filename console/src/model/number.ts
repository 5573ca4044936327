/** A number as it came, thousands parted by thin spaces from 10 000 on. */
export function figure(value: number | null | undefined): string {
    if (value === null || value === undefined) return '—';
    const text = String(value);
    const [whole = '', rest] = text.split('.');
    const grouped = Math.abs(value) >= 10_000 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u2009') : whole;
    return rest === undefined ? grouped : `${grouped}.${rest}`;
}

/** Digits with which a value is drawn beside others: as many as the axis can tell apart. */
export function rounded(value: number): string {
    const size = Math.abs(value);
    return String(Number(size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toFixed(3)));
}

export const multiple = (m: number): string => m.toFixed(1);

/** As people write it. */
export function unitText(unit: string): string {
    return unit === 'dimensionless' ? '' : unit === 'degC' ? '℃' : unit.replace(/^u(?=[SgL])/, 'µ').replace('/m3', '/m³');
}

/** Without decimals under a hundred sections. */
export const percent = (a: number, b: number): string => (b === 0 ? '—' : (100 * (a / b)).toFixed(b < 100 ? 0 : 1));
