import { expect, test } from 'vitest';
import { shorterWindows } from './shorter-windows.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
  [{}, ['-30d', '-7d', '-24h', '-1h']],
  [{ from: '-7d' }, ['-24h', '-1h']],
  [{ from: '-1h' }, []],
  [{ from: '2026-11-01T12:00:00Z' }, ['-7d', '-24h', '-1h']],
  [{ from: '2026-01-01T00:00:00Z', to: '2026-01-02T12:00:00Z' }, ['-24h', '-1h']],
  [{ to: '2026-01-01T00:00:00Z' }, ['-30d', '-7d', '-24h', '-1h']],
])('of %j are %j', (filter, windows) => {
  expect(shorterWindows(filter, NOW).map(({ from }) => from)).toEqual(windows);
});
