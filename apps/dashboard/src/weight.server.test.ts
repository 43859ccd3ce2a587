import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildDashboard } from './build-dashboard.ts';

/** Most bytes that a browser takes in, compressed, in KB of 1,000. */
const BUDGETS = { scripts: 130, styles: 12, page: 25, execution: 20, workflow: 30, palette: 20, form: 105, signIn: 30 };
/** How many files a browser takes in at a time from one origin. */
const AT_ONCE = 6;

let folder: string;
let names: string[];
beforeAll(async () => {
  folder = await buildDashboard();
  names = await readdir(join(folder, 'assets'));
});

const sizeOf = async (name: string) => (await stat(join(folder, 'assets', `${name}.gz`))).size / 1_000;
const sum = async (wanted: string[]) => (await Promise.all(wanted.map(sizeOf))).reduce((all, size) => all + size, 0);
const chunk = (name: string) => names.filter((one) => one.startsWith(`${name}-`) && one.endsWith('.js'));

describe('before the first paint a browser takes in', () => {
  const linked = async (kind: string) => {
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    return [...html.matchAll(/assets\/([^"]+)/g)]
      .map(([, name]) => name as string)
      .filter((name) => name.endsWith(kind));
  };

  test('no more scripts than their budget', async () => {
    const scripts = await linked('.js');
    expect(scripts.length).toBeGreaterThan(0);
    expect(await sum(scripts)).toBeLessThanOrEqual(BUDGETS.scripts);
  });

  test('no more styles than theirs', async () => {
    const styles = await linked('.css');
    expect(styles.length).toBeGreaterThan(0);
    expect(await sum(styles)).toBeLessThanOrEqual(BUDGETS.styles);
  });
});

test('a page takes in few more files, within its budget', async () => {
  const pages = JSON.parse(await readFile(join(folder, 'pages.json'), 'utf8')) as Record<string, string[]>;
  const budgets: Record<string, number> = { execution: BUDGETS.execution, workflow: BUDGETS.workflow };
  expect(Object.keys(pages)).toHaveLength(9);
  for (const files of Object.values(pages)) {
    const scripts = files.map((file) => file.replace('assets/', ''));
    const [, name = ''] = /^(\w+)-page-/.exec(scripts[0] ?? '') ?? [];
    expect(await sum(scripts), name).toBeLessThanOrEqual(budgets[name] ?? BUDGETS.page);
    expect(scripts.length, name).toBeLessThanOrEqual(AT_ONCE);
  }
});

test.each([
  ['go-to', 'palette', BUDGETS.palette],
  ['the form of a schema', 'schema-form', BUDGETS.form],
  ['sign-in', 'auth-client', BUDGETS.signIn],
])('%s is taken in when it is needed, within its budget', async (_, name, most) => {
  const chunks = chunk(name);
  expect(chunks).toHaveLength(1);
  expect(await sum(chunks)).toBeLessThanOrEqual(most);
});

test('every file that is worth it lies there compressed', async () => {
  const plain = names.filter((name) => /\.(js|css|svg)$/.test(name));
  expect(plain.filter((name) => !names.includes(`${name}.br`) || !names.includes(`${name}.gz`))).toEqual([]);
});
