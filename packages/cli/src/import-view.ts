import type { ImportDescription, ImportGroup, ImportReport } from '@runledger/contracts';
import { table } from '@runledger/host/table';
import { plain } from '@runledger/host/text';
import { choiceFor } from './import-choices.ts';
import type { Terminal } from './terminal.ts';
import { count } from './words.ts';

/** The table as an import reads it: what becomes of each column and each status. */
export function descriptionLines(
  { source, key, rows, columns, statuses }: ImportDescription,
  { keepRest, terminal }: { keepRest: boolean; terminal: Pick<Terminal, 'colors' | 'width'> },
): string[] {
  const { colors, width } = terminal;
  const paint = (text: string, row: number) => (row === 0 ? colors.dim(text) : text);
  const nowhere = keepRest ? 'metadata.imported' : '– (metadata.imported with --keep-rest)';
  return [
    `${colors.bold(plain(source))}: ${count(rows, 'row')}, told apart by ${plain(key)}`,
    '',
    ...table(
      [
        ['column', 'type', 'is taken as'],
        ...columns.map(({ column, type, takenAs }) => [column, type, takenAs ?? nowhere]),
      ],
      { width, paint },
    ),
    '',
    ...table(
      [
        ['status', 'rows', 'is taken as'],
        ...statuses.map(({ status, becomes, rows: n }) => [
          status ?? 'none',
          n.toLocaleString('en'),
          becomes ?? `? (say it with --status ${status ?? 'none'}=…)`,
        ]),
      ],
      { width, numbers: [1], paint },
    ),
    '',
  ];
}

/** What the import came to, and every reason for which rows were refused, or are to be looked after. */
export function reportLines(
  { source, rows, taken, known, refused, groups }: ImportReport,
  { dryRun, terminal }: { dryRun: boolean; terminal: Pick<Terminal, 'colors' | 'width'> },
): string[] {
  const { colors, width } = terminal;
  const would = dryRun ? 'would be ' : '';
  const mark = refused > 0 ? colors.yellow('!') : colors.green('✓');
  const reasons = byReason(groups.filter(({ reason }) => reason !== null));
  const n = (value: number) => value.toLocaleString('en');
  const lines = table(
    reasons.map(({ rows: some, reason, example, detail }) => [
      n(some),
      `${reason}${choiceFor(reason)}; row ${example}${detail === null ? '' : `: ${detail}`}`,
    ]),
    { width, numbers: [0] },
  );
  return [
    `${mark} ${count(rows, 'row')}: ${n(taken)} ${would}taken, ${n(known)} known already, ${n(refused)} ${would}refused.`,
    ...(reasons.length === 0 ? [] : ['Look at these, of each one as an example:', ...lines]),
    ...(reasons.length === 0 || dryRun
      ? []
      : [
          'All of them:',
          `  select * from runledger.execution_import_rows where source = '${plain(source).replaceAll("'", "''")}' and reason is not null`,
        ]),
  ];
}

/** However the table spells their status. */
function byReason(groups: readonly ImportGroup[]): ImportGroup[] {
  const reasons = new Map<string, ImportGroup>();
  for (const group of groups) {
    const key = `${group.result} ${group.reason}`;
    const before = reasons.get(key);
    reasons.set(key, before ? { ...before, rows: before.rows + group.rows } : group);
  }
  return [...reasons.values()].sort((a, b) => b.rows - a.rows);
}
