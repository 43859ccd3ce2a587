import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { proofProblems, unprovenProblems } from './proof-problems.ts';
import { readProof } from './read-proof.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { problemLines, statusLines } from './status-view.ts';

export function addStatus({ command, run }: Registry): void {
  command('status', {
    description: 'Shows what the monitor has proved: whether the ledger says what Temporal says, and since when.',
    examples: ['runledger status', 'runledger status --json | jq .proof.health', 'runledger status -n shop || page-me'],
  }).action((options: CommonOptions) => run(options, status));
}

/** Fine only while a recent proof says that nothing diverges. */
async function status({ connections: { ledger }, eachNamespace, json, terminal }: CommandContext): Promise<ExitCode> {
  const names = eachNamespace.map(({ namespace }) => namespace);
  const shared = [...unprovenProblems(await ledger.unprovenNamespaces(), names), ...(await ledger.hostProblems())];
  const each = await Promise.all(
    names.map(async (namespace) => {
      const read = await readProof(ledger, namespace);
      return { namespace, problems: proofProblems(read), proof: read.kind === 'proof' ? read.proof : null };
    }),
  );
  const ok = shared.length === 0 && each.every(({ problems }) => problems.length === 0);
  const [only, ...more] = each;
  if (only && more.length === 0) {
    const facts = { ...only, problems: [...only.problems, ...shared] };
    if (json) terminal.json({ namespace: facts.namespace, ok, problems: facts.problems, proof: facts.proof });
    else terminal.print(...statusLines(facts, terminal));
  } else if (json) {
    const namespaces = each.map(({ problems, ...rest }) => ({ ...rest, ok: problems.length === 0, problems }));
    terminal.json({ ok, problems: shared, namespaces });
  } else {
    for (const facts of each)
      terminal.print(terminal.colors.bold(facts.namespace), ...statusLines(facts, terminal), '');
    terminal.print(...problemLines(shared, terminal));
  }
  return ok ? EXIT.fine : EXIT.finding;
}
