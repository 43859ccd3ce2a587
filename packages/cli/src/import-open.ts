import type { Engine, ImportedOpenRow } from '@runledger/contracts';
import { askEngineKnowledge, isExecutionError } from '@runledger/contracts';
import pMap from 'p-map';
import type { Terminal } from './terminal.ts';
import { count } from './words.ts';

/** Rows that Temporal is asked about: enough for a share, few enough for its limits. */
const MOST = 1_000;
/** Rows that Temporal is asked about at once. */
const CONCURRENCY = 10;

/** What Temporal knows of the rows that were taken as running there. */
export interface OpenRows {
  rows: number;
  asked: number;
  known: number;
  /** Why Temporal could not be asked. */
  error: string | null;
}

export interface OpenSample {
  add(rows: number, some: readonly ImportedOpenRow[]): void;
  rows(): number;
  some(): readonly ImportedOpenRow[];
}

/** Keeps at most 1,000 of all rows it is told of, each with the same chance (Vitter's algorithm R). */
export function createOpenSample(most = MOST, random: () => number = Math.random): OpenSample {
  const kept: ImportedOpenRow[] = [];
  let rows = 0;
  let seen = 0;
  return {
    add(more, some) {
      rows += more;
      for (const row of some) {
        seen += 1;
        const at = kept.length < most ? kept.length : Math.floor(random() * seen);
        if (at < most) kept[at] = row;
      }
    },
    rows: () => rows,
    some: () => kept,
  };
}

/** Asks Temporal about a sample of the open rows. The import stands also where it cannot be asked. */
export async function askAboutOpen(
  sample: Pick<OpenSample, 'rows' | 'some'>,
  engine: Pick<Engine, 'resolve' | 'hasNamespace'>,
  terminal: Pick<Terminal, 'progress'>,
): Promise<OpenRows> {
  const result: OpenRows = { rows: sample.rows(), asked: 0, known: 0, error: null };
  const ask = async (row: ImportedOpenRow) => {
    if (result.error !== null) return;
    try {
      const knowledge = await askEngineKnowledge(engine, row);
      result.asked += 1;
      if (knowledge.kind === 'known') result.known += 1;
      terminal.progress(`Temporal was asked about ${result.asked} of ${sample.some().length} open rows`);
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      result.error = error.message;
    }
  };
  await pMap(sample.some(), ask, { concurrency: CONCURRENCY });
  return result;
}

/** How many of the open rows Temporal knows, and what becomes of the others. */
export function openLines({ rows, asked, known, error }: OpenRows, { dryRun }: { dryRun: boolean }): string[] {
  if (rows === 0) return [];
  if (error !== null)
    return [`${count(rows, 'open row')} with a Temporal workflow id; Temporal could not be asked: ${error}`];
  const share = asked === rows ? '' : `, ${Math.round((100 * known) / asked)} % of those it was asked about`;
  const n = (value: number) => value.toLocaleString('en');
  const others =
    known === asked
      ? []
      : [
          `The others ${dryRun ? 'would stay' : 'stay'} open as lost. To end them: runledger end --lost --as failed --reason "…"`,
        ];
  return [
    `${count(rows, 'open row')} with a Temporal workflow id: Temporal knows ${n(known)} of ${n(asked)}${share}.`,
    ...others,
  ];
}
