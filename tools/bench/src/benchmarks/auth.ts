import { connect, readEnv } from '@runledger/api';
import { startPostgres } from '@runledger/local-stack';
import { createClient } from '@supabase/supabase-js';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { pino } from 'pino';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { openLedger } from '../ledger.ts';
import { percentile } from '../quantile.ts';

/** The variants take turns, so that a machine that slows down slows all. */
const TURNS = 40;
/** Calls of a turn: one of those that are fast takes less than a clock tells. */
const CALLS = { ours: 5_000, local: 100, asked: 10 };
/** To reach. */
const TIMES = 50;
const KEY_ID = 'bench';

/** Who calls, of a token that was seen before: what the API does at each call, beside supabase-js. */
export const auth: Benchmark = {
  name: 'auth',
  about: 'who calls, of a token seen before, beside supabase-js auth.getClaims() of both kinds of tokens',

  async prepare(_, say) {
    await using stack = new AsyncDisposableStack();
    const postgres = await startPostgres({ version: 17 });
    stack.defer(() => postgres.stop());
    const ledger = stack.use(await openLedger(postgres, 'auth'));
    const supabase = createClient(ledger.url, ledger.publishableKey, { auth: { persistSession: false } });
    const { data } = await supabase.auth.signUp({ email: 'anna@example.com', password: 'not a secret' });
    const token = data.session?.access_token;
    if (!token) throw new Error('nobody could sign up');
    const connections = connect(
      readEnv({
        SUPABASE_URL: ledger.url,
        SUPABASE_ANON_KEY: ledger.publishableKey,
        SUPABASE_SERVICE_ROLE_KEY: ledger.key,
        SUPABASE_JWT_SECRET: ledger.jwtSecret,
        RUNLEDGER_STARTABLE: '[]',
        TEMPORAL_ADDRESS: '127.0.0.1:1',
      }),
      pino({ level: 'warn' }),
    );
    stack.defer(() => connections.close());

    // Of a project with signing keys, which supabase-js checks by itself; it is handed the keys.
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', key_ops: ['verify'] }] };
    const signed = await new SignJWT({ sub: data.user?.id ?? '', role: 'authenticated', aud: 'authenticated' })
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID, typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(privateKey);

    const claims = async (jwt: string, keys?: typeof jwks) => {
      const answer = await supabase.auth.getClaims(jwt, keys && { jwks: keys as never });
      if (answer.data?.claims.sub !== data.user?.id) throw new Error(`getClaims answered ${answer.error?.message}`);
    };
    const variants: Record<keyof typeof CALLS, () => Promise<void>> = {
      async ours() {
        const { caller, callerProblem } = await connections.identify(`Bearer ${token}`);
        if (caller?.userId !== data.user?.id) throw new Error(`the API does not know who it is: ${callerProblem}`);
      },
      local: () => claims(signed, jwks),
      asked: () => claims(token),
    };
    for (const call of Object.values(variants)) for (let n = 0; n < 10; n += 1) await call();
    const kept = stack.move();
    return {
      async run(): Promise<Sample> {
        const took: Record<string, number[]> = {};
        for (let turn = 0; turn < TURNS; turn += 1)
          for (const [name, call] of Object.entries(variants)) {
            say(name);
            const calls = CALLS[name as keyof typeof CALLS];
            const from = performance.now();
            for (let n = 0; n < calls; n += 1) await call();
            took[name] = [...(took[name] ?? []), (performance.now() - from) / calls];
          }
        const values = Object.fromEntries(
          Object.entries(took).map(([name, times]) => [`${name} ms`, percentile(times, 0.5)]),
        );
        return { values, faults: {}, items: {} };
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  },

  rows({ values }): Row[] {
    const of = (name: string) => values[`${name} ms`] ?? Number.NaN;
    const row = (what: string, name: string): Row => {
      const times = of(name) / of('ours');
      return {
        what,
        measured: `${formatNumber(of('ours') * 1_000)} µs: ${formatNumber(times)} × as fast`,
        comparedWith: `getClaims() ${formatMs(of(name))}`,
        toReach: `≥ ${TIMES} ×`,
        reached: times >= TIMES,
      };
    };
    return [
      row('a token seen before, of a project with a shared secret (HS256)', 'asked'),
      row('the same beside a token with a signing key (ES256), whose keys are at hand', 'local'),
    ];
  },
};
