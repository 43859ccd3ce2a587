/** The page in a real Chromium, over the real stack with real workflows: each promise of it once. */
import { startTcpProxy } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PageFixture } from './page-fixture.ts';
import { startPageFixture } from './page-fixture.ts';
import { actOnOne } from './promises/actions.ts';
import { showNothingOlder } from './promises/after-actions.ts';
import { surviveBrokenParts } from './promises/broken-parts.ts';
import { workByKeys } from './promises/by-keys.ts';
import { needNoPointer } from './promises/by-keys-alone.ts';
import { leadToChildren } from './promises/children.ts';
import { comeAtOnce } from './promises/come-at-once.ts';
import { chooseDensity } from './promises/compact.ts';
import { sayHowExact } from './promises/counted.ts';
import { sayDoubts } from './promises/doubt.ts';
import { doWhatKeysSay } from './promises/each-key.ts';
import { changeOnlyWhatChanged } from './promises/few-changes.ts';
import { fitEverybody } from './promises/fit-everybody.ts';
import { goAnywhere } from './promises/go-to.ts';
import { tellHowFar } from './promises/how-far.ts';
import { tellAllKinds } from './promises/kinds.ts';
import { knowOthersLikeIt } from './promises/like-this.ts';
import { keepManyRows } from './promises/many-rows.ts';
import { takeOddAddresses } from './promises/odd-addresses.ts';
import { drawOddRows } from './promises/odd-rows.ts';
import { liveOnASite } from './promises/on-a-site.ts';
import { shareOneZone } from './promises/one-zone.ts';
import { standOnItsOwn } from './promises/partly.ts';
import type { Scene } from './promises/scene.ts';
import { AN_HOUR, row, settled, start, visit } from './promises/scene.ts';
import { prepareStates } from './promises/states.ts';
import { stayStill } from './promises/stay-still.ts';
import { askTenQuestions, prepareQuestions } from './promises/ten-questions.ts';
import { showWhatWasGiven } from './promises/what-was-given.ts';

let scene: Scene;
let at: PageFixture;
/** What the questions are about takes the monitor a while, and nobody else waits for it. */
let prepared: Promise<void>;
let preparedStates: ReturnType<typeof prepareStates>;

beforeAll(async () => {
  at = await startPageFixture();
  const { run } = await at.as('ada');
  const ids = { failed: '', completed: '', open: '' };
  scene = { at, ...ids };
  await run(at.workflows.creditCheck as string, { applicant: 'Grace', amount: 900 });
  ({ id: scene.failed } = await run(at.workflows.creditCheck as string, { applicant: 'Alan', amount: 250_000 }));
  ({ id: scene.completed } = await run(at.workflows.order as string, { item: 'rye loaf', quantity: 2 }));
  scene.open = await start(scene, 'transcodeVideo', { title: 'keynote', seconds: AN_HOUR });
  prepared = prepareQuestions(scene);
  preparedStates = prepareStates(scene);
  for (const waiting of [prepared, preparedStates]) waiting.catch(() => {});
});
afterAll(() => at?.stop());

describe('signing in', () => {
  test('leads to where one wanted to be, and never off the page', async () => {
    const page = await visit(scene, '/failures?from=-7d');
    await expect.poll(() => page.url()).toBe(`${at.url}/failures?from=-7d`);
    const other = await visit(scene, '/sign-in?next=//example.com/');
    await expect.poll(() => other.url()).toBe(`${at.url}/`);
  });

  test('says what is wrong with a password, and nothing is read before', async () => {
    const context = await at.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${at.url}/executions`);
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password').fill('guess');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Email or password is wrong.').waitFor();
    expect(asked.filter((path) => path.startsWith('/trpc'))).toEqual([]);
  });
});

describe('the list', () => {
  test('is the filter of its address, says what it does not know, and links from its rows', async () => {
    const page = await visit(scene, '/executions?status=failed&colour=red');
    await page.getByText('This link has a filter that this version does not know: colour').waitFor();
    await row(page, scene.failed).getByText('Failed', { exact: true }).waitFor();
    expect(await row(page, scene.completed).count()).toBe(0);
    await page.getByRole('button', { name: /^Remove Status/ }).click();
    await row(page, scene.completed).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.goBack();
    await expect.poll(() => row(page, scene.completed).count()).toBe(0);
  });

  test('has bars of what it shows, where they move no row: by start or by end, under its filter, and none of nothing', async () => {
    const page = await visit(scene, `/executions?status=failed&id=${scene.failed}`);
    const bars = page.locator('figure figcaption');
    await expect.poll(() => bars.textContent()).toMatch(/^Started: 1 execution, 1 of them/);
    await page.goto(`${at.url}/executions?endedFrom=-24h&id=${scene.completed}`);
    await expect.poll(() => bars.textContent()).toMatch(/^Ended: 1 execution, 0 of them/);
    await page.goto(`${at.url}/executions?tag=nobody-has-this`);
    await page.getByRole('paragraph').filter({ hasText: 'tag nobody-has-this' }).waitFor();
    await page.getByText('None started in the last 24 hours.').waitFor();
    expect(await bars.count()).toBe(0);
  });

  test('changes in place: nothing moves, new ones wait, and what no longer fits stays', async () => {
    const page = await visit(scene, '/executions?status=running');
    await row(page, scene.open).waitFor();
    const before = await row(page, scene.open).boundingBox();
    const second = await start(scene, 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await row(page, second).count()).toBe(0);
    const { client } = await at.as('ada');
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, second).waitFor();
    const placed = await row(page, second).boundingBox();
    await client.execution.cancelExecution.mutate({ id: second, reason: 'not needed any more' });
    await row(page, second).getByText('Cancelled', { exact: true }).waitFor();
    await row(page, second).getByText('No longer matches').waitFor();
    expect((await row(page, second).boundingBox())?.y).toBe(placed?.y);
    expect(before).not.toBeNull();
  });

  test('is read by keys alone: down, select, open, and back to where it was', async () => {
    const page = await visit(scene, '/executions');
    await row(page, scene.failed).waitFor();
    const ids = await page
      .locator('tr[data-id]')
      .evaluateAll((rows) => rows.map((one) => (one as unknown as { dataset: { id: string } }).dataset.id));
    for (const key of ['j', 'j', 'x']) await page.keyboard.press(key);
    await page.getByText('1 selected').waitFor();
    expect(await row(page, ids[1] as string).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toBe(`${at.url}/executions/${ids[1]}`);
    await page.getByRole('region', { name: 'Outcome' }).waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => page.url()).toBe(`${at.url}/executions/${ids[2]}`);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).toBe(`${at.url}/executions`);
  });

  test('finds an execution by the id that somebody sent, in the same field as words of an error', async () => {
    const page = await visit(scene, '/executions?status=completed');
    await row(page, scene.completed).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.insertText(scene.completed.toUpperCase());
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('tr[data-id]').count()).toBe(1);
    await row(page, scene.completed).waitFor();
  });

  test('says which part of a filter hides everything, and drops it', async () => {
    const page = await visit(scene, '/executions?status=failed&tag=nobody-has-this');
    await page.getByRole('button', { name: /^Drop “tag nobody-has-this” \(\d+ match\)$/ }).click();
    await row(page, scene.failed).waitFor();
  });

  test('says that it is behind while the API is away, and misses nothing once it is back', async () => {
    const proxy = await startTcpProxy({ target: new URL(at.url).host });
    // The connection that is gone is what the browser complains about.
    const { page, close } = await at.open('/executions', { user: 'grace', url: `http://${proxy.address}` });
    onTestFinished(async () => {
      await close();
      await proxy.stop();
    });
    const { client } = await at.as('grace');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText(/shown, nothing new$/).waitFor();
    proxy.cut();
    await page.getByText(/^Reconnecting since/).waitFor();
    await page.getByText(/the rows below may have moved on/).waitFor();
    const { id } = await client.execution.createExecution.mutate({
      workflowId: at.workflows.order as string,
      input: { item: 'cinnamon roll', quantity: 1 },
    });
    proxy.restore();
    await page.getByText('Live', { exact: true }).waitFor();
    // What came meanwhile is new, and waits as any other.
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, id).getByText('Completed').waitFor();
  });
});

describe('an execution', () => {
  test('says why it ended, how that is known, and what was different the last time it worked', async () => {
    const page = await visit(scene, `/executions/${scene.failed}`);
    await page.getByRole('heading', { name: /The score of Alan does not carry 250000: scoreApplicant/ }).waitFor();
    await page.getByText(/Temporal says so\. Noticed by/).waitFor();
    expect(await page.title()).toBe('✗ Credit check failed – Runledger');
    const compared = page.getByRole('region', { name: 'Against the last success' });
    await compared.getByText('They part at scoreApplicant.').waitFor();
    await compared.getByText('amount').waitFor();
    await page.getByRole('region', { name: 'What the ledger saw' }).getByText('Asked for by you').waitFor();
    await page.getByRole('region', { name: 'Input' }).getByText('"Alan"').waitFor();
    const alike = page.getByRole('region', { name: 'Outcome' }).locator('a.figure');
    const count = Number(await alike.textContent());
    await alike.click();
    await row(page, scene.failed).waitFor();
    await expect.poll(() => page.locator('tr[data-id]').count()).toBe(count);
  });

  test('tells what its workflow says of a step', async () => {
    const page = await visit(scene, `/executions/${scene.failed}`);
    await page.getByRole('region', { name: 'scoreApplicant' }).getByText('What the applicant can carry').waitFor();
  });

  test('is shown as it ends, without a reload', async () => {
    const id = await start(scene, 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR });
    const page = await visit(scene, `/executions/${id}`);
    await page.getByRole('heading', { name: /^Running for/ }).waitFor();
    await page.getByRole('region', { name: 'Outcome' }).getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog');
    // What does nothing is what Enter does.
    expect(
      await dialog
        .getByRole('button', { name: 'Keep it running' })
        .evaluate((button) => (button as unknown as { matches(selector: string): boolean }).matches(':focus')),
    ).toBe(true);
    await dialog.getByLabel('Why (optional)').fill('a test is over');
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'Cancelled by you: a test is over' }).waitFor();
    expect(await page.title()).toContain('cancelled');
  });

  test('of somebody else is no other than one that is not there', async () => {
    const texts = [];
    for (const id of [scene.failed, '01939c5e-0000-7000-8000-000000000001']) {
      const { page, close } = await at.open(`/executions/${id}`, { user: 'linus' });
      // It may be read once more, as whatever could not be.
      let text: string | null = null;
      await expect
        .poll(async () => {
          text = await page.getByRole('main').textContent();
          return text;
        })
        .toMatch(/^There is no such execution, or it is not yours to see/);
      texts.push(text);
      await close();
    }
    expect(texts[0]).toBe(texts[1]);
  });

  test('that is not there is not read once more before the eyes of the reader', async () => {
    const { page, close } = await at.open('/failures');
    await page.addInitScript(`
      globalThis.seen = [];
      new MutationObserver(() => {
        const text = document.querySelector('main')?.textContent ?? '';
        const is = ['There is no such execution', 'Reading the execution'].find((one) => text.includes(one));
        if (is && is !== globalThis.seen.at(-1)) globalThis.seen.push(is);
      }).observe(document, { subtree: true, childList: true, characterData: true });
    `);
    await page.goto(`${at.url}/executions/01939c5e-0000-7000-8000-000000000001`);
    await page.getByText('There is no such execution, or it is not yours to see').waitFor();
    await settled(page);
    const again = page.waitForResponse((answer) => answer.url().includes('getExecution'));
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await again;
    await settled(page);
    expect(await page.evaluate('globalThis.seen.at(-1)')).toBe('There is no such execution');
    expect(await page.evaluate("globalThis.seen.filter((one) => one.startsWith('There')).length")).toBe(1);
    await close();
  });
});

describe('what fails', () => {
  test('is one kind by its cause; all of it runs again after a preview, with an answer each that a reload keeps', async () => {
    const page = await visit(scene, '/failures');
    await page.getByRole('link', { name: /the score of Alan does not carry/ }).click();
    await page.getByRole('button', { name: /^Rerun/ }).click();
    await page
      .getByRole('dialog')
      .getByText(/There (are|is) \d+\./)
      .waitFor();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Rerun \d/ })
      .click();
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /^runs as …/ })
      .first()
      .waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Rerun/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /^runs as …/ })
      .first()
      .click();
    await page.getByText('Rerun of').waitFor();
  });

  test('is told by its name in the list that it leads to, and what one was answered is not kept for the next in the same tab', async () => {
    const input = { applicant: 'Edsger', amount: 990_000 };
    for (const user of ['ada', 'grace'] as const)
      await (await at.as(user)).run(at.workflows.creditCheck as string, input);
    const page = await visit(scene, '/failures');
    const leave = async (name: string) => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      // Which is opened anew.
      await page.waitForURL(`${at.url}/sign-in`);
      await page.getByRole('button', { name: `Continue as ${name}` }).click();
      await page.getByRole('banner').waitFor();
    };
    const openKind = async () => {
      await page.goto(`${at.url}/failures`);
      await page.getByRole('link', { name: /the score of Edsger does not carry/ }).click();
      await page.getByRole('button', { name: /^Rerun/ }).click();
    };
    const dialog = page.getByRole('dialog');
    await openKind();
    await dialog.getByRole('button', { name: /^Rerun \d/ }).click();
    await dialog.getByRole('link', { name: /^runs as …/ }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await leave('grace');
    await openKind();
    await dialog.getByText('There is 1.').waitFor();
    await dialog.getByRole('button', { name: 'Leave them' }).click();
    await page.getByRole('link', { name: 'Show all' }).click();
    await page
      .getByRole('button', { name: /Kind of failure the score of Edsger does not carry/ })
      .first()
      .waitFor();
  });
});

test('what was run again although its answer was lost is not run again by asking again', async () => {
  const { page, close } = await at.open('/executions?status=completed');
  onTestFinished(close);
  let isLost = false;
  await page.route('**/execution.rerunExecutions*', async (route) => {
    if (isLost) return route.continue();
    isLost = true;
    await route.fetch();
    await route.abort();
  });
  await row(page, scene.completed).getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Rerun…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Rerun', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Rerun', exact: true }).click();
  await dialog.getByRole('link', { name: /^runs as …/ }).waitFor();
  const { client } = await at.as('ada');
  const { requests } = await client.execution.getRequests.query({ id: scene.completed });
  expect(new Set(requests.map(({ rerunId }) => rerunId)).size).toBe(1);
});

describe('starting', () => {
  test('has a form of the schema that says what is wrong with a field, and the same as JSON', async () => {
    const page = await visit(scene, `/workflows/${at.workflows.order}/start`);
    await page.getByLabel('quantity').fill('0');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page
      .getByText(/must be >= 1|at least 1|less than/i)
      .first()
      .waitFor();
    await page.getByLabel('quantity').fill('3');
    await page.getByRole('button', { name: 'As JSON' }).click();
    expect(await page.getByLabel('Input as JSON').inputValue()).toContain('"quantity": 3');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: /^(Running for|Completed)/ }).waitFor();
  });

  test('begins with the input of the execution that is run again', async () => {
    const page = await visit(scene, `/executions/${scene.completed}`);
    await page.getByRole('link', { name: 'Rerun…' }).click();
    expect(await page.getByLabel('item').inputValue()).toBe('rye loaf');
  });
});

test('an id that somebody sent is found from anywhere', async () => {
  const page = await visit(scene, '/workflows');
  await page.getByRole('heading', { name: 'Workflows' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('dialog input:focus').waitFor();
  await page.keyboard.type(scene.failed);
  await page.getByRole('option', { name: /Credit check/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toBe(`${at.url}/executions/${scene.failed}`);
});

test('an operator sees everybody’s executions with their names, or only their own', async () => {
  const { page, complaints, close } = await at.openAsOperator('/executions');
  onTestFinished(close);
  await row(page, scene.failed).getByText('Ada', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'System' }).waitFor();
  await page.getByRole('combobox', { name: /^Shown/ }).selectOption('caller');
  await page.getByText('No execution so far').waitFor();
  expect(complaints).toEqual([]);
});

test('how often a failure hit a user is a link to those executions, for operators', async () => {
  const { page, complaints, close } = await at.openAsOperator('/failures');
  onTestFinished(close);
  await page.getByRole('link', { name: /the score of Alan does not carry/ }).click();
  const hit = page.getByRole('region', { name: 'Users hit' }).locator('a.figure').first();
  const count = Number(await hit.textContent());
  await hit.click();
  await expect.poll(() => page.locator('tr[data-id]').count()).toBe(count);
  await page
    .getByRole('button', { name: /User Ada/ })
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
});

test('an operator sees how well each namespace is followed; a user is not even asked about', async () => {
  const { page, complaints, close } = await at.openAsOperator('/system');
  onTestFinished(close);
  const namespace = page.getByRole('region', { name: 'Namespace default' });
  await namespace.getByText(/^0 of \d+ differ$/).waitFor();
  for (const fact of ['Period reached', 'Steps still to be read', 'Feed of changes', 'Long polls'])
    await namespace.getByText(fact, { exact: true }).waitFor();
  await namespace.getByRole('row', { name: /^Long poll/ }).waitFor();
  expect(complaints).toEqual([]);
  const asked: string[] = [];
  const own = await visit(scene, '/');
  own.on('request', (request) => asked.push(request.url()));
  await own.getByRole('link', { name: 'Proof' }).click();
  await own.getByText('Oldest check', { exact: true }).waitFor();
  await own.getByText('follows what is open').waitFor();
  expect(asked.filter((url) => url.includes('getNamespaces'))).toEqual([]);
  expect(await own.getByText(/^Namespace/).count()).toBe(0);
});

test('a list that is kept under a name is there again, and says when it was changed', async () => {
  const page = await visit(scene, '/executions?status=failed&sort=-took');
  await row(page, scene.failed).waitFor();
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByLabel('Name').fill('Slowest failures');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const link = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Slowest failures' });
  await link.waitFor();
  await page.getByRole('button', { name: /^Remove Status/ }).click();
  await page.getByRole('button', { name: 'Slowest failures, changed' }).waitFor();
  await link.click();
  await page.getByRole('button', { name: 'Slowest failures', exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get('status')).toBe('failed');
});

test('every number of the overview is a link to the rows that it counted', async () => {
  const page = await visit(scene, '/');
  const sentence = page.getByRole('heading', { level: 1 });
  await sentence.getByRole('link').first().waitFor();
  const text = await sentence.getByRole('link').first().textContent();
  await sentence.getByRole('link').first().click();
  // What is on the screen is drawn first, the other rows a moment later.
  await expect.poll(async () => `${await page.locator('tr[data-id]').count()} executions`).toBe(text);
});

askTenQuestions(
  () => scene,
  () => prepared,
);
goAnywhere(() => scene);
comeAtOnce(() => scene);
sayDoubts(
  () => scene,
  () => prepared,
);
stayStill(() => scene);
keepManyRows(() => scene);
sayHowExact(() => scene);
drawOddRows(() => scene);
tellAllKinds(() => scene);
shareOneZone(() => scene);
takeOddAddresses(() => scene);
showNothingOlder(() => scene);
changeOnlyWhatChanged(() => scene);
liveOnASite(() => scene);
surviveBrokenParts(() => scene);
leadToChildren(() => scene);
chooseDensity(
  () => scene,
  () => prepared,
);
showWhatWasGiven(() => scene);
actOnOne(() => scene);
tellHowFar(() => scene);
standOnItsOwn(() => scene);
knowOthersLikeIt(
  () => scene,
  () => prepared,
);
workByKeys(() => scene);
needNoPointer(() => scene);
doWhatKeysSay(() => scene);
fitEverybody(
  () => scene,
  async () => (await Promise.all([preparedStates, prepared]))[0],
);
