import type { ExecutionSummary, Json } from '@runledger/contracts';
import { stringify } from 'csv-stringify/sync';

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export has of an execution: what lists have, and its payloads where they were asked for. */
export type ExportRow = ExecutionSummary & {
  workflow?: { name: string };
  input?: Json;
  output?: Json;
};

/** What a column shows of an execution. */
const CELLS = {
  id: ({ id }) => id,
  workflow: ({ workflow }) => workflow?.name,
  workflowId: ({ workflowId }) => workflowId,
  createdBy: ({ createdBy }) => createdBy,
  status: ({ status }) => status,
  outcomeAuthority: ({ outcomeAuthority }) => outcomeAuthority,
  verdict: ({ verdict }) => verdict,
  startedAt: ({ startedAt }) => startedAt,
  completedAt: ({ completedAt }) => completedAt,
  durationMs: ({ durationMs }) => durationMs,
  runCount: ({ runCount }) => runCount,
  tags: ({ tags }) => json(tags.length ? tags : undefined),
  metadata: ({ metadata }) => json(Object.keys(metadata).length ? metadata : undefined),
  errorMessage: ({ errorMessage }) => errorMessage,
  temporalNamespace: ({ temporalNamespace }) => temporalNamespace,
  temporalWorkflowId: ({ temporalWorkflowId }) => temporalWorkflowId,
  temporalRunId: ({ temporalRunId }) => temporalRunId,
  input: ({ input }) => json(input ?? undefined),
  output: ({ output }) => json(output ?? undefined),
} satisfies Record<string, (row: ExportRow) => string | number | null | undefined>;

export type ExportColumn = keyof typeof CELLS;
const COLUMNS = Object.keys(CELLS) as ExportColumn[];
/** Columns that are there only where payloads were asked for. */
const PAYLOADS: readonly ExportColumn[] = ['input', 'output'];

const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

export interface ExportOptions {
  format: ExportFormat;
  hasPayloads: boolean;
}

/**
 * A list as text, page after page: nothing but the page at hand is in memory. In CSV (RFC 4180, UTF-8) no cell is a formula to a
 * spreadsheet: what would be one begins with an apostrophe. NDJSON has one JSON object a line, and rows as lists have them.
 */
export async function* exportText(
  pages: AsyncIterable<readonly ExportRow[]>,
  { format, hasPayloads }: ExportOptions,
): AsyncGenerator<string> {
  const columns = COLUMNS.filter((column) => hasPayloads || !PAYLOADS.includes(column));
  // With the first page, so that a list that is refused leaves no header behind.
  let header: ExportColumn[][] = [columns];
  for await (const rows of pages) {
    if (format === 'csv') yield csv([...header, ...rows.map((row) => columns.map((column) => CELLS[column](row)))]);
    else if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    header = [];
  }
}

const csv = (lines: unknown[][]) => stringify(lines, { escape_formulas: true, record_delimiter: 'windows' });
