import { relative } from 'node:path';
import { colors } from './colors.ts';
import type { Stack } from './stack.ts';

/** As one would type it from here. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** The addresses, and how to sign in. */
export function welcome(stack: Stack, localFile: string): string {
  const [user] = stack.secrets.demoUsers;
  const rows: [string, string | undefined][] = [
    ['Open', stack.apiUrl],
    ['API (tRPC)', `${stack.apiUrl}/trpc`],
    ['Supabase', stack.supabaseUrl],
    ['Temporal', stack.temporal.address],
    ['Temporal UI', stack.temporal.uiUrl],
    ['Sign in as', `${user?.email}, password ${user?.password}`],
    ['Look at it', 'npm run runledger -- status (or explain <id>, doctor, --help)'],
    ['For scripts', `${shortest(localFile)} (addresses, keys, users)`],
  ];
  const lines = rows.filter(([, value]) => value).map(([name, value]) => `  ${colors.bold(name.padEnd(12))} ${value}`);
  return `\n${lines.join('\n')}\n`;
}
