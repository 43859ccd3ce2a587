/* Keeps a view of a user: under its name, or with p_id in place of one that they have; null where they have no such
   one. At most p_at_most are kept of each user. Callers: ViewLedger.saveView. Returns view_document.
   Raises unknown_user, quota_exceeded, conflict. */
-- for: service_role
create function runledger.save_view(p_user_id text, p_view jsonb, p_id uuid default null,
                                    p_at_most integer default 100) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_view);
  n constant runledger.saved_views := jsonb_populate_record(null::runledger.saved_views, p);
  v runledger.saved_views;
begin
  perform runledger_private.require_user(p_user_id);
  -- Two at once would both see room for one.
  perform pg_advisory_xact_lock(hashtextextended('runledger:views:' || p_user_id, 0));
  if p_id is not null then
    if not exists (select from runledger.saved_views o where o.id = p_id and o.user_id = p_user_id) then
      return null;
    end if;
    if exists (select from runledger.saved_views o
                where o.user_id = p_user_id and o.name = n.name and o.id <> p_id) then
      raise exception 'You have another view that is called %.', n.name
        using errcode = 'PT409', detail = 'conflict', hint = 'Choose another name, or delete that one.';
    end if;
    update runledger.saved_views o
       set name = n.name, filter = n.filter, columns = n.columns, order_by = n.order_by,
           order_direction = n.order_direction, time_zone = n.time_zone, is_shared = n.is_shared,
           updated_at = clock_timestamp()
     where o.id = p_id and o.user_id = p_user_id returning * into v;
    return runledger_private.view_document(v, p_user_id);
  end if;
  if not exists (select from runledger.saved_views o where o.user_id = p_user_id and o.name = n.name)
     and (select count(*) from runledger.saved_views o where o.user_id = p_user_id) >= p_at_most then
    raise exception 'A user keeps at most % views.', p_at_most
      using errcode = 'PT429', detail = 'quota_exceeded', hint = 'Delete one that is no longer needed.';
  end if;
  insert into runledger.saved_views as o (user_id, name, filter, columns, order_by, order_direction, time_zone,
      is_shared)
    values (p_user_id, n.name, n.filter, n.columns, n.order_by, n.order_direction, n.time_zone, n.is_shared)
    on conflict (user_id, name) do update
      set filter = excluded.filter, columns = excluded.columns, order_by = excluded.order_by,
          order_direction = excluded.order_direction, time_zone = excluded.time_zone, is_shared = excluded.is_shared,
          updated_at = clock_timestamp()
    returning * into v;
  return runledger_private.view_document(v, p_user_id);
end $$;
