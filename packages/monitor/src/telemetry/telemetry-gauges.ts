import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { FeedState, Proof } from '@runledger/contracts';

/** What a monitor says of itself when its gauges are read. */
export interface MonitorReading {
  /** Executions watched by a long poll now. */
  watching: number;
  watchCap: number;
  closureFeed: FeedState;
  startFeed: FeedState;
  /** What it published last; `null` before the first time. */
  proof: Proof | null;
}

/** One gauge with its attributes, as it was shown before. */
interface Series {
  gauge: Observable;
  attributes: Attributes;
}

/**
 * Gauges that are read when they are exported. Returns how to show a monitor: until the function it returns is called.
 *
 * The SDK goes on exporting the last value of a gauge that nobody reads any more, and a worker that hands the monitor on
 * would sound its last alarm for ever. So what was shown once and is not any more is shown as 0: sum or take the
 * maximum over the workers.
 */
export function createGauges(meter: Meter, everywhere: Attributes): (read: () => MonitorReading) => () => void {
  const gauges = createInstruments(meter);
  const shown = new Map<string, Series>();
  let current: (() => MonitorReading) | null = null;
  let isRegistered = false;

  function show(result: BatchObservableResult): void {
    const values = current ? valuesOf(current()) : [];
    const gone = new Map(shown);
    for (const [name, value, more] of [['active', current ? 1 : 0] as Value, ...values]) {
      const series = { gauge: gauges[name], attributes: { ...everywhere, ...more } };
      const key = JSON.stringify([name, more]);
      result.observe(series.gauge, value, series.attributes);
      shown.set(key, series);
      gone.delete(key);
    }
    for (const { gauge, attributes } of gone.values()) result.observe(gauge, 0, attributes);
  }

  return (read) => {
    current = read;
    if (!isRegistered) meter.addBatchObservableCallback(show, Object.values(gauges));
    isRegistered = true;
    return () => {
      if (current === read) current = null;
    };
  };
}

function createInstruments(meter: Meter) {
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(name, { unit, description });
  return {
    active: gauge('runledger.monitor.active', '1', '1 while this process holds the monitor'),
    polls: gauge('runledger.watch.polls', '{poll}', 'Executions watched by a long poll'),
    cap: gauge('runledger.watch.cap', '{poll}', 'Most executions watched by a long poll at once'),
    behind: gauge('runledger.feed.behind', 's', 'Time since a feed last read to the end of what there was'),
    unsettled: gauge('runledger.unsettled', '{execution}', 'Unsettled executions by health, as last published'),
    diverging: gauge('runledger.diverging', '{execution}', 'Rows known to differ from Temporal, not repaired yet'),
    oldestCheck: gauge('runledger.check.oldest_age', 's', 'Age of the oldest check of an unsettled execution'),
    periodReached: gauge(
      'runledger.check.period_reached',
      's',
      'Longest time between two checks within the latest period',
    ),
    timelinesPending: gauge(
      'runledger.timelines.pending',
      '{execution}',
      'Ended executions whose steps are still to be read',
    ),
    timelinesAge: gauge('runledger.timelines.oldest_age', 's', 'How long the oldest of them is due'),
    missed: gauge('runledger.promises.missed', '{promise}', 'Promises that are missed, as last published'),
    proofAge: gauge('runledger.proof.age', 's', 'Age of the published proof'),
    alarm: gauge(
      'runledger.alarm',
      '1',
      '1 while losses are not recorded because Temporal appears to have lost its data',
    ),
  };
}

type Value = [name: keyof ReturnType<typeof createInstruments>, value: number, more?: Attributes];

function valuesOf({ watching, watchCap, closureFeed, startFeed, proof }: MonitorReading): Value[] {
  const values: Value[] = [
    ['polls', watching],
    ['cap', watchCap],
  ];
  for (const [feed, { readAt }] of Object.entries({ closure: closureFeed, start: startFeed })) {
    if (readAt) values.push(['behind', ageSeconds(readAt), { feed }]);
  }
  if (!proof) return values;
  const age = ageSeconds(proof.at);
  const counts: Record<string, number> = { ...proof.health, unchecked: proof.unchecked };
  for (const [health, count] of Object.entries(counts)) values.push(['unsettled', count, { health }]);
  values.push(['diverging', proof.diverging], ['proofAge', age], ['alarm', proof.alarm === null ? 0 : 1]);
  const { pending, oldestAgeMs } = proof.timelines;
  values.push(['timelinesPending', pending], ['timelinesAge', oldestAgeMs === null ? 0 : oldestAgeMs / 1_000]);
  values.push(['missed', proof.missed.length]);
  if (proof.periodReachedMs !== null) values.push(['periodReached', proof.periodReachedMs / 1_000]);
  if (proof.oldestCheckAgeMs !== null) values.push(['oldestCheck', proof.oldestCheckAgeMs / 1_000 + age]);
  return values;
}

function ageSeconds(at: string): number {
  return Math.max(0, Date.now() - Date.parse(at)) / 1_000;
}
