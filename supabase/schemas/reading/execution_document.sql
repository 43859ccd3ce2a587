/* An execution and what its page shows, in one document: the row (its payloads on request, their sizes always), its
   workflow, the story, how it stands and how far that is proven, how long such ones take, how far it has got, who
   started it and which of the actors are users. p_parts: payloads, timeline.
   Callers: read_execution, compare_executions. */
-- for: service_role
create function runledger_private.execution_document(e runledger.workflow_executions, p_parts text[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_input_bytes constant bigint := octet_length(e.input::text);
  v_output_bytes constant bigint := octet_length(e.output::text);
  v_story constant jsonb := runledger_private.story_parts(e);
begin
  if not 'payloads' = any (p_parts) then
    e.input := null;
    e.output := null;
    e.failure := null;
    e.state_snapshot := null;
  end if;
  return v_story || jsonb_build_object(
    'execution', to_jsonb(e),
    'inputBytes', v_input_bytes,
    'outputBytes', v_output_bytes,
    'workflow', (select jsonb_build_object('id', w.id, 'name', w.name, 'description', w.description,
                                             'redact', to_jsonb(w.redact))
                   from runledger.workflows w where w.id = e.workflow_id),
    'userName', runledger_private.user_name(e.created_by),
    'users', (select coalesce(jsonb_agg(u.id), '[]') from runledger.users u
               where u.id in (select x ->> 'actor' from jsonb_array_elements(
                 (v_story -> 'transitions') || (v_story -> 'reports')) x)),
    'proof', (select jsonb_build_object('at', m.proof -> 'at', 'periodMs', m.proof -> 'periodMs')
                from runledger.monitor_state m
               where m.temporal_namespace = e.temporal_namespace and m.proof is not null),
    'usual', runledger_private.usual_of(e.workflow_id, e.created_by),
    'progress', runledger_private.progress_part(e),
    'origin', runledger_private.origin_of(e.id, e.start_by, e.temporal_workflow_id),
    'timeline', case when 'timeline' = any (p_parts) then (
      select to_jsonb(t) from runledger.execution_timelines t where t.execution_id = e.id) end);
end $$;
