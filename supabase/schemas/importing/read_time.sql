/* A time as people store it: a timestamp, its text, or seconds or milliseconds since 1970; null for anything else, and
   for what lies before 1970, where languages have their zero. Text without a zone is read in the session's. Callers:
   read_run. */
-- for: service_role
create function runledger_private.read_time(p jsonb) returns timestamptz
language plpgsql stable strict
set search_path = ''
as $$
declare
  v_text constant text := p #>> '{}';
  v_time timestamptz;
begin
  if v_text is null then return null; end if;
  begin
    if v_text ~ '^\d{4}-\d\d-\d\d' then
      v_time := v_text::timestamptz;
    elsif v_text ~ '^\d{9,11}(\.\d+)?$' then
      v_time := to_timestamp(v_text::float8);
    elsif v_text ~ '^\d{12,14}(\.\d+)?$' then
      v_time := to_timestamp(v_text::float8 / 1000);
    end if;
  exception when data_exception then
    return null;
  end;
  return case when v_time >= '1970-01-01' and isfinite(v_time) then v_time end;
end $$;
