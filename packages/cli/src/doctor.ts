import { plain, wrap } from '@runledger/host/text';
import type { Check } from './doctor-check.ts';
import { checkClock, checkHost, checkLedger, checkSchema } from './doctor-ledger.ts';
import { checkMonitor, checkNamespaces } from './doctor-monitor.ts';
import { checkAdoption, checkRetention, checkTemporal } from './doctor-temporal.ts';
import { checkTokens } from './doctor-tokens.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import type { Terminal } from './terminal.ts';

export function addDoctor({ command, run }: Registry): void {
  command('doctor', {
    description: 'Looks whether everything is set up as it has to be: the database, Temporal, the worker.',
    examples: ['runledger doctor', 'RUNLEDGER_ADOPTION=rules.json runledger doctor', 'runledger doctor --json'],
  }).action((options: CommonOptions) => run(options, doctor));
}

async function doctor(context: CommandContext): Promise<ExitCode> {
  const [ledger, temporal] = await Promise.all([checkLedger(context), checkTemporal(context)]);
  const checks = [ledger.check, temporal.check];
  if (ledger.answers)
    checks.push(...(await Promise.all([checkSchema(context), checkClock(context), checkHost(context)])).flat());
  if (temporal.facts) checks.push(await checkRetention(context, temporal.facts), ...(await checkMonitor(context)));
  // Where Temporal was reached, the monitor of this namespace was looked at already.
  if (ledger.answers) checks.push(...(await checkNamespaces(context, temporal.facts ? context.namespace : null)));
  checks.push(...checkAdoption(context, temporal.facts));
  if (ledger.answers) checks.push(...(await checkTokens(context)));
  const isWell = checks.every(({ level }) => level !== 'wrong');
  if (context.json) context.terminal.json({ namespace: context.namespace, ok: isWell, checks });
  else context.terminal.print(...checks.flatMap((check) => checkLines(check, context.terminal)));
  if (!ledger.answers || !temporal.facts) return EXIT.unreachable;
  return isWell ? EXIT.fine : EXIT.finding;
}

function checkLines({ level, about, says, advice }: Check, { colors, width }: Terminal): string[] {
  const mark = { ok: colors.green('✓'), warning: colors.yellow('!'), wrong: colors.red('✗') }[level];
  const [first = '', ...rest] = wrap(`${about}: ${plain(says)}`, width - 2);
  const help = level === 'ok' || !advice ? [] : wrap(plain(advice), width - 4).map((line) => `    ${colors.dim(line)}`);
  return [`${mark} ${first}`, ...rest.map((line) => `  ${line}`), ...help];
}
