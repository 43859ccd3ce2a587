import type {
  FailureGroup,
  FailureGroups,
  FailureUsers,
  Scope,
  StatisticsReader,
  StatsWindow,
} from '@runledger/contracts';
import { isMoreThanUsual } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { everybodyArgument } from './search-executions.ts';
import type { Supabase } from './supabase.ts';

interface FailureReaderOptions {
  /** The scope and the window as the functions take them. */
  within(
    scope: Scope,
    window: StatsWindow,
  ): { p_user_id?: string; p_workflow_id?: string; p_from?: string; p_to?: string };
  asService: Supabase;
  call: CallOptions;
}

/** What `get_failure_groups` answers. */
interface Answer {
  groups: Omit<FailureGroup, 'trend' | 'moreThanUsual'>[];
  bucketsStartAt: string[];
  from: string | null;
  to: string | null;
  asOf: string;
}

/** What goes wrong in a scope, by kind. */
export function createFailureReader({
  within,
  asService,
  call,
}: FailureReaderOptions): Pick<StatisticsReader, 'failureGroups' | 'failureUsers'> {
  return {
    async failureGroups(scope, { failureGroup, ...window }, limit): Promise<FailureGroups> {
      const args = {
        ...within(scope, window),
        ...everybodyArgument(scope),
        p_limit: limit,
        ...(failureGroup ? { p_group: failureGroup } : {}),
      };
      const answer = await callDatabase(() => asService.rpc('get_failure_groups', args), call);
      const { groups, bucketsStartAt, from, to, asOf } = answer as unknown as Answer;
      return { groups: groups.map(withTrend), bucketsStartAt, window: { from, to }, asOf };
    },

    async failureUsers(scope, { failureGroup, limit, workflowId, ...window }): Promise<FailureUsers> {
      const { p_from, p_to } = within(scope, window);
      const args = {
        ...{ p_workflow_id: scope.ownedWorkflowId ?? (workflowId as string), p_group: failureGroup, p_limit: limit },
        ...(p_from ? { p_from } : {}),
        ...(p_to ? { p_to } : {}),
      };
      return (await callDatabase(() => asService.rpc('get_failure_users', args), call)) as unknown as FailureUsers;
    },
  };
}

function withTrend(group: Answer['groups'][number]): FailureGroup {
  const { executions, previous } = group;
  if (previous === null) return { ...group, trend: null, moreThanUsual: null };
  const trend = executions === previous ? 'same' : executions > previous ? 'up' : 'down';
  return { ...group, trend, moreThanUsual: isMoreThanUsual(executions, previous) };
}
