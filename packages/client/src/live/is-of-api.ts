import type { Query } from '@tanstack/react-query';
import type { RouterOutputs } from '../router-types.ts';

/** Routers of the API: the first part of each of its keys. */
const ROUTERS = { execution: true, workflow: true, system: true, key: true } satisfies Record<
  keyof RouterOutputs,
  true
>;

/** Whether a query reads from the API, among what else a host keeps. */
export const isOfApi = ({ queryKey: [path] }: Query): boolean => Array.isArray(path) && Object.hasOwn(ROUTERS, path[0]);
