import { formatDuration } from '@runledger/contracts';

/** Pure: a number as a person reads it. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return String(Number(value.toFixed(digits)));
}

/** Pure: milliseconds as a person reads them; a dash where too little was measured to say. */
export const formatMs = (ms: number): string => (Number.isNaN(ms) ? '–' : formatDuration(ms));
export const formatMegabytes = (bytes: number): string => `${formatNumber(bytes / 2 ** 20)} MB`;
export const formatShare = (share: number): string => `${formatNumber(share * 100)} %`;

/** Pure: most first, "42.1 GetWorkflowExecutionHistory, 4 ListWorkflowExecutions". */
export function formatItems(items: Record<string, number>): string {
  return Object.entries(items)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, n]) => `${formatNumber(n)} ${name}`)
    .join(', ');
}
