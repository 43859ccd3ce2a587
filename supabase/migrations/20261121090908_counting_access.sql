-- Who may call what of counting.

do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'bucket_of', 'bucket_ms', 'queue_ms', 'folded_below', 'merge_cells', 'cells_of', 'signs_of',
    'extremes_of_rows', 'find_extremes', 'trim_hours', 'add_histograms', 'add_labels', 'prune_counted', 'add_pruned',
    'recount_pruned', 'recount', 'counted',
    'life_differences', 'stats_differences', 'repair_stats') loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  foreach f in array array['private.bucket_of(bigint)', 'private.bucket_ms(integer)', 'private.folded_below()',
    'private.signs_of(public.execution_deltas)']::regprocedure[] loop
    execute format('grant execute on function %s to authenticated', f);
  end loop;
  foreach f in array array['public.fold_execution_stats(integer)', 'public.verify_execution_stats(text, uuid)',
    'public.rebuild_execution_stats(text, uuid)', 'public.counted_scopes(text, text, integer)',
    'public.counted_span(text, uuid)', 'public.verify_execution_stats_part(text[], uuid[], timestamptz, timestamptz, boolean)',
    'public.rebuild_execution_stats_part(text[], uuid[], timestamptz, timestamptz, boolean)']::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  if exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    perform cron.schedule('runledger-fold', '5 seconds', 'select public.fold_execution_stats()');
  end if;
end $$;
