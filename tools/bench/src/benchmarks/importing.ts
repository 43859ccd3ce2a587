import { readFile } from 'node:fs/promises';
import { connectSupabase, createImportService } from '@runledger/execution-service';
import type { Postgres } from '@runledger/local-stack';
import { startPostgres } from '@runledger/local-stack';
import type { Benchmark, Sample } from '../benchmark.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { formatMegabytes, formatMs, formatNumber } from '../format-figure.ts';
import { openLedger } from '../ledger.ts';

const read = (name: string) => readFile(new URL(`../importing/${name}.sql`, import.meta.url), 'utf8');
/** How the rows of the table are taken: what is told of each choice of the command. */
const OPTIONS = { statuses: { paused: 'running' }, createUsers: true, swapTimes: true, dropDuration: true } as const;
/** To reach, for 200,000 rows on two quiet cores. */
const ROWS_A_SECOND = 200_000 / 120;
/** Between the first look at our memory and its peak: what an import keeps of its rows. */
const MEMORY = 40 * 2 ** 20;

async function measure(postgres: Postgres, rows: number, say: (text: string) => void): Promise<Sample> {
  const values: Record<string, number> = { rows };
  for (const name of ['hand', 'import'] as const) {
    await using ledger = await openLedger(postgres, `importing_${name}`);
    const { database } = ledger;
    say(`${name}: makes ${rows} rows`);
    await database.exec((await read('old-table')).replaceAll('$ROWS', `${rows}`));
    await ledger.stop();
    await ledger.start();
    const began = performance.now();
    const cpu = cpuTimeMs(postgres.pid);
    const before = process.memoryUsage().rss;
    let peak = before;
    if (name === 'hand') await database.exec(await read('by-hand'));
    else {
      const service = createImportService(connectSupabase({ url: ledger.url, key: ledger.key }));
      const onProgress = ({ rows: done }: { rows: number }) => {
        peak = Math.max(peak, process.memoryUsage().rss);
        say(`import: ${done} of ${rows}`);
      };
      const report = await service.importRuns('public.workflow_executions', OPTIONS, { onProgress });
      values.lost = rows - report.taken - report.known - report.refused;
      values.refused = report.refused;
    }
    values[`${name} ms`] = performance.now() - began;
    values[`${name} cpu ms`] = cpuTimeMs(postgres.pid) - cpu;
    values[`${name} memory`] = peak - before;
    const [taken] = await database.query<{ n: number }>(
      'select count(*)::float8 as n from runledger.workflow_executions',
    );
    values[`${name} taken`] = taken?.n ?? Number.NaN;
    await ledger.stop();
  }
  const { lost = 0 } = values;
  return { values, faults: { lost }, items: {} };
}

/** A table of one's own into the ledger, beside one statement by hand. */
export const importing: Benchmark = {
  name: 'import',
  about: 'a table of 200,000 rows: seconds, rows a second and memory, beside an insert … select by hand',

  async prepare({ oldRows }, say) {
    const postgres = await startPostgres({ version: 17 });
    return {
      runs: 1,
      run: () => measure(postgres, oldRows, say),
      [Symbol.asyncDispose]: () => postgres.stop(),
    };
  },

  rows({ values, faults }) {
    const of = (name: string) => values[name] ?? Number.NaN;
    const rate = (name: string) => (of(`${name} taken`) / of(`${name} ms`)) * 1_000;
    return [
      {
        what: `import of ${of('rows').toLocaleString('en')} rows`,
        measured: `${formatMs(of('import ms'))}, ${formatNumber(rate('import'))} rows/s`,
        comparedWith: `insert … select ${formatMs(of('hand ms'))}, ${formatNumber(rate('hand'))} rows/s`,
        toReach: `≥ ${formatNumber(ROWS_A_SECOND)} rows/s`,
        reached: rate('import') >= ROWS_A_SECOND,
      },
      {
        what: 'CPU of Postgres, a row that is taken',
        measured: formatMs(of('import cpu ms') / of('import taken')),
        comparedWith: formatMs(of('hand cpu ms') / of('hand taken')),
        toReach: '',
        reached: null,
      },
      {
        what: 'rows taken, refused with a reason, lost',
        measured: `${formatNumber(of('import taken'))}, ${formatNumber(of('refused'))}, ${faults.lost ?? 0}`,
        comparedWith: `${formatNumber(of('hand taken'))} taken`,
        toReach: 'none lost',
        reached: faults.lost === 0,
      },
      {
        what: 'memory of the process that imports, from its first to its largest',
        measured: formatMegabytes(of('import memory')),
        comparedWith: '',
        toReach: `≤ ${formatMegabytes(MEMORY)}`,
        reached: of('import memory') <= MEMORY,
      },
    ];
  },
};
