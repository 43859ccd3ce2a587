import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const projects = [
  ...['packages', 'apps', 'tools'].flatMap((folder) =>
    readdirSync(path(folder)).map((name) => ({ root: `${folder}/${name}`, name })),
  ),
  { root: 'supabase/tests', name: 'database' },
  { root: 'docs', name: 'documents' },
  { root: 'scripts', name: 'scripts' },
];

export default defineConfig({
  test: {
    // Each inherits what stands below; a project that is only named by its folder would not.
    projects: projects.map(({ root, name }) => ({
      extends: true as const,
      root: path(root),
      test: { name: `@runledger/${name}` },
    })),
    globalSetup: [path('tools/local-stack/src/vitest-global-setup.ts')],
    // A test ends when it has seen what it waits for. These only end one that never will, on a machine that does much else too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Below those, so that a poll that fails says what it saw last. Its default is one second.
    expect: { poll: { timeout: 240_000 } },
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
