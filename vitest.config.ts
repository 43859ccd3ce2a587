import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const FOLDERS = ['{apps,packages,tools}/*/src/**', 'supabase/tests/**', 'deploy/**', 'docs', 'scripts'];
const filesNamed = (name: string) => FOLDERS.map((folder) => `${folder}/${name}`);

/** What takes most of a minute or more, the longest first. */
const LONGEST = [
  'tools/demo/src/page/page',
  'apps/api/src/fuzz',
  'supabase/tests/locking/pairs',
  'tools/bench/src/bench',
  'tools/packaging/src/command',
  'supabase/tests/statistics/statistics',
  'packages/monitor/src/settle/interleavings',
  'tools/packaging/src/examples/examples',
  'tools/packaging/src/peers',
  'tools/demo/src/start',
  'supabase/tests/migrations/host-applications',
  'tools/conformance/src/conformance',
  'supabase/tests/users/follow-users',
  'apps/worker/src/worker',
  'apps/api/src/tenant-matrix',
  'tools/demo/src/supabase-server',
  'packages/engine/src/chain',
  'apps/api/src/openapi/python-client',
  'tools/conformance/src/counting/counting',
  'supabase/tests/lists/page-cost',
  'docs/documents',
  'packages/monitor/src/limits',
  'supabase/tests/limits/quotas-in-parallel',
  'tools/conformance/src/planted/planted-faults',
  'tools/conformance/src/counting/carry-over',
  'supabase/tests/migrations/uninstall',
  'tools/site/src/site',
  // Waits, and keeps nobody from working meanwhile.
  'packages/execution-service/src/time-limits',
].map((name) => path(`${name}.server.test.ts`));
const gone = LONGEST.filter((file) => !existsSync(file));
if (gone.length > 0)
  throw new Error(`vitest.config.ts: there is no ${gone.join(', ')}. Correct the list of the longest tests.`);

/** A long file that begins late keeps the run waiting while a core has nothing to do. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.indexOf(moduleId);
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: filesNamed('!(*.server).test.{ts,tsx}'),
          // One process reads the modules once for all of its files.
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
          // Of the local auth server: a password costs it 1 ms instead of 80. Every other test signs somebody in.
          env: { LITE_AUTH_BCRYPT_COST: '4' },
          globalSetup: [path('tools/local-stack/src/vitest-global-setup.ts')],
        },
      },
    ],
    setupFiles: [path('scripts/give-back.ts')],
    // A test ends when it has seen what it waits for. These only end one that never will, on a machine that does much else too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Below those, so that a poll that fails says what it saw last. Its default is one second.
    expect: { poll: { timeout: 240_000 } },
    // A file waits for its servers half of the time.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongFirst },
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      include: ['packages/execution-service/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/fixtures/**', '**/database.types.ts'],
      thresholds: { lines: 95 },
    },
  },
});
