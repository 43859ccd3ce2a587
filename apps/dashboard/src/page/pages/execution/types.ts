import type { RouterOutputs } from '@runledger/client';

type Procedures = RouterOutputs['execution'];

export type Details = Procedures['getExecution'];
export type Timeline = Procedures['getTimeline'];
export type Step = Timeline['steps'][number];
export type Progress = Procedures['getProgress'];
export type Requests = Procedures['getRequests'];
export type Comparison = Procedures['compareExecutions'];
export type Actor = NonNullable<Details['transitions'][number]['actor']>;

export const nameOf = ({ kind, name }: Actor): string =>
  kind === 'you' ? 'you' : (name ?? (kind === 'user' ? 'another user' : 'a program'));
