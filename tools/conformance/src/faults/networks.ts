import { setTimeout as pause } from 'node:timers/promises';
import { CONNECTIONS } from '../system/connections.ts';
import type { Fault } from './fault.ts';

/** Every connection cut, slow and stalled. */
export const networkFaults: Fault[] = CONNECTIONS.flatMap((name): Fault[] => [
  {
    name: `cut of ${name}`,
    prepare(draw) {
      const forMs = draw.integer(500, 4_000);
      return async ({ connections }) => {
        connections[name].cut();
        await pause(forMs);
        connections[name].restore();
      };
    },
  },
  {
    name: `slowness of ${name}`,
    prepare(draw) {
      const latencyMs = draw.integer(100, 600);
      const bytesPerSecond = draw.integer(30_000, 300_000);
      const forMs = draw.integer(2_000, 5_000);
      return async ({ connections }) => {
        connections[name].slow({ latencyMs, bytesPerSecond });
        await pause(forMs);
        connections[name].restore();
      };
    },
  },
  {
    name: `stall of ${name}`,
    prepare(draw) {
      const forMs = draw.integer(1_000, 5_000);
      return async ({ connections }) => {
        connections[name].stall();
        await pause(forMs);
        connections[name].restore();
      };
    },
  },
]);
