import { styleText } from 'node:util';
import type { Row } from './benchmark.ts';
import { formatItems } from './format-figure.ts';
import type { Result } from './run-benchmark.ts';

const TITLES = ['what', 'measured', 'compared with', 'to reach', ''];

/** For a terminal: the table, then what the figures are made of. */
export function showResults(results: Result[]): string {
  const cells = [TITLES, ...results.flatMap(({ rows }) => rows.map(toCells))];
  const widths = TITLES.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const table = cells.map((row) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    return row.at(-1) === 'not reached' ? styleText('red', line) : line;
  });
  return [...table, '', ...detailLines(results)].join('\n');
}

/** The same as Markdown, for docs/benchmarks.md. */
export function markdownResults(results: Result[], machine: string): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rows = results.flatMap((result) => result.rows.map((row) => line(toCells(row))));
  const table = [line(TITLES), line(TITLES.map(() => '---')), ...rows];
  return [machine, '', ...table, '', ...detailLines(results).map((detail) => `- ${detail}`)].join('\n');
}

const toCells = ({ what, measured, comparedWith, toReach, reached }: Row): string[] => [
  what,
  measured,
  comparedWith,
  toReach,
  reached === null ? '' : reached ? 'reached' : 'not reached',
];

function detailLines(results: Result[]): string[] {
  return results.flatMap(({ name, summary }) =>
    Object.entries(summary.items).map(([of, items]) => `${name}, ${of}: ${formatItems(items) || 'none'}`),
  );
}
