import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const FOLDERS = ['{apps,packages,tools}/*/src/**', 'supabase/tests/**', 'docs', 'scripts'];
const filesNamed = (name: string) => FOLDERS.map((folder) => `${folder}/${name}`);

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: filesNamed('!(*.server).test.{ts,tsx}'),
          // One process reads the modules once for all of its files. What a test changes of the process it puts back.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: filesNamed('*.server.test.ts'),
          // The modules, PGlite above all, are read and compiled once for a process too; a file has servers and databases of its own.
          isolate: false,
          globalSetup: [path('tools/local-stack/src/vitest-global-setup.ts')],
        },
      },
    ],
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
      include: ['packages/execution-service/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/fixtures/**', '**/database.types.ts'],
      thresholds: { lines: 95 },
    },
  },
});
