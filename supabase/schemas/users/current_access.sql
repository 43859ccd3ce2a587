/* Who a token is and whether that still holds, in one call: { user, ended, account, changed }. user is what
   current_user_id answers; ended says why the account lost its access (`banned`, `deleted`, `signed_out`), or is null;
   account is what account_claims says of it now, and changed names the keys of its app_metadata that changed since.
   Callers: the API, once a minute for each token in use. */
-- for: service_role, authenticated
create function runledger.current_access() returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('user', runledger.current_user_id(), 'ended', runledger_private.access_ended(),
    'account', runledger_private.own_account(), 'changed', runledger_private.changed_claims());
$$;
