import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@runledger/local-stack';
import { createDraw } from '../draw.ts';
import { insist } from '../insist.ts';
import { startPostgresPart } from '../system/postgres-part.ts';
import { checkCounting } from './check.ts';
import type { CountingReport } from './counting-report.ts';
import { emptyReport, include } from './counting-report.ts';
import { foldAll, furnish, openLedgerToCount } from './ledger-to-count.ts';
import type { PlantedMistake } from './planted-mistakes.ts';
import { PLANTED_MISTAKES } from './planted-mistakes.ts';
import { setToWork } from './workforce.ts';

export interface CountingOptions {
  checks: number;
  /** The server is stopped with -m immediate so often, evenly between the checks. */
  crashes: number;
  /** The same seed gives each writer the same deeds; how they meet depends on the machine. Default 1. */
  seed?: number;
  /** Default 8. */
  writers?: number;
  /** Asks verify_execution_stats too at every Nth check. Default 1. */
  verifyEvery?: number;
  mutant?: PlantedMistake;
  /** Ends sooner, with one last check, as soon as this is so. */
  until?: (report: CountingReport) => boolean;
  say?: (line: string) => void;
}

/** Two of them: the second finds the lock taken now and then. */
const FOLDERS = 2;

/** The deadlock timeout for writers, short so that a deadlock costs no second. */
const SETTINGS = { deadlock_timeout: '50ms' };

async function startCluster(stack: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-counting-'));
  await chmod(folder, 0o755);
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgresPart({
    version: 17,
    dataDir: folder,
    port: await freePort(),
    durable: true,
    settings: SETTINGS,
  });
  stack.defer(() => postgres.stop());
  return postgres;
}

/**
 * Changes executions in every way from all sides while deltas are folded and the server crashes, and compares every
 * number of every cell with the rows, again and again. About half a second a check, two a crash.
 */
export async function countUnderFire(options: CountingOptions): Promise<CountingReport> {
  const {
    checks,
    crashes,
    seed = 1,
    writers = 8,
    verifyEvery = 1,
    mutant,
    until = () => false,
    say = () => {},
  } = options;
  const draw = createDraw(seed);
  const began = performance.now();
  await using stack = new AsyncDisposableStack();
  const postgres = await startCluster(stack);
  const db = stack.use(await openLedgerToCount(postgres.url('ledger')));
  if (mutant) await PLANTED_MISTAKES[mutant](db, postgres.url('ledger'));
  await furnish(db);

  const work = setToWork(postgres.url('ledger'), draw, { writers, folders: FOLDERS });
  const report = emptyReport(seed, work.tally);
  const check = async () => {
    const verify = report.checks % verifyEvery === 0;
    include(report, await insist(() => checkCounting(db, { verify })));
  };
  try {
    for (let made = 1; made < checks && !until(report); made++) {
      const due = Math.floor((made * crashes) / (checks - 1));
      if (due > report.crashes) {
        await postgres.crash('immediate', draw.integer(0, 300));
        report.crashes += 1;
        say(
          `${report.crashes}/${crashes} crashes, ${report.checks} checks, ${report.checksThatDiffer} differ; ${report.largest.rows} rows`,
        );
      } else await pause(draw.integer(100, 500));
      await check();
    }
  } finally {
    await work.stop();
  }
  await foldAll(db);
  await check();
  return { ...report, durationMs: performance.now() - began };
}
