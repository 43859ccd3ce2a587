import type { ExecutionStory } from '@runledger/contracts';
import { isStale } from '@runledger/contracts';
import { askEngine } from './engine-now.ts';
import type { ExitCode } from './exit-code.ts';
import { explainLines } from './explain-view.ts';
import { explanationOf } from './explanation.ts';
import { findStory } from './find-story.ts';
import { readProof } from './read-proof.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { ago, zoneOf } from './words.ts';

interface ExplainOptions extends CommonOptions {
  payloads?: boolean;
  utc?: boolean;
}

export function addExplain({ command, run }: Registry): void {
  command('explain <id>', {
    description: 'Tells the whole story of one execution, and whether Temporal agrees with it now.',
    examples: [
      'runledger explain 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f',
      'runledger explain order-42 --payloads',
      'runledger explain …4e5f      # the end of the id of one of the newest',
    ],
  })
    .option('--utc', 'times in UTC (default: in the zone of TZ, else of this machine)')
    .option('--payloads', 'also its input, output and other payloads, which may be confidential')
    .action((id: string, options: ExplainOptions) =>
      run(options, (context) =>
        explain(context, { id, payloads: options.payloads ?? false, utc: options.utc ?? false }),
      ),
    );
}

/** A finding where Temporal says something else, or knows nothing of it. */
export async function explain(
  context: CommandContext,
  what: { id: string; payloads: boolean; utc: boolean },
): Promise<ExitCode> {
  const { connections, host, terminal, json } = context;
  const found = await findStory(connections, what.id);
  const story = what.payloads ? found : withoutPayloads(found);
  const { engine, exit } = await askEngine(context, story);
  const problems = await followingProblems(context, story);
  if (json) terminal.json({ ...story, explanation: explanationOf(story), engineNow: engine, problems });
  else {
    const names = await namesIn(context, story);
    const zone = what.utc ? 'UTC' : zoneOf(host.env);
    const { colors, width } = terminal;
    terminal.print(
      ...explainLines({ story, engine, problems, payloads: what.payloads, names }, { colors, width, zone }),
    );
  }
  return exit;
}

/** Of what is not settled: whether a monitor follows its namespace, and keeps its promises. */
async function followingProblems({ connections }: CommandContext, { followed }: ExecutionStory): Promise<string[]> {
  if (!followed || followed.authority === 'engine' || followed.lostAt !== null) return [];
  const { namespace } = followed;
  const read = await readProof(connections.ledger, namespace);
  const nobody = `No monitor follows the namespace ${namespace}, so that a change of this is not noticed`;
  if (read.kind === 'none') return [`${nobody}: no proof was ever published.`];
  if (read.kind === 'foreign') return [];
  return isStale(read.proof) ? [`${nobody}: its last proof was published ${ago(read.proof.at)}.`] : [];
}

/** Errors say why something failed, so their messages stay; what the workflow was given and returned does not. */
function withoutPayloads(story: ExecutionStory): ExecutionStory {
  const hidden = { input: null, output: null, failure: null, stateSnapshot: null, metadata: {} };
  return { ...story, execution: { ...story.execution, ...hidden } };
}

/** What those are called who are named in it. In JSON they are ids. */
async function namesIn(
  { connections }: CommandContext,
  { execution, transitions, reports }: ExecutionStory,
): Promise<Record<string, string | null>> {
  const actors = [...transitions, ...reports].map(({ actor }) => actor);
  const ids = [execution.createdBy, execution.endedBy, execution.cancelRequestedBy, ...actors];
  const userIds = [...new Set(ids.filter((id) => id !== null))];
  const asked = { viewer: '', workflowIds: [], usualOf: [], userIds };
  return (await connections.ledger.describeRows(asked)).users;
}
