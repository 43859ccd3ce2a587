import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('what a frontend’s type checker reads of the client is free of server code', () => {
  const tsc = `${root}/node_modules/.bin/tsc`;
  const files = execFileSync(tsc, ['--listFilesOnly'], { cwd: `${root}/packages/client`, encoding: 'utf8' }).split(
    '\n',
  );
  expect(files.some((file) => file.endsWith('packages/router/src/root.ts'))).toBe(true);
  const server = /@types\/node|@supabase|@temporalio|@hono|packages\/(execution-service|engine|monitor)\//;
  expect(files.filter((file) => server.test(file))).toEqual([]);
});
