import type { Attributes, Histogram, Meter, MeterProvider, TracerProvider } from '@opentelemetry/api';
import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ExecutionErrorCode, TerminalStatus, TransitionSource } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import type { AdoptionResult } from '../start/adopter.ts';
import type { MonitorReading } from './telemetry-gauges.ts';
import { createGauges } from './telemetry-gauges.ts';

/** What a span is about; never whose it is or what it carries. */
interface SpanFacts {
  source?: TransitionSource;
  feed?: FeedName;
  executionId?: string;
  /** How many things it handles at once. */
  items?: number;
}

export type FeedName = 'closure' | 'start';
type SpanName = 'settle' | 'record' | 'feed turn' | 'reconcile pass';

/** Counts, times and spans of a process's monitor: make one per process. Nothing is kept or sent unless the host has installed an OpenTelemetry SDK. */
export interface Telemetry {
  /** An end by the engine's word was recorded. `closedAt` is the engine's; the lag is by this machine's clock. */
  recorded(end: { source: TransitionSource; status: TerminalStatus; closedAt: string }): void;
  /** The reconciler found a row that differed from the engine. */
  diverged(): void;
  /** What became of a run that nobody had announced. */
  adopted(result: AdoptionResult): void;
  /** Temporal refused a feed's call because of its rate. */
  throttled(feed: FeedName): void;
  /** The same object, with the count and duration of each call measured. Its methods must return promises. */
  measured<T extends object>(part: 'ledger' | 'engine' | 'visibility', target: T): T;
  /** Runs `work` in a span, a child of the one around it. Of an error only its kind is kept, never the message. */
  traced<T>(name: SpanName, facts: SpanFacts, work: () => Promise<T>): Promise<T>;
  /** Shows gauges from what `read` answers, until the returned function is called; from then on they are 0. */
  observe(read: () => MonitorReading): () => void;
}

export interface TelemetryOptions {
  /** The Temporal namespace that is followed; an attribute of every figure. */
  namespace: string;
  /** Default: the global one. */
  meterProvider?: MeterProvider;
  /** Default: the global one. */
  tracerProvider?: TracerProvider;
}

const SCOPE = '@runledger/monitor';
/** From a long poll's few milliseconds to an end that only the reconciler found. Seconds. */
const LAG_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
/** Up to the deadline of a call. Seconds. */
const CALL_BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const meter = (options.meterProvider ?? metrics.getMeterProvider()).getMeter(SCOPE);
  const tracer = (options.tracerProvider ?? trace.getTracerProvider()).getTracer(SCOPE);
  const everywhere: Attributes = { namespace: options.namespace };

  const { recorded, lag, diverged, adopted, throttled, calls } = createInstruments(meter);
  const observe = createGauges(meter, everywhere);

  return {
    recorded({ source, status, closedAt }) {
      recorded.add(1, { ...everywhere, source, status });
      // Clocks differ: an end from the future has no lag.
      lag.record(Math.max(0, Date.now() - Date.parse(closedAt)) / 1_000, { ...everywhere, source });
    },
    diverged: () => diverged.add(1, everywhere),
    adopted: (result) => adopted.add(1, { ...everywhere, result }),
    throttled: (feed) => throttled.add(1, { ...everywhere, feed }),

    measured: (part, target) => measuredCalls(target, calls[part], everywhere),

    traced: (name, { executionId, ...facts }, work) =>
      tracer.startActiveSpan(
        `runledger ${name}`,
        { attributes: { ...everywhere, ...facts, ...(executionId ? { 'runledger.execution.id': executionId } : {}) } },
        async (span) => {
          try {
            return await work();
          } catch (error) {
            span.setStatus({ code: SpanStatusCode.ERROR });
            span.setAttribute('error.type', kindOf(error));
            throw error;
          } finally {
            span.end();
          }
        },
      ),

    observe,
  };
}

function measuredCalls<T extends object>(target: T, duration: Histogram, everywhere: Attributes): T {
  const timed =
    (operation: string, method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      const began = performance.now();
      const attributes: Attributes = { ...everywhere, operation };
      try {
        return await method.apply(target, args);
      } catch (error) {
        attributes['error.type'] = kindOf(error);
        throw error;
      } finally {
        duration.record((performance.now() - began) / 1_000, attributes);
      }
    };
  const entries = Object.entries(target).map(([name, value]) => [
    name,
    typeof value === 'function' ? timed(name, value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

function createInstruments(meter: Meter) {
  function callDuration(name: string, description: string) {
    return meter.createHistogram(name, {
      unit: 's',
      description,
      advice: { explicitBucketBoundaries: CALL_BOUNDARIES },
    });
  }

  return {
    recorded: meter.createCounter('runledger.executions.recorded', {
      unit: '{execution}',
      description: "Ends recorded by the engine's word, by who noticed first and status",
    }),
    lag: meter.createHistogram('runledger.record.lag', {
      unit: 's',
      description: 'From the close in Temporal to the record in the ledger',
      advice: { explicitBucketBoundaries: LAG_BOUNDARIES },
    }),
    diverged: meter.createCounter('runledger.diverged', {
      unit: '{execution}',
      description: 'Rows that the reconciler found to differ from Temporal',
    }),
    adopted: meter.createCounter('runledger.runs.considered', {
      unit: '{run}',
      description: 'Runs that nobody had announced, by what became of them',
    }),
    throttled: meter.createCounter('runledger.feed.throttled', {
      unit: '{call}',
      description: "Calls of a feed that Temporal refused because of the namespace's rate",
    }),
    calls: {
      ledger: callDuration('runledger.ledger.call.duration', 'Calls to the ledger, retries included'),
      engine: callDuration('runledger.engine.call.duration', 'Calls to Temporal about one execution'),
      visibility: callDuration('runledger.visibility.call.duration', "Calls to Temporal's list of runs"),
    },
  };
}

/** A message may name a workflow, whose id may name a person; the code does not. */
function kindOf(error: unknown): ExecutionErrorCode | string {
  if (isExecutionError(error)) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
