import type { AppRouter } from '@runledger/router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

export type { AppRouter };
/** `RouterInputs['execution']['createExecution']`: what a procedure takes. */
export type RouterInputs = inferRouterInputs<AppRouter>;
/** `RouterOutputs['execution']['listExecutions']`: what a procedure answers. */
export type RouterOutputs = inferRouterOutputs<AppRouter>;
