/* Like unwrap, but leaves a string that holds no object or array: hand-written code passes plain messages.
   Callers: complete_workflow_run. */
-- for: service_role
create function runledger_private.unwrap_object(p jsonb) returns jsonb
language plpgsql immutable strict
set search_path = ''
as $$
begin
  if (jsonb_typeof(p) = 'string' and (p #>> '{}') ~ '^\s*[\[{]') is not true then return p; end if;
  begin
    return (p #>> '{}')::jsonb;
  -- No JSON, or JSON that jsonb cannot hold: NUL, a number beyond numeric, nesting beyond the stack. It stays the text
  -- it is.
  exception when invalid_text_representation or untranslatable_character or numeric_value_out_of_range
              or statement_too_complex then
    return p;
  end;
end $$;
