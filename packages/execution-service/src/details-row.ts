import type {
  Actor,
  Comparable,
  ExecutionDetails,
  ExecutionHealth,
  ExecutionReport,
  ExecutionTransition,
  ExecutionWithWorkflow,
  Json,
  Origin,
  Proof,
  Story,
  StoryRun,
  UsualDurations,
} from '@runledger/contracts';
import { breathe, expectedEnd, healthNow, isTerminal } from '@runledger/contracts';
import { fromRow, toExecutionWithWorkflow } from './from-row.ts';
import type { ProgressRow } from './send-progress.ts';
import { toProgress } from './send-progress.ts';
import { toTimeline } from './story-row.ts';

/** What `runledger_private.execution_document` makes of a row alone. */
export interface RowDocument {
  execution: { created_by: string; failure_group: string | null };
  /** Large payloads of the row, as their JSON text. */
  large: { input?: string; output?: string };
  workflow: object | null;
}

/** What may be asked for in a document; without any it is all but payloads and timeline. */
export type DocumentPart = 'payloads' | 'failure' | 'timeline' | 'row';

/** What it makes with everything around it. */
export interface ExecutionDocument extends RowDocument {
  transitions: object[];
  runs: object[];
  reports: object[];
  health: object | null;
  /** Ids of the actors above that are users. */
  users: string[];
  userName: string | null;
  proof: Pick<Proof, 'at' | 'periodMs'> | null;
  usual: UsualDurations | null;
  progress: Omit<ProgressRow, 'workflow'>;
  origin: Origin;
  inputBytes: number | null;
  outputBytes: number | null;
  timeline: object | null;
}

/** A document with its large payloads in their place. They are read one after the other, and others go between. */
export async function parsedDocument<Document extends RowDocument>(document: Document): Promise<Document> {
  const parsed: Record<string, Json> = {};
  for (const [name, text] of Object.entries(document.large)) {
    await breathe(text.length);
    parsed[name] = JSON.parse(text) as Json;
  }
  return { ...document, execution: { ...document.execution, ...parsed } };
}

export const toDocumentedExecution = ({ execution, workflow }: RowDocument): ExecutionWithWorkflow =>
  toExecutionWithWorkflow({ ...execution, workflow });

/** What is compared of an execution. */
export function toComparable(document: ExecutionDocument): Comparable {
  const { timeline } = document;
  return { execution: toDocumentedExecution(document), timeline: timeline && toTimeline(timeline) };
}

/** @param viewer The user who reads: of all others no id is told. */
export function toExecutionDetails(
  document: ExecutionDocument,
  { viewer, payloads }: { viewer: string; payloads: boolean },
): ExecutionDetails {
  const { usual, origin, userName, inputBytes, outputBytes } = document;
  const execution = toDocumentedExecution(document);
  const isOpen = !isTerminal(execution.status);
  return {
    ...execution,
    ...toPublicStory(document, viewer),
    health: healthOf(execution, document),
    usual,
    expectedBy: isOpen ? expectedEnd(execution.engineStartedAt ?? execution.startedAt, usual) : null,
    progress: toProgress(execution.id, document.progress),
    origin,
    userName,
    failureGroup: document.execution.failure_group,
    inputBytes,
    outputBytes,
    payloads: payloads ? 'included' : 'left_out',
  };
}

function healthOf(
  { temporalNamespace: namespace, outcomeAuthority, lostAt }: ReturnType<typeof toExecutionWithWorkflow>,
  { health, proof }: ExecutionDocument,
): ExecutionHealth | null {
  if (namespace === null || outcomeAuthority === 'engine' || lostAt !== null) return null;
  return healthNow(health && (fromRow(health) as unknown as ExecutionHealth), { namespace, proof });
}

/** What an execution went through, without who anybody but the viewer is. */
function toPublicStory(document: ExecutionDocument, viewer: string): Story {
  const actorOf = (id: string | null): Actor | null => {
    if (id === null) return null;
    const isOwner = viewer === document.execution.created_by;
    if (id === viewer) return { kind: 'you', id, name: isOwner ? document.userName : null };
    return { kind: document.users.includes(id) ? 'user' : 'program', id: null, name: null };
  };
  return {
    transitions: document.transitions.map((row) => {
      const { at, actor, ...change } = fromRow(row) as unknown as ExecutionTransition & { happenedAt: string | null };
      const { fromStatus, toStatus, source, authority, reason, runId, happenedAt } = change;
      return {
        ...{ fromStatus, toStatus, source, authority, reason, runId, happenedAt },
        recordedAt: at,
        noticedAfterMs: happenedAt === null ? null : Math.max(0, Date.parse(at) - Date.parse(happenedAt)),
        actor: actorOf(actor),
      };
    }),
    runs: document.runs.map((row) => {
      const run = fromRow(row) as unknown as StoryRun;
      const { runId, cause, previousRunId, status, startedAt, closedAt, errorMessage } = run;
      return { runId, cause, previousRunId, status, startedAt, closedAt, errorMessage };
    }),
    reports: document.reports.map((row) => {
      const { reportedAt, status, result, actor } = fromRow(row) as unknown as ExecutionReport;
      return { reportedAt, status, result, actor: actorOf(actor) };
    }),
  };
}
