// Lays app.js.br and app.js.gz beside every text file of dist, for the service to send as they are. Prints what the first map costs.
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
            writeFileSync(path + '.gz', gzipSync(bytes, { level: 9 }));
            sizes.push([path, bytes.length, br.length]);
        }
    }
};
walk('dist');
for (const [path, plain, br] of sizes) console.log(`${path}  ${plain}  br ${br}`);
