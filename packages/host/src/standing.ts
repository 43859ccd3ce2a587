import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionReader, HealthCounts, ProofReader, ReadProof } from '@runledger/contracts';
import { HEALTHS, readProofOf } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { StatusLine } from './status-line.ts';

/** How all that are open stand. */
export interface Standing {
  counts: Pick<HealthCounts, 'open' | 'exactness' | 'health'>;
  read: ReadProof;
}

/** How often it is read, in milliseconds. */
const EVERY_MS = 2_000;

/** Pure: `12 open · 1 wedged · 0 of 12 differ · checked 41 s ago`. */
export function standingWords({ counts: { open, exactness, health }, read }: Standing, now: number): string {
  const parts = [`${open.toLocaleString('en')}${exactness === 'capped' ? '+' : ''} open`];
  for (const name of HEALTHS) if (name !== 'live' && (health[name] ?? 0) > 0) parts.push(`${health[name]} ${name}`);
  if (read.kind !== 'proof') return [...parts, 'no proof yet'].join(' · ');
  const { proof } = read;
  const ofHowMany = proof.open === 0 ? '' : ` of ${proof.open.toLocaleString('en')}`;
  parts.push(`${proof.diverging}${ofHowMany} differ`);
  if (proof.oldestCheckAgeMs !== null) {
    const ageMs = proof.oldestCheckAgeMs + Math.max(0, now - Date.parse(proof.at));
    parts.push(`oldest check ${formatDuration(ageMs)} ago`);
  }
  return parts.join(' · ');
}

interface Read {
  reader: Pick<ExecutionReader, 'countByHealth'>;
  ledger: ProofReader;
  namespace: string;
}

/** Everybody's: whoever calls has the service role's key. */
const EVERYBODY = { userId: '', everybody: true } as const;

async function readStanding({ reader, ledger, namespace }: Read): Promise<Standing> {
  const [counts, proof] = await Promise.all([reader.countByHealth(EVERYBODY), ledger.getProof(namespace)]);
  return { counts, read: readProofOf(proof) };
}

/** Keeps a line up to date with it until `signal`. Where there is no line, nothing is read. */
export async function followStanding(
  line: StatusLine,
  from: Read,
  { signal, paint }: { signal: AbortSignal; paint(text: string): string },
): Promise<void> {
  while (line.isThere && !signal.aborted) {
    const words = await readStanding(from).then(
      (standing) => standingWords(standing, Date.now()),
      () => 'The ledger does not answer.',
    );
    if (!signal.aborted) line.show(paint(words));
    await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  line.end();
}
