import { cut, plain } from '@runledger/host/text';
import type { Adoption, AdoptionResult } from '@runledger/monitor';
import type { Terminal } from './terminal.ts';
import { count, moment } from './words.ts';

const WORDS: Record<AdoptionResult, string> = {
  adopted: 'adopted',
  would_adopt: 'would be adopted',
  known: 'known already',
  unknown_user: 'user not in runledger.users',
  unknown_workflow: 'no workflow of that type and queue',
  no_rule: 'not asked for',
  no_user: 'names no user',
  gone: 'gone from Temporal',
  refused: 'refused by the ledger',
};

const WELL: readonly AdoptionResult[] = ['adopted', 'would_adopt', 'known', 'no_rule', 'gone'];

/** One run and what became of it. */
export function adoptionLine(
  { run, userId, result }: Adoption,
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string {
  const paint = result === 'adopted' ? colors.green : WELL.includes(result) ? colors.cyan : colors.yellow;
  const started = moment(run.startedAt).slice(0, 19);
  const words = WORDS[result].padEnd(WORDS.would_adopt.length);
  const about = `${plain(run.workflowType)} ${plain(run.temporalWorkflowId)}${userId ? ` of ${plain(userId)}` : ''}`;
  return `${colors.dim(started)}  ${paint(words)}  ${cut(about, Math.max(20, width - started.length - words.length - 4))}`;
}

export interface AdoptTotals {
  results: ReadonlyMap<AdoptionResult, number>;
  listed: number;
  from: string;
  dryRun: boolean;
}

/** What it came to. */
export function adoptSummary(
  { results, listed, from, dryRun }: AdoptTotals,
  { colors }: Pick<Terminal, 'colors' | 'width'>,
): string[] {
  const since = `since ${moment(from).slice(0, 16)} UTC`;
  if (listed === 0) return [`${colors.green('✓')} Temporal lists no run ${since}.`];
  if (results.size === 0) {
    return [`${colors.green('✓')} None of the ${count(listed, 'run')} ${since} is of that type and queue.`];
  }
  const parts = [...results].map(([result, n]) => `${n.toLocaleString('en')} ${WORDS[result]}`);
  const mark = [...results.keys()].every((result) => WELL.includes(result)) ? colors.green('✓') : colors.yellow('!');
  return [`${mark} ${count(listed, 'run')} ${since}: ${parts.join(', ')}${dryRun ? ' (dry run)' : ''}.`];
}
