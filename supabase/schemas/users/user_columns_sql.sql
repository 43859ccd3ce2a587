/* SQL for what a row of the source says of its user: id, account in Supabase Auth (null where it is none), has_left.
   Callers: everything that reads the source. */
-- for: service_role
create function runledger_private.user_columns_sql(p_key text[], p_account text, p_left text) returns text
language sql immutable
return format('%s as id, %s as account, %s as has_left', runledger_private.user_id_sql(p_key),
  case when coalesce(p_account, '') = '' then 'null::uuid' else format(
    'case when s.%1$I::text ~* ''^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'' then s.%1$I::text::uuid end',
      p_account) end,
  runledger_private.has_left_sql(p_left));
