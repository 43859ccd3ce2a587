-- Where the database has pg_cron, it folds by itself; elsewhere the monitor does.
do $$
begin
  if exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    perform cron.schedule('runledger-fold', '20 seconds', 'select runledger.fold_execution_stats()');
  end if;
end $$;
