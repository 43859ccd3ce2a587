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
    expect(readEnv(needed)).toMatchObject({ PORT: 54_330, HOST: '127.0.0.1', temporal: [{ namespace: 'default' }] });
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

  test('takes third parties as text or from a file, and names every mistake in them', () => {
    const read = (issuers: unknown) => readEnv({ ...needed, RUNLEDGER_AUTH_ISSUERS: JSON.stringify(issuers) });
    expect(readEnv(needed).RUNLEDGER_AUTH_ISSUERS).toBeUndefined();
    const issuer = 'https://example.auth0.com/';
    expect(read([{ issuer, audience: ['a', 'b'] }]).RUNLEDGER_AUTH_ISSUERS).toEqual([
      { issuer, audience: ['a', 'b'], roleClaim: 'role' },
    ]);
    expect(read([{ issuer: 'http://127.0.0.1:9000' }]).RUNLEDGER_AUTH_ISSUERS).toHaveLength(1);
    const wrong: [unknown, ...string[]][] = [
      [[{ issuer: 'example.auth0.com' }], 'RUNLEDGER_AUTH_ISSUERS.0.issuer: must be an https URL'],
      [[{ issuer: 'http://example.auth0.com' }], 'RUNLEDGER_AUTH_ISSUERS.0.issuer: must be an https URL'],
      [[{ issuer, jwksUrl: 'file:///keys' }, {}], '0.jwksUrl: must be', '1.issuer: '],
      [[{ issuer, audience: [] }], 'RUNLEDGER_AUTH_ISSUERS.0.audience: '],
      [[{ issuer, jwks_url: issuer }], 'jwks_url'],
      [[{ issuer }, { issuer }], `RUNLEDGER_AUTH_ISSUERS.1.issuer: ${issuer} is listed twice`],
      [{ issuer }, 'RUNLEDGER_AUTH_ISSUERS: is neither a JSON array'],
    ];
    for (const [issuers, ...messages] of wrong)
      for (const message of messages) expect(() => read(issuers)).toThrow(message);
  });

  test('limits what users may ask for unless it says none, and names what is no limit', () => {
    const defaults = { RUNLEDGER_REQUESTS_PER_MINUTE: 3_000, RUNLEDGER_WRITES_PER_MINUTE: 600 };
    expect(readEnv(needed)).toMatchObject({ ...defaults, RUNLEDGER_RATE_LIMIT_STORE: 'memory' });
    const names = [...Object.keys(defaults), 'RUNLEDGER_STREAMS_PER_USER', 'RUNLEDGER_WORKFLOWS_PER_USER'] as const;
    for (const name of names) {
      const read = (value: string) => readEnv({ ...needed, [name]: value })[name as keyof typeof defaults];
      expect([read('none'), read('0'), read('7')]).toEqual([null, 0, 7]);
      for (const wrong of ['many', '-1', '1.5']) expect(() => read(wrong)).toThrow(`${name}: must be a whole number`);
    }
    expect(readEnv(needed).RUNLEDGER_CALLS_AT_ONCE).toBe(5);
    expect(() => readEnv({ ...needed, RUNLEDGER_CALLS_AT_ONCE: '0' })).toThrow('must be at least 1, or none');
    for (const wrong of ['redis', 'https://example.com', 'postgres'])
      expect(() => readEnv({ ...needed, RUNLEDGER_RATE_LIMIT_STORE: wrong })).toThrow(
        'must be memory, postgres://… or redis://…',
      );
    for (const right of ['postgresql://db/limits', 'redis://cache:6379', 'rediss://user:secret@cache/3'])
      expect(readEnv({ ...needed, RUNLEDGER_RATE_LIMIT_STORE: right }).RUNLEDGER_RATE_LIMIT_STORE).toBe(right);
    expect(() => readEnv({ ...needed, RUNLEDGER_ANONYMOUS_USERS: 'no' })).toThrow('RUNLEDGER_ANONYMOUS_USERS');
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
