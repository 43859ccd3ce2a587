import { setTimeout as pause } from 'node:timers/promises';
import type {
  ForwardedChanges,
  ImportComparison,
  ImportOptions,
  ImportService,
  ReturnedChanges,
} from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import { createImportService } from '@runledger/execution-service';
import { table as columns } from '@runledger/host/table';
import { plain } from '@runledger/host/text';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { CommandContext } from './run-command.ts';
import { count } from './words.ts';

/** Between two looks with `--follow`, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** What the call answers, or `null` where the table is not set up for it. */
async function unlessNotSetUp<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isExecutionError(error) && error.code === 'not_found') return null;
    throw error;
  }
}

/** A finding where a row differs. As the table is forwarded; where it is not, as the options say. */
export async function compareTable(
  { connections, terminal, json }: CommandContext,
  source: string | null,
  options: ImportOptions,
): Promise<ExitCode> {
  const service = createImportService(connections.supabase);
  const onProgress = (rows: number) => terminal.progress(`${count(rows, 'row')} compared`);
  const compared =
    (await unlessNotSetUp(service.compare(source, null, { onProgress }))) ??
    (await service.compare(source, options, { onProgress }));
  terminal.progress(null);
  if (json) terminal.json(compared);
  else terminal.print(...comparisonLines(compared, terminal));
  return compared.differences.length === 0 ? EXIT.fine : EXIT.finding;
}

function comparisonLines(
  { rows, same, differences }: ImportComparison,
  { colors, width }: CommandContext['terminal'],
): string[] {
  const mark = differences.length === 0 ? colors.green('✓') : colors.yellow('!');
  const lines = differences.map(({ what, rows: some, example, theirs, ours }) => [
    some.toLocaleString('en'),
    `${what}; row ${example}: ${plain(theirs ?? 'nothing')} in the table, ${plain(ours ?? 'nothing')} in the ledger`,
  ]);
  return [
    `${mark} ${count(rows, 'row')}: ${same.toLocaleString('en')} as the ledger has them.`,
    ...(lines.length === 0 ? [] : ['Of each difference an example:', ...columns(lines, { width, numbers: [0] })]),
  ];
}

interface Settled {
  forwarded: Omit<ForwardedChanges, 'left'>;
  /** `null`: the table gets no executions back. */
  returned: Omit<ReturnedChanges, 'left'> | null;
}

/** Settles what has been noted, both ways; with `follow` until it is told to end. A finding where something was refused. */
export async function settleChanges(
  { host, connections, terminal, json }: CommandContext,
  source: string | null,
  { follow }: { follow: boolean },
): Promise<ExitCode> {
  const service = createImportService(connections.supabase);
  const signal = follow ? host.ending?.() : undefined;
  const sum: Settled = { forwarded: { rows: 0, taken: 0, changed: 0, deleted: 0, refused: 0 }, returned: null };
  do {
    try {
      await settleOnce(service, source, sum);
      terminal.progress(settledLine(sum));
    } catch (error) {
      // A ledger that is away comes back; what was noted meanwhile waits in it.
      if (!follow || !isExecutionError(error) || error.code !== 'ledger_unavailable') throw error;
      terminal.complain(`${error.message} It is tried again.`);
    }
    if (follow) await pause(LOOK_EVERY_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
  } while (follow && !signal?.aborted);
  terminal.progress(null);
  const refused = sum.forwarded.refused + (sum.returned?.refused ?? 0);
  if (json) terminal.json(sum);
  else {
    terminal.print(`${refused === 0 ? terminal.colors.green('✓') : terminal.colors.yellow('!')} ${settledLine(sum)}`);
    if (refused > 0) terminal.print('Why: select * from runledger.forwarded_rows where problem is not null');
  }
  return refused === 0 ? EXIT.fine : EXIT.finding;
}

async function settleOnce(service: ImportService, source: string | null, sum: Settled): Promise<void> {
  for (;;) {
    const { left, ...part } = await service.forwardChanges(source);
    add(sum.forwarded, part);
    if (left === 0) break;
  }
  for (;;) {
    const answer = await unlessNotSetUp(service.returnChanges(source));
    if (answer === null) return;
    const { left, ...part } = answer;
    sum.returned ??= { rows: 0, written: 0, deleted: 0, refused: 0 };
    add(sum.returned, part);
    if (left === 0) return;
  }
}

function add<Counts extends object>(sum: Counts, part: Counts): void {
  for (const name of Object.keys(part) as (keyof Counts)[]) (sum[name] as number) += part[name] as number;
}

function settledLine({ forwarded, returned }: Settled): string {
  const { rows, taken, changed, deleted, refused } = forwarded;
  const n = (value: number) => value.toLocaleString('en');
  const there = `${count(rows, 'change')}: ${n(taken)} taken, ${n(changed)} changed, ${n(deleted)} deleted, ${n(refused)} refused`;
  if (!returned) return `${there}.`;
  return `${there}; ${n(returned.written)} written back, ${n(returned.deleted)} deleted there, ${n(returned.refused)} refused.`;
}
