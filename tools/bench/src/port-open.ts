import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when something listens on that port of 127.0.0.1, with the moment in milliseconds since the epoch. */
export async function portOpen(port: number): Promise<number> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return Date.now();
    await pause(20);
  }
}
