import { defineConfig } from 'vitest/config';
import { maplibre } from './tools/maplibre';

// The service serves the folder dist at this path.
export default defineConfig({
    base: '/console/',
    plugins: [maplibre()],
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: {
        target: 'es2022',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1100,
        // hashes that the service knows as such (is_hashed_name): kept by browsers for a year
        rollupOptions: { output: { hashCharacters: 'hex', entryFileNames: 'assets/[name]-[hash:12].js', chunkFileNames: ({ moduleIds }) => (moduleIds.some((id) => id.includes('/maplibre-gl-style-spec/')) ? 'assets/map-shared-[hash:12].js' : 'assets/[name]-[hash:12].js'), assetFileNames: 'assets/[name]-[hash:12][extname]' } },
    },
    // npm run dev: the page as it is written, on the service that runs
    server: { proxy: Object.fromEntries(['/api', '/collections', '/login', '/logout', '/favicon.ico'].map((path) => [path, process.env.YIHONG_URL ?? 'http://127.0.0.1:8080'])) },
    test: { include: ['tests/**/*.test.ts'], exclude: ['tests/browser/**'] },
});
