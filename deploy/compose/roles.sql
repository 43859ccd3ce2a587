-- Run once, when the database is made: the roles that PostgREST and sign-in log in as get the password of the environment.
\set password `echo "$POSTGRES_PASSWORD"`
alter user authenticator with password :'password';
alter user supabase_auth_admin with password :'password';
