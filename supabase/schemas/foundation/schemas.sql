-- Two schemas, because the API serves every function of a schema that it exposes: `runledger` is what hosts call and
-- read, `runledger_private` is triggers and helpers that no request reaches.

-- The trigger on auth.users locks it: better no migration than every sign-up waiting behind it.
set local lock_timeout = '3s';

create schema runledger;
grant usage on schema runledger to authenticated, service_role;

-- A function that is asked for each row or request is an expression (`return`) or `begin atomic`, which Postgres puts
-- inline (its names are bound when it is made, so it needs no search path), or plpgsql, which keeps its plans: any
-- other SQL function is parsed anew by each statement that calls it.
-- Row-level security's policies and the statistics call some of these with the rights of who asks.
create schema runledger_private;
grant usage on schema runledger_private to authenticated, service_role;
