import type {
  AdmissionLedger,
  AdoptionLedger,
  ChangeLedger,
  EndLedger,
  Engine,
  ExecutionError,
  ExecutionReader,
  MachineKey,
  MachineKeyService,
  NamesLedger,
  NamespaceProofReader,
  OutcomeLedger,
  OwnProofReader,
  PayloadDecoder,
  PingLedger,
  ProgressLedger,
  RedactingWorkflow,
  RequestLedger,
  StartedLedger,
  UnprovenLedger,
  ViewLedger,
  WorkflowService,
} from '@runledger/contracts';
import type { RedactedCaller } from './redacted-caller.ts';
import type { UserLimits } from './user-limits.ts';

/** Who calls, and the one way to read on their behalf. */
export interface Caller {
  /** `runledger.users.id`. */
  userId: string;
  /** Whether the host takes them for one of its operators, who by default are the only ones to publish workflows. */
  isOperator?: boolean;
  /** Whether they signed in without an account (Supabase Auth's anonymous users). */
  isAnonymous?: boolean;
  /** When their token expires, in milliseconds since the epoch: a subscription ends then. Default: never. */
  expiresAt?: number;
  /** Whether they see in clear what a workflow redacts of its executions. Default: nobody does. */
  seesClear?(workflow: RedactingWorkflow): boolean;
  /** Whether `Context.decoder` decodes for them, of executions that they may see. Default: it decodes for nobody. */
  mayDecode?(workflow: RedactingWorkflow): boolean;
  /** Reads under this caller's row-level security; it goes with the caller, so that nobody reads without being somebody. */
  reader: ExecutionReader;
  /** Set where a program calls with a key of its own, as the user whose key it is. */
  key?: Pick<MachineKey, 'name' | 'scopes'>;
  /**
   * Asked before each mutation: the caller as of now, where a host lets reads go on for longer than writes.
   * @throws ExecutionError `unauthenticated` once access has ended
   */
  confirm?(): Promise<Caller>;
}

/** Where a request says what its caller need not know. A pino logger satisfies it. */
export interface Log {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** What only matters while somebody looks for a fault. */
  debug?(fields: object, message: string): void;
}

/** What the router asks the ledger. */
export interface RouterLedger
  extends AdmissionLedger,
    AdoptionLedger,
    ChangeLedger,
    StartedLedger,
    OutcomeLedger,
    EndLedger,
    RequestLedger,
    ProgressLedger,
    OwnProofReader,
    NamespaceProofReader,
    UnprovenLedger,
    PingLedger,
    NamesLedger,
    ViewLedger {}

/** Called around each call of a procedure, for whoever measures them: answers and throws what `call` does. */
export type AroundCall = <T>(
  about: { path: string; type: 'query' | 'mutation' | 'subscription' },
  call: () => Promise<T>,
) => Promise<T>;

/** What the host makes for each request: interfaces only, so that no server code reaches a browser through the types. */
export interface Context {
  /** Aborted when nobody reads the answer any more: a subscription ends then. Default: by the request's own signal alone. */
  gone?: AbortSignal;
  /** `null` without a valid token. */
  caller: Caller | null;
  /** Why there is no caller, where a token was sent. */
  callerProblem: ExecutionError | null;
  /** Writes under the service role: every procedure checks the scope first. */
  ledger: RouterLedger;
  workflows: WorkflowService;
  engine: Engine;
  /** Keys of programs, for users to make. Default: users make none. */
  keys?: MachineKeyService;
  /** Default: calls are not measured. */
  around?: AroundCall;
  /** Decodes payloads that the ledger could not read. Default: nothing does. */
  decoder?: PayloadDecoder;
  /** What each user may ask for. Default: as much as they like. */
  limits?: UserLimits;
  /** Names the request in answers and in the log. */
  requestId: string;
  log: Log;
  /**
   * The host has refused numbers that JavaScript rounds (`refuseRoundedNumbers`). Without it every integer beyond 2^53 is
   * refused, because it may have been another one, and decimals are taken as they were parsed.
   */
  numbersChecked?: boolean;
}

/** The context behind a valid token. */
export type CallerContext = Context & { caller: RedactedCaller };
