import type { AdoptionRule, AdoptionUser, VisibleRun } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { Adoption, AdoptionResult } from '@runledger/monitor';
import { createAdopter } from '@runledger/monitor';
import { pino } from 'pino';
import { adoptionLine, adoptSummary } from './adopt-view.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { onlyNamespace } from './run-command.ts';
import { ago, DAY_MS, parseTime } from './time-option.ts';

/** Runs in one call; a page of 1,000 is expensive for Temporal. */
const PAGE = 200;

interface AdoptOptions extends CommonOptions {
  from?: string;
  dryRun?: boolean;
  type?: string;
  queue?: string;
  user?: string;
  userFromSearchAttribute?: string;
  userFromMemo?: string;
}

export function addAdopt({ command, run }: Registry): void {
  command('adopt', {
    description:
      'Makes executions of runs that were started past the API: by schedules, the command line, other services.',
    examples: [
      'runledger adopt --dry-run --type order --queue orders --user-from-memo userId',
      'runledger adopt --from 7d --type order --user-from-search-attribute CustomerId',
      'runledger adopt --from 2026-11-01T00:00:00Z --type report --user 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f',
    ],
  })
    .option(
      '--from <time>',
      'started since: a time (2026-11-01T00:00:00Z) or so long ago (90m, 12h, 7d)',
      parseTime,
      ago(DAY_MS),
    )
    .option('--dry-run', 'only show what would be adopted')
    .option('--type <type>', 'only runs of this Temporal workflow type')
    .option('--queue <queue>', 'only runs of this task queue')
    .option('--user <id>', 'they belong to this user')
    .option('--user-from-search-attribute <name>', 'they belong to the user that this search attribute names')
    .option('--user-from-memo <key>', 'they belong to the user that this field of the memo names')
    .action((options: AdoptOptions) => run(options, (context) => adopt(context, options)));
}

/** A finding where a run could not be adopted for want of its user or workflow. */
async function adopt(context: CommandContext, options: AdoptOptions): Promise<ExitCode> {
  const { connections, terminal, json } = context;
  const namespace = onlyNamespace(context);
  const { dryRun = false, from = ago(DAY_MS) } = options;
  const rule = ruleOf(options);
  const adopter = createAdopter({ ...connections, rules: [rule], namespace, logger: pino({ level: 'silent' }) });
  const results = new Map<AdoptionResult, number>();
  const kept: Adoption[] = [];
  let listed = 0;

  for await (const runs of pages(context, from)) {
    listed += runs.length;
    const matching = runs.filter((run) => matchesRule(rule, run));
    for (const adoption of await consider(matching)) {
      results.set(adoption.result, (results.get(adoption.result) ?? 0) + 1);
      if (adoption.result === 'known') continue;
      if (json) kept.push(adoption);
      else terminal.print(adoptionLine(adoption, terminal));
    }
    terminal.progress(`${listed} runs listed`);
  }

  /** What the ledger knows need not be asked about. */
  async function consider(runs: VisibleRun[]): Promise<Adoption[]> {
    const found = await connections.ledger.findRuns(
      namespace,
      runs.map(({ temporalWorkflowId, runId }) => ({ temporalWorkflowId, runId })),
    );
    const strangers = runs.filter((_, at) => !found[at]?.isKnown);
    const known = runs.flatMap((run, at): Adoption[] =>
      found[at]?.isKnown
        ? [{ run, userId: null, result: 'known', executionId: found[at].execution?.executionId ?? null }]
        : [],
    );
    return [...known, ...(await adopter.consider(strangers, { dryRun }))];
  }

  terminal.progress(null);
  if (json) terminal.json({ namespace, from, dryRun, listed, results: Object.fromEntries(results), runs: kept });
  else terminal.print(...adoptSummary({ results, listed, from, dryRun }, terminal));
  const isStuck = (['unknown_user', 'unknown_workflow', 'no_user', 'refused'] as const).some((result) =>
    results.has(result),
  );
  return isStuck ? EXIT.finding : EXIT.fine;
}

async function* pages({ connections, namespace }: CommandContext, from: string): AsyncGenerator<VisibleRun[]> {
  let pageToken: string | null = null;
  do {
    const page = await connections.visibility.listRuns(
      namespace,
      { by: 'start', from, to: null },
      { pageSize: PAGE, pageToken },
    );
    yield page.runs;
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}

function matchesRule({ workflowType, taskQueue }: AdoptionRule, run: VisibleRun): boolean {
  return (
    (workflowType === undefined || run.workflowType === workflowType) &&
    (taskQueue === undefined || run.taskQueue === taskQueue)
  );
}

/** @throws ExecutionError `invalid_input` unless exactly one option says whose they are */
function ruleOf(options: AdoptOptions): AdoptionRule {
  const { user, userFromSearchAttribute, userFromMemo } = options;
  const users: AdoptionUser[] = [
    ...(user ? [{ userId: user }] : []),
    ...(userFromSearchAttribute ? [{ searchAttribute: userFromSearchAttribute }] : []),
    ...(userFromMemo ? [{ memo: userFromMemo }] : []),
  ];
  const [only] = users;
  if (!only || users.length > 1) {
    throw new ExecutionError(
      'invalid_input',
      'Say whose they are with one of --user, --user-from-search-attribute and --user-from-memo.',
    );
  }
  if (!options.type && !options.queue) {
    throw new ExecutionError('invalid_input', 'Say which runs with --type or --queue, or both.');
  }
  return { workflowType: options.type, taskQueue: options.queue, user: only };
}
