import { describe, expect, it } from 'vitest';
import { above, branchesOf, drawn, type Link } from '../../src/model/waters';

const link = (site: string, water: string, downstream: string | null, mouthKm: number | null = null, bank: Link['bank'] = null): Link => ({ site, water, downstream, mouthKm, bank });
/** The waters of Yuncheng. */
const yuncheng = [
    link('hejindaqiao', '汾河', 'miaoqiancun'),
    link('longmen', '黄河', 'sanmenxiashuiku'),
    link('miaoqiancun', '汾河', 'sanmenxiashuiku', 98, 'left'),
    link('nanshan', '小浪底水库', 'xiaolangdi'),
    link('sanmenxiashuiku', '三门峡水库', 'nanshan'),
    link('shangbocheng', '亳清河', 'nanshan', 383, 'left'),
    link('shangpingwang', '汾河', 'hejindaqiao'),
    link('tongguandiaoqiao', '渭河', 'sanmenxiashuiku', 205, 'right'),
    link('wangqiancun', '北洛河', 'tongguandiaoqiao', null, 'left'),
    link('xiaohancun', '浍河', 'hejindaqiao', null, 'left'),
    link('xiaolangdi', '黄河', null),
    link('zhangliuzhuang', '涑水河', 'sanmenxiashuiku', 187, 'left'),
];

describe('the waters', () => {
    it('have a stem, and tributaries in the order in which they join', () => {
        const [stem, ...others] = branchesOf(yuncheng);
        expect(others).toEqual([]);
        expect(stem!.name).toBe('黄河');
        expect(stem!.sections).toEqual(['longmen', 'sanmenxiashuiku', 'nanshan', 'xiaolangdi']);
        expect(stem!.joins.map(({ above: place, branch }) => [stem!.sections[place], branch.name, branch.bank])).toEqual([
            ['sanmenxiashuiku', '汾河', 'left'],
            ['sanmenxiashuiku', '涑水河', 'left'],
            ['sanmenxiashuiku', '渭河', 'right'],
            ['nanshan', '亳清河', 'left'],
        ]);
        const fen = stem!.joins[0]!.branch;
        expect(fen.sections).toEqual(['shangpingwang', 'hejindaqiao', 'miaoqiancun']);
        expect(fen.joins.map(({ above: place, branch }) => [place, branch.sections])).toEqual([[1, ['xiaohancun']]]);
        expect(above(new Map(yuncheng.map((one) => [one.site, one])), 'hejindaqiao').sort()).toEqual(['shangpingwang', 'xiaohancun']);
    });

    it('are drawn with every section once, with the water from left to right, no two in one place', () => {
        const drawing = drawn(branchesOf(yuncheng)[0]!);
        expect(drawing.nodes.map((node) => node.site).sort()).toEqual(yuncheng.map((one) => one.site));
        const at = new Map(drawing.nodes.map((node) => [node.site, node]));
        for (const one of yuncheng) if (one.downstream) expect(at.get(one.site)!.x, one.site).toBeLessThan(at.get(one.downstream)!.x);
        for (const a of drawing.nodes) for (const b of drawing.nodes) if (a !== b && a.row === b.row) expect(Math.abs(a.x - b.x), `${a.site} ${b.site}`).toBeGreaterThanOrEqual(0.99);
        // from the left bank from above, from the right bank from below
        const stem = at.get('longmen')!.row;
        expect(at.get('zhangliuzhuang')!.row).toBeLessThan(stem);
        expect(at.get('tongguandiaoqiao')!.row).toBeGreaterThan(stem);
        expect(drawing.confluences).toHaveLength(6);
        // a colour ends at the confluence
        const first = drawing.reaches.find((reach) => reach.of === 'longmen')!;
        expect(first.points[1]![0]).toBeLessThan(at.get('sanmenxiashuiku')!.x);
        expect(drawing.reaches.some((reach) => reach.of === null && reach.points.at(-1)![0] === at.get('sanmenxiashuiku')!.x)).toBe(true);
        for (const node of drawing.nodes) {
            expect(node.x).toBeGreaterThan(0);
            expect(node.row).toBeGreaterThanOrEqual(0);
        }
    });

    it('of which nothing is told are in no drawing', () => {
        expect(branchesOf([link('a', '甲', null), link('b', '乙', 'nowhere')])).toEqual([]);
    });
});
