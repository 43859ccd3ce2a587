import { useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '../../parts/states.tsx';
import type { Details } from './types.ts';

type Shown = Pick<Details, 'input' | 'inputNote' | 'output' | 'outputNote' | 'failure'>;

/** What is encoded is decoded once the reader asks, and forgotten when they leave. */
export function useDecoding(details: Details) {
  const { trpc } = useRunledger();
  const [isAsked, setAsked] = useState(false);
  const { id, revision, isDecodable } = details;
  // Decoded as it was then: what has changed since is asked for again.
  const [askedOf, setAskedOf] = useState(revision);
  const query = useQuery({
    ...trpc.execution.decodePayloads.queryOptions({ id }),
    enabled: isAsked && isDecodable && askedOf === revision,
    ...{ gcTime: 0, staleTime: Number.POSITIVE_INFINITY, retry: false },
  });
  const decoded = isAsked && askedOf === revision ? query.data : undefined;
  const isAway = [decoded?.inputNote, decoded?.outputNote].some((note) => note?.startsWith('codec_unavailable'));
  return {
    shown: (decoded ?? details) as Shown,
    isOffered: isDecodable && (decoded === undefined || isAway),
    isDecoded: decoded !== undefined && !isAway,
    isAsking: query.isFetching,
    error: query.error,
    ask() {
      setAskedOf(revision);
      setAsked(true);
      if (isAsked) void query.refetch();
    },
  };
}

/** Offers to decode, says what came of it. */
export function DecodeLine({ decoding }: { decoding: ReturnType<typeof useDecoding> }) {
  const { isOffered, isDecoded, isAsking, error, ask } = decoding;
  if (!isOffered && !isDecoded) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 text-[13px] text-muted md:col-span-2" role="status">
      {isOffered && (
        <button type="button" className="btn" onClick={ask} disabled={isAsking}>
          <KeyRound className="size-4" aria-hidden="true" /> {isAsking ? 'Decoding …' : 'Decode'}
        </button>
      )}
      {error
        ? `It could not be decoded. ${sentenceOf(error)}`
        : isDecoded
          ? 'Decoded for you; nothing of it is kept.'
          : 'Some of it is encoded; the codec of this host decodes it for you.'}
    </div>
  );
}
