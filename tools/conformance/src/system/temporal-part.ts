import { setTimeout as pause } from 'node:timers/promises';
import type { LocalTemporal, StartTemporalOptions } from '@runledger/local-stack';
import { startTemporal } from '@runledger/local-stack';

/** A Temporal server that comes back with its data, on the same port. */
export interface TemporalPart {
  address: string;
  restart(how: 'kill' | 'stop', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startTemporalPart(
  options: StartTemporalOptions & { dbFilename: string; port: number },
): Promise<TemporalPart> {
  let current: LocalTemporal = await startTemporal({ ...options, address: null });
  return {
    address: current.address,
    async restart(how, downMs) {
      await (how === 'kill' ? current.kill() : current.stop());
      await pause(downMs);
      current = await startTemporal({ ...options, address: null });
    },
    stop: () => current.stop(),
  };
}
