import { afterEach, expect, test, vi } from 'vitest';
import { shareBetweenTabs } from './share-between-tabs.ts';
import type { LiveEvent, StreamObserver, StreamSource } from './stream-source.ts';

/** Waits for as long as a busy machine may take. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 120_000 });

/** A server whose streams a test feeds. */
function fakeStreams() {
  const open: { from: string | null; observer: StreamObserver }[] = [];
  const source: StreamSource = {
    open(from, observer) {
      const stream = { from, observer };
      open.push(stream);
      return () => void open.splice(open.indexOf(stream), 1);
    },
  };
  return { open, source };
}

const tabs: (() => void)[] = [];
afterEach(() => {
  for (const close of tabs.splice(0)) close();
});

function openTab(source: StreamSource, key: string | null) {
  const seen: string[] = [];
  const observer: StreamObserver = {
    event: (id, event) => void seen.push(`${id} ${event.kind}`),
    state: (state) => void seen.push(state),
    failed: (error) => void seen.push(`failed ${error}`),
  };
  const close = shareBetweenTabs(source, async () => key).open(null, observer);
  tabs.push(close);
  return { seen, close };
}

const changes: LiveEvent = { kind: 'changes', changes: [] };
const first = <T>(items: T[]): T => items[0] as T;

test('twelve tabs have one stream, each is told everything, and who comes later learns how it stands', async () => {
  const { open, source } = fakeStreams();
  const all = Array.from({ length: 11 }, () => openTab(source, 'twelve'));
  await eventually(() => expect(open).toHaveLength(1));
  first(open).observer.state('live');
  first(open).observer.event('1', changes);
  await eventually(() => expect(all.map(({ seen }) => seen.slice(-2))).toEqual(all.map(() => ['live', '1 changes'])));
  const late = openTab(source, 'twelve');
  await eventually(() => expect(late.seen).toEqual(['live']));
  first(open).observer.event('2', changes);
  await eventually(() => expect(late.seen).toEqual(['live', '2 changes']));
  expect(open).toHaveLength(1);
});

test('when the tab that has the stream closes, another goes on after the last event', async () => {
  const { open, source } = fakeStreams();
  const leader = openTab(source, 'handover');
  await eventually(() => expect(open).toHaveLength(1));
  const next = openTab(source, 'handover');
  await eventually(() => expect(next.seen).toEqual(['connecting']));
  first(open).observer.event('7', changes);
  await eventually(() => expect(next.seen).toContain('7 changes'));
  leader.close();
  await eventually(() => expect(open.map(({ from }) => from)).toEqual(['7']));
  first(open).observer.event('8', changes);
  await eventually(() => expect(next.seen).toContain('8 changes'));
  expect(leader.seen).not.toContain('8 changes');
});

test('tabs of different users share nothing, and what cannot be shared is the tab’s own', async () => {
  const { open, source } = fakeStreams();
  openTab(source, 'anna');
  openTab(source, 'ben');
  openTab(source, null);
  openTab(source, null);
  await eventually(() => expect(open).toHaveLength(4));
});

test('where the stream fails for good, the others find out for themselves', async () => {
  const { open, source } = fakeStreams();
  const one = openTab(source, 'refused');
  await eventually(() => expect(open).toHaveLength(1));
  const two = openTab(source, 'refused');
  first(open).observer.failed('signed out');
  await eventually(() => expect(open).toHaveLength(2));
  open[1]?.observer.failed('signed out');
  expect([one.seen.at(-1), two.seen.at(-1)]).toEqual(['failed signed out', 'failed signed out']);
});

test('a tab that is closed before it has joined opens nothing', async () => {
  const { open, source } = fakeStreams();
  openTab(source, 'gone').close();
  const other = openTab(source, 'gone');
  await eventually(() => expect(open).toHaveLength(1));
  other.close();
  await eventually(() => expect(open).toHaveLength(0));
});
