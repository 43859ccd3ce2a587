/* Refuses the rows of users that are unknown or have left, after bringing those that the source has; a dry run brings
   nobody. Callers: import_some. */
-- for: service_role
create function runledger_private.import_users(p_items runledger_private.import_item[], o jsonb, p_dry_run boolean)
returns runledger_private.import_item[]
language plpgsql
set search_path = ''
as $$
declare
  v_creates constant boolean := coalesce((o ->> 'create_users')::boolean, false);
  v_missing constant text[] := array(
    select distinct (i.e).created_by from unnest(p_items) i
     where i.result is null
       and not exists (select from runledger.users u where u.id = (i.e).created_by and u.left_at is null)
     order by 1);
  -- All at once: an application whose users are not known yet has as many of them as rows.
  v_there constant text[] := runledger_private.source_has_users(v_missing);
  v_user text;
  v_reasons jsonb := '{}';
begin
  foreach v_user in array v_missing loop
    if v_user = any (v_there) and runledger_private.bring_user(v_user, p_dry_run) then continue; end if;
    if exists (select from runledger.users u where u.id = v_user) then
      v_reasons := v_reasons || jsonb_build_object(v_user, 'its user has left');
    elsif not v_creates then
      v_reasons := v_reasons || jsonb_build_object(v_user, 'its user is not in runledger.users');
    elsif not p_dry_run then
      insert into runledger.users (id) values (v_user) on conflict (id) do nothing;
    end if;
  end loop;
  if v_reasons = '{}' then return p_items; end if;
  return (
    select array_agg(case when i.result is null and v_reasons ? (i.e).created_by
             then row(i.at, i.key, i.status, 'refused', v_reasons ->> (i.e).created_by, (i.e).created_by,
                      i.execution_id, i.name, i.e)::runledger_private.import_item else i end order by i.at)
      from unnest(p_items) i);
end $$;
