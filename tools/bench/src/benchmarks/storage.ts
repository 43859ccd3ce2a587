import type { Benchmark } from '../benchmark.ts';
import { formatNumber } from '../format-figure.ts';
import { openLargeLedger } from '../large-ledger/open-large-ledger.ts';

/** What an execution takes, index by index: its row and the counters. Generated rows have no history; write-cost has it. */
export const storage: Benchmark = {
  name: 'storage',
  about: 'Bytes of an execution, with what each index and the counters take; all tables: write-cost',

  async prepare({ rows }, say) {
    const ledger = await openLargeLedger(rows, say);
    return {
      runs: 1,
      async run() {
        const tables = await ledger.database.query<{ name: string; bytes: number }>(
          `select c.relname as name, pg_table_size(c.oid)::float8 / $1 as bytes from pg_class c
            where c.relname in ('workflow_executions', 'execution_stats', 'execution_label_stats') and c.relkind = 'r'`,
          [rows],
        );
        const indexes = await ledger.database.query<{ name: string; table: string; bytes: number }>(
          `select c.relname as name, i.indrelid::regclass::text as table, pg_relation_size(c.oid)::float8 / $1 as bytes
             from pg_index i join pg_class c on c.oid = i.indexrelid
            where i.indrelid in ('runledger.workflow_executions'::regclass, 'runledger.execution_stats'::regclass,
                                 'runledger.execution_label_stats'::regclass)`,
          [rows],
        );
        const row = tables.find(({ name }) => name === 'workflow_executions')?.bytes ?? Number.NaN;
        const ofRow = indexes.filter(({ table }) => table === 'runledger.workflow_executions');
        const rest = [
          ...tables.filter(({ name }) => name !== 'workflow_executions'),
          ...indexes.filter((i) => !ofRow.includes(i)),
        ];
        const sum = (list: { bytes: number }[]) => list.reduce((bytes, one) => bytes + one.bytes, 0);
        return {
          values: { row, indexes: sum(ofRow), counters: sum(rest) },
          faults: {},
          items: {
            'bytes an execution, by index': Object.fromEntries(ofRow.map(({ name, bytes }) => [name, bytes])),
            'bytes an execution, counters': Object.fromEntries(rest.map(({ name, bytes }) => [name, bytes])),
          },
        };
      },
      [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
    };
  },

  rows({ values: { row = 0, indexes = 0, counters = 0 } }) {
    return [
      {
        what: 'bytes of an execution: row, its indexes, its share of the counters; no history',
        measured: `${formatNumber(row)} + ${formatNumber(indexes)} + ${formatNumber(counters)}`,
        comparedWith: '',
        toReach: 'stated',
        reached: null,
      },
    ];
  },
};
