import type {
  ExecutionHealth,
  ExecutionReader,
  ExecutionRow,
  FoundRow,
  HealthCounts,
  ReadPayloads,
  Scope,
} from '@runledger/contracts';
import { PAGE } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { countExecutions } from './count-executions.ts';
import type { DocumentPart, ExecutionDocument, RowDocument } from './details-row.ts';
import { parsedDocument, toComparable, toDocumentedExecution, toExecutionDetails } from './details-row.ts';
import { isUuid } from './find-execution.ts';
import { fromRow, toExecutionRow } from './from-row.ts';
import { addLargeMetadata } from './large-metadata.ts';
import { listExecutions } from './list-executions.ts';
import type { ListScope } from './list-request.ts';
import type { RequestsRow } from './requests-row.ts';
import { toRequests } from './requests-row.ts';
import { everybodyArgument, scopeArguments } from './search-executions.ts';
import type { ProgressRow } from './send-progress.ts';
import { toProgress } from './send-progress.ts';
import { createStatisticsReader } from './statistics-reader.ts';
import { toTimeline } from './story-row.ts';
import type { Supabase, SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';
import { readWorkflowNames } from './workflow-names.ts';

export interface ExecutionReaderOptions {
  /** A client with the caller's own token: what is read from tables is read under their row-level security. */
  asCaller: SupabaseLike;
  /** A client with the service-role key, for functions that take the scope, and what owners of workflows and operators read. */
  asService: SupabaseLike;
  call?: Partial<CallOptions>;
}

/** Reads of the API. The scope is in every query, in addition to row-level security. */
export function createExecutionReader({ asCaller, asService, call: given }: ExecutionReaderOptions): ExecutionReader {
  const call: CallOptions = { ...CALL_DEFAULTS, ...given };
  const clientOf = (scope: Scope): Supabase => typed(scope.ownedWorkflowId || scope.everybody ? asService : asCaller);
  const userOf = (scope: Scope) => (scope.ownedWorkflowId || scope.everybody ? undefined : scope.userId);

  const listScope = (scope: Scope): ListScope => ({
    userId: userOf(scope),
    workflowId: scope.ownedWorkflowId,
    everybody: scope.everybody,
  });
  /** A scope as the functions take it that read single executions: whoever has left reads nothing, operators neither. */
  const oneOf = (scope: Scope) =>
    scope.everybody ? { p_user_id: scope.userId, p_everybody: true } : scopeArguments(listScope(scope));
  const within = <Q extends { eq(column: string, value: string): Q }>(query: Q, scope: Scope): Q => {
    if (scope.ownedWorkflowId) return query.eq('workflow_id', scope.ownedWorkflowId);
    return scope.everybody ? query : query.eq('created_by', scope.userId);
  };

  /** A row that goes with an execution, of one that is in the scope. */
  async function readSideTable(scope: Scope, id: string, table: 'execution_checks' | 'execution_timelines') {
    if (!isUuid(id)) return null;
    const { ownedWorkflowId } = scope;
    if (ownedWorkflowId) {
      const owned = await callDatabase(
        () => typed(asService).from('workflow_executions').select('id').eq('id', id).eq('workflow_id', ownedWorkflowId),
        call,
      );
      if (owned.length === 0) return null;
    }
    const rows = await callDatabase(() => {
      const query = clientOf(scope).from(table).select('*').eq('execution_id', id);
      return ownedWorkflowId || scope.everybody ? query : query.eq('created_by', scope.userId);
    }, call);
    return (rows as unknown as object[])[0] ?? null;
  }

  async function readDocument<Document extends RowDocument>(
    scope: Scope,
    id: string,
    parts: DocumentPart[],
  ): Promise<Document | null> {
    if (!isUuid(id)) return null;
    const asked = { p_id: id, ...oneOf(scope), p_parts: parts };
    const document = await callDatabase(() => typed(asService).rpc('read_execution', asked), call);
    return document === null ? null : parsedDocument(document as unknown as Document);
  }

  const statistics = createStatisticsReader({ clientOf, userOf, asService: typed(asService), call });
  return {
    ...statistics,

    async health(scope, id) {
      const row = await readSideTable(scope, id, 'execution_checks');
      const check = row && (fromRow(row) as unknown as ExecutionHealth & { lastCheckAt: string | null });
      if (!check?.health) return null;
      return { health: check.health, reason: check.reason, remedy: check.remedy, checkedAt: check.lastCheckAt };
    },

    async timeline(scope, id) {
      const row = await readSideTable(scope, id, 'execution_timelines');
      return row && toTimeline(row);
    },

    async get(scope, id, { payloads } = { payloads: true }) {
      const document = await readDocument<RowDocument>(scope, id, payloads ? ['row', 'payloads'] : ['row']);
      // Without its workflow it is being deleted.
      return document?.workflow ? toDocumentedExecution(document) : null;
    },

    async progress(scope, id) {
      if (!isUuid(id)) return null;
      const asked = { ...everybodyArgument(scope), p_user: scope.userId, p_execution: id };
      const found = await callDatabase(() => typed(asService).rpc('progress_of', asked), call);
      const row = found as unknown as ProgressRow | null;
      return row && { progress: toProgress(id, row), workflow: row.workflow };
    },

    async requests(scope, id) {
      if (!isUuid(id)) return null;
      const asked = { ...everybodyArgument(scope), p_user: scope.userId, p_execution: id };
      const found = await callDatabase(() => clientOf(scope).rpc('requests_of', asked), call);
      return found === null ? null : toRequests(found as unknown as RequestsRow);
    },

    async details(scope, id, { payloads }) {
      const document = await readDocument<ExecutionDocument>(scope, id, payloads ? ['payloads'] : []);
      return document && toExecutionDetails(document, { viewer: scope.userId, payloads });
    },

    async detailsWithTimeline(scope, id) {
      const document = await readDocument<ExecutionDocument>(scope, id, ['failure', 'timeline']);
      return (
        document && {
          details: toExecutionDetails(document, { viewer: scope.userId, payloads: false }),
          timeline: document.timeline && toTimeline(document.timeline),
        }
      );
    },

    async list(scope, filter, page) {
      const clients = { table: clientOf(scope), search: typed(asService), call, metadataBytes: PAGE.metadataBytes };
      return listExecutions(clients, listScope(scope), {
        ...filter,
        ...page,
      });
    },

    async compared(scope, id, otherId) {
      if (!isUuid(id)) return { one: null, other: null };
      const asked = {
        ...{ p_id: id, ...oneOf(scope) },
        ...(otherId === null ? {} : { p_with: otherId }),
      };
      const answer = await callDatabase(() => typed(asService).rpc('compare_executions', asked), call);
      const found = answer as unknown as { execution: ExecutionDocument; other: ExecutionDocument | null } | null;
      return {
        one: found && toComparable(await parsedDocument(found.execution)),
        other: found?.other ? toComparable(await parsedDocument(found.other)) : null,
      };
    },

    async search(scope, text) {
      const asked = { ...everybodyArgument(scope), p_user_id: scope.userId, p_text: text };
      const found = await callDatabase(() => typed(asService).rpc('search_everything', asked), call);
      const hits = found as unknown as { matched: FoundRow['matched']; row: object }[];
      const listed = hits.map(({ row }) => row);
      const rows = listed.map(toExecutionRow);
      await addLargeMetadata(typed(asService), { listed, rows, call });
      return hits.map(({ matched }, at) => ({ matched, row: rows[at] as ExecutionRow }));
    },

    async countByHealth(scope, workflowId) {
      const whose = listScope(scope);
      const asked = scopeArguments({ ...whose, workflowId: whose.workflowId ?? workflowId });
      return (await callDatabase(
        () => typed(asService).rpc('count_by_health', asked),
        call,
      )) as unknown as HealthCounts;
    },

    async count(scope, filter) {
      return countExecutions(typed(asService), listScope(scope), { filter, call });
    },

    async payloads(scope, ids) {
      const rows = await callDatabase(() => {
        const query = clientOf(scope)
          .from('workflow_executions')
          .select('id,workflow_id,input,output')
          .in('id', [...ids]);
        return within(query, scope);
      }, call);
      const workflows = await readWorkflowNames(
        typed(asService),
        rows.map(({ workflow_id }) => workflow_id),
        call,
      );
      return new Map(
        rows.flatMap(({ id, workflow_id, input, output }) => {
          const workflow = workflows.get(workflow_id);
          return workflow ? [[id, { input, output, workflow } as ReadPayloads]] : [];
        }),
      );
    },

    async countEnded(scope, workflowId) {
      if (userOf(scope) === undefined) {
        const { completed, failed } = await statistics.stats(scope, workflowId ? { workflowId } : {});
        return completed + failed;
      }
      return await callDatabase(
        () =>
          typed(asCaller).rpc('get_user_workflow_run_count', {
            p_user_id: scope.userId,
            ...(workflowId ? { p_workflow_id: workflowId } : {}),
          }),
        call,
      );
    },
  };
}
