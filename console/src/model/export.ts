import type { SeriesRecord } from '../api/readings';
import { iso } from './time';

export interface Taken {
    id: string;
    name: string;
    records: SeriesRecord[];
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** Records of several sites as one table, a value a line, in the columns that the service takes in; times in Beijing with their offset. Begins with the
 * mark that has spreadsheets read it as UTF-8. */
export function longCsv(taken: Taken[], unitOf: (parameter: string) => string): string {
    const lines = ['site,name,time,interval,status,parameter,value,unit,flag'];
    for (const { id, name, records } of taken)
        for (const record of records)
            for (const [parameter, value] of Object.entries(record.values)) {
                const flag = record.flags?.[parameter] ?? (value === null ? '' : 'N');
                lines.push([id, cell(name), iso(Date.parse(record.time)), record.interval, record.status, parameter, value === null ? '' : String(value), unitOf(parameter), flag].join(','));
            }
    return `\ufeff${lines.join('\r\n')}\r\n`;
}

export const longJson = (taken: Taken[]): string => JSON.stringify({ sites: taken.map(({ id, name, records }) => ({ site: id, name, records })) });
