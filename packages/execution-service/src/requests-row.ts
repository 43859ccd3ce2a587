import type { ExecutionRequest, ExecutionRequests } from '@runledger/contracts';
import { fromRow } from './from-row.ts';

/** The answer of `requests_of`. */
export interface RequestsRow {
  rerun_of: object | null;
  requests: object[];
  more: boolean;
}

export function toRequests({ rerun_of, requests, more }: RequestsRow): ExecutionRequests {
  return {
    rerunOf: rerun_of && (fromRow(rerun_of) as ExecutionRequests['rerunOf']),
    requests: requests.map((row) => fromRow(row) as unknown as ExecutionRequest),
    more,
  };
}
