import type { Failure } from '@runledger/contracts';
import { CAUSE_LIMIT, DETAILS_LIMIT_BYTES } from '@runledger/contracts';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decodeOptionalSinglePayload } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { FailureDetails, ProtoFailure } from './failure.ts';
import { protoCauses, toFailure } from './failure.ts';
import { decodeOutput } from './output.ts';

/**
 * Temporal's failure as the ledger keeps it, with what only a converter can read: encrypted messages, and details. Never
 * throws; what cannot be read is left out.
 *
 * @param activityAttempts How often the failing activity (the outermost one) was tried, where history says so.
 */
export async function readFailure(
  converter: LoadedDataConverter,
  failure: ProtoFailure,
  activityAttempts: number | null = null,
): Promise<Failure> {
  const causes = protoCauses(failure);
  // What is going to be cut in the middle need not be decoded.
  const isKept = (index: number) => index < CAUSE_LIMIT || index >= causes.length - CAUSE_LIMIT;
  const decoded = await Promise.all(
    causes.map((cause, index) => (isKept(index) ? decodeOne(converter, cause) : cause)),
  );
  const details = await Promise.all(
    decoded.map((cause, index) =>
      isKept(index)
        ? decodeDetails(converter, cause.applicationFailureInfo?.details?.payloads as Payload[] | null)
        : null,
    ),
  );
  return toFailure(chainOf(decoded), activityAttempts, details);
}

function chainOf(causes: ProtoFailure[]): ProtoFailure {
  return causes.reduceRight<ProtoFailure | null>((cause, failure) => ({ ...failure, cause }), null) ?? {};
}

/** The details as a list, or why they are left out; `null` for none. */
async function decodeDetails(
  converter: LoadedDataConverter,
  payloads: Payload[] | null | undefined,
): Promise<FailureDetails | null> {
  if (!payloads?.length) return null;
  const size = payloads.reduce((sum, payload) => sum + (payload.data?.length ?? 0), 0);
  // A codec may compress or blow up, but not by much; this only spares decoding what is far too large.
  if (size > 16 * DETAILS_LIMIT_BYTES) return { detailsNote: 'too_large' };
  const decoded = await Promise.all(payloads.map((payload) => decodeOutput(converter, [payload])));
  const lost = decoded.find(({ output, outputNote }) => output === null && outputNote !== null);
  if (lost?.outputNote) return { detailsNote: lost.outputNote };
  const details = decoded.map(({ output }) => output);
  if (Buffer.byteLength(JSON.stringify(details)) > DETAILS_LIMIT_BYTES) return { detailsNote: 'too_large' };
  const notes = new Set(decoded.flatMap(({ outputNote }) => outputNote?.split(', ') ?? []));
  return { details, ...(notes.size > 0 ? { detailsNote: [...notes].sort().join(', ') } : {}) };
}

/**
 * Puts back message and stack of a failure whose attributes were encrypted (`encodeCommonAttributes`), as far as the
 * converter can read them. Never throws; what cannot be read keeps Temporal's placeholder, "Encoded failure".
 */
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
