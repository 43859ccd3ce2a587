/** The examples with a page: built, served, and used in a real Chromium by two users. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accessibilityFaults, openChromium } from '@runledger/browser';
import { freePort } from '@runledger/local-stack';
import { runInstalled, runScript } from './run-script.ts';
import type { Example } from './servers.ts';
import type { ExampleStack, ExampleUser } from './stack.ts';

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof openChromium>>['newPage']>>;

interface Served {
  url: string;
  /** Of one execution in the list. */
  row: string;
  pictures: string;
}

/** Where pictures of the pages are written, to be looked at. */
const PICTURES = join(import.meta.dirname, '../../../../dist/examples');

const viteReact: Example = async (folder, stack) => {
  await using product = await startProduct(folder, stack);
  await using build = runScript(folder, ['build'], product.variables);
  await build.succeeded();
  const port = `${await freePort()}`;
  const served = { ...product.variables, RUNLEDGER_URL: product.api };
  await using preview = runInstalled(folder, ['vite', 'preview', '--port', port, '--strictPort'], served);
  await preview.written(/Local:/);
  await lookAt({ url: `http://127.0.0.1:${port}`, row: 'tbody tr', pictures: 'vite-react' }, product);
};

const nextT3: Example = async (folder, stack) => {
  await using product = await startProduct(folder, stack);
  const { SUPABASE_URL = '', SUPABASE_ANON_KEY = '' } = product.variables;
  await using build = runScript(folder, ['build'], { SUPABASE_URL, SUPABASE_ANON_KEY });
  await build.succeeded();
  const port = `${await freePort()}`;
  const variables = { ...product.variables, RUNLEDGER_STARTABLE: 'runledger.startable.json' };
  await using next = runInstalled(folder, ['next', 'start', '--hostname', '127.0.0.1', '--port', port], variables);
  await next.written(/Ready in/);
  await lookAt({ url: `http://127.0.0.1:${port}`, row: 'main li', pictures: 'next-t3' }, product, async (page, id) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const html = await (await page.reload())?.text();
    assert.ok(html?.includes(id), 'the server has rendered what it prefetched');
    await page.getByText('Live', { exact: true }).waitFor();
    assert.equal(await page.locator('main li').count(), 1);
    const reads = asked.filter((url) => url.includes('listExecutions'));
    assert.ok(
      reads.length <= 1 && reads.every((url) => url.includes(id)),
      `only what has changed since is read: ${reads}`,
    );
  });
};

/** API, worker, and the example's own worker, beside which the page is served. */
async function startProduct(folder: string, stack: ExampleStack) {
  const variables = await stack.variables();
  const script = runInstalled(folder, ['runledger', 'dev', '--with', 'node temporal/worker.mts'], variables);
  const [, api = ''] = await script.written(/Open +(http:\S+)/);
  const [anna, ben] = await Promise.all([
    stack.signUp(`anna-of-${variables.RUNLEDGER_API_PORT}`),
    stack.signUp(`ben-of-${variables.RUNLEDGER_API_PORT}`),
  ]);
  await anna.defineWorkflow(api);
  return { variables, api, anna, ben, [Symbol.asyncDispose]: () => script[Symbol.asyncDispose]() };
}

/** Anna orders tea and sees it packed; Ben, who signs in after her, sees nothing of it. */
async function lookAt(
  { url, row, pictures }: Served,
  { api, anna, ben }: { api: string; anna: ExampleUser; ben: ExampleUser },
  more: (page: Page, id: string) => Promise<void> = async () => undefined,
): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const browser = await openChromium();
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  const faults: string[] = [];
  const picture = (name: string) => page.screenshot({ path: join(PICTURES, `${pictures}-${name}.png`) });
  try {
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));

    await page.goto(url);
    await signIn(page, anna);
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByRole('button', { name: '1 new' }).click();
    await page.locator(row, { hasText: 'Completed' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /new$/ }).count(), 0, 'what is shown is not new any more');
    await picture('anna');
    assert.deepEqual(await accessibilityFaults(page), []);
    const { items } = await anna.client(api).execution.listExecutions.query();
    assert.equal(items.length, 1);
    await more(page, items[0]?.id as string);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, ben);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.getByText('Live').first().waitFor();
    await picture('ben');
    assert.equal(await page.locator(row, { hasText: 'Completed' }).count(), 0);
    assert.ok(!(await page.content()).includes(items[0]?.id as string), 'Ben’s page has nothing of Anna’s');
    assert.deepEqual(faults, []);
  } catch (error) {
    await picture('failed');
    throw new Error(`Failed as in ${pictures}-failed.png. The page said: ${faults.join('\n')}`, { cause: error });
  } finally {
    await browser.close();
  }
}

async function signIn(page: Page, { email, password }: ExampleUser): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export const PAGES: Readonly<Record<string, Example>> = { 'vite-react': viteReact, 'next-t3': nextT3 };
