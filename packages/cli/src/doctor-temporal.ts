import type { NamespaceFacts } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { readAdoptionRules } from '@runledger/host/adoption-rules';
import type { Check } from './doctor-check.ts';
import { readProof } from './read-proof.ts';
import type { CommandContext } from './run-command.ts';

/** What the worker reconciles by, unless a monitor has said otherwise. */
const DEFAULT_PERIOD_MS = 300_000;
/** How long the API's ledger goes on trying to start an execution. */
const START_WINDOW_MS = 3_600_000;
/** Time to notice that the worker is down, and to fix it, before ends are forgotten. */
const COMFORTABLE_RETENTION_MS = 86_400_000;

/** Whether Temporal answers and has the namespace. */
export async function checkTemporal({
  connections,
  namespace,
}: CommandContext): Promise<{ check: Check; facts: NamespaceFacts | null }> {
  const about = 'Temporal';
  try {
    const facts = await connections.engine.describeNamespace(namespace);
    const says = `${connections.address} answers (server ${facts.serverVersion}), namespace ${namespace} exists`;
    return { facts, check: { level: 'ok', about, says } };
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    const advice =
      error.code === 'engine_refused'
        ? 'Check TEMPORAL_NAMESPACE and what TEMPORAL_API_KEY may do.'
        : 'Check TEMPORAL_ADDRESS and the TEMPORAL_TLS… variables, and that Temporal runs.';
    return { facts: null, check: { level: 'wrong', about, says: error.message, advice } };
  }
}

/** Whether Temporal keeps closed workflows for longer than the ledger may need to read how they ended. */
export async function checkRetention(
  { connections, namespace }: CommandContext,
  facts: NamespaceFacts,
): Promise<Check> {
  const about = 'Retention';
  const read = await readProof(connections.ledger, namespace).catch(() => null);
  const periodMs = read?.kind === 'proof' ? read.proof.periodMs : DEFAULT_PERIOD_MS;
  const { retentionMs } = facts;
  const kept = `Temporal keeps closed workflows for ${formatDuration(retentionMs)}`;
  const needed = Math.max(2 * periodMs, START_WINDOW_MS);
  if (retentionMs <= needed) {
    return {
      level: 'wrong',
      about,
      says: `${kept}, and the ledger needs more than ${formatDuration(needed)}`,
      advice: `Raise the retention of the namespace: an end that is missed for ${formatDuration(retentionMs)} is lost.`,
    };
  }
  if (retentionMs < COMFORTABLE_RETENTION_MS) {
    const advice = 'Raise the retention of the namespace to some days: a worker that is down for longer loses ends.';
    return { level: 'warning', about, says: kept, advice };
  }
  return { level: 'ok', about, says: `${kept}; everything is reconciled every ${formatDuration(periodMs)}` };
}

/** Whether the adoption rules can be read, and Temporal has the search attributes that they name. */
export function checkAdoption({ env, namespace }: CommandContext, facts: NamespaceFacts | null): Check[] {
  const about = 'Adoption';
  if (env.RUNLEDGER_ADOPTION === undefined) {
    const says =
      'RUNLEDGER_ADOPTION is not set here; runs that nobody announced are not adopted, or it is set for the worker only';
    return [{ level: 'ok', about, says }];
  }
  let rules: ReturnType<typeof readAdoptionRules>;
  try {
    rules = readAdoptionRules(env.RUNLEDGER_ADOPTION);
  } catch (error) {
    const advice = 'Fix RUNLEDGER_ADOPTION: the worker does not start with it.';
    return [{ level: 'wrong', about, says: (error as Error).message, advice }];
  }
  if (!facts) return [];
  const named = rules.flatMap(({ user, ...rule }, at) =>
    'searchAttribute' in user && (rule.namespace ?? namespace) === namespace
      ? [{ name: user.searchAttribute, rule: at + 1 }]
      : [],
  );
  const missing = named.filter(({ name }) => !(name in facts.searchAttributes));
  if (missing.length === 0) {
    return [
      { level: 'ok', about, says: `${rules.length} rule${rules.length === 1 ? '' : 's'}, all search attributes exist` },
    ];
  }
  return missing.map(({ name, rule }) => ({
    level: 'wrong' as const,
    about,
    says: `rule ${rule} names the search attribute ${name}, which namespace ${namespace} does not have`,
    advice: `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
  }));
}
