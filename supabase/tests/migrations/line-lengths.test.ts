import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../schemas/', import.meta.url);

test('no line of supabase/schemas is longer than 120 columns', () => {
  const files = globSync('**/*.sql', { cwd: folder });
  expect(files.length).toBeGreaterThan(100);
  const long = files.flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split('\n')
      .flatMap((line, n) => (line.length > 120 ? [`${file}:${n + 1}`] : [])),
  );
  expect(long).toEqual([]);
});
