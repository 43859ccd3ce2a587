import type { Installation, UserSource } from '@runledger/contracts';
import { PAGE, VERSION } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { remarkOn } from '@runledger/host/schema-versions';
import type { Check } from './doctor-check.ts';
import { queuePollers } from './doctor-monitor.ts';
import type { CommandContext } from './run-command.ts';
import { count } from './words.ts';

/** What a hosted project gives a statement, and what everything here was measured with. */
const STATEMENT_MS = 8_000;
/** The oldest Postgres that the schema is tested on. */
const POSTGRES = 15;

/** `null` where the ledger does not answer, or its schema is too old to: its own checks say so. */
export const readInstallation = ({ connections }: CommandContext): Promise<Installation | null> =>
  connections.ledger.installation().catch(() => null);

/** Versions, the API's limits, and the triggers on the table that users come from. */
export async function checkInstallation(
  { connections }: CommandContext,
  installation: Installation,
  servers: readonly string[],
): Promise<Check[]> {
  const rows = await connections.ledger.rowLimit(PAGE.most).catch(() => null);
  return [
    versionsCheck(installation, servers),
    ...(rows === null ? [] : [rowsCheck(rows)]),
    timeCheck(installation),
    ...usersCheck(installation.userSource),
  ];
}

function versionsCheck(installation: Installation, servers: readonly string[]): Check {
  const { schemaVersion, postgres } = installation;
  const about = 'Versions';
  const temporal = [...new Set(servers)].map((version) => `, Temporal ${version}`).join('');
  const says = `runledger ${VERSION}, schema ${schemaVersion}, Postgres ${postgres}${temporal}`;
  const remark = remarkOn(installation);
  // Where it is older, the check of the schema says so.
  if (remark?.level === 'warn')
    return { level: 'warning', about, says: `${says}: ${remark.says}`, advice: remark.advice };
  if (Number.parseInt(postgres, 10) >= POSTGRES) return { level: 'ok', about, says };
  return { level: 'wrong', about, says, advice: `Upgrade the database to Postgres ${POSTGRES} or newer.` };
}

function rowsCheck(rows: number): Check {
  const about = 'Rows';
  if (rows >= PAGE.most) return { level: 'ok', about, says: `an answer of the API has ${PAGE.most} rows and more` };
  const says = `an answer of the API has at most ${count(rows, 'row')}, and a page of a list up to ${PAGE.most}`;
  const advice = 'Raise "Max rows" in the settings of the API (max_rows in config.toml) to 1000: pages come short.';
  return { level: 'warning', about, says, advice };
}

function timeCheck({ statementTimeoutMs: ms }: Installation): Check {
  const about = 'Time';
  if (ms === 0) return { level: 'ok', about, says: 'a statement may take as long as it likes' };
  const says = `a statement may take ${formatDuration(ms)}`;
  if (ms >= STATEMENT_MS) return { level: 'ok', about, says };
  const advice = `alter role service_role set statement_timeout = '8s'; notify pgrst, 'reload config'`;
  return { level: 'warning', about, says: `${says}: larger parts of the work are cancelled`, advice };
}

function usersCheck(source: UserSource | null): Check[] {
  const about = 'Users';
  if (!source) {
    const says = 'no table is followed: whoever is to have executions is added to runledger.users by the application';
    return [{ level: 'ok', about, says }];
  }
  if (source.silentTriggers.length === 0) return [{ level: 'ok', about, says: `${source.source} is followed` }];
  const says = `${source.source} has no ${source.silentTriggers.join(', no ')}: who signs up, changes or leaves is noticed late`;
  const more = [source.authUserColumn, source.leftColumn].map((column) => (column ? `'${column}'` : 'null'));
  const advice = `As the owner of the table: select runledger.follow_users('${source.source}', '${source.keyColumns.join(', ')}', ${more.join(', ')})`;
  return [{ level: 'wrong', about, says, advice }];
}

/** Whether somebody works on what the workflows of this namespace are started on. */
export async function checkTaskQueues(
  { connections, namespace }: CommandContext,
  { taskQueues }: Installation,
): Promise<Check[]> {
  const about = 'Queues';
  const own = taskQueues.filter((queue) => queue.namespace === namespace);
  const looked = await Promise.all(
    own.map(async (queue) => ({ ...queue, pollers: await queuePollers(connections, namespace, queue.taskQueue) })),
  );
  const idle = looked.filter(({ pollers }) => pollers.length === 0);
  if (idle.length === 0 && own.length > 0)
    return [{ level: 'ok', about, says: `workers poll ${own.map(({ taskQueue }) => taskQueue).join(', ')}` }];
  return idle.map(({ taskQueue, workflows }) => ({
    level: 'warning',
    about,
    says: `nobody polls ${taskQueue}, on which ${count(workflows, 'workflow')} would be started`,
    advice: `Start a worker of yours on it: executions wait there, and run into their time-outs.`,
  }));
}
