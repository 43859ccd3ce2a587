import { z } from 'zod';
import { differingPaths } from './differing-paths.ts';
import type { ExecutionWithWorkflow } from './execution.ts';
import { ExecutionStatus, Timestamp } from './execution.ts';
import type { Timeline } from './timeline.ts';
import { Step, StepKind } from './timeline.ts';

const ComparedExecution = z.object({
  id: z.uuid(),
  status: ExecutionStatus,
  startedAt: Timestamp,
  durationMs: z.number().int().nullable(),
});

/** A step of one, of the other, or of both: paired by kind, name, and how many of that name came before it. */
export const ComparedStep = z.object({
  kind: StepKind,
  name: z.string(),
  /** Where it stands in each timeline's `steps`, from 0; `null` where that one has no such step. */
  index: z.number().int().nullable(),
  otherIndex: z.number().int().nullable(),
  status: Step.shape.status.nullable(),
  otherStatus: Step.shape.status.nullable(),
  /** From its scheduling to its end, in milliseconds; `null` where it has not ended. */
  durationMs: z.number().int().nullable(),
  otherDurationMs: z.number().int().nullable(),
});
export type ComparedStep = z.infer<typeof ComparedStep>;

/** An execution beside another one. */
export const ExecutionComparison = z.object({
  execution: ComparedExecution,
  /** `null` where none of its user's executions of the workflow had completed before it. */
  other: ComparedExecution.nullable(),
  /** In the order of this execution; what only the other has comes last. */
  steps: z.array(ComparedStep),
  /** The first step of `steps` that one of them lacks, or that ended otherwise; `null` where all are alike. */
  firstDifference: z.number().int().nullable(),
  /** Where the inputs differ, without their values: 50 paths at most. */
  input: z.array(z.object({ path: z.string(), change: z.enum(['added', 'removed', 'changed']) })),
  /** There are more than those. */
  inputIsCut: z.boolean(),
});
export type ExecutionComparison = z.infer<typeof ExecutionComparison>;

/** An execution with what is known of its steps. */
export interface Comparable {
  execution: ExecutionWithWorkflow;
  timeline: Pick<Timeline, 'steps'> | null;
}

/** Pure: what two executions have in common and not. */
export function compareExecutions(one: Comparable, other: Comparable | null): ExecutionComparison {
  const execution = describe(one.execution);
  const nothing = { other: null, steps: [], firstDifference: null, input: [], inputIsCut: false };
  if (!other) return { execution, ...nothing };
  const steps = pairSteps(one.timeline?.steps ?? [], other.timeline?.steps ?? []);
  const first = steps.findIndex(({ status, otherStatus }) => status !== otherStatus);
  const { paths, isCut } = differingPaths(one.execution.input, other.execution.input);
  return {
    execution,
    other: describe(other.execution),
    steps,
    firstDifference: first === -1 ? null : first,
    input: paths,
    inputIsCut: isCut,
  };
}

const describe = ({ id, status, startedAt, durationMs }: ExecutionWithWorkflow) => ({
  ...{ id, status, startedAt, durationMs },
});

/** Names a step among those of its execution. */
function keysOf(steps: readonly Step[]): string[] {
  const seen = new Map<string, number>();
  return steps.map(({ kind, name }) => {
    const key = JSON.stringify([kind, name]);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return JSON.stringify([kind, name, times]);
  });
}

const lasted = (step: Step | undefined) =>
  step?.endedAt ? Math.max(0, Date.parse(step.endedAt) - Date.parse(step.scheduledAt)) : null;

/** Workflow code that failed and went well later made no difference to what the execution did. */
const isOvercome = (step: Step | undefined) => step?.kind === 'workflow_task' && step.status === 'completed';

function pairSteps(steps: readonly Step[], others: readonly Step[]): ComparedStep[] {
  const places = new Map(keysOf(others).map((key, index) => [key, index]));
  const pair = (index: number | null, otherIndex: number | null): ComparedStep => {
    const step = index === null ? undefined : steps[index];
    const other = otherIndex === null ? undefined : others[otherIndex];
    const { kind, name } = (step ?? other) as Step;
    return {
      ...{ kind, name, index, otherIndex },
      status: step?.status ?? null,
      otherStatus: other?.status ?? null,
      durationMs: lasted(step),
      otherDurationMs: lasted(other),
    };
  };
  const paired = keysOf(steps).flatMap((key, index) =>
    isOvercome(steps[index]) ? [] : [pair(index, places.get(key) ?? null)],
  );
  const taken = new Set(paired.map(({ otherIndex }) => otherIndex));
  const rest = others.flatMap((step, index) => (taken.has(index) || isOvercome(step) ? [] : [pair(null, index)]));
  return [...paired, ...rest];
}
