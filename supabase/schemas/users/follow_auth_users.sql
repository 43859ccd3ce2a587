-- Unless the host says otherwise, users are those of Supabase Auth, where the database has it. At the end, because the
-- triggers hold off sign-ups until the migration is through.
do $$
begin
  if to_regclass('auth.users') is not null then
    perform runledger.follow_users('auth.users', 'id', null,
      (select a.attname::text from pg_catalog.pg_attribute a
        where a.attrelid = to_regclass('auth.users') and a.attname = 'deleted_at' and not a.attisdropped));
  end if;
end $$;
