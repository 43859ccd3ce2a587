import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@runledger/local-stack/ports';
import type { Benchmark, Sample } from '../benchmark.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { formatMs } from '../format-figure.ts';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const PORTS = ['API', 'SUPABASE', 'TEMPORAL', 'TEMPORAL_UI'];
/** What stands before there is anything to compare with: the first start of a checkout makes what later ones use. */
const WARM_UPS = 1;

/** `npm start` without npm, with its data in a folder that is not there yet, until it says that it is ready. */
async function startOnce(): Promise<{ cpuMs: number; wallMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-bench-start-'));
  const ports = await Promise.all(PORTS.map(async (name) => [`RUNLEDGER_${name}_PORT`, `${await freePort()}`]));
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'tools/demo/src/main.ts'], {
    cwd: REPOSITORY,
    env: { ...process.env, ...Object.fromEntries(ports), RUNLEDGER_DIR: join(folder, 'data'), TEMPORAL_ADDRESS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const began = performance.now();
  const ended = once(child, 'close');
  try {
    let said = '';
    const ready = new Promise<{ cpuMs: number; wallMs: number }>((resolve) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => {
          said += text;
          if (said.includes('Ready in'))
            resolve({ cpuMs: cpuTimeMs(child.pid as number), wallMs: performance.now() - began });
        });
    });
    const failed = ended.then(() => {
      throw new Error(`It ended before it was ready:\n${said}`);
    });
    return await Promise.race([ready, failed]);
  } finally {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the first minute costs; CPU time, which a busy machine changes least. */
export const start: Benchmark = {
  name: 'start',
  about:
    'CPU time of all processes of npm start on a fresh data folder, dependencies installed, until it says "Ready in"',

  async prepare(_, say) {
    for (let n = 0; n < WARM_UPS; n += 1) await startOnce();
    return {
      async run(): Promise<Sample> {
        say('starting everything');
        return { values: await startOnce(), faults: {}, items: {} };
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  },

  rows: ({ values: { cpuMs = 0, wallMs = 0 } }) => [
    {
      what: 'npm start on a fresh data folder: CPU time until it is ready',
      measured: `${formatMs(cpuMs)} (in ${formatMs(wallMs)})`,
      comparedWith: '',
      toReach: '≤ 9.3 s',
      reached: cpuMs <= 9_300,
    },
  ],
};
