import { EXECUTION_STATUSES } from '@runledger/contracts/status';
import { parseHTML } from 'linkedom';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { sampleRow } from '../fixtures/sample-rows.ts';
import { BEGAN_MS, FAILED_ORDER, LAST_SUCCESS, PATIENT, PATIENT_END_MS } from '../fixtures/sample-steps.ts';
import {
  createRunledgerReact,
  ExecutionActions,
  ExecutionRows,
  ExecutionStatus,
  ExecutionTable,
  ExecutionView,
  HealthLabel,
  LiveLabel,
  ProgressBar,
  ProofLabel,
  RunledgerProvider,
  RunMarks,
  StatusLabel,
  TimelineTable,
} from '../index.ts';
import type { ExecutionDetails } from '../status/execution-status.tsx';
import { WordsProvider } from './use-words.tsx';
import type { Words } from './words.ts';
import { DEFAULT_WORDS } from './words.ts';

/** A dictionary of a language that has one word. */
const marked = (value: unknown): unknown => {
  if (typeof value === 'string') return '§';
  if (typeof value === 'function') return () => '§';
  if (value === null) return null;
  return Object.fromEntries(Object.entries(value as object).map(([key, part]) => [key, marked(part)]));
};
const FOREIGN = marked(DEFAULT_WORDS) as Words;

const runledger = createRunledgerReact({ url: 'https://api.example.com/trpc', getToken: () => null });
const row = sampleRow({ status: 'failed', errorMessage: '#', tags: ['#'], userName: '#', createdBy: '#' });
const named = { ...row, workflow: { ...row.workflow, name: '#' } };
const figures = { open: 4, isCapped: true, differ: 1, oldestCheckAgeMs: 5 };

const steps = FAILED_ORDER.map((step) => ({ ...step, name: '#' }));
const page = { items: [named], nextCursor: 'c', searchedUntil: null, window: {}, asOf: row.startedAt, ignored: [] };

/** What an application that has the execution gives: all of it, as `getExecution` answers. */
const details = {
  ...named,
  ...{ workflow: { ...named.workflow, description: null }, health: null, usual: null, expectedBy: null },
  progress: null,
  ...{ input: null, inputNote: null, output: null, outputNote: null, failure: null, stateSnapshot: null, runs: [] },
  ...{ transitions: [], reports: [], origin: 'api', inputBytes: null, outputBytes: null, payloads: 'included' },
  isDecodable: false,
} as ExecutionDetails;

const Everything = () => (
  <StrictMode>
    <RunledgerProvider runledger={runledger}>
      <WordsProvider words={FOREIGN}>
        {EXECUTION_STATUSES.map((status) => (
          <StatusLabel key={status} status={status} />
        ))}
        <HealthLabel health="late" />
        <LiveLabel live={{ state: 'reconnecting', since: 0, error: null }} />
        <RunMarks runs={[row]} />
        {(['good', 'diverging'] as const).map((kind) => (
          <ProofLabel key={kind} proof={{ kind, figures }} />
        ))}
        <ProofLabel proof={{ kind: 'behind', ageMs: 5 }} />
        <ProofLabel proof={{ kind: 'none' }} />
        <ProgressBar progress={{ percent: 40, step: 2, steps: 5, message: null, estimated: true }} />
        <ExecutionRows
          executions={[named]}
          audience="team"
          columns={['status', 'why', 'started', 'ended', 'took', 'user', 'tags']}
          noLongerFits={new Set([row.id])}
        />
        <TimelineTable steps={steps} fromMs={BEGAN_MS} toMs={BEGAN_MS + 6_384} others={LAST_SUCCESS} omitted={3} />
        <ExecutionStatus id={row.id} initial={{ ...named, status: 'running' }} />
        <ExecutionStatus id={row.id} />
        <ExecutionTable initial={page} />
        <ExecutionTable />
        <ExecutionView
          id={row.id}
          initial={details}
          sections={['outcome', 'facts', 'input', 'output']}
          audience="team"
        />
        <ExecutionActions
          execution={{ id: row.id, status: 'running', cancelRequestedAt: row.startedAt }}
          actions={['cancel', 'terminate']}
        />
      </WordsProvider>
    </RunledgerProvider>
  </StrictMode>
);

test('every string is in the words: in a foreign language no English is left, neither seen nor heard', () => {
  const { document } = parseHTML(`<html><body>${renderToString(<Everything />)}</body></html>`);
  const texts = [document.body.textContent ?? ''];
  for (const name of ['aria-label', 'title', 'aria-valuetext', 'placeholder'])
    for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name) ?? '');
  // Times on an axis are figures with units of the international system, and ids are ids.
  const left = texts.map((text) => text.replaceAll(row.id, '').replace(/\d+(\.\d+)? ?(ms|s|min|h|d)/g, ''));
  expect(left.filter((text) => /[A-Za-z]/.test(text))).toEqual([]);
});

test('a folded time names itself in the words too', () => {
  const patient = PATIENT.map((step) => ({ ...step, name: '#' }));
  const html = renderToString(
    <WordsProvider words={FOREIGN}>
      <TimelineTable steps={patient} fromMs={BEGAN_MS} toMs={PATIENT_END_MS} />
    </WordsProvider>,
  );
  expect(html).toContain('title="§"');
});

test('a server renders the status, the rows and the execution that it is given, in strict mode', () => {
  const html = renderToString(
    <StrictMode>
      <RunledgerProvider runledger={runledger}>
        <ExecutionStatus
          id={row.id}
          initial={{ status: 'completed', workflow: { name: 'Order' }, durationMs: 3_300 }}
        />
        <ExecutionTable initial={page} />
        <ExecutionView id={row.id} initial={details} />
      </RunledgerProvider>
    </StrictMode>,
  );
  expect(html).toContain('Order completed in 3.3 s.');
  expect(html).toContain(`data-id="${row.id}"`);
  expect(html).toContain('# failed after 6.4 s.');
});
