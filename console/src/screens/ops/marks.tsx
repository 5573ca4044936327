import { useState } from 'preact/hooks';
import { postJson, postText, url } from '../../api/http';
import { comma, t } from '../../i18n';
import { brief } from '../../model/time';
import { airSites, now, session, siteName, sites } from '../../state/network';
import { saying, useRead } from '../../state/read';
import { Said, Title } from './parts';

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const kinds = ['dry', 'not_measured', 'background', 'upstream', 'dust', 'stop'] as const;
type Kind = (typeof kinds)[number];

interface Mark {
    id: string;
    kind: Kind;
    state: 'standing' | 'withdrawn' | 'rejected';
    site: string | null;
    place: string | null;
    parameters: string[];
    end: string | null;
    time_label: string;
    reason: string;
    document: string | null;
    by: string;
    note: string | null;
    at: string;
}
interface Proposal {
    date: string;
    stations: { site: string; name: string; pm10_before: number; pm10_highest: number; begin_beijing: string }[];
}

/** Where a mark is: the site by its name, a county, or all air stations. */
const where = (mark: Mark): string => {
    const site = mark.site === null ? undefined : sites.value.get(mark.site);
    return site ? siteName(site) : (mark.site ?? mark.place ?? t('allAirStations'));
};

/** What people mark of places and times: dry, not measured, natural background, water from upstream, dust, stops. */
export function Marks() {
    const [again, setAgain] = useState(0);
    const [said, setSaid] = useState('');
    const [all, setAll] = useState(false);
    const { got, failed } = useRead<{ marks: Mark[] }>(url('/api/v1/marks', { state: all ? null : 'standing' }), again);
    const [by, setBy] = useState(session.value.name ?? '');
    const asked = (what: Promise<string>) => what.then(setSaid, (error: unknown) => setSaid(saying(error))).then(() => setAgain((n) => n + 1));
    return (
        <>
            <Title word="marks" more={got === null ? t('loading') : t('nMarks', { n: got.marks.length })}>
                <span class="grow" />
                <label class="row" style={{ gap: 4 }}>
                    <input type="checkbox" name="marks-all" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
                    {t('withdrawnToo')}
                </label>
            </Title>
            <p class="f13 s">{t('marksHint')}</p>
            <label class="row">
                {t('markedBy')}
                <input type="text" name="mark-by" value={by} onInput={(event) => setBy(event.currentTarget.value)} />
            </label>
            <Said text={said} />
            <NewMark by={by} asked={asked} />
            <Dust by={by} again={again} asked={asked} />
            {failed ? <p class="s">{t('loadFailed', { why: failed })}</p> : <List marks={got?.marks ?? []} by={by} asked={asked} />}
            {got?.marks.length === 0 && <p class="card empty">{t('none')}</p>}
        </>
    );
}

type Asked = (what: Promise<string>) => void;

function NewMark({ by, asked }: { by: string; asked: Asked }) {
    const [kind, setKind] = useState<Kind>('dry');
    const send = (event: Event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget as HTMLFormElement);
        const text = (name: string) => String(form.get(name) ?? '').trim();
        const body: Record<string, unknown> = { kind, begin: text('mark-begin'), reason: text('mark-reason'), by };
        for (const [member, field] of [['end', 'mark-end'], ['document', 'mark-document'], ['site', 'mark-site']] as const) if (text(field)) body[member] = text(field);
        const items = text('mark-items').split(/[\s,，、]+/).filter(Boolean);
        if (items.length > 0) body.parameters = items;
        asked(postJson<Mark>('/api/v1/marks', body).then((mark) => t('markMade', { what: `${t(`mark_${mark.kind}`)} ${where(mark)} ${mark.time_label}` })));
    };
    const hasItems = kind === 'background' || kind === 'upstream';
    return (
        <form class="card pad row wrap" aria-label={t('newMark')} onSubmit={send}>
            <label class="row">
                {t('markKind')}
                <select class="field" name="mark-kind" value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
                    {kinds.map((one) => (
                        <option key={one} value={one}>
                            {t(`mark_${one}`)}
                        </option>
                    ))}
                </select>
            </label>
            <label class="row">
                {t('markSite')}
                <input type="text" name="mark-site" list="mark-sites" required={kind !== 'dust'} placeholder={kind === 'dust' ? t('allAirStations') : ''} />
            </label>
            <datalist id="mark-sites">
                {[...sites.value.values()].map((site) => (
                    <option key={site.id} value={site.id}>
                        {siteName(site)}
                    </option>
                ))}
            </datalist>
            <label class="row">
                {t('from')}
                <input type={kind === 'stop' ? 'text' : 'date'} name="mark-begin" required placeholder="2025-10-03T08:00:00+08:00" />
            </label>
            <label class="row">
                {t('markUntil')}
                <input type={kind === 'stop' ? 'text' : 'date'} name="mark-end" placeholder="2025-10-04T20:00:00+08:00" />
            </label>
            {hasItems && (
                <label class="row">
                    {t('markItems')}
                    <input type="text" name="mark-items" required={kind === 'background'} placeholder="fluoride" />
                </label>
            )}
            <label class="row">
                {t('reason')}
                <input type="text" name="mark-reason" required />
            </label>
            <label class="row">
                {t('documentNumber')}
                <input type="text" name="mark-document" required={hasItems} />
            </label>
            <button type="submit" class="btn p sm">
                {t('newMark')}
            </button>
        </form>
    );
}

/** Dust days: the list that was decided, and what the hours propose. */
function Dust({ by, again, asked }: { by: string; again: number; asked: Asked }) {
    const [month, setMonth] = useState(() => new Date(now.value + 8 * 3600_000).toISOString().slice(0, 7));
    const [paper, setPaper] = useState('');
    const { got, failed } = useRead<{ rule: string; proposals: Proposal[] }>(url('/api/v1/marks/dust-proposals', { period: month }), again);
    if (airSites.value.length === 0) return null;
    const take = (file: File | undefined) => {
        if (!file) return;
        asked(postText<{ made: number; known: number; elsewhere: string[] }>(url('/api/v1/marks/dust-list', { by, document: paper }), file, file.name.endsWith('.xlsx') ? workbook : 'text/csv').then((told) => t('dustTaken', { a: told.made, b: told.known, c: told.elsewhere.join(comma()) || '—' })));
    };
    const decide = (proposal: Proposal, rejected: boolean) =>
        asked(postJson<Mark>('/api/v1/marks', { kind: 'dust', begin: proposal.date, reason: t(rejected ? 'noDust' : 'dustConfirmed'), by, rejected, ...(paper ? { document: paper } : {}) }).then(() => t(rejected ? 'dustRejected' : 'markMade', { what: proposal.date })));
    return (
        <div class="card pad">
            <div class="row wrap">
                <b>{t('dustDays')}</b>
                <label class="row">
                    {t('documentNumber')}
                    <input type="text" name="dust-document" value={paper} onInput={(event) => setPaper(event.currentTarget.value)} />
                </label>
                <label class="row">
                    {t('dustList')}
                    <input type="file" name="dust-list" accept=".csv,.xlsx" onChange={(event) => take(event.currentTarget.files?.[0])} />
                </label>
                <span class="grow" />
                <label class="row">
                    {t('dustProposalsOf')}
                    <input type="text" name="dust-month" value={month} pattern="\d{4}-\d{2}" size={8} onChange={(event) => setMonth(event.currentTarget.value)} />
                </label>
            </div>
            {failed && <p class="s">{t('loadFailed', { why: failed })}</p>}
            {got?.proposals.length === 0 && <p class="f13 s">{t('noProposals')}</p>}
            {got !== null && got.proposals.length > 0 && (
                <>
                    <p class="f13 s">{got.rule}</p>
                    <ul class="gaps f13">
                        {got.proposals.map((proposal) => (
                            <li class="row wrap" key={proposal.date} data-proposal={proposal.date}>
                                <span class="grow">
                                    <b>{proposal.date}</b> <span class="m">{proposal.stations.map((one) => `${one.name} PM10 ${one.pm10_before} → ${one.pm10_highest} μg/m³`).join(comma())}</span>
                                </span>
                                <button type="button" class="btn sm p" onClick={() => decide(proposal, false)}>
                                    {t('isDust')}
                                </button>
                                <button type="button" class="btn q sm" onClick={() => decide(proposal, true)}>
                                    {t('isNoDust')}
                                </button>
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </div>
    );
}

function List({ marks, by, asked }: { marks: Mark[]; by: string; asked: Asked }) {
    const [taking, setTaking] = useState('');
    const [why, setWhy] = useState('');
    const withdraw = (mark: Mark) => {
        if (taking !== mark.id) return (setTaking(mark.id), setWhy(''));
        setTaking('');
        asked(postJson<Mark>(`/api/v1/marks/${encodeURIComponent(mark.id)}/withdraw`, { note: why, by }).then(() => t('markWithdrawn', { what: `${t(`mark_${mark.kind}`)} ${where(mark)}` })));
    };
    const end = (mark: Mark, day: string) => day && asked(postJson<Mark>(`/api/v1/marks/${encodeURIComponent(mark.id)}`, { end: day, note: t('markEnded'), by }, 'PATCH').then((next) => next.time_label));
    if (marks.length === 0) return null;
    return (
        <div class="card dt all">
            <table>
                <thead>
                    <tr>
                        <th>{t('markKind')}</th>
                        <th>{t('markSite')}</th>
                        <th>{t('markTime')}</th>
                        <th>{t('reason')}</th>
                        <th>{t('documentNumber')}</th>
                        <th>{t('markedBy')}</th>
                        <th />
                    </tr>
                </thead>
                <tbody>
                    {marks.map((mark) => (
                        <tr key={mark.id} data-mark={mark.id}>
                            <td>
                                <b>{t(`mark_${mark.kind}`)}</b> <span class="f12 m">{mark.state === 'standing' ? mark.parameters.join(comma()) : t(`mark_is_${mark.state}`)}</span>
                            </td>
                            <td>{where(mark)}</td>
                            <td class="nw">
                                {mark.time_label}
                                {mark.end === null && mark.state === 'standing' && (
                                    <label class="row f12" style={{ gap: 4 }}>
                                        {t('markUntil')}
                                        <input type="date" name={`end-${mark.id}`} onChange={(event) => end(mark, event.currentTarget.value)} />
                                    </label>
                                )}
                            </td>
                            <td>
                                {mark.reason} <span class="f12 m">{mark.note ?? ''}</span>
                            </td>
                            <td class="nw">{mark.document ?? '—'}</td>
                            <td class="nw">
                                {mark.by} <span class="f12 m">{brief(Date.parse(mark.at), now.value)}</span>
                            </td>
                            <td class="r">
                                {taking === mark.id && <input type="text" name={`why-${mark.id}`} aria-label={t('whyWithdrawn')} placeholder={t('whyWithdrawn')} value={why} onInput={(event) => setWhy(event.currentTarget.value)} />}
                                {mark.state !== 'withdrawn' && (
                                    <button type="button" class={taking === mark.id ? 'btn sm p' : 'btn q sm'} disabled={taking === mark.id && why.trim() === ''} onClick={() => withdraw(mark)}>
                                        {t(taking === mark.id ? 'withdrawSure' : 'withdrawMark')}
                                    </button>
                                )}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
