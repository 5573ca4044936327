import { useState } from 'preact/hooks';
import { root, url } from '../../api/http';
import { series } from '../../api/readings';
import { t } from '../../i18n';
import { longCsv, longJson, type Taken } from '../../model/export';
import { formats, itemsUrl, recordsOf } from '../../model/formats';
import { date, day, iso, ranges, type Range } from '../../model/time';
import { basket, inBasket } from '../../state/basket';
import { now, parameterUnit, siteName, sites } from '../../state/network';
import { FormatChoice, Icon } from '../../ui/parts';

type Chosen = Range | 'own';

const takenFormats = ['CSV', 'JSON', 'Excel', 'GeoPackage', 'FlatGeobuf', 'Shapefile'] as const;
type TakenFormat = (typeof takenFormats)[number];
type Made = Exclude<TakenFormat, 'CSV' | 'JSON'>;

/** Has the browser keep what an address gives. */
function save(address: string, name: string): void {
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
}

/** What was ticked, for how long, in which form: one file with the records of all of them. */
export function Basket() {
    const chosen = [...basket.value].filter((id) => sites.value.has(id));
    const [range, setRange] = useState<Chosen>('7d');
    const [own, setOwn] = useState<{ from: string; to: string }>({ from: date(now.peek() - 30 * day), to: date(now.peek()) });
    const [format, setFormat] = useState<TakenFormat>('CSV');
    const [done, setDone] = useState<number | null>(null);
    const [said, setSaid] = useState('');
    if (chosen.length === 0) return <p class="f13 m basket">{t('basketEmpty')}</p>;
    const ends = (): [number, number] =>
        range === 'own' ? [Date.parse(`${own.from}T00:00:00+08:00`), Date.parse(`${own.to}T00:00:00+08:00`) + day] : [Math.floor(now.peek() / 60_000) * 60_000 - ranges[range], Math.floor(now.peek() / 60_000) * 60_000];
    /** Of the files that the service makes: one a kind of site. */
    const files = (made: Made): { collection: string; path: string }[] => {
        const [from, to] = ends();
        const ids = new Map<string, string[]>();
        for (const id of chosen) {
            const collection = recordsOf(sites.value.get(id)!);
            ids.set(collection, [...(ids.get(collection) ?? []), id]);
        }
        return [...ids].map(([collection, all]) => ({ collection, path: root + itemsUrl(collection, made, { site: all.join(','), datetime: `${iso(from)}/${iso(to)}` }) }));
    };
    const urls = (): string => {
        const [from, to] = ends();
        if (format !== 'CSV' && format !== 'JSON') return files(format).map(({ path }) => location.origin + path).join('\n');
        return chosen.map((id) => location.origin + root + url(`/api/v1/sites/${encodeURIComponent(id)}/readings`, { datetime: `${iso(from)}/${iso(to)}`, limit: format === 'CSV' ? null : 10000, f: format.toLowerCase() })).join('\n');
    };
    const take = async () => {
        const [from, to] = ends();
        if (!(to > from)) return setSaid(t('rangeWrong'));
        setSaid('');
        if (format !== 'CSV' && format !== 'JSON') {
            for (const { collection, path } of files(format)) save(path, `${collection}-${date(from)}-${date(to - 1)}.${formats[format].ending}`);
            return setSaid(t('beingMade'));
        }
        setDone(0);
        const taken: Taken[] = [];
        try {
            for (const id of chosen) {
                const site = sites.value.get(id)!;
                taken.push({ id, name: siteName(site), records: await series(id, from, to) });
                setDone(taken.length);
            }
            const blob = new Blob([format === 'CSV' ? longCsv(taken, parameterUnit) : longJson(taken)], { type: format === 'CSV' ? 'text/csv;charset=utf-8' : 'application/json' });
            const address = URL.createObjectURL(blob);
            save(address, `readings-${date(from)}-${date(to - 1)}.${format.toLowerCase()}`);
            window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
            setSaid(t('taken', { n: taken.reduce((sum, one) => sum + one.records.length, 0) }));
        } catch (error) {
            setSaid(t('loadFailed', { why: error instanceof Error ? error.message : String(error) }));
        } finally {
            setDone(null);
        }
    };
    return (
        <section class="card basket row wrap" aria-label={t('basket')}>
            <b>{t('basketOf', { n: chosen.length })}</b>
            <div class="seg" role="group" aria-label={t('timeStrip')}>
                {(['24h', '7d', '30d', 'own'] as const).map((one) => (
                    <button key={one} type="button" aria-pressed={range === one} onClick={() => setRange(one)}>
                        {t(one === 'own' ? 'rangeOwn' : `range${one}`)}
                    </button>
                ))}
            </div>
            {range === 'own' && (
                <span class="row">
                    <input type="date" aria-label={t('from')} value={own.from} onInput={(event) => setOwn({ ...own, from: event.currentTarget.value })} />
                    <input type="date" aria-label={t('until')} value={own.to} onInput={(event) => setOwn({ ...own, to: event.currentTarget.value })} />
                </span>
            )}
            <FormatChoice format={format} of={takenFormats} choose={setFormat} />
            <button type="button" class="btn p sm" disabled={done !== null} onClick={() => void take()}>
                <Icon of="download" size={14} /> {done === null ? t('takeRecords') : `${done} / ${chosen.length}`}
            </button>
            <button type="button" class="btn q sm" onClick={() => void navigator.clipboard?.writeText(urls()).then(() => setSaid(t('copied')))}>
                <Icon of="link" size={14} /> {t('copyUrl')}
            </button>
            <span class="f13 s grow" role="status">
                {said}
            </span>
            <button type="button" class="btn q sm" onClick={() => inBasket(chosen, false)}>
                {t('emptyBasket')}
            </button>
        </section>
    );
}
