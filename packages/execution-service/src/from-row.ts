import type { ExecutionHealth, ExecutionRow, ExecutionWithWorkflow, Json } from '@runledger/contracts';
import { Execution, ExecutionSummary } from '@runledger/contracts';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

export type FromRow<Row> = { [Key in keyof Row as CamelCase<Key & string>]: Row[Key] };

/** Names of columns that were met, as the code spells them: a page has the same ones in each of its rows. */
const spelled = new Map<string, string>();

function nameOf(column: string): string {
  const known = spelled.get(column);
  if (known !== undefined) return known;
  const name = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  // Columns are as many as the schema has; other keys a caller could make up without end.
  if (spelled.size < 1_000) spelled.set(column, name);
  return name;
}

/** A row's names in the code's spelling. The one place where snake_case becomes camelCase; values stay untouched. */
export function fromRow<Row extends object>(row: Row): FromRow<Row> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [nameOf(column), value])) as FromRow<Row>;
}

/** A name of the code as the database spells it. */
const columnOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columnsOf = ({ options }: { options: readonly { shape: object }[] }) =>
  Object.keys(options[0]?.shape ?? {})
    .map(columnOf)
    .join(',');

/** What lists select: no payloads. */
export const ROW_COLUMNS = `${columnsOf(ExecutionSummary)},failure_group,checked,large_metadata`;
export const EXECUTION_COLUMNS = columnsOf(Execution);
export const WITH_WORKFLOW_COLUMNS = `${EXECUTION_COLUMNS},workflow:workflows(id,name,description,redact)`;

/** What a caller gave, as the SQL functions take it: without what they left out. */
export function toColumns(given: Record<string, Json | null | undefined>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[columnOf(name), value]],
    ),
  );
}

/** The constraints of the table are those of the type, so that a row needs no second check. */
export function toExecution(row: object): Execution {
  const { lastTransition, failureGroup, ...execution } = fromRow(row) as Record<string, unknown>;
  return execution as unknown as Execution;
}

/** A row of `execution_rows`, or of the search; large metadata is read beside it (`addLargeMetadata`). */
export function toExecutionRow(row: object): ExecutionRow {
  const { checked, largeMetadata, ...summary } = fromRow(row) as unknown as ExecutionRow & {
    checked?: ExecutionHealth | null;
    largeMetadata?: number | null;
  };
  const { health = null, reason = null, remedy = null, checkedAt = null } = checked ?? {};
  return { ...summary, health, reason, remedy, checkedAt } as ExecutionRow;
}

/** The workflow's name is empty where row-level security hides the workflow from the caller. */
export function toExecutionWithWorkflow(row: object): ExecutionWithWorkflow {
  const execution = toExecution(row) as ExecutionWithWorkflow;
  return {
    ...execution,
    workflow: execution.workflow ?? { id: execution.workflowId, name: '', description: null, redact: [] },
  };
}
