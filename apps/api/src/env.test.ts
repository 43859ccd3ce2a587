import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEnv } from './env.ts';
import { readPublishing } from './publishing.ts';

const needed = {
  SUPABASE_URL: 'http://127.0.0.1:54321',
  SUPABASE_ANON_KEY: 'anon',
  SUPABASE_SERVICE_ROLE_KEY: 'service',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"orders"}]',
};

describe('the configuration', () => {
  test('needs little, and listens on this machine only unless told otherwise', () => {
    expect(readEnv(needed)).toMatchObject({ PORT: 54_330, HOST: '127.0.0.1', TEMPORAL_NAMESPACE: 'default' });
  });

  test('lets operators publish and shows publishers counts only, unless it says otherwise', () => {
    const safe = { RUNLEDGER_PUBLISHERS: 'operators', RUNLEDGER_OWNERS_SEE_ROWS: false };
    expect(readEnv(needed)).toMatchObject({ ...safe, RUNLEDGER_WORKFLOWS_PER_USER: 1_000 });
    expect(readPublishing(readEnv(needed))).toEqual({});
    const open = readEnv({ ...needed, RUNLEDGER_PUBLISHERS: 'everyone', RUNLEDGER_OWNERS_SEE_ROWS: 'true' });
    const { mayPublish, maySeeRows } = readPublishing(open);
    expect([mayPublish?.({} as never), maySeeRows?.({} as never, {} as never)]).toEqual([true, true]);
    expect(() => readEnv({ ...needed, RUNLEDGER_PUBLISHERS: 'all' })).toThrow('RUNLEDGER_PUBLISHERS');
  });

  test('names every variable that is missing or wrong', () => {
    const { SUPABASE_URL: _, ...rest } = needed;
    const read = () => readEnv({ ...rest, PORT: 'eighty', LOG_LEVEL: 'loud', RUNLEDGER_STARTABLE: '[{}]' });
    for (const name of ['SUPABASE_URL: is not set', 'PORT: ', 'LOG_LEVEL: ', 'RUNLEDGER_STARTABLE'])
      expect(read).toThrow(name);
  });

  test('an empty variable is one that is not set', () => {
    expect(readEnv({ ...needed, PORT: '', SUPABASE_JWT_SECRET: '' }).PORT).toBe(54_330);
    expect(() => readEnv({ ...needed, SUPABASE_ANON_KEY: '' })).toThrow('SUPABASE_ANON_KEY: is not set');
  });

  test('takes what is startable as text or from a file, in the namespace of Temporal unless it says another', () => {
    const folder = mkdtempSync(join(tmpdir(), 'runledger-env-'));
    try {
      const file = join(folder, 'startable.json');
      const other = { namespace: 'other', workflowType: 'report', taskQueue: 'reports' };
      writeFileSync(file, JSON.stringify([other, { workflowType: 'order', taskQueue: 'orders' }]));
      expect(readEnv({ ...needed, TEMPORAL_NAMESPACE: 'mine', RUNLEDGER_STARTABLE: file }).RUNLEDGER_STARTABLE).toEqual(
        [other, { namespace: 'mine', workflowType: 'order', taskQueue: 'orders' }],
      );
      expect(() => readEnv({ ...needed, RUNLEDGER_STARTABLE: join(folder, 'none.json') })).toThrow('none.json');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
