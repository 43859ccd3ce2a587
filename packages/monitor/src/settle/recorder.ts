import type { RecordAnswer, RecordLedger, RecordOpen, RecordOutcome } from '@runledger/contracts';
import { ExecutionError, pause } from '@runledger/contracts';
import type { Logger } from 'pino';
import { createBackoff } from '../pacing/backoff.ts';
import { isAway } from '../pacing/loop.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

export interface RecorderOptions {
  ledger: RecordLedger;
  logger: Logger;
  telemetry?: Pick<Telemetry, 'traced'>;
  /** Most items in one call. Default 200. */
  batchItems?: number;
  /** Most bytes of JSON in one call, unless one item alone has more. Default 4,000,000. */
  batchBytes?: number;
  /** Most bytes of JSON that wait for a call. Default 64,000,000. */
  queueBytes?: number;
}

export interface Recorder {
  /** @throws ExecutionError `ledger_unavailable` when the queue is full or the recorder was closed: resolve again later */
  recordOutcome(item: RecordOutcome): Promise<RecordAnswer>;
  /** @throws ExecutionError like recordOutcome */
  recordOpen(item: RecordOpen): Promise<RecordAnswer>;
  /** At once, past the queue: it happens once in an execution's life, if ever. */
  correctFirstRun: RecordLedger['correctFirstRun'];
  /** At once too: of the few that were to be stopped before they had started. */
  stopKind: RecordLedger['stopKind'];
  /** Takes nothing more, and waits up to `graceMs` for what it holds to be written. */
  close(graceMs: number): Promise<void>;
}

interface Entry {
  kind: 'open' | 'outcome';
  item: RecordOpen | RecordOutcome;
  bytes: number;
  answered: boolean;
  resolve(answer: RecordAnswer): void;
  reject(error: unknown): void;
}

/**
 * Writes to the ledger with one call in flight; the next takes what gathered meanwhile, so batches grow exactly as the
 * ledger slows down. While the ledger is away items wait. A batch that the ledger refuses is halved until the item that
 * it cannot take stands alone: it fails, the others are written.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { ledger, logger, telemetry, batchItems = 200, batchBytes = 4_000_000, queueBytes = 64_000_000 } = options;
  const stop = new AbortController();
  const queue: Entry[] = [];
  let waiting = 0;
  let writing: Promise<void> | null = null;
  let closed = false;

  function enqueue(kind: Entry['kind'], item: Entry['item']): Promise<RecordAnswer> {
    const bytes = JSON.stringify(item).length;
    if (closed || (waiting > 0 && waiting + bytes > queueBytes)) {
      const why = closed ? 'The recorder was closed' : `${waiting} bytes wait for the ledger already`;
      return Promise.reject(new ExecutionError('ledger_unavailable', `${why}; the engine is asked again later.`));
    }
    return new Promise((resolve, reject) => {
      queue.push({ kind, item, bytes, answered: false, resolve, reject });
      waiting += bytes;
      writing ??= writeAll().finally(() => {
        writing = null;
      });
    });
  }

  async function writeAll(): Promise<void> {
    const backoff = createBackoff();
    while (queue.length > 0) {
      // What is asked for in the same turn of the event loop goes together.
      await new Promise(setImmediate);
      const batch = takeBatch();
      try {
        await (telemetry ? telemetry.traced('record', { items: batch.length }, () => write(batch)) : write(batch));
        backoff.reset();
      } catch (error) {
        if (stop.signal.aborted) {
          for (const entry of [...batch, ...queue.splice(0)]) entry.reject(error);
          waiting = 0;
          return;
        }
        logger.warn({ err: error, items: batch.length }, 'the ledger is away; outcomes wait');
        queue.unshift(...batch.filter((entry) => !entry.answered));
        await pause(backoff.next(), stop.signal);
      }
    }
  }

  /** Once for each entry, before whoever waits for it goes on. */
  function markAnswered(entry: Entry): void {
    entry.answered = true;
    waiting -= entry.bytes;
  }

  function takeBatch(): Entry[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && count < batchItems) {
      bytes += queue[count]?.bytes ?? 0;
      if (count > 0 && bytes > batchBytes) break;
      count += 1;
    }
    return queue.splice(0, count);
  }

  /** @throws only when the ledger is away; what it did not take is not answered then */
  async function write(batch: Entry[]): Promise<void> {
    await writeKind(batch, 'open', (items) => ledger.recordOpen(items as RecordOpen[]));
    await writeKind(batch, 'outcome', (items) => ledger.recordOutcomes(items as RecordOutcome[]));
  }

  async function writeKind(
    batch: Entry[],
    kind: Entry['kind'],
    call: (items: Entry['item'][]) => Promise<RecordAnswer[]>,
  ): Promise<void> {
    const entries = batch.filter((entry) => entry.kind === kind);
    if (entries.length === 0) return;
    try {
      const answers = await call(entries.map((entry) => entry.item));
      entries.forEach((entry, index) => {
        const answer = answers[index];
        markAnswered(entry);
        if (answer) entry.resolve(answer);
        else entry.reject(new ExecutionError('internal', 'The ledger answered fewer items than it was given.'));
      });
    } catch (error) {
      if (isAway(error)) throw error;
      const [entry] = entries;
      if (entry && entries.length === 1) {
        markAnswered(entry);
        return entry.reject(error);
      }
      const half = Math.ceil(entries.length / 2);
      await writeKind(entries.slice(0, half), kind, call);
      await writeKind(entries.slice(half), kind, call);
    }
  }

  return {
    recordOutcome: (item) => enqueue('outcome', item),
    recordOpen: (item) => enqueue('open', item),
    correctFirstRun: ledger.correctFirstRun,
    stopKind: ledger.stopKind,
    async close(graceMs) {
      closed = true;
      const timer = setTimeout(() => stop.abort(), graceMs);
      await writing;
      clearTimeout(timer);
    },
  };
}
