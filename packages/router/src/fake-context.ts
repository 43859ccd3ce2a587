import type {
  ComparedStats,
  Engine,
  Execution,
  ExecutionDetails,
  ExecutionReader,
  ExecutionWithWorkflow,
  NoteRequest,
  RecordAnswer,
  RequestLedger,
  Workflow,
  WorkflowService,
} from '@runledger/contracts';
import { byName, byStatusField, NEW_EXECUTION, STATS_NAMES } from '@runledger/contracts';
import type { Caller, Context, RouterLedger } from './context.ts';

export const ANNA = 'anna';
export const BEN = 'ben';
export const WORKFLOW_ID = '01939c5e-0000-7000-8000-000000000001';
export const EXECUTION_ID = '01939c5e-0000-7000-8000-0000000000e1';
export const STARTABLE = [{ namespace: 'default', workflowType: 'order', taskQueue: 'orders' }];

/** A stand-in for part of an interface: whatever a test did not expect to be called says so. */
function fake<T extends object>(name: string, given: Partial<T>): T {
  const unexpected = (method: string) => () => {
    throw new Error(`${name}.${method} was not expected to be called`);
  };
  return new Proxy(given, {
    get: (target, key) => Reflect.get(target, key) ?? unexpected(String(key)),
  }) as T;
}

export const fakeLedger = (given: Partial<RouterLedger>) => fake<RouterLedger>('ledger', given);
export const fakeEngine = (given: Partial<Engine>) => fake<Engine>('engine', given);
export const fakeWorkflows = (given: Partial<WorkflowService>) => fake<WorkflowService>('workflows', given);
const fakeReader = (given: Partial<ExecutionReader>) => fake<ExecutionReader>('reader', given);

/** A request by Anna in which nothing is expected to be called but what is given. */
export function fakeContext(
  given: Partial<Context> & { reader?: Partial<ExecutionReader>; userId?: string; isOperator?: boolean } = {},
): Context {
  const { reader, userId = ANNA, isOperator = false, ...context } = given;
  const caller: Caller = { userId, isOperator, reader: fakeReader(reader ?? {}) };
  return {
    caller,
    callerProblem: null,
    ledger: fakeLedger({}),
    workflows: fakeWorkflows({}),
    engine: fakeEngine({}),
    requestId: 'request-1',
    log: { warn() {}, error() {} },
    ...context,
  };
}

/** Anna's private workflow. */
export function fakeWorkflow(given: Partial<Workflow> = {}): Workflow {
  return {
    id: WORKFLOW_ID,
    userId: ANNA,
    name: 'Order',
    description: null,
    temporalNamespace: 'default',
    workflowType: 'order',
    taskQueue: 'orders',
    inputSchema: null,
    executionTimeout: null,
    runTimeout: null,
    retryPolicy: null,
    visibility: 'private',
    redact: [],
    archivedAt: null,
    hostId: null,
    createdAt: '2026-11-21T09:00:00+00:00',
    updatedAt: '2026-11-21T09:00:00+00:00',
    ...given,
  };
}

const PENDING: ExecutionWithWorkflow = {
  ...NEW_EXECUTION,
  id: EXECUTION_ID,
  workflowId: WORKFLOW_ID,
  createdBy: ANNA,
  engine: 'temporal',
  temporalNamespace: 'default',
  temporalWorkflowId: EXECUTION_ID,
  status: 'pending',
  startedAt: '2026-11-21T09:00:00.123456+00:00',
  startBy: '2026-11-21T10:00:00+00:00',
  workflow: { id: WORKFLOW_ID, name: 'Order', description: null, redact: [] },
};

/** Anna's execution, pending; `given` says otherwise. */
export function fakeExecution(given: Partial<Execution> = {}): ExecutionWithWorkflow {
  return { ...PENDING, ...given } as ExecutionWithWorkflow;
}

/** The same with what its page shows. */
export function fakeDetails(given: Partial<Execution> = {}): ExecutionDetails {
  return {
    ...fakeExecution(given),
    ...{
      transitions: [],
      runs: [],
      reports: [],
      health: null,
      usual: null,
      expectedBy: null,
      progress: null,
      origin: 'api',
    },
    ...{ userName: null, failureGroup: null, inputBytes: null, outputBytes: null, payloads: 'included' },
  };
}

/** What distinguishes an execution that ended. */
export const ENDED = {
  outcomeAuthority: 'engine',
  closingRunId: 'run-1',
  completedAt: '2026-11-21T09:00:01+00:00',
  durationMs: 900,
  recordedAt: '2026-11-21T09:00:01.1+00:00',
} as const;

export function fakeAnswer(given: Partial<RecordAnswer> = {}): RecordAnswer {
  return {
    executionId: EXECUTION_ID,
    result: 'applied',
    status: 'running',
    authority: null,
    revision: 2,
    cancelRequestedAt: null,
    cancelRequestedBy: null,
    cancelReason: null,
    ...given,
  };
}

/** A ledger's part that notes requests about one execution, which a cancel leaves as `after` says. */
export function fakeRequests(before: ExecutionWithWorkflow | null, after = before) {
  const noted: NoteRequest[] = [];
  const answers: string[] = [];
  const ledger: Pick<RequestLedger, 'noteRequests' | 'answerRequests'> = {
    async noteRequests(_, requests) {
      noted.push(...requests);
      return requests.map(() => {
        if (before === null || after === null) return null;
        const cancelRequestedBefore = before.cancelRequestedAt !== null;
        return { noted: true, statusBefore: before.status, cancelRequestedBefore, execution: after };
      });
    },
    async answerRequests(given) {
      answers.push(...given.map(({ answer }) => answer));
    },
  };
  return { ledger, noted, answers };
}

export const STATS: ComparedStats = {
  total: 0,
  ...byStatusField(() => 0),
  ended: 0,
  ...byName(STATS_NAMES, () => null),
  startedPerHour: null,
  endedPerHour: null,
  verdicts: {},
  by: 'start',
  window: { from: null, to: null },
  exactness: { counts: 'exact', extremes: 'exact', percentiles: 'estimated' },
  asOf: '2026-11-21T09:00:00+00:00',
  previous: null,
  change: null,
};
