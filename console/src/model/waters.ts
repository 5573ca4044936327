/* The order of the waters: which section the water of each comes to next, and from there a drawing of them, schematic and not to scale. */

export interface Link {
    site: string;
    water: string | null;
    downstream: string | null;
    /** where and from which side it joins the water below it */
    mouthKm: number | null;
    bank: 'left' | 'right' | null;
}

/** A water from its first known section down to where it joins another, or ends. */
export interface Branch {
    name: string;
    sections: string[];
    /** branches that join it, each above the section of this place in `sections`; the first to join first */
    joins: { above: number; branch: Branch }[];
    bank: 'left' | 'right';
}

export const above = (links: Map<string, Link>, site: string): string[] => [...links.values()].filter((link) => link.downstream === site).map((link) => link.site);

/** The waters as trees, the largest first: one for each section whose water comes to no other. Sections of which nothing is known are in none. */
export function branchesOf(links: Link[]): Branch[] {
    const known = new Map(links.map((link) => [link.site, link]));
    const upstream = new Map<string, Link[]>();
    for (const link of links) if (link.downstream !== null && known.has(link.downstream)) upstream.set(link.downstream, [...(upstream.get(link.downstream) ?? []), link]);
    const sizes = new Map<string, number>();
    const sizeOf = (site: string): number => {
        const told = sizes.get(site);
        if (told !== undefined) return told;
        sizes.set(site, 1);
        const size = 1 + (upstream.get(site) ?? []).reduce((sum, link) => sum + sizeOf(link.site), 0);
        sizes.set(site, size);
        return size;
    };
    const holds = (site: string, water: string | null): boolean => known.get(site)?.water === water || (upstream.get(site) ?? []).some((link) => holds(link.site, water));
    const grow = (mouth: string): Branch => {
        const water = known.get(mouth)!.water;
        const sections = [mouth];
        const sides: Link[][] = [];
        for (let at = mouth; ; ) {
            const all = upstream.get(at) ?? [];
            // the stem is the water of that name, also through reservoirs of other names; all else joins it
            const stem = all.filter((link) => holds(link.site, water)).sort((a, b) => sizeOf(b.site) - sizeOf(a.site) || a.site.localeCompare(b.site))[0];
            sides.push(all.filter((link) => link !== stem).sort((a, b) => (a.mouthKm ?? Infinity) - (b.mouthKm ?? Infinity) || a.site.localeCompare(b.site)));
            if (stem === undefined) break;
            at = stem.site;
            sections.push(at);
        }
        sections.reverse();
        sides.reverse();
        const joins = sides.flatMap((side, place) => side.map((link) => ({ above: place, branch: grow(link.site) })));
        return { name: water ?? '', sections, joins, bank: known.get(mouth)!.bank ?? 'left' };
    };
    return links
        .filter((link) => (link.downstream === null || !known.has(link.downstream)) && upstream.has(link.site))
        .sort((a, b) => sizeOf(b.site) - sizeOf(a.site) || a.site.localeCompare(b.site))
        .map((link) => grow(link.site));
}

export interface Node {
    site: string;
    x: number;
    row: number;
}
/** A stretch of water; `of`: the section whose class it carries, null below a confluence. */
export interface Reach {
    of: string | null;
    points: [x: number, row: number][];
    stem: boolean;
}
export interface Drawing {
    nodes: Node[];
    reaches: Reach[];
    names: { name: string; x: number; row: number }[];
    confluences: [x: number, row: number][];
    /** in slots; rows go from the uppermost to the lowest */
    width: number;
    rows: number;
}

/** Slots between the last section of a branch and the place where it joins. */
const run = 1.15;

interface Placed {
    branch: Branch;
    row: number;
    /** of each section, then of the place where the branch ends */
    xs: number[];
    end: number;
    joins: number[];
}

/** From left to right as the water flows; what joins from the left bank comes from above, from the right bank from below. */
export function drawn(stem: Branch): Drawing {
    const placed: Placed[] = [];
    const taken: { row: number; from: number; to: number }[] = [];
    const free = (row: number, from: number, to: number) => taken.every((one) => one.row !== row || one.to <= from || one.from >= to);
    const place = (branch: Branch, row: number, end: number | null, side: number): Placed => {
        // a slot for each section and each confluence, in the order of the water
        const marks: number[] = [];
        const joins: number[] = [];
        let at = 0;
        for (let i = 0; i < branch.sections.length; ++i) {
            for (let j = 0; j < branch.joins.length; ++j) if (branch.joins[j]!.above === i) joins[j] = at++;
            marks.push(at++);
        }
        // a branch ends where it joins: its slots are counted back from there
        const shift = end === null ? 0 : end - run - marks.at(-1)!;
        const made: Placed = { branch, row, xs: marks.map((x) => x + shift), end: end ?? at - 0.3, joins: joins.map((x) => x + shift) };
        taken.push({ row, from: Math.min(made.xs[0]!, ...made.joins) - 0.75, to: made.end });
        placed.push(made);
        branch.joins.forEach((join, i) => {
            const towards = side !== 0 ? side : join.branch.bank === 'right' ? 1 : -1;
            const count = join.branch.sections.length + join.branch.joins.length;
            let next = row + towards;
            while (!free(next, made.joins[i]! - run - count - 0.2, made.joins[i]! - 0.15)) next += towards;
            place(join.branch, next, made.joins[i]!, towards);
        });
        return made;
    };
    place(stem, 0, null, 0);
    const left = Math.min(...taken.map((one) => one.from));
    const top = Math.min(...placed.map((one) => one.row));
    const drawing: Drawing = { nodes: [], reaches: [], names: [], confluences: [], width: Math.max(...placed.map((one) => one.end)) - left + 0.2, rows: Math.max(...placed.map((one) => one.row)) - top + 1 };
    const x = (slot: number) => slot - left;
    for (const one of placed) {
        const row = one.row - top;
        const parent = placed.find((other) => other.branch.joins.some((join) => join.branch === one.branch));
        const stops = [...one.xs.map((at, i) => ({ at, site: one.branch.sections[i]! as string | null })), ...one.joins.map((at) => ({ at, site: null }))].sort((a, b) => a.at - b.at);
        drawing.names.push({ name: one.branch.name, x: x(stops[0]!.at - 0.7), row });
        drawing.nodes.push(...one.xs.map((at, i) => ({ site: one.branch.sections[i]!, x: x(at), row })));
        drawing.confluences.push(...one.joins.map((at): [number, number] => [x(at), row]));
        drawing.reaches.push({ of: null, points: [[x(stops[0]!.at - 0.6), row], [x(stops[0]!.at), row]], stem: one.row === 0 });
        stops.forEach((stop, i) => {
            const next = stops[i + 1];
            const points: [number, number][] = [[x(stop.at), row]];
            if (next !== undefined) points.push([x(next.at), row]);
            else if (parent === undefined) points.push([x(one.end), row]);
            else points.push([x(one.end - 0.6), row], [x(one.end), parent.row - top]);
            drawing.reaches.push({ of: stop.site, points, stem: one.row === 0 });
        });
    }
    return drawing;
}
