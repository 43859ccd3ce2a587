import { plainLines } from '@runledger/host/text';

/** How long the same complaint is not repeated: while a server is away, each of many calls fails, twice a second. */
const QUIET_MS = 10_000;

/** Reports non-fatal errors, rate-limited. */
export function createComplaints(say: (line: string) => void, now = () => Date.now()) {
  const said = new Map<string, number>();
  return (error: unknown): void => {
    const [line = 'an error without a message'] = plainLines(error instanceof Error ? error.message : String(error));
    if (now() - (said.get(line) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    if (said.size > 100) said.clear();
    said.set(line, now());
    say(`! ${line}`);
  };
}
