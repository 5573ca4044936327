import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../node_modules/maplibre-gl/src');

/** Layers, projections and panels that the console has not: their modules are replaced by empty ones. */
const unused = /\/shaders\/glsl\/(heatmap|heatmap_texture|hillshade|hillshade_prepare|color_relief|terrain|terrain_depth|terrain_coords|sky|atmosphere|_projection_globe|circle|fill_extrusion|fill_extrusion_pattern)\.(fragment|vertex)\.glsl\.g\.ts$/;

const undrawn = /\/webgl\/draw\/draw_(heatmap|hillshade|color_relief|fill_extrusion|circle|sky)\.ts$/;

/**
 * MapLibre from its sources: what page and worker share is one file for both, and what is not used falls out. The ready-made files for a
 * strict policy carry the shared half twice. `virtual:maplibre` exports Map, what starts the worker, and has the worker's address, an ES module of its own.
 */
export function maplibre(): Plugin {
    let worker = '';
    let building = false;
    return {
        name: 'maplibre',
        enforce: 'pre',
        config: () => ({ esbuild: { tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } } } }),
        configResolved: (config) => void (building = config.command === 'build'),
        buildStart() {
            if (building) worker = this.emitFile({ type: 'chunk', id: `${source}/source/worker.ts`, name: 'map-worker' });
        },
        resolveId: (id) => (id === 'virtual:maplibre' ? '\0virtual:maplibre' : null),
        load(id) {
            if (id === '\0virtual:maplibre') {
                const address = building ? `import.meta.ROLLUP_FILE_URL_${worker}` : `new URL('/console/@fs${source}/source/worker.ts', location.href).href`;
                return `import { config } from '${source}/util/config.ts';\nexport { Map } from '${source}/ui/map.ts';\nexport { prewarm } from '${source}/util/global_worker_pool.ts';\nconfig.WORKER_URL = ${address};`;
            }
            if (unused.test(id)) return 'export default "uniform float u_none;in vec2 a_pos;void main(){}";';
            if (undrawn.test(id)) return [...readFileSync(id, 'utf8').matchAll(/^export function (\w+)/gm)].map(([, name]) => `export function ${name}() {}`).join('\n');
            if (id.endsWith('/source/vector_tile_mlt.ts')) return 'export class MLTVectorTile {}';
            return null;
        },
        transform(code, id) {
            if (!id.startsWith(source)) return null;
            if (id.endsWith('/util/web_worker.ts')) return replaced(code, 'new Worker(config.WORKER_URL)', "new Worker(config.WORKER_URL, { type: 'module' })");
            if (id.endsWith('/ui/map.ts') || id.endsWith('/src/index.ts')) return code.replace(/import packageJSON from [^;]*;/, `const packageJSON = ${JSON.stringify({ version: (JSON.parse(readFileSync(`${source}/../package.json`, 'utf8')) as { version: string }).version })};`);
            return null;
        },
    };
}

/** MapLibre is pinned: where it reads otherwise than expected, the build has to say so. */
function replaced(code: string, what: string, by: string): string {
    if (!code.includes(what)) throw new Error(`MapLibre does not read as expected: ${what}`);
    return code.replace(what, by);
}
