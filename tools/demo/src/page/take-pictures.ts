/** Pictures of the page in `docs/images`, of the real stack with the demo's workflows: `node tools/demo/src/page/take-pictures.ts`. */
import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEMO_WORKFLOWS } from '../definitions.ts';
import { startPageFixture } from './page-fixture.ts';
import { writeSheet } from './pictures/contact-sheet.ts';
import { takeStates } from './pictures/page-states.ts';
import { shortenPaths } from './pictures/shorten-paths.ts';

const FOLDER = fileURLToPath(new URL('../../../../docs/images/', import.meta.url));
/** Whatever the page reads has come, and what has changed is no longer tinted. */
const SETTLED_MS = 2_500;
const MANY = 120;

await mkdir(FOLDER, { recursive: true });
const at = await startPageFixture();
try {
  const { client, run, userId } = await at.as('ada');
  // More than a list reads at once; they are older than what is looked at.
  for (const id of await at.record(userId, MANY)) await at.finish(id);
  for (const { definition, inputs } of DEMO_WORKFLOWS)
    for (const input of [...inputs, ...inputs])
      await run(at.workflows[definition.workflowType as string] as string, input);
  const { id: failed } = await run(at.workflows.creditCheck as string, { applicant: 'Alan', amount: 250_000 });
  await client.execution.createExecution.mutate({
    workflowId: at.workflows.transcodeVideo as string,
    input: { title: 'keynote', seconds: 3_600 },
  });
  const stuck = await at.startStuck('ada');
  while ((await client.execution.getExecution.query({ id: stuck })).health?.health !== 'wedged')
    await setTimeout(SETTLED_MS);
  // The states of every page first: linus has started nothing so far, and grace one that failed.
  const { run: runAsGrace } = await at.as('grace');
  const { id: only } = await runAsGrace(at.workflows.creditCheck as string, { applicant: 'Alan', amount: 250_000 });
  const nobody = '00000000-0000-7000-8000-000000000000';
  const { groups } = await client.execution.getFailureGroups.query({ from: '-24h' });
  const executionOf = { ada: failed, grace: only, linus: nobody };
  const sheets = await takeStates(at, (user) => ({
    overview: '/',
    executions: '/executions',
    execution: `/executions/${executionOf[user]}`,
    failures: '/failures',
    failure: `/failures/${groups[0]?.failureGroup}`,
    workflows: '/workflows',
    workflow: `/workflows/${at.workflows.order}`,
    start: `/workflows/${at.workflows.order}/start`,
    system: '/system',
  }));
  for (const [name, tiles] of sheets) await writeSheet(at.browser, `${FOLDER}states-${name}.webp`, tiles);

  const pages: Record<string, string> = {
    overview: '/',
    executions: '/executions',
    'nothing-found': '/executions?status=failed&tag=vip',
    execution: `/executions/${failed}`,
    failures: '/failures',
    stuck: `/executions/${stuck}`,
    workflow: `/workflows/${at.workflows.order}`,
    start: `/workflows/${at.workflows.order}/start`,
  };
  const kinds = {
    light: { colorScheme: 'light', viewport: { width: 1_280, height: 800 } },
    dark: { colorScheme: 'dark', viewport: { width: 1_280, height: 800 } },
    narrow: { colorScheme: 'light', viewport: { width: 390, height: 780 } },
  } as const;
  for (const [kind, options] of Object.entries(kinds)) {
    const { page, close } = await at.open('/', options);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(at.url + path);
      await page.waitForTimeout(SETTLED_MS);
      await shortenPaths(page);
      await page.screenshot({ path: `${FOLDER}${name}-${kind}.png` });
    }
    await close();
  }
  // What operators alone see, in place of what users see of it.
  const { page, close } = await at.openAsOperator('/system');
  await page.getByRole('region', { name: 'Namespace default' }).waitFor();
  for (const [kind, { colorScheme, viewport }] of Object.entries(kinds)) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.waitForTimeout(SETTLED_MS);
    await page.screenshot({ path: `${FOLDER}system-${kind}.png`, fullPage: true });
  }
  await close();
} finally {
  await at.stop();
}
