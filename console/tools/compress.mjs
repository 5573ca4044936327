// Lays app.js.br and app.js.gz beside every text file of dist, for the service to send as they are. Prints what each costs, and fails where a page
// has become dearer than its design allows: gzip, since browsers ask for nothing better over plain HTTP.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const packed = /\.(html|js|css|svg|json|webmanifest|txt)$/;
const sizes = [];
const walk = (folder) => {
    for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) walk(path);
        else if (packed.test(name)) {
            const bytes = readFileSync(path);
            if (bytes.length < 512) continue;
            const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
            writeFileSync(path + '.br', br);
            const gz = gzipSync(bytes, { level: 9 });
            writeFileSync(path + '.gz', gz);
            sizes.push([path, bytes.length, br.length, gz.length]);
        }
    }
};
walk('dist');
for (const [path, plain, br, gz] of sizes) console.log(`${path}  ${plain}  br ${br}  gzip ${gz}`);
const budgets = [
    ['shell', /\/(index\.html|index-[^/]*\.(js|css))$/, 90_000],
    ['map', /\/(network-map|map-worker|map-shared)-[^/]*\.js$/, 260_000],
    ['charts', /\/plot-[^/]*\.js$/, 185_000],
];
for (const [name, files, most] of budgets) {
    const cost = sizes.filter(([path]) => files.test(path)).reduce((sum, [, , , gz]) => sum + gz, 0);
    console.log(`${name}: ${cost} of ${most} bytes`);
    if (cost === 0 || cost > most) process.exitCode = 1;
}
