import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const LOOKS_EVERY_MS = 500;
const SHELL = /^-?(?:a|ba|da|k|z)?sh$/;

/**
 * Aborted once the npm that runs this process is gone. npm and its like run commands in a shell; a signal to them ends them, or that shell, and is
 * not handed on, so that nobody would be left who could stop this. Never aborted where no package manager runs it.
 */
export async function packageManagerGone(env: Readonly<Record<string, string | undefined>>): Promise<AbortSignal> {
  const gone = new AbortController();
  if (!env.npm_execpath) return gone.signal;
  const parent = process.ppid;
  const about = await processOf(parent);
  const watched = about && SHELL.test(about.name) ? [parent, about.parent] : [parent];
  const look = setInterval(() => {
    if (process.ppid === parent && watched.every(isThere)) return;
    clearInterval(look);
    gone.abort(new Error('the package manager that ran this has ended'));
  }, LOOKS_EVERY_MS);
  look.unref();
  return gone.signal;
}

async function processOf(pid: number): Promise<{ name: string; parent: number } | null> {
  const [, name, parent] =
    (await readFile(`/proc/${pid}/stat`, 'utf8').then(
      (text) => /^\d+ \((.*)\) \S (\d+)/s.exec(text),
      () => null,
    )) ??
    (await promisify(execFile)('ps', ['-o', 'comm=,ppid=', '-p', `${pid}`]).then(
      ({ stdout }) => /^\s*(.*\S)\s+(\d+)\s*$/.exec(stdout),
      () => null,
    )) ??
    [];
  return name && parent ? { name: basename(name), parent: Number(parent) } : null;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
