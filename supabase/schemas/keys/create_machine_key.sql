/* Keeps a key of a program, once for its hash. Of a user at most p_at_most are neither revoked nor expired (null:
   any number), and of those that are, the latest four times as many are kept.
   Callers: MachineKeyService.createKey. Returns the row without the hash. Raises unknown_user,
   quota_exceeded. */
-- for: service_role
create function runledger.create_machine_key(p_key jsonb, p_at_most integer default null) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_key);
  v_user constant text := p ->> 'user_id';
  k runledger.machine_keys;
begin
  if v_user is not null then
    perform runledger_private.require_user(v_user);
    -- Two at once would both see room for one.
    perform pg_advisory_xact_lock(hashtextextended('runledger:machine keys:' || v_user, 0));
    if not exists (select from runledger.machine_keys x where x.key_hash = p ->> 'key_hash')
       and (select count(*) from runledger.machine_keys x where x.user_id = v_user and x.revoked_at is null
              and (x.expires_at is null or x.expires_at > clock_timestamp())) >= p_at_most then
      raise exception 'A user may have at most % keys.', p_at_most
        using errcode = 'PT429', detail = 'quota_exceeded', hint = 'Revoke one that is no longer needed.';
    end if;
  end if;
  insert into runledger.machine_keys as x (user_id, name, key_hash, key_start, scopes, expires_at)
    values (v_user, p ->> 'name', p ->> 'key_hash', p ->> 'key_start', runledger_private.text_array(p -> 'scopes'),
      (p ->> 'expires_at')::timestamptz)
    on conflict (key_hash) do update set key_start = excluded.key_start
    returning * into k;
  if v_user is not null and p_at_most is not null then
    delete from runledger.machine_keys x where x.id in (
      select o.id from runledger.machine_keys o
       where o.user_id = v_user and o.id <> k.id
         and (o.revoked_at is not null or o.expires_at <= clock_timestamp())
       order by o.created_at desc, o.id desc offset 4 * p_at_most);
  end if;
  return to_jsonb(k) - 'key_hash';
end $$;
