import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { proofProblems, unprovenProblems } from './proof-problems.ts';
import { readProof } from './read-proof.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { statusLines } from './status-view.ts';

export function addStatus({ command, run }: Registry): void {
  command('status', {
    description: 'Shows what the monitor has proved: whether the ledger says what Temporal says, and since when.',
    examples: ['runledger status', 'runledger status --json | jq .proof.health', 'runledger status -n shop || page-me'],
  }).action((options: CommonOptions) => run(options, status));
}

/** Fine only while a recent proof says that nothing diverges. */
async function status({ connections, namespace, json, terminal }: CommandContext): Promise<ExitCode> {
  const read = await readProof(connections.ledger, namespace);
  const unproven = unprovenProblems(await connections.ledger.unprovenNamespaces(), namespace);
  const problems = [...proofProblems(read), ...unproven, ...(await connections.ledger.hostProblems())];
  const proof = read.kind === 'proof' ? read.proof : null;
  if (json) terminal.json({ namespace, ok: problems.length === 0, problems, proof });
  else terminal.print(...statusLines({ proof, problems, namespace }, terminal));
  return problems.length === 0 ? EXIT.fine : EXIT.finding;
}
