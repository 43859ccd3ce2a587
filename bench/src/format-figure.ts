/** Pure: a number as a person reads it. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return String(Number(value.toFixed(digits)));
}

export const formatMs = (ms: number): string =>
  ms >= 10_000 ? `${formatNumber(ms / 1_000)} s` : `${formatNumber(ms)} ms`;
export const formatSeconds = (ms: number): string => `${formatNumber(ms / 1_000)} s`;
export const formatMegabytes = (bytes: number): string => `${formatNumber(bytes / 2 ** 20)} MB`;
export const formatShare = (share: number): string => `${formatNumber(share * 100)} %`;

/** Pure: most first, "42.1 GetWorkflowExecutionHistory, 4 ListWorkflowExecutions". */
export function formatItems(items: Record<string, number>): string {
  return Object.entries(items)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, n]) => `${formatNumber(n)} ${name}`)
    .join(', ');
}
