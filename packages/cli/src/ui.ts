import { ExecutionError } from '@runledger/contracts';
import openInBrowser from 'open';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { findStory } from './find-story.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';

interface UiOptions extends CommonOptions {
  url?: string;
  open: boolean;
}

export function addUi({ command, run }: Registry): void {
  command('ui [id]', {
    description: 'Opens the page: its overview, or one execution by its id or workflow id.',
    examples: [
      'runledger ui',
      'runledger ui order-42',
      'runledger ui order-42 --no-open --url https://app.example.com/runs/',
    ],
  })
    .option('--url <address>', 'where the page is (default: RUNLEDGER_DASHBOARD_URL, or that of npm start here)')
    .option('--no-open', 'prints the address only, as it does where there is no terminal')
    .action((id: string | undefined, options: UiOptions) => run(options, (context) => ui(context, { id, ...options })));
}

async function ui(
  context: CommandContext,
  { id, url, open }: UiOptions & { id?: string | undefined },
): Promise<ExitCode> {
  const { host, terminal, json } = context;
  const address = await addressOf(context, { id, base: url ?? context.env.RUNLEDGER_DASHBOARD_URL });
  if (json) terminal.json({ url: address });
  else terminal.print(address);
  if (open && !json && host.stdout.isTTY) {
    const complain = () => terminal.complain('No browser could be opened here: open the address yourself.');
    await openInBrowser(address).then((browser) => browser.once('error', complain), complain);
  }
  return EXIT.fine;
}

/** @throws ExecutionError `invalid_input` without an address of the page, `not_found` for an id that names nothing */
async function addressOf(
  { connections }: CommandContext,
  { id, base }: { id: string | undefined; base: string | undefined },
): Promise<string> {
  if (base === undefined || !URL.canParse(base)) {
    throw new ExecutionError(
      'invalid_input',
      'Where is the page? Say it by --url, or set RUNLEDGER_DASHBOARD_URL, to the address at which the API serves it.',
    );
  }
  // The page may be served under a folder.
  const root = base.endsWith('/') ? base : `${base}/`;
  if (id === undefined) return root;
  const { execution } = await findStory(connections, id);
  return new URL(`executions/${execution.id}`, root).href;
}
