import { discLetter } from '../i18n';
import type { AlertState, Severity, Standing } from '../model/site';

/* Symbols are drawn when the map first asks for them: the letter is in the image, so that it needs no font file and prints in grey. */

export interface Symbol {
    letter: number;
    standing: Standing;
    severity: Severity | 'none';
    state: AlertState | 'none';
    /** a point of a lake: a line below it, from a size on where it is seen */
    lake: boolean;
    r: number;
}

export const symbolKey = (s: Omit<Symbol, 'r'>): string => `s:${s.letter}:${s.standing}:${s.severity}:${s.state}:${s.lake ? 'lake' : ''}`;
export function parseSymbol(id: string): Symbol | null {
    const parts = id.split(':');
    if (parts[0] !== 's' || parts.length !== 7) return null;
    return { letter: Number(parts[1]), standing: parts[2] as Standing, severity: parts[3] as Symbol['severity'], state: parts[4] as Symbol['state'], lake: parts[5] === 'lake', r: Number(parts[6]) };
}

export type Colours = (name: string) => string;
export const coloursOf = (element: Element): Colours => {
    const style = getComputedStyle(element);
    return (name) => style.getPropertyValue(`--${name}`).trim();
};

const fonts = '"PingFang SC","Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';

interface Drawn {
    width: number;
    height: number;
    data: Uint8ClampedArray;
}

function canvas(size: number, width = size): CanvasRenderingContext2D {
    const made = document.createElement('canvas');
    made.width = width;
    made.height = size;
    return made.getContext('2d', { willReadFrequently: true })!;
}
const pixels = (c: CanvasRenderingContext2D): Drawn => ({ width: c.canvas.width, height: c.canvas.height, data: c.getImageData(0, 0, c.canvas.width, c.canvas.height).data });

export function drawSymbol(symbol: Symbol, colour: Colours, ratio: number): Drawn {
    const alerting = symbol.severity !== 'none' && symbol.state !== 'resolved' && symbol.state !== 'closed' && symbol.state !== 'none';
    const base = symbol.lake && symbol.r >= 13;
    const half = Math.ceil(symbol.r + 2 + (alerting ? 10 : base ? 2 : 0));
    const c = canvas(2 * half * ratio);
    c.scale(ratio, ratio);
    c.translate(half, half);
    const old = symbol.standing === 'stale' || symbol.standing === 'silent';
    const r = symbol.r - (old ? (symbol.r > 6 ? 2 : 1) : 0);
    if (alerting) rings(c, symbol.severity as Severity, symbol.r, colour);
    circle(c, r + 1.4);
    c.fillStyle = colour('paper');
    c.fill();
    const known = symbol.letter > 0 && symbol.standing !== 'unjudged' && symbol.standing !== 'silent';
    if (!known) {
        circle(c, r - 0.4);
        c.strokeStyle = colour('ink-3');
        c.lineWidth = 1.6;
        c.setLineDash(old ? [3, 2.4] : []);
        c.stroke();
    } else if (old) {
        circle(c, r - 1);
        c.strokeStyle = colour(`c${symbol.letter}s`);
        c.lineWidth = r > 6 ? 2.2 : 1.4;
        c.setLineDash(r > 6 ? [0.42 * r, 0.24 * r] : []);
        c.stroke();
    } else {
        circle(c, r);
        c.fillStyle = colour(`c${symbol.letter}`);
        c.fill();
        if (symbol.standing === 'incomplete' && r >= 7) {
            c.beginPath();
            c.arc(0, 0, r, Math.asin(0.38), Math.PI - Math.asin(0.38));
            c.closePath();
            c.fillStyle = colour('paper');
            c.fill();
        }
        circle(c, r);
        c.strokeStyle = colour(`c${symbol.letter}s`);
        c.lineWidth = 0.9;
        c.stroke();
    }
    c.setLineDash([]);
    if (symbol.r >= 7) {
        const text = discLetter(known ? symbol.letter : 0);
        const size = r * (text === '劣' ? 1.06 : 1.16) * (symbol.standing === 'incomplete' ? 0.8 : 1);
        c.font = `700 ${size}px ${fonts}`;
        c.textAlign = 'center';
        c.textBaseline = 'alphabetic';
        c.fillStyle = !known ? colour('ink-2') : old ? colour(`c${symbol.letter}t`) : colour(`c${symbol.letter}x`);
        c.fillText(text, 0, size * 0.36 - (symbol.standing === 'incomplete' ? r * 0.28 : 0));
    }
    if (base) {
        c.fillStyle = colour('ink');
        c.fillRect(-r, r + 1.8, 2 * r, 1.6);
    }
    if (alerting) mark(c, symbol, colour);
    return pixels(c);
}

function circle(c: CanvasRenderingContext2D, r: number): void {
    c.beginPath();
    c.arc(0, 0, r, 0, 2 * Math.PI);
}

function rings(c: CanvasRenderingContext2D, severity: Severity, r: number, colour: Colours): void {
    const ring = (at: number, width: number, dash: number[] = []) => {
        circle(c, at);
        c.lineWidth = width + 2;
        c.strokeStyle = colour('paper');
        c.stroke();
        c.setLineDash(dash);
        c.lineWidth = width;
        c.strokeStyle = colour('ink');
        c.stroke();
        c.setLineDash([]);
    };
    if (severity === 'notice') ring(r + 4, 1.2, [2.6, 2.2]);
    if (severity === 'alert') ring(r + 4.2, 2);
    if (severity === 'high') {
        ring(r + 8.6, 1.6);
        ring(r + 4.4, 2.4);
    }
}

function mark(c: CanvasRenderingContext2D, symbol: Symbol, colour: Colours): void {
    const hollow = symbol.state === 'acknowledged' || symbol.severity === 'notice';
    const at = (symbol.r + 4) * 0.74;
    const s = Math.min(7, Math.max(4, symbol.r * 0.5));
    c.save();
    c.translate(at, -at);
    c.beginPath();
    if (symbol.severity === 'notice') polygon(c, 4, s * 1.05, 0);
    else if (symbol.severity === 'alert') polygon(c, 3, s * 1.2, -Math.PI / 2);
    else polygon(c, 8, s * 1.05, Math.PI / 8);
    c.closePath();
    c.lineWidth = 3;
    c.strokeStyle = colour('paper');
    c.stroke();
    c.fillStyle = hollow ? colour('paper') : colour('ink');
    c.fill();
    c.lineWidth = 1.3;
    c.strokeStyle = colour('ink');
    c.stroke();
    if (symbol.severity !== 'notice') {
        c.strokeStyle = c.fillStyle = hollow ? colour('ink') : colour('paper');
        c.lineWidth = s * 0.3;
        c.lineCap = 'round';
        c.beginPath();
        c.moveTo(0, -s * 0.5);
        c.lineTo(0, s * 0.12);
        c.stroke();
        c.beginPath();
        c.arc(0, s * 0.52, s * 0.17, 0, 2 * Math.PI);
        c.fill();
    }
    c.restore();
}

function polygon(c: CanvasRenderingContext2D, corners: number, r: number, turn: number): void {
    for (let i = 0; i < corners; ++i) {
        const a = turn + (2 * Math.PI * i) / corners;
        c.lineTo(r * Math.cos(a), r * Math.sin(a));
    }
}

const aqiFill = ['', '#00e400', '#ffff00', '#ff7e00', '#ff0000', '#99004c', '#7e0023'];
const aqiText = ['', '#04220b', '#2b2300', '#2a1500', '#1a0000', '#ffffff', '#ffffff'];
/** `a:54:2:current`: an index of the air in a square; `a:气7:0:stale` a group of them. */
export function drawAir(id: string, colour: Colours, ratio: number): Drawn {
    const [, text = '—', level = '0', is = ''] = id.split(':');
    const c = canvas(28 * ratio, 40 * ratio);
    c.scale(ratio, ratio);
    c.beginPath();
    c.roundRect(2, 2, 36, 24, 5);
    const old = is !== 'current' || level === '0';
    c.fillStyle = old ? colour('paper') : aqiFill[Number(level)]!;
    c.fill();
    c.setLineDash(old ? [3, 2.4] : []);
    c.lineWidth = old ? 1.6 : 1;
    c.strokeStyle = old ? colour('ink-3') : colour('ink-2');
    c.stroke();
    c.font = `${old ? 400 : 700} 14px ${fonts}`;
    c.textAlign = 'center';
    c.fillStyle = old ? colour('ink-2') : aqiText[Number(level)]!;
    c.fillText(text, 20, 19);
    return pixels(c);
}

/** `k:128:0,3,12,6,2,0,1`: how many, in a ring parted by class; what is not known now is the grey part. */
export function drawCluster(id: string, colour: Colours, ratio: number): Drawn {
    const [, count = '0', shares = ''] = id.split(':');
    const n = Number(count);
    const r = n < 10 ? 13 : n < 100 ? 16 : 20;
    const half = r + 3;
    const c = canvas(2 * half * ratio);
    c.scale(ratio, ratio);
    c.translate(half, half);
    circle(c, r + 1.4);
    c.fillStyle = colour('paper');
    c.fill();
    const all = shares.split(',').map(Number);
    const sum = all.reduce((a, b) => a + b, 0) || 1;
    let from = -Math.PI / 2;
    all.forEach((share, i) => {
        const to = from + (2 * Math.PI * share) / sum;
        if (share > 0) {
            c.beginPath();
            c.arc(0, 0, r - 2.5, from, to);
            c.lineWidth = 5;
            c.strokeStyle = colour(i < 6 ? `c${i + 1}` : 'line-2');
            c.stroke();
        }
        from = to;
    });
    circle(c, r);
    c.lineWidth = 0.8;
    c.strokeStyle = colour('ink-3');
    c.stroke();
    c.font = `700 ${r > 18 ? 13 : 12}px ${fonts}`;
    c.textAlign = 'center';
    c.fillStyle = colour('ink');
    c.fillText(count, 0, 4.5);
    return pixels(c);
}

/** Four corner marks round what is selected. */
export function drawSelection(r: number, colour: Colours, ratio: number): Drawn {
    const half = r + 14;
    const c = canvas(2 * half * ratio);
    c.scale(ratio, ratio);
    c.translate(half, half);
    c.strokeStyle = colour('ink');
    c.lineWidth = 2;
    const e = half - 2;
    for (const [x, y] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
        c.beginPath();
        c.moveTo(x * e, y * (e - 9));
        c.lineTo(x * e, y * e);
        c.lineTo(x * (e - 9), y * e);
        c.stroke();
    }
    return pixels(c);
}

/** Brine: horizontal rules. */
export function drawBrine(colour: Colours, ratio: number): Drawn {
    const c = canvas(6 * ratio, 8 * ratio);
    c.fillStyle = colour('m-water');
    c.fillRect(0, 0, 8 * ratio, 6 * ratio);
    c.fillStyle = colour('m-waterline');
    c.fillRect(0, 2 * ratio, 8 * ratio, ratio);
    return pixels(c);
}
