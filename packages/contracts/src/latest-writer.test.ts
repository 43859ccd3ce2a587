import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLatestWriter } from './latest-writer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recordingWriter(fails = false) {
  const sent: Record<string, number>[] = [];
  const writer = createLatestWriter<Record<string, number>, number>({
    async send(value) {
      sent.push(value);
      if (fails && sent.length === 2) throw new Error('away');
      return sent.length;
    },
    merge: (older, newer) => ({ ...older, ...newer }),
  });
  return { sent, writer };
}

test('a thousand reports in a second are two writes: the first at once, and the last always arrives', async () => {
  const { sent, writer } = recordingWriter();
  const all = Array.from({ length: 1_000 }, (_, step) => writer.write('a', { step }));
  await vi.advanceTimersByTimeAsync(999);
  expect(sent).toEqual([{ step: 0 }]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([{ step: 0 }, { step: 999 }]);
  expect(new Set(await Promise.all(all))).toEqual(new Set([1, 2]));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await writer.write('a', { step: 1_000 })).toBe(3);
});

test('what waits keeps what a newer report leaves out, and keys do not wait for each other', async () => {
  const { sent, writer } = recordingWriter();
  void writer.write('a', { step: 1 });
  void writer.write('a', { step: 2 });
  void writer.write('a', { percent: 40 });
  void writer.write('b', { step: 7 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([{ step: 1 }, { step: 7 }, { step: 2, percent: 40 }]);
});

test('a write that fails says so to those whose report it was, and the next one is tried', async () => {
  const { sent, writer } = recordingWriter(true);
  void writer.write('a', { step: 1 });
  const lost = expect(writer.write('a', { step: 2 })).rejects.toThrow('away');
  await vi.advanceTimersByTimeAsync(1_000);
  await lost;
  const next = writer.write('a', { step: 3 });
  await vi.advanceTimersByTimeAsync(1_000);
  await next;
  expect(sent.at(-1)).toEqual({ step: 3 });
});
