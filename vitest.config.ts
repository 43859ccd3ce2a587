import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'supabase'],
    globalSetup: ['packages/local-stack/src/vitest-global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two real servers a file are plenty for two cores.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      include: ['src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/fixtures/**', '**/database.types.ts'],
      thresholds: { 'packages/execution-service/src/**.ts': { lines: 95 } },
    },
  },
});
