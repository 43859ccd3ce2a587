import { ExecutionError, proofProblems, unprovenProblems } from '@runledger/contracts';
import { asking } from './asking.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { readProof } from './read-proof.ts';
import type { Registry } from './registry.ts';
import { periodOf, repeat } from './repeat.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { problemLines, statusLines } from './status-view.ts';
import { zoneOf } from './words.ts';

export function addStatus({ command, run }: Registry): void {
  command('status', {
    description: 'Shows what the monitor has proved: whether the ledger says what Temporal says, and since when.',
    examples: [
      'runledger status',
      'runledger status --json | jq .proof.health',
      'runledger status -n shop || page-me',
      'runledger status --watch --every 10s',
    ],
  })
    .option('--watch', 'looks again and again, until Ctrl-C; the exit code is that of the last look')
    .option('--every <duration>', 'how often with --watch', '5s')
    .action((options: StatusOptions) =>
      run(options, (context) => (options.watch ? watch(context, options) : status(context))),
    );
}

interface StatusOptions extends CommonOptions {
  watch?: boolean;
  every: string;
}

interface Look {
  code: ExitCode;
  lines: string[];
  document: object;
}

/** @throws ExecutionError `invalid_input` for a period that is none, and with --json, whose answer is one document */
async function watch(context: CommandContext, { every, json }: StatusOptions): Promise<ExitCode> {
  const everyMs = periodOf(every);
  if (json)
    throw new ExecutionError('invalid_input', '--watch and --json exclude each other: call status --json again.');
  const { host, terminal } = context;
  const signal = host.ending?.() ?? new AbortController().signal;
  return repeat(host, () => asking(terminal, look(context)), { everyMs, terminal, signal, zone: zoneOf(host.env) });
}

async function status(context: CommandContext): Promise<ExitCode> {
  const { code, lines, document } = await asking(context.terminal, look(context));
  if (context.json) context.terminal.json(document);
  else context.terminal.print(...lines);
  return code;
}

/** Fine only while a recent proof says that nothing diverges. */
async function look({ connections: { ledger }, eachNamespace, terminal }: CommandContext): Promise<Look> {
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
  const code = ok ? EXIT.fine : EXIT.finding;
  if (only && more.length === 0) {
    const facts = { ...only, problems: [...only.problems, ...shared] };
    const { namespace, problems, proof } = facts;
    return { code, lines: statusLines(facts, terminal), document: { namespace, ok, problems, proof } };
  }
  const namespaces = each.map(({ problems, ...rest }) => ({ ...rest, ok: problems.length === 0, problems }));
  const blocks = each.flatMap((facts) => [terminal.colors.bold(facts.namespace), ...statusLines(facts, terminal), '']);
  const lines = [...blocks, ...problemLines(shared, terminal)];
  return { code, lines, document: { ok, problems: shared, namespaces } };
}
