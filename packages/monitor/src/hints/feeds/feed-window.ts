import type { RunWindow, Visibility, VisibleRun } from '@runledger/contracts';
import { micros } from '@runledger/contracts';

/** The time `ms` milliseconds earlier, as Temporal and Postgres both read it. */
export function earlier(time: string, ms: number): string {
  const at = micros(time) - ms * 1_000;
  const seconds = new Date(Math.floor(at / 1_000_000) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(at % 1_000_000).padStart(6, '0')}Z`;
}

/** The later of two times of Temporal's, which are all written alike. */
export function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

export interface WindowRequest {
  visibility: Visibility;
  namespace: string;
  window: RunWindow;
  pageSize: number;
  signal: AbortSignal;
}

/** The runs of a window, page by page, to its end. */
export async function* readWindow(request: WindowRequest): AsyncGenerator<VisibleRun[]> {
  const { visibility, namespace, window, pageSize, signal } = request;
  let pageToken: string | null = null;
  do {
    const page = await visibility.listRuns(namespace, window, { pageSize, pageToken });
    yield page.runs;
    pageToken = page.nextPageToken;
  } while (pageToken !== null && !signal.aborted);
}
