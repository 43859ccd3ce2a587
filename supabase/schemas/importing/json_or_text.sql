/* JSON as jsonb, or as the text it is where jsonb cannot hold it: NUL, half a surrogate pair, a number beyond numeric.
   Callers: read_rows, for columns of the type json. */
-- for: service_role
create function runledger_private.json_or_text(p json) returns jsonb
language plpgsql immutable strict
set search_path = ''
as $$
begin
  return p::jsonb;
exception when invalid_text_representation or untranslatable_character or numeric_value_out_of_range
            or statement_too_complex then
  return to_jsonb(p::text);
end $$;
