import type { Installation } from '@runledger/contracts';
import { plain, wrap } from '@runledger/host/text';
import { asking } from './asking.ts';
import type { Check } from './doctor-check.ts';
import { checkInstallation, checkTaskQueues, readInstallation } from './doctor-installation.ts';
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
  }).action((options: CommonOptions) => run(options, (context) => asking(context.terminal, doctor(context))));
}

async function doctor(context: CommandContext): Promise<ExitCode> {
  const { eachNamespace } = context;
  const installation = await readInstallation(context);
  const [ledger, ...namespaces] = await Promise.all([
    checkLedger(context),
    ...eachNamespace.map((each) => checkNamespace(each, installation)),
  ]);
  const checks = [ledger.check, ...namespaces.flatMap(({ reach }) => reach)];
  if (ledger.answers)
    checks.push(...(await Promise.all([checkSchema(context), checkClock(context), checkHost(context)])).flat());
  const servers = namespaces.flatMap(({ serverVersion }) => (serverVersion === null ? [] : [serverVersion]));
  if (installation) checks.push(...(await checkInstallation(context, installation, servers)));
  checks.push(...namespaces.flatMap(({ rest }) => rest));
  // Where Temporal was reached, the monitor of that namespace was looked at already.
  const looked = namespaces.flatMap(({ namespace, isReached }) => (isReached ? [namespace] : []));
  if (ledger.answers) checks.push(...(await checkNamespaces(context, looked)), ...(await checkTokens(context)));
  const isWell = checks.every(({ level }) => level !== 'wrong');
  const names = eachNamespace.length > 1 ? { namespaces: looked } : { namespace: context.namespace };
  if (context.json) context.terminal.json({ ...names, ok: isWell, checks });
  else context.terminal.print(...checks.flatMap((check) => checkLines(check, context.terminal)));
  if (!ledger.answers || looked.length < eachNamespace.length) return EXIT.unreachable;
  return isWell ? EXIT.fine : EXIT.finding;
}

/** What is looked at in each namespace. Where there are several, each check says of which it is. */
async function checkNamespace(context: CommandContext, installation: Installation | null) {
  const { namespace, eachNamespace } = context;
  const named = (check: Check): Check => (eachNamespace.length > 1 ? { ...check, namespace } : check);
  const { check, facts } = await checkTemporal(context);
  const ofTemporal = facts ? [await checkRetention(context, facts), ...(await checkMonitor(context))] : [];
  // Without rules there is one thing to say, and of none of them.
  const hasRules = context.env.RUNLEDGER_ADOPTION !== undefined;
  const ofRules = hasRules || context === eachNamespace[0] ? checkAdoption(context, facts) : [];
  if (facts && installation) ofTemporal.push(...(await checkTaskQueues(context, installation)));
  const rest = [...ofTemporal.map(named), ...(hasRules ? ofRules.map(named) : ofRules)];
  const serverVersion = facts?.serverVersion ?? null;
  return { namespace, serverVersion, isReached: facts !== null, reach: [named(check)], rest };
}

function checkLines({ level, about, namespace, says, advice }: Check, { colors, width }: Terminal): string[] {
  const mark = { ok: colors.green('✓'), warning: colors.yellow('!'), wrong: colors.red('✗') }[level];
  const [first = '', ...rest] = wrap(
    `${about}${namespace === undefined ? '' : ` (${namespace})`}: ${plain(says)}`,
    width - 2,
  );
  const help = level === 'ok' || !advice ? [] : wrap(plain(advice), width - 4).map((line) => `    ${colors.dim(line)}`);
  return [`${mark} ${first}`, ...rest.map((line) => `  ${line}`), ...help];
}
