import { NEW_EXECUTION } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import type { ExportOptions, ExportRow } from './export-text.ts';
import { exportText } from './export-text.ts';

const row = (given: object): ExportRow =>
  ({
    ...NEW_EXECUTION,
    ...{ id: 'e1', workflowId: 'w1', createdBy: 'anna', engine: 'none', status: 'running' },
    ...{ startedAt: '2026-11-21T09:00:00+00:00', workflow: { name: 'Order' } },
    ...given,
  }) as unknown as ExportRow;

async function textOf(pages: ExportRow[][], options: Partial<ExportOptions> = {}): Promise<string> {
  let text = '';
  async function* each() {
    yield* pages;
  }
  for await (const part of exportText(each(), { format: 'csv', hasPayloads: false, ...options })) text += part;
  return text;
}

describe('an export', () => {
  test.each(['=1+1', '+1', '-1', '@sum(a1)', '\t=1', '\r=1', '＝1'])('has no formula of %j', async (errorMessage) => {
    expect(await textOf([[row({ errorMessage })]])).toMatch(new RegExp(`,"?'${RegExp.escape(errorMessage)}"?,`));
  });

  test('has its header once, quotes what has to be quoted, and a line for each', async () => {
    const pages = [[row({ errorMessage: 'a "b",\nc', tags: ['vip', 'a,b'] })], [], [row({ id: 'e2', durationMs: 5 })]];
    const text = await textOf(pages);
    expect(text.match(/^id,/gm)).toHaveLength(1);
    expect(text).toContain('"a ""b"",\nc"');
    expect(text).toContain('"[""vip"",""a,b""]"');
    expect(text).toMatch(/\r\ne2,Order,w1,anna,running,,,2026-11-21T09:00:00\+00:00,,5,1,/);
  });

  test('of nothing is a header, and in NDJSON nothing at all', async () => {
    expect(await textOf([[]])).toMatch(/^id,workflow,[^\n]*temporalRunId\r\n$/);
    expect(await textOf([[]], { format: 'ndjson' })).toBe('');
  });

  test('has payloads only where they were asked for', async () => {
    const pages = [[row({ input: { secret: 1 }, output: [2] })]];
    expect(await textOf(pages)).not.toContain('secret');
    expect(await textOf(pages, { hasPayloads: true })).toContain('"{""secret"":1}",[2]');
  });

  test('in NDJSON is a row a line, as lists have them', async () => {
    const text = await textOf([[row({ errorMessage: 'a\nb' }), row({ id: 'e2' })]], { format: 'ndjson' });
    expect(text.split('\n').map((line) => line && JSON.parse(line).id)).toEqual(['e1', 'e2', '']);
  });
});
