import type { Histogram, Meter, MeterProvider, Tracer, TracerProvider } from '@opentelemetry/api';
import { metrics, trace } from '@opentelemetry/api';
import type { LimitName } from '@runledger/contracts';
import type { AroundCall } from '@runledger/router';
import type { WaitEnd } from '../limits/places.ts';
import type { WaitingFor } from '../limits/user-limits.ts';
import { aroundCalls } from './around-calls.ts';
import { measuredCalls } from './measured-calls.ts';

/** Counts, times and spans of an API. Nothing is kept or sent unless the process has installed an OpenTelemetry SDK. */
export interface ApiTelemetry {
  /** A call of a procedure, in a span. */
  around: AroundCall;
  /** The same object, with each call of it timed and in a span. Its methods return promises. */
  measured<T extends object>(part: 'ledger' | 'engine', target: T): T;
  /** Something was refused by a limit before a procedure was called. */
  refused(limit: LimitName): void;
  /** A stream is open until the returned function is called. */
  streamOpened(): () => void;
  /** Something waits for places of its user, until the returned function is told how that ended. */
  waits(of: WaitingFor): (end: WaitEnd) => void;
  tracer: Tracer;
  /** Seconds of HTTP requests, as OpenTelemetry's conventions name them. */
  requests: Histogram;
}

export interface ApiTelemetryOptions {
  /** Default: the global one. */
  meterProvider?: MeterProvider;
  /** Default: the global one. */
  tracerProvider?: TracerProvider;
}

const SCOPE = '@runledger/api';
/** Up to the deadline of a call, and the longest wait for places. Seconds. */
const CALL_BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** No figure and no span has a user, an id, an input or a message of anybody's. */
export function createApiTelemetry({ meterProvider, tracerProvider }: ApiTelemetryOptions = {}): ApiTelemetry {
  const meter = (meterProvider ?? metrics.getMeterProvider()).getMeter(SCOPE);
  const tracer = (tracerProvider ?? trace.getTracerProvider()).getTracer(SCOPE);
  const { calls, requests, streams, refused, parts, waiting, waits } = createInstruments(meter);
  const refuse = (limit: LimitName) => refused.add(1, { limit });
  return {
    around: aroundCalls({ tracer, duration: calls, refuse }),
    measured: (part, target) => measuredCalls(target, { tracer, part, duration: parts[part] }),
    refused: refuse,
    streamOpened() {
      streams.add(1);
      let isOpen = true;
      return () => {
        if (isOpen) streams.add(-1);
        isOpen = false;
      };
    },
    waits(of) {
      const began = performance.now();
      waiting.add(1, { of });
      return (end) => {
        waiting.add(-1, { of });
        waits.record((performance.now() - began) / 1_000, { of, end });
      };
    },
    tracer,
    requests,
  };
}

function createInstruments(meter: Meter) {
  const advice = { explicitBucketBoundaries: CALL_BOUNDARIES };
  const callDuration = (name: string, description: string) =>
    meter.createHistogram(name, { unit: 's', description, advice });
  return {
    requests: callDuration('http.server.request.duration', 'HTTP requests, until their answer began'),
    calls: callDuration('runledger.api.call.duration', 'Calls of procedures, by procedure, type and code'),
    streams: meter.createUpDownCounter('runledger.api.streams.open', {
      unit: '{stream}',
      description: 'Streams of events that are open',
    }),
    refused: meter.createCounter('runledger.api.refused', {
      unit: '{call}',
      description: 'What was refused because a limit was reached, by limit',
    }),
    waiting: meter.createUpDownCounter('runledger.api.places.waiting', {
      unit: '{call}',
      description: 'What waits for places of its user, by what it is',
    }),
    waits: callDuration(
      'runledger.api.places.wait.duration',
      'Waits for places of their user, by what waited and how that ended',
    ),
    parts: {
      ledger: callDuration('runledger.ledger.call.duration', 'Calls to the ledger, retries included'),
      engine: callDuration('runledger.engine.call.duration', 'Calls to Temporal'),
    },
  };
}
