import type { ExecutionStory, Resolution } from '@runledger/contracts';
import { ExecutionError, isExecutionError, isStale } from '@runledger/contracts';
import type { Comparison } from '@runledger/monitor/reconcile-once';
import { compare, engineTarget } from '@runledger/monitor/reconcile-once';
import type { ExitCode } from './exit-code.ts';
import { EXIT, EXIT_OF } from './exit-code.ts';
import { explainLines } from './explain-view.ts';
import type { Registry } from './program.ts';
import { readProof } from './read-proof.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { ago } from './words.ts';

interface ExplainOptions extends CommonOptions {
  payloads?: boolean;
}

/** What Temporal says of it at this moment. */
export interface EngineNow {
  comparison: Comparison | null;
  /** As Temporal names it; `null` where it does not know it, or could not be asked. */
  status: string | null;
  /** Why Temporal could not be asked. */
  error: string | null;
}

export function addExplain({ command, run }: Registry): void {
  command('explain <id>', {
    description: 'Tells the whole story of one execution, and whether Temporal agrees with it now.',
    examples: ['runledger explain 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f', 'runledger explain order-42 --payloads'],
  })
    .option('--payloads', 'also its input, output and other payloads, which may be confidential')
    .action((id: string, options: ExplainOptions) =>
      run(options, (context) => explain(context, { id, payloads: options.payloads ?? false })),
    );
}

/** A finding where Temporal says something else, or knows nothing of it. */
async function explain(context: CommandContext, what: { id: string; payloads: boolean }): Promise<ExitCode> {
  const { connections, terminal, json } = context;
  const found = await connections.ledger.story(what.id);
  if (!found) {
    throw new ExecutionError('not_found', `There is no execution with the row id or workflow id "${what.id}".`);
  }
  const story = what.payloads ? found : withoutPayloads(found);
  const { engine, exit } = await askEngine(context, story);
  const problems = await followingProblems(context, story);
  if (json) terminal.json({ ...story, engineNow: engine, problems });
  else terminal.print(...explainLines({ story, engine, problems, payloads: what.payloads }, terminal));
  return exit;
}

/** What a person should look at, or repair. */
const FINDINGS: ReadonlySet<Comparison['kind']> = new Set(['differs', 'registered_late', 'unknown']);
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

async function askEngine(
  { connections }: CommandContext,
  { followed }: ExecutionStory,
): Promise<{ engine: EngineNow | null; exit: ExitCode }> {
  if (!followed) return { engine: null, exit: EXIT.fine };
  try {
    const resolution = await connections.engine.resolve({ ...engineTarget(followed), whole: true });
    const comparison = compare(followed, resolution);
    // What an open execution lacks, its next check brings.
    const isFinding = FINDINGS.has(comparison.kind) || (comparison.kind === 'lacks' && followed.authority === 'engine');
    const exit = isFinding ? EXIT.finding : EXIT.fine;
    return { engine: { comparison, status: statusOf(resolution), error: null }, exit };
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    return { engine: { comparison: null, status: null, error: error.message }, exit: EXIT_OF[error.code] };
  }
}

function statusOf(resolution: Resolution): string | null {
  switch (resolution.kind) {
    case 'closed':
      return resolution.outcome.status;
    case 'open':
      return resolution.open.engineStatus.toLowerCase();
    case 'not_found':
      return null;
  }
}

/** Errors say why something failed, so their messages stay; what the workflow was given and returned does not. */
function withoutPayloads(story: ExecutionStory): ExecutionStory {
  const hidden = { input: null, output: null, failure: null, stateSnapshot: null, metadata: {} };
  return { ...story, execution: { ...story.execution, ...hidden } };
}
