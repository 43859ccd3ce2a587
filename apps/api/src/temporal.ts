import type { Engine, PayloadDecoder } from '@runledger/contracts';
import {
  connectEngine,
  createEngine,
  createPayloadCodecs,
  createPayloadDecoder,
  engineOfEach,
} from '@runledger/engine';
import type { Env } from './env.ts';

export interface TemporalParts {
  /** Sends each call to its namespace. */
  engine: Engine;
  /** Where there is a codec. */
  decoder?: PayloadDecoder;
  close(): Promise<void>;
}

/** A connection for each namespace, which opens itself with the first call. @throws Error when a codec module cannot be used */
export function connectTemporal(env: Env, callTimeoutMs?: number): TemporalParts {
  const [first] = env.temporal;
  const connections = new Map(env.temporal.map((each) => [each.namespace, connectEngine(each)]));
  const connectionOf = (namespace: string) =>
    connections.get(namespace) ?? connections.get(first.namespace) ?? connectEngine(first);
  const engines = env.temporal.map(({ namespace, codec }) => {
    const dataConverter = { payloadCodecs: createPayloadCodecs(codec, namespace) };
    const decodes = env.RUNLEDGER_RECORD_DECODED;
    return [
      namespace,
      createEngine({ connection: connectionOf(namespace), dataConverter, decodes, callTimeoutMs }),
    ] as const;
  });
  const { RUNLEDGER_CODEC_ENDPOINT: endpoint, RUNLEDGER_CODEC_AUTHORIZATION: authorization } = env;
  const onDemand = endpoint === undefined ? undefined : { endpoint, ...(authorization ? { authorization } : {}) };
  const codecOf = (name: string) => onDemand ?? env.temporal.find(({ namespace }) => namespace === name)?.codec;
  const canDecode = onDemand !== undefined || env.temporal.some(({ codec }) => codec !== undefined);
  return {
    engine: engineOfEach(new Map(engines)),
    ...(canDecode
      ? { decoder: createPayloadDecoder((name) => ({ connection: connectionOf(name), codec: codecOf(name) })) }
      : {}),
    async close() {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
