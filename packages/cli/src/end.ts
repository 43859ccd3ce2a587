import { userInfo } from 'node:os';
import type { RecordResult, TerminalStatus, UnsettledExecution } from '@runledger/contracts';
import { askEngineKnowledge, ExecutionError, isTerminal, TERMINAL_STATUSES } from '@runledger/contracts';
import { Option } from 'commander';
import pMap from 'p-map';
import { ask } from './ask.ts';
import type { Ending } from './end-view.ts';
import { endedLines, endingLines } from './end-view.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { onlyNamespace } from './run-command.ts';
import { parseSpan } from './time-option.ts';

/** Executions read, and ended, in one call. */
const PAGE = 100;
/** Executions that Temporal is asked about at once. */
const CONCURRENCY = 10;

interface EndOptions extends CommonOptions {
  lost?: boolean;
  olderThan?: number;
  as: TerminalStatus;
  reason: string;
  actor?: string;
  yes?: boolean;
}

export function addEnd({ command, run }: Registry): void {
  command('end [ids...]', {
    description:
      'Says how executions ended that Temporal does not know any more, so that they are settled. Temporal is asked about each first; what it knows stays as it is.',
    examples: [
      'runledger end order-42 --as failed --reason "deleted by mistake on 3 May"',
      'runledger end --lost --older-than 30d --as failed --reason "lost with the old cluster"   # lists, and asks',
      'runledger end --lost --older-than 30d --as failed --reason "lost with the old cluster" --yes',
    ],
  })
    .option('--lost', 'every execution that its last check found lost, or that was not started in time')
    .option('--older-than <age>', 'with --lost: only those asked for so long ago (30d, 12h)', parseSpan)
    .addOption(new Option('--as <status>', 'how they ended').choices([...TERMINAL_STATUSES]).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, or how you know; kept with each')
    .option('--actor <name>', 'who says so (default: your user name)')
    .option('-y, --yes', 'without asking')
    .action((ids: string[], options: EndOptions) => run(options, (context) => end(context, ids, options)));
}

/** A finding where something was listed and not ended. */
async function end(context: CommandContext, ids: string[], options: EndOptions): Promise<ExitCode> {
  const { terminal, json } = context;
  if ((ids.length === 0) === !options.lost)
    throw new ExecutionError('invalid_input', 'Name executions, or give --lost for all that are lost; one of the two.');
  if (options.olderThan !== undefined && !options.lost)
    throw new ExecutionError('invalid_input', '--older-than goes with --lost: an execution that is named is meant.');
  const endings = options.lost ? await findLost(context, options.olderThan ?? 0) : await findNamed(context, ids);
  await askTemporal(context, endings);
  terminal.progress(null);

  const endable = endings.filter(({ answer }) => answer === 'endable');
  if (!json && !options.yes) terminal.print(...endingLines(endings, options.as, terminal));
  const isAgreed =
    endable.length > 0 && (options.yes || (!json && (await confirm(context, endable.length, options.as))));
  if (isAgreed) await endAll(context, endable, options);
  if (json) terminal.json({ ended: isAgreed, executions: endings.map(({ row: _, ...ending }) => ending) });
  else if (options.yes || isAgreed) terminal.print(...endedLines(endings, terminal));
  else if (endable.length > 0) terminal.print('', 'Nothing was ended. Add --yes to end them.');
  return exitOf(endings);
}

function exitOf(endings: Ending[]): ExitCode {
  if (endings.some(({ answer }) => answer === 'not_found' || answer === 'direct')) return EXIT.usage;
  return endings.every(({ answer }) => answer === 'ended' || answer === 'settled') ? EXIT.fine : EXIT.finding;
}

async function findNamed({ connections }: CommandContext, ids: string[]): Promise<Ending[]> {
  async function find(id: string): Promise<Ending> {
    const row = (await connections.ledger.story(id))?.followed;
    return row ? endingOf(id, row) : { id, answer: row === null ? 'direct' : 'not_found', row: null, note: null };
  }
  return pMap(new Set(ids), find, { concurrency: CONCURRENCY });
}

async function findLost(context: CommandContext, olderThanMs: number): Promise<Ending[]> {
  const { connections, terminal } = context;
  const namespace = onlyNamespace(context);
  const all = !(await connections.engine.hasNamespace(namespace));
  const endings: Ending[] = [];
  let after: UnsettledExecution | undefined;
  for (;;) {
    const request = { limit: PAGE, olderThanMs, all, ...(after ? { after } : {}) };
    const page = await connections.ledger.lost(namespace, request);
    endings.push(...page.map((row) => endingOf(row.executionId, row)));
    terminal.progress(`${endings.length} found`);
    after = page.at(-1);
    if (!after) return endings;
  }
}

function endingOf(id: string, row: UnsettledExecution): Ending {
  const isSettled = row.authority === 'engine' || row.lostAt !== null;
  return { id, answer: isSettled ? 'settled' : 'endable', row, note: isSettled ? row.status : null };
}

/** What Temporal knows is taken out: it is only lost to a check that is old by now. */
async function askTemporal({ connections, terminal }: CommandContext, endings: Ending[]): Promise<void> {
  let asked = 0;
  const open = endings.filter(({ answer }) => answer === 'endable');
  async function askAbout(ending: Ending): Promise<void> {
    const { row } = ending;
    if (!row) return;
    const knowledge = await askEngineKnowledge(connections.engine, row);
    if (knowledge.kind === 'known') Object.assign(ending, { answer: 'known', note: knowledge.status });
    else ending.note = isTerminal(row.status) ? `reported as ${row.status}` : knowledge.reason;
    asked += 1;
    terminal.progress(`${asked} of ${open.length} asked about`);
  }
  await pMap(open, askAbout, { concurrency: CONCURRENCY });
}

const ANSWERS: Record<RecordResult, Ending['answer']> = {
  applied: 'ended',
  already_terminal: 'settled',
  unchanged: 'settled',
  conflict: 'refused',
  other_execution: 'refused',
  not_found: 'not_found',
};

async function endAll({ connections }: CommandContext, endable: Ending[], options: EndOptions): Promise<void> {
  const actor = options.actor ?? userInfo().username;
  for (let at = 0; at < endable.length; at += PAGE) {
    const batch = endable.slice(at, at + PAGE);
    const answers = await connections.ledger.endLost(
      batch.map(({ row }) => ({
        executionId: row?.executionId ?? '',
        status: options.as,
        reason: options.reason,
        actor,
        ...(row ? { unknownAtRevision: row.revision } : {}),
      })),
    );
    batch.forEach((ending, index) => {
      const answer = answers[index];
      if (!answer) return;
      ending.answer = ANSWERS[answer.result];
      ending.note = answer.status;
    });
  }
}

async function confirm({ host }: CommandContext, many: number, status: TerminalStatus): Promise<boolean> {
  const answer = await ask(`End ${many} as ${status}? This is kept as their end. [y/N] `, host);
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}
