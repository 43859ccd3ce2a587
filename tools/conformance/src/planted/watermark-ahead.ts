import type { Ledger, Visibility } from '@runledger/contracts';

/** Where the ledger keeps how far the closure feed has got. */
const WATERMARK = 'closure';
/** Further than the feed reads again behind its watermark, and than a run lasts. */
const AHEAD_MS = 600_000;

/**
 * Wrong: moves the closure feed's watermark past what it has just read before any of it is recorded, and dies in
 * between, once.
 */
export function saveWatermarkAhead(visibility: Visibility, ledger: Ledger): Visibility {
  return {
    ...visibility,
    async listRuns(namespace, window, page) {
      const answer = await visibility.listRuns(namespace, window, page);
      if (window.by !== 'close' || answer.runs.length === 0) return answer;
      const saved = await ledger.watermark(namespace, WATERMARK);
      if (saved !== null && Date.parse(saved) > Date.now() + AHEAD_MS / 2) return answer;
      await ledger.saveWatermark(namespace, WATERMARK, new Date(Date.now() + AHEAD_MS).toISOString());
      process.kill(process.pid, 'SIGKILL');
      return answer;
    },
  };
}
