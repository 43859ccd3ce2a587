import type { Execution } from './execution.ts';
import type { Failure } from './failure.ts';

/** Payloads as a codec server decoded them; `codec_unavailable` in a note says that it did not. */
export type DecodedPayloads = Pick<Execution, 'input' | 'inputNote' | 'output' | 'outputNote'> & {
  failure: Failure | null;
};

/** Decodes what the ledger could not read, each time that it is asked for. */
export interface PayloadDecoder {
  /**
   * What Temporal has of an execution, decoded; `null` where it does not know it any more.
   * @throws ExecutionError as `Engine.resolve`
   */
  decode(target: {
    namespace: string;
    temporalWorkflowId: string;
    firstRunId: string | null;
    /** The run that ended it, or that is open: earlier ones are not read again. */
    runId: string | null;
  }): Promise<DecodedPayloads | null>;
}
