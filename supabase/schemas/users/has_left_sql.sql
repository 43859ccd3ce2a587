/* SQL that says whether a row of the source is of somebody who has left: the column is set, and not to false.
   Callers: everything that reads the source. */
-- for: service_role
create function runledger_private.has_left_sql(p_column text, p_row text default 's') returns text
language sql immutable
return case when coalesce(p_column, '') = '' then 'false'
            else format('(coalesce(%s.%I::text, ''false'') <> ''false'')', p_row, p_column) end;
