import type { Link } from '../model/waters';
import { getJson } from './http';

interface Section {
    site: string;
    water_body: string | null;
    downstream: string | null;
    mouth_km: number | null;
    mouth_bank: 'left' | 'right' | null;
}

/** In which order the waters pass the sections. */
export async function waters(): Promise<Map<string, Link>> {
    const { sections } = await getJson<{ sections: Section[] }>('/api/v1/waters');
    return new Map(sections.map((one) => [one.site, { site: one.site, water: one.water_body, downstream: one.downstream, mouthKm: one.mouth_km, bank: one.mouth_bank }]));
}
