/* An execution and what its page shows, in one document: the row (its payloads on request, their sizes always), its
   workflow, the story, how it stands and how far that is proven, how long such ones take, how far it has got, who
   started it and which of the actors are users. p_parts: payloads, failure (alone of them), timeline; row: that and its
   workflow and nothing else.
   Large payloads are in `large`, as their JSON text, and not in the row: whoever is between the reader and Postgres
   passes a text on far sooner than what it says.
   Callers: read_execution, compare_executions. */
-- for: service_role
create function runledger_private.execution_document(e runledger.workflow_executions, p_parts text[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  -- LARGE_BYTES of contracts.
  c_large constant int := 100000;
  v_whole constant boolean := 'payloads' = any (p_parts);
  v_only_row constant boolean := 'row' = any (p_parts);
  v_input constant text := case when v_whole or not v_only_row then e.input::text end;
  v_output constant text := case when v_whole or not v_only_row then e.output::text end;
  v_large jsonb := '{}';
  v_row jsonb;
  v_story jsonb;
begin
  if v_whole and octet_length(v_input) >= c_large then
    v_large := jsonb_build_object('input', v_input);
  end if;
  if v_whole and octet_length(v_output) >= c_large then
    v_large := v_large || jsonb_build_object('output', v_output);
  end if;
  if not v_whole or v_large ? 'input' then e.input := null; end if;
  if not v_whole or v_large ? 'output' then e.output := null; end if;
  if not v_whole then
    e.state_snapshot := null;
    if not 'failure' = any (p_parts) then e.failure := null; end if;
  end if;
  v_row := jsonb_build_object(
    'execution', to_jsonb(e),
    'large', v_large,
    'workflow', (select jsonb_build_object('id', w.id, 'name', w.name, 'description', w.description,
                                             'redact', to_jsonb(w.redact))
                   from runledger.workflows w where w.id = e.workflow_id));
  if v_only_row then return v_row; end if;
  v_story := runledger_private.story_parts(e);
  return v_row || v_story || jsonb_build_object(
    'inputBytes', octet_length(v_input),
    'outputBytes', octet_length(v_output),
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
