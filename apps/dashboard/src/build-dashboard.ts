import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Manifest } from './page-scripts.ts';
import { scriptsOfPages } from './page-scripts.ts';

const ROOT = fileURLToPath(new URL('./page/', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../dist/', import.meta.url));
/** Whatever of the repository the page is made of. */
const SOURCES = [
  'apps/dashboard/src/**/*',
  'packages/client/src/**/*',
  'packages/contracts/src/**/*',
  'pnpm-lock.yaml',
];
const STAMP = '.made-of';
const MANIFEST = 'manifest.json';
/**
 * What every page begins with is one file, and what several pages share are few: a browser takes in six at a time, however small they
 * are. Bytes that a page does not need come with it where that saves a file of less.
 */
const FEW_FILES = [
  { name: 'first', tags: ['$initial' as const], priority: 4 },
  // What all pages share, and what those of many executions share beside that: the page of one does without.
  {
    name: 'all',
    test: /page.(parts.(row-words|source-words|status|states|notice|panel|dialog|menu|numbers|user-name|use-missing|use-link-keys|last-list)|actions.(action-words|ask-about)|shell.page-acts|pages.execution.payload-words)|react.(parts|words|runs|use-read-anew)|icons.(rotate-ccw|clock|copy|download|square|circle-(alert|exclamation-point))\./,
    priority: 3,
  },
  // What is asked before something is done comes once a page has nothing else to do.
  {
    name: 'dialogs',
    test: /page.actions.(action-dialog|ask-first|one-dialogs|rerun-all|several-dialog|use-action)/,
    priority: 2,
  },
  {
    name: 'many',
    test: /page.(parts.(failure-rows|window|bars|use-bar-brush)|pages.executions.filter-words)/,
    priority: 2,
  },
  {
    name: 'parts',
    test: /(dashboard|client|contracts).src|lucide-react/,
    minShareCount: 2,
    entriesAware: true,
    entriesAwareMergeThreshold: 8_000,
    priority: 1,
  },
];
const COMPRESSED = /\.(js|css|html|svg|json)$/;

/** Built once for what it is made of. @returns the folder that the API serves (`RUNLEDGER_DASHBOARD`) */
export async function buildDashboard(): Promise<string> {
  const hash = await hashOfSources();
  if (existsSync(OUTPUT) && (await readFile(join(OUTPUT, STAMP), 'utf8').catch(() => null)) === hash) return OUTPUT;
  // In a process of its own: what it builds depends on NODE_ENV, and its caller has one for itself (a test has `test`).
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), '--anew', hash], { env });
  return OUTPUT;
}

async function buildAnew(hash: string): Promise<void> {
  const { build } = await import('vite');
  const { default: tailwind } = await import('@tailwindcss/vite');
  // Built beside and then moved: whoever serves it meanwhile never has half of it.
  const staging = fileURLToPath(new URL(`../.cache/${process.pid}/`, import.meta.url));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [tailwind()],
    build: {
      outDir: staging,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      manifest: MANIFEST,
      assetsInlineLimit: 0,
      rolldownOptions: { output: { codeSplitting: { groups: FEW_FILES } } },
    },
  });
  await addFirstRequest(staging);
  const manifest = join(staging, MANIFEST);
  const scripts = scriptsOfPages(JSON.parse(await readFile(manifest, 'utf8')) as Manifest);
  await writeFile(join(staging, 'pages.json'), JSON.stringify(scripts));
  await rm(manifest);
  await compress(join(staging, 'assets'));
  await writeFile(join(staging, STAMP), hash);
  await rm(OUTPUT, { recursive: true, force: true });
  // Another process may have been faster, with the same.
  await rename(staging, OUTPUT).catch(() => rm(staging, { recursive: true, force: true }));
}

/** Before the page's own scripts, one that has everything that it needs in itself. */
async function addFirstRequest(staging: string): Promise<void> {
  const { build } = await import('vite');
  const name = 'assets/first-request-[hash].js';
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: staging,
      emptyOutDir: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: join(ROOT, 'first-request.ts'), output: { entryFileNames: name } },
    },
  });
  const [script] = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  if (!script) throw new Error('first-request.ts became no script');
  const page = join(staging, 'index.html');
  const html = await readFile(page, 'utf8');
  const tag = `<script type="module" async crossorigin src="./${script.fileName}"></script>\n    `;
  await writeFile(page, html.replace(/(?=<script )/, tag));
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const files: string[] = [];
  for await (const entry of glob(SOURCES, { cwd: REPOSITORY, withFileTypes: true }))
    if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) files.push(join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(relative(REPOSITORY, file)).update(await readFile(file));
  return hash.digest('hex');
}

/** Beside each file that is worth it, what it is compressed: nobody compresses it while somebody waits. */
async function compress(folder: string): Promise<void> {
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSED.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content, options));
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [flag, hash] = process.argv.slice(2);
  if (flag === '--anew' && hash) await buildAnew(hash);
  else console.log(await buildDashboard());
}
