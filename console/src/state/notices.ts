import { signal } from '@preact/signals';
import { isChinese, t, tOr } from '../i18n';
import type { Severity } from '../model/site';
import { minute } from '../model/time';
import { newsOfAlerts, type AlertNews } from './network';
import { sound } from './preferences';
import { go, page } from './route';

/* What tells of an alert that begins or becomes worse: a tone and a notice of the desktop for who asked for them, a line at the foot of the page, and a
 * sentence for screen readers. */

export interface Notice {
    id: string;
    alert: string;
    text: string;
    severity: Severity;
    until: number;
}
export const notices = signal<Notice[]>([]);
/** What a screen reader says, and whether at once. */
export const spoken = signal<{ text: string; now: boolean }>({ text: '', now: false });

/** An alert is not sounded again within this time, nor two sentences spoken within that one. */
const quiet = 5 * minute;
const breath = 10_000;
const lasting = 6000;
const loud = new Set(['opened', 'escalated', 'reopened']);
const sounded = new Map<string, number>();
let lastSpoken = 0;
let audio: AudioContext | null = null;

/** On by a click alone, as browsers want it; asks for notices of the desktop, too. */
export function switchSound(): void {
    sound.value = !sound.value;
    if (!sound.value) return;
    audio ??= new AudioContext();
    void audio.resume();
    tone(1);
    if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission();
}

/** A short low tone, so many times. */
function tone(times: number): void {
    if (audio === null) return;
    for (let i = 0; i < times; ++i) {
        const at = audio.currentTime + i * 0.32;
        const volume = audio.createGain();
        volume.gain.setValueAtTime(0, at);
        volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
        volume.gain.linearRampToValueAtTime(0, at + 0.2);
        volume.connect(audio.destination);
        const wave = audio.createOscillator();
        wave.frequency.value = 330;
        wave.connect(volume);
        wave.start(at);
        wave.stop(at + 0.22);
    }
}

export function hear(news: AlertNews, now = Date.now()): void {
    const step = news.type?.split('.').at(-1) ?? '';
    const told = news.data?.alert;
    const severity = told?.severity as Severity | undefined;
    if (!news.subject || severity === undefined || !loud.has(step)) return;
    const name = (isChinese.value ? told?.site_name : told?.site_name_en) ?? '';
    const text = `${name} ${t(severity)} ${tOr(`step_${step}`, step)}`.trim();
    const notice: Notice = { id: `${news.subject}:${now}`, alert: news.subject, text, severity, until: now + lasting };
    // a page of alerts shows it itself
    if (page.value !== 'alerts') notices.value = [...notices.value.filter((one) => one.alert !== news.subject), notice].slice(-3);
    if (severity !== 'notice' && now - lastSpoken >= breath) {
        lastSpoken = now;
        spoken.value = { text, now: severity === 'high' };
    }
    if (!sound.value || severity === 'notice' || now - (sounded.get(news.subject) ?? -Infinity) < quiet) return;
    sounded.set(news.subject, now);
    for (const [id, at] of sounded) if (now - at > quiet) sounded.delete(id);
    tone(severity === 'high' ? 2 : 1);
    if (document.hidden && 'Notification' in window && Notification.permission === 'granted') {
        const shown = new Notification(text, { tag: news.subject, lang: isChinese.value ? 'zh-CN' : 'en' });
        shown.onclick = () => {
            window.focus();
            open(news.subject!);
            shown.close();
        };
    }
}

export const open = (alert: string): void => go('/alerts', { view: 'all', id: alert });
/** Those whose time is over go. */
export function expire(now: number): void {
    if (notices.peek().some((one) => one.until <= now)) notices.value = notices.peek().filter((one) => one.until > now);
}
export const dismiss = (id: string): void => void (notices.value = notices.value.filter((one) => one.id !== id));

export function listenToNews(): void {
    newsOfAlerts.push((news) => hear(news));
}
