import { defineConfig } from 'vitest/config';

/* A real browser and the real service with the real demonstration: one after the other, on free ports. */
export default defineConfig({
    test: { include: ['tests/browser/**/*.test.ts'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000, retry: 0 },
});
