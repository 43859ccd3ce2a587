import descriptions from '../openapi/descriptions.json' with { type: 'json' };
import type { ProcedureFacts } from '../openapi/procedures.ts';

/** What agents may do: nothing, read, or also what changes something. */
export const MCP_MODES = ['off', 'read', 'write'] as const;
export type McpMode = (typeof MCP_MODES)[number];

/** Tools that only read, by the procedure that each is. */
const READING = {
  list_executions: 'execution.listExecutions',
  count_executions: 'execution.countExecutions',
  search: 'execution.search',
  get_execution: 'execution.getExecution',
  explain_execution: 'execution.explainExecution',
  get_timeline: 'execution.getTimeline',
  get_stats: 'execution.getStats',
  get_failures: 'execution.getFailureGroups',
  get_health: 'execution.getHealth',
  list_workflows: 'workflow.list',
  system_health: 'system.health',
} as const;

/** Tools that change something: only where the host switches them on. */
const WRITING = {
  create_execution: 'execution.createExecution',
  cancel_execution: 'execution.cancelExecution',
  terminate_execution: 'execution.terminateExecution',
  rerun_execution: 'execution.rerunExecution',
} as const;

export interface Tool {
  name: string;
  /** Of the procedure that it is. */
  path: string;
  description: string;
  inputSchema: { type: 'object' } & Record<string, unknown>;
  annotations: { readOnlyHint: boolean };
}

/** The tools of a mode, with the input schemas of their procedures. */
export function toolsOf(mode: McpMode, procedures: readonly ProcedureFacts[]): Tool[] {
  if (mode === 'off') return [];
  const named = Object.entries(mode === 'write' ? { ...READING, ...WRITING } : READING);
  return named.flatMap(([name, path]) => {
    const procedure = procedures.find((one) => one.path === path);
    if (procedure === undefined) return [];
    return {
      ...{ name, path },
      description: (descriptions as Record<string, string>)[path] ?? '',
      inputSchema: { ...procedure.input, type: 'object' as const },
      annotations: { readOnlyHint: procedure.type === 'query' },
    };
  });
}
