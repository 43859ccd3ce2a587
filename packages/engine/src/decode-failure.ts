import { CAUSE_LIMIT } from '@runledger/contracts';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decodeOptionalSinglePayload } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { ProtoFailure } from './failure.ts';

/**
 * Puts back message and stack of failures whose attributes were encrypted (`encodeCommonAttributes`), as far as the
 * converter can read them. Never throws; what cannot be read keeps Temporal's placeholder, "Encoded failure".
 */
export async function decodeFailure(converter: LoadedDataConverter, failure: ProtoFailure): Promise<ProtoFailure> {
  const causes: ProtoFailure[] = [];
  for (let current: ProtoFailure | null | undefined = failure; current && causes.length < CAUSE_LIMIT; ) {
    causes.push(current);
    current = current.cause;
  }
  const decoded = await Promise.all(causes.map((cause) => decodeOne(converter, cause)));
  return decoded.reduceRight((cause, current) => ({ ...current, cause }), null as ProtoFailure | null) ?? failure;
}

async function decodeOne(converter: LoadedDataConverter, failure: ProtoFailure): Promise<ProtoFailure> {
  if (!failure.encodedAttributes) return failure;
  try {
    const attributes = await decodeOptionalSinglePayload<{ message?: unknown; stack_trace?: unknown }>(
      converter,
      failure.encodedAttributes as Payload,
    );
    return {
      ...failure,
      message: typeof attributes?.message === 'string' ? attributes.message : failure.message,
      stackTrace: typeof attributes?.stack_trace === 'string' ? attributes.stack_trace : failure.stackTrace,
    };
  } catch {
    return failure;
  }
}
