import { useState } from 'preact/hooks';
import { getJson, root, url } from '../../api/http';
import type { SeriesRecord } from '../../api/readings';
import { t, tOr } from '../../i18n';
import { figure } from '../../model/number';
import { formats, itemsUrl, recordsOf } from '../../model/formats';
import { isAir, type Site } from '../../model/site';
import { iso, stamp } from '../../model/time';
import { basket, inBasket } from '../../state/basket';
import { mayAct, now, parameterName, parameterUnit } from '../../state/network';
import { unitText } from '../../model/number';
import { Disc } from '../../ui/disc';
import { FormatChoice, Icon } from '../../ui/parts';

interface Frame {
    frames: { received_at: string; raw?: string; text?: string; disposition?: string }[];
}

const first = 24;
const recordFormats = ['CSV', 'JSON', 'GeoJSON', 'Excel', 'GeoPackage', 'FlatGeobuf', 'Shapefile'] as const;
type RecordFormat = (typeof recordFormats)[number];

/** The raw records of the range, newest first, and the ways to take them along. */
export function Records({ site, records, items, from, to }: { site: Site; records: SeriesRecord[]; items: string[]; from: number; to: number }) {
    const [all, setAll] = useState(false);
    const [format, setFormat] = useState<RecordFormat>('CSV');
    const [copied, setCopied] = useState(false);
    const [raw, setRaw] = useState<{ time: string; text: string } | null>(null);
    const newest = [...records].reverse();
    const shown = all ? newest : newest.slice(0, first);
    const others = [...new Set(records.flatMap((record) => Object.keys(record.values)))].filter((item) => !items.includes(item));
    const columns = [...items, ...others].slice(0, 9);
    const datetime = `${iso(from)}/${iso(to)}`;
    const path =
        format === 'CSV' || format === 'JSON'
            ? url(`/api/v1/sites/${encodeURIComponent(site.id)}/readings`, { datetime, limit: format === 'CSV' ? null : 10000, f: format.toLowerCase() })
            : itemsUrl(recordsOf(site), format, { site: site.id, datetime });
    const frame = async (record: SeriesRecord) => {
        if (raw?.time === record.time) return setRaw(null);
        try {
            const got = await getJson<Frame>(url(`/api/v1/sites/${encodeURIComponent(site.id)}/readings/${encodeURIComponent(record.time)}/raw`, { interval: record.interval }));
            setRaw({ time: record.time, text: got.frames.map((one) => one.raw ?? one.text ?? JSON.stringify(one)).join('\n') || t('none') });
        } catch (error) {
            setRaw({ time: record.time, text: error instanceof Error && error.message ? error.message : t('none') });
        }
    };
    return (
        <section class="card recs">
            <div class="row wrap pad">
                <h2 class="sec">
                    <b>{t('records')}</b> {t('recordsHint', { n: shown.length, all: records.length })}
                </h2>
                <span class="grow" />
                <FormatChoice format={format} of={recordFormats} choose={setFormat} />
                <a class="btn sm" href={root + path} download={`${site.id}.${format === 'JSON' ? 'json' : formats[format].ending}`}>
                    <Icon of="download" size={14} /> {t('download')}
                </a>
                <button type="button" class="btn sm" aria-pressed={basket.value.has(site.id)} onClick={() => inBasket([site.id], !basket.value.has(site.id))}>
                    {t('basket')} {basket.value.size > 0 ? basket.value.size : ''}
                </button>
                <button type="button" class="btn sm" onClick={() => void navigator.clipboard?.writeText(location.origin + root + path).then(() => setCopied(true))}>
                    <Icon of="link" size={14} /> {t(copied ? 'copied' : 'copyUrl')}
                </button>
            </div>
            <div class="tw" tabIndex={0} role="region" aria-label={t('records')}>
                <table class="rt">
                    <thead>
                        <tr>
                            <th>{t('timeBeijing')}</th>
                            <th>{t('classWord')}</th>
                            {columns.map((item) => (
                                <th key={item} class="r">
                                    {parameterName(item)} <span class="f11">{unitText(parameterUnit(item))}</span>
                                </th>
                            ))}
                            <th class="r">{t('stationStatus')}</th>
                            <th />
                        </tr>
                    </thead>
                    <tbody>
                        {shown.map((record) => (
                            <>
                                <tr key={record.time + record.interval}>
                                    <td class="nw" title={iso(Date.parse(record.time))}>
                                        {stamp(Date.parse(record.time), now.value)} <span class="f11 m">{tOr(`period_${record.interval}`, record.interval)}</span>
                                    </td>
                                    <td>{isAir(site) ? (record.aqi ?? '—') : <Disc letter={record.water_class ?? 0} standing={record.water_class ? 'valid' : 'unjudged'} severity={null} r={7.6} />}</td>
                                    {columns.map((item) => (
                                        <td key={item} class={record.flags?.[item] ? 'r m' : 'r'}>
                                            {figure(record.values[item])}
                                            {record.flags?.[item] ? <sup title={tOr(`flag_${record.flags[item]}`, record.flags[item]!)}>{record.flags[item]}</sup> : ''}
                                        </td>
                                    ))}
                                    <td class="r s">{tOr(`status_${record.status}`, record.status)}</td>
                                    <td class="r">
                                        {mayAct.value && (
                                            <button type="button" class="btn q sm" aria-expanded={raw?.time === record.time} onClick={() => void frame(record)}>
                                                {t('rawFrame')}
                                            </button>
                                        )}
                                    </td>
                                </tr>
                                {raw?.time === record.time && (
                                    <tr>
                                        <td colSpan={columns.length + 4}>
                                            <pre class="raw">{raw.text}</pre>
                                        </td>
                                    </tr>
                                )}
                            </>
                        ))}
                    </tbody>
                </table>
            </div>
            {!all && newest.length > first && (
                <button type="button" class="btn q" onClick={() => setAll(true)}>
                    {t('view_all')} {newest.length}
                </button>
            )}
        </section>
    );
}
