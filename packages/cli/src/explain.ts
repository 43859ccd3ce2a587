import type { ExecutionStory } from '@runledger/contracts';
import { isStale } from '@runledger/contracts';
import { findAlike } from './alike.ts';
import { asking } from './asking.ts';
import { askEngine, readStepsNow } from './engine-now.ts';
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
  const { host, terminal, json } = context;
  const { story, engine, exit, problems, alike, names } = await asking(terminal, factsOf(context, what));
  if (json) terminal.json({ ...story, explanation: explanationOf(story), engineNow: engine, problems, alike });
  else {
    const zone = what.utc ? 'UTC' : zoneOf(host.env);
    const { colors, width } = terminal;
    const facts = { story, engine, problems, alike, payloads: what.payloads, names };
    terminal.print(...explainLines(facts, { colors, width, zone }));
  }
  return exit;
}

async function factsOf(context: CommandContext, { id, payloads }: { id: string; payloads: boolean }) {
  const { connections } = context;
  const found = await findStory(connections, id);
  const story = payloads ? found : withoutPayloads(found);
  const [engine, steps, problems, alike, names] = await Promise.all([
    askEngine(context, story),
    readStepsNow(context, story),
    followingProblems(context, story),
    findAlike(connections, story.execution),
    namesIn(context, story),
  ]);
  return { story: steps ? { ...story, timeline: steps } : story, ...engine, problems, alike, names };
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
