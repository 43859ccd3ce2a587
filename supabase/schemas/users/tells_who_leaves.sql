/* Whether the key of a table is unique: of several rows with one key the user is there as long as one of them is, which
   only the sync sees. Callers: follow_by_triggers, installation. */
-- for: service_role
create function runledger_private.tells_who_leaves(p_source regclass, p_key text[]) returns boolean
language sql stable
set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_index i
     where i.indrelid = p_source and i.indisunique and i.indpred is null and i.indexprs is null
       and array(select a.attname::text from pg_catalog.pg_attribute a
                  where a.attrelid = p_source and a.attnum = any (i.indkey[0:i.indnkeyatts - 1]) order by 1)
         = array(select k.name from unnest(p_key) k (name) order by 1));
$$;
