import type { Site } from '../../model/site';

/** A water with its sections in the order of the water. */
export interface River {
    name: string;
    sections: Site[];
}

/** By the chainage of the layers; sections without stand behind, in the order of their ids. The water with most sections comes first. */
export function riversOf(sites: Site[]): River[] {
    const waters = new Map<string, Site[]>();
    for (const site of sites) {
        const name = site.water ?? site.river?.name ?? '';
        if (name !== '') waters.set(name, [...(waters.get(name) ?? []), site]);
    }
    const along = (site: Site) => site.river?.chainage ?? Infinity;
    return [...waters]
        .map(([name, inside]): River => ({ name, sections: inside.sort((a, b) => along(a) - along(b) || a.id.localeCompare(b.id)) }))
        .sort((a, b) => b.sections.length - a.sections.length || a.name.localeCompare(b.name, 'zh'));
}
