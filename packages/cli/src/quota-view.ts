import type { Quota, QuotaScope } from '@runledger/contracts';
import { table } from '@runledger/host/table';
import { plain } from '@runledger/host/text';
import type { Terminal } from './terminal.ts';
import { count } from './words.ts';

/** `of every user in all workflows together`. */
export function scopeWords({ userId, workflowId }: QuotaScope): string {
  const who = userId === null ? 'every user' : `user ${plain(userId)}`;
  return `of ${who} ${workflowId === null ? 'in all workflows together' : `in workflow ${plain(workflowId)}`}`;
}

/** What a quota lets its user do, in one sentence. */
export function quotaSentence(quota: Quota): string {
  const { executionsPerHour, executionsPerDay, executionsPerMonth, concurrentExecutions, storedBytes } = quota;
  const parts = [
    ...(executionsPerHour === null ? [] : [`${count(executionsPerHour, 'execution')} an hour`]),
    ...(executionsPerDay === null ? [] : [`${count(executionsPerDay, 'execution')} a day`]),
    ...(executionsPerMonth === null ? [] : [`${count(executionsPerMonth, 'execution')} a month`]),
    ...(concurrentExecutions === null ? [] : [`${concurrentExecutions.toLocaleString('en')} at a time`]),
    ...(storedBytes === null ? [] : [`${count(storedBytes, 'byte')} kept`]),
  ];
  return `The quota ${scopeWords(quota)}: ${parts.length === 0 ? 'no limit' : parts.join(', ')}.`;
}

/** All quotas as a table. */
export function quotaLines(quotas: readonly Quota[], { colors, width }: Pick<Terminal, 'colors' | 'width'>): string[] {
  if (quotas.length === 0) return ['No quota is set: nobody is limited.'];
  const limit = (n: number | null) => (n === null ? '–' : n.toLocaleString('en'));
  const rows = quotas.map((quota) => [
    quota.userId ?? 'every user',
    limit(quota.executionsPerHour),
    limit(quota.executionsPerDay),
    limit(quota.executionsPerMonth),
    limit(quota.concurrentExecutions),
    limit(quota.storedBytes),
    quota.workflowId ?? 'all workflows together',
  ]);
  const head = ['user', 'an hour', 'a day', 'a month', 'at a time', 'bytes kept', 'workflow'];
  return table([head, ...rows], {
    width,
    numbers: [1, 2, 3, 4, 5],
    paint: (text, row) => (row === 0 ? colors.dim(text) : text),
  });
}
