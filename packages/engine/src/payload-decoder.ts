import type { Engine, PayloadDecoder } from '@runledger/contracts';
import type { Connection } from '@temporalio/client';
import { createEngine } from './engine.ts';
import { createRecentHistories } from './recent-histories.ts';
import type { RemoteCodecOptions } from './remote-codec.ts';
import { createRemoteCodec } from './remote-codec.ts';

/** Namespaces that are kept; they are the host's. */
const KEPT = 100;

/** Reads payloads from Temporal and has them decoded by a codec server. Keeps none. */
export function createPayloadDecoder(connection: Connection, codec: RemoteCodecOptions): PayloadDecoder {
  const engines = new Map<string, Engine>();
  const recent = createRecentHistories();
  function engineOf(namespace: string): Engine {
    const known = engines.get(namespace);
    if (known) return known;
    const dataConverter = { payloadCodecs: [createRemoteCodec(codec, namespace)] };
    const engine = createEngine({ connection, dataConverter, recent });
    if (engines.size >= KEPT) engines.clear();
    engines.set(namespace, engine);
    return engine;
  }
  return {
    async decode({ namespace, temporalWorkflowId, firstRunId, runId }) {
      const known = { runId, cancel: true, input: false };
      const found = await engineOf(namespace).resolve({ namespace, temporalWorkflowId, firstRunId, known });
      if (found.kind === 'not_found') return null;
      const { input } = found.kind === 'open' ? found.open : found.outcome;
      const ended = found.kind === 'closed' ? found.outcome : null;
      return {
        input: input?.value ?? null,
        inputNote: input?.note ?? null,
        output: ended?.output ?? null,
        outputNote: ended?.outputNote ?? null,
        failure: ended?.failure ?? null,
      };
    },
  };
}
