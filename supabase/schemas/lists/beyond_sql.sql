/* A position and bounds in the list's order as SQL over a column and an id.
   Callers: source_sql. */
-- for: service_role
create function runledger_private.beyond_sql(p_list jsonb, p_after jsonb, p_column text, p_id text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return concat_ws(' and ',
    p_column || ' is not null',
    p_column || ' >= ' || quote_literal(p_list ->> 'atLeast'),
    p_column || ' < ' || quote_literal(p_list ->> 'below'),
    p_column || ' <= ' || quote_literal(p_list ->> 'atMost'),
    format('(%s, %s) %s (%L, %L)', p_column, p_id, case p_list ->> 'direction' when 'asc' then '>' else '<' end,
           p_after ->> 'value', p_after ->> 'id')
      || case when p_after is null then null else '' end);
end $$;
