import { setTimeout as pause } from 'node:timers/promises';
import type { NamespaceFacts } from '@runledger/contracts';
import proto from '@temporalio/proto';
import { isUnknownNamespace, toExecutionError } from './grpc-error.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { toMilliseconds } from './timestamp.ts';

/** Retention and own search attributes of a namespace, and the server's version: three calls. */
export async function describeNamespace(call: TemporalCalls, namespace: string): Promise<NamespaceFacts> {
  try {
    // First, because the list of search attributes takes an unknown namespace for one without any.
    const description = await call((service) => service.describeNamespace({ namespace }));
    const [attributes, system] = await Promise.all([
      call((_, operator) => operator.listSearchAttributes({ namespace })),
      call((service) => service.getSystemInfo({})),
    ]);
    return {
      retentionMs: toMilliseconds(description.config?.workflowExecutionRetentionTtl),
      searchAttributes: Object.fromEntries(
        Object.entries(attributes.customAttributes ?? {}).map(([name, type]) => [name, typeName(type)]),
      ),
      serverVersion: system.serverVersion ?? '',
    };
  } catch (error) {
    throw toExecutionError(error, `describe namespace ${namespace}`);
  }
}

/** A server that starts, stops or has just made a namespace may say for a moment that it has none. Milliseconds. */
const SAID_AGAIN_AFTER = 1_000;

/**
 * `false` only where Temporal says twice, a second apart, that it has no such namespace: a missing permission says nothing
 * of it, nor does a server that is not quite up.
 */
export async function hasNamespace(call: TemporalCalls, namespace: string): Promise<boolean> {
  if (await isKnown(call, namespace)) return true;
  await pause(SAID_AGAIN_AFTER);
  return isKnown(call, namespace);
}

async function isKnown(call: TemporalCalls, namespace: string): Promise<boolean> {
  try {
    await call((service) => service.describeNamespace({ namespace }));
    return true;
  } catch (error) {
    if (isUnknownNamespace(error)) return false;
    throw toExecutionError(error, `describe namespace ${namespace}`);
  }
}

/** `KeywordList`; its number when it is of a future server. */
function typeName(type: number): string {
  const name = proto.temporal.api.enums.v1.IndexedValueType[type] as string | undefined;
  if (!name) return String(type);
  return name
    .replace('INDEXED_VALUE_TYPE_', '')
    .toLowerCase()
    .replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
