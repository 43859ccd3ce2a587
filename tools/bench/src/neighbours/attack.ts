import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AttackName, AttackTarget } from './attacks.ts';

export interface UnderAttack {
  pid: number;
  /** Ends it. @returns how many requests were answered, by status */
  end(): Promise<Record<string, number>>;
}

/** Attacks from a process of its own, so that what it costs there is not measured here. */
export async function startAttack(attack: AttackName, target: AttackTarget): Promise<UnderAttack> {
  const file = fileURLToPath(new URL('./attacker.ts', import.meta.url));
  const child = fork(file, [JSON.stringify({ ...target, attack })], {
    env: { PATH: process.env.PATH, DO_NOT_TRACK: '1' },
  });
  await once(child, 'message');
  return {
    pid: child.pid as number,
    async end() {
      const told = once(child, 'message');
      const exit = once(child, 'exit');
      child.send('end');
      const [answered] = (await told) as [Record<string, number>];
      await exit;
      return answered;
    },
  };
}
