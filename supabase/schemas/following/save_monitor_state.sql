/* Saves watermarks (merged; each only moves forward) and the proof of one namespace. Callers: Ledger.saveWatermark,
   publishProof. */
-- for: service_role
create function runledger.save_monitor_state(p_namespace text, p_watermarks jsonb default '{}',
  p_proof jsonb default null)
returns void
language sql volatile
set search_path = ''
as $$
  insert into runledger.monitor_state as m (temporal_namespace, watermarks, proof, updated_at)
    values (p_namespace, runledger_private.unwrap(p_watermarks), runledger_private.unwrap(p_proof), clock_timestamp())
    on conflict (temporal_namespace) do update
      set watermarks = m.watermarks || (
            select coalesce(jsonb_object_agg(n.key, greatest(m.watermarks ->> n.key, n.value)), '{}')
              from jsonb_each_text(excluded.watermarks) n), proof = coalesce(excluded.proof, m.proof),
          updated_at = excluded.updated_at;
$$;
