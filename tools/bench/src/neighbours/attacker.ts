/** The process of the user who attacks: until its parent is gone, or tells it to stop. */
import type { AttackName, AttackTarget } from './attacks.ts';
import { ATTACKS } from './attacks.ts';

const { attack: name, ...target } = JSON.parse(process.argv[2] ?? '{}') as AttackTarget & { attack: AttackName };
const { atOnce, ask } = ATTACKS[name];
/** How many were answered, by status. */
const answered: Record<string, number> = {};
let isOver = false;
let number = 0;

async function keepAsking(): Promise<void> {
  while (!isOver) {
    number += 1;
    const status = await ask(target, number).catch(() => 'broken off');
    answered[status] = (answered[status] ?? 0) + 1;
  }
}

process.on('disconnect', () => process.exit());
process.on('message', () => {
  isOver = true;
  process.send?.(answered, () => process.exit());
});
process.send?.('attacks');
await Promise.all(Array.from({ length: atOnce }, keepAsking));
