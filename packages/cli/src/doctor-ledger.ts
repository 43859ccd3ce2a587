import { isExecutionError } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { createExecutionService } from '@runledger/execution-service';
import { remarkOn } from '@runledger/host/schema-versions';
import type { Check } from './doctor-check.ts';
import type { CommandContext } from './run-command.ts';

/** Clocks further apart than this make lags and ages wrong enough to mislead. */
const CLOCKS_APART_MS = 2_000;
/** No workflow has it: its statistics are empty, and tell the database's time. */
const NO_WORKFLOW = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Whether the database's API answers, whatever it says. */
export async function checkLedger({ connections, env }: CommandContext): Promise<{ check: Check; answers: boolean }> {
  const about = 'Ledger';
  const where = new URL(env.SUPABASE_URL).host;
  try {
    await connections.ledger.ping();
    return { answers: true, check: { level: 'ok', about, says: `${where} answers` } };
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    if (error.code === 'schema_outdated')
      return { answers: true, check: { level: 'ok', about, says: `${where} answers` } };
    const isKey = error.code === 'unauthenticated' || error.code === 'permission_denied';
    const advice = isKey
      ? 'Set SUPABASE_SERVICE_ROLE_KEY to the secret key of this project.'
      : 'Check SUPABASE_URL, and that the project is not paused.';
    return { answers: isKey, check: { level: 'wrong', about, says: error.message, advice } };
  }
}

/** PostgREST's code for a schema that it does not serve. */
const isNotExposed = ({ cause }: Error) => (cause as { code?: string } | undefined)?.code === 'PGRST106';

/** Whether the migrations are there, and the key may do what the worker does. */
export async function checkSchema({ connections, namespace }: CommandContext): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    const remark = remarkOn(await connections.ledger.schemaVersions());
    if (remark?.level === 'error')
      return [{ level: 'wrong', about: 'Schema', says: remark.says, advice: remark.advice }];
    checks.push({ level: 'ok', about: 'Schema', says: 'the migrations are applied' });
  } catch (error) {
    if (!isExecutionError(error) || error.code !== 'schema_outdated') return checks;
    const advice = isNotExposed(error)
      ? 'Expose the schema "runledger" beside those that the API has.'
      : 'Apply the migrations: "npx runledger migrate", or "supabase db push".';
    return [{ level: 'wrong', about: 'Schema', says: error.message, advice }];
  }
  try {
    await connections.ledger.figures(namespace);
    checks.push({ level: 'ok', about: 'Key', says: 'it is a service-role key' });
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    const advice = 'Set SUPABASE_SERVICE_ROLE_KEY to the secret (service-role) key; the publishable key may not write.';
    checks.push({ level: 'wrong', about: 'Key', says: error.message, advice });
  }
  return checks;
}

/** Whether the application's own users and definitions can be followed. */
export async function checkHost({ connections }: CommandContext): Promise<Check[]> {
  // Its own checks report a ledger that refuses to answer.
  const problems = await connections.ledger.hostProblems().catch(() => []);
  return problems.map((says) => ({ level: 'wrong', about: 'Application', says }));
}

/** How far this machine's clock is from the database's: ages that the monitor computes depend on both. */
export async function checkClock({ connections }: CommandContext): Promise<Check[]> {
  const about = 'Clock';
  try {
    const asked = Date.now();
    const { asOf } = await createExecutionService(connections.supabase).getStats(NO_WORKFLOW);
    const tookMs = Date.now() - asked;
    const apart = Date.parse(asOf) - (asked + tookMs / 2);
    const size = Math.abs(apart);
    if (size - tookMs / 2 <= CLOCKS_APART_MS) {
      return [{ level: 'ok', about, says: `within ${formatDuration(Math.max(size, tookMs / 2))} of the database's` }];
    }
    const says = `${formatDuration(size)} ${apart > 0 ? 'behind' : 'ahead of'} the database's`;
    return [{ level: 'warning', about, says, advice: 'Synchronise it (NTP): lags and ages are wrong by that much.' }];
  } catch {
    // The other checks report what keeps the database from answering.
    return [];
  }
}
