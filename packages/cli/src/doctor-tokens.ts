import type { AuthIssuer } from '@runledger/host/auth-issuers';
import { AuthIssuers, issuerKeys } from '@runledger/host/auth-issuers';
import { JsonArray } from '@runledger/host/json-array';
import type { KeySet } from '@runledger/host/key-set';
import { projectKeys } from '@runledger/host/key-set';
import type { Check } from './doctor-check.ts';
import type { CommandContext } from './run-command.ts';

const ABOUT = 'Tokens';

/** Whether the API can verify the tokens of users: those of the project, and those of each third party that it takes. */
export async function checkTokens({ env }: Pick<CommandContext, 'env'>): Promise<Check[]> {
  const given = env.RUNLEDGER_AUTH_ISSUERS;
  const issuers = given === undefined ? null : JsonArray.pipe(AuthIssuers).safeParse(given);
  if (issuers?.success === false) {
    const says = `RUNLEDGER_AUTH_ISSUERS: ${issuers.error.issues.map(({ message }) => message).join('; ')}`;
    const advice = 'Fix RUNLEDGER_AUTH_ISSUERS: the API does not start with it.';
    return [{ level: 'wrong', about: ABOUT, says, advice }];
  }
  const thirdParties = issuers?.data ?? [];
  return Promise.all([checkProject(env, thirdParties.length > 0), ...thirdParties.map(checkIssuer)]);
}

async function checkProject(env: CommandContext['env'], hasOthers: boolean): Promise<Check> {
  if (env.SUPABASE_JWT_SECRET !== undefined) {
    const says = 'those that the project signs with its shared secret are verified with SUPABASE_JWT_SECRET';
    return { level: 'ok', about: ABOUT, says };
  }
  const published = await countKeys(projectKeys(env.SUPABASE_URL));
  if (typeof published === 'string') {
    const advice = 'Check that Supabase Auth runs: without its keys nobody can sign in.';
    return {
      level: 'warning',
      about: ABOUT,
      says: `the project's public keys cannot be fetched (${published})`,
      advice,
    };
  }
  if (published > 0) return { level: 'ok', about: ABOUT, says: `the project publishes ${keys(published)}` };
  const says =
    'the project publishes no public keys, so it signs with a shared secret, and SUPABASE_JWT_SECRET is not set here';
  const advice =
    'Set SUPABASE_JWT_SECRET for the API, or move the project to signing keys: nobody can sign in otherwise.';
  return hasOthers ? { level: 'ok', about: ABOUT, says } : { level: 'warning', about: ABOUT, says, advice };
}

async function checkIssuer(entry: AuthIssuer): Promise<Check> {
  const published = await countKeys(issuerKeys(entry));
  const advice = `Check "issuer" and "jwksUrl" in RUNLEDGER_AUTH_ISSUERS: tokens of ${entry.issuer} are not accepted.`;
  if (typeof published === 'string')
    return {
      level: 'wrong',
      about: ABOUT,
      says: `the keys of ${entry.issuer} cannot be fetched (${published})`,
      advice,
    };
  if (published === 0) return { level: 'wrong', about: ABOUT, says: `${entry.issuer} publishes no keys`, advice };
  return { level: 'ok', about: ABOUT, says: `${entry.issuer} publishes ${keys(published)}` };
}

const keys = (count: number) => (count === 1 ? '1 key' : `${count} keys`);

/** How many keys there are, or why they cannot be fetched. */
function countKeys(keySet: KeySet): Promise<number | string> {
  return keySet.count(0).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}
