/* A key of a program by its hash, and whether whoever has it has left or is banned; null where there is none. Notes
   that it was used, at most once an hour. Callers: MachineKeyService.findKey.
   Returns the row without the hash, owner_left, and of a key of a user's that reports owner_claims: what account_claims
   says of them. */
-- for: service_role
create function runledger.find_machine_key(p_key_hash text) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  k runledger.machine_keys;
begin
  select * into k from runledger.machine_keys x where x.key_hash = p_key_hash;
  if not found then return null; end if;
  if k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 hour' then
    update runledger.machine_keys x set last_used_at = clock_timestamp() where x.id = k.id;
  end if;
  return to_jsonb(k) - 'key_hash' || jsonb_build_object('owner_left',
    k.user_id is not null and (runledger_private.unless_left(k.user_id) is null
      or runledger_private.account_ended(k.user_id)),
    'owner_claims', case when 'report' = any (k.scopes) and k.user_id is not null
      then runledger_private.account_claims(k.user_id) end);
end $$;
