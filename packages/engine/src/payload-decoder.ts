import type { Engine, PayloadDecoder } from '@runledger/contracts';
import type { Connection } from '@temporalio/client';
import { createEngine } from './engine.ts';
import type { CodecSource } from './payload-codecs.ts';
import { createPayloadCodecs } from './payload-codecs.ts';
import { createRecentHistories } from './recent-histories.ts';

/** Namespaces that are kept; they are the host's. */
const KEPT = 100;

/** Reads payloads from Temporal and has them decoded. Keeps none. `of` says where a namespace is, and what decodes there. */
export function createPayloadDecoder(
  of: (namespace: string) => { connection: Connection; codec: CodecSource | undefined },
): PayloadDecoder {
  const engines = new Map<string, Engine>();
  const recent = createRecentHistories();
  function engineOf(namespace: string): Engine {
    const known = engines.get(namespace);
    if (known) return known;
    const { connection, codec } = of(namespace);
    const dataConverter = { payloadCodecs: createPayloadCodecs(codec, namespace) };
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
