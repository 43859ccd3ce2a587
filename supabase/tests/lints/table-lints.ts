import type { Lint } from './lint.ts';
import { OURS } from './lint.ts';

/** How an index says a column of it: name or expression, operator class, direction. */
const INDEX_COLUMNS = `(select array_agg(pg_get_indexdef(i.indexrelid, at, true) || ' ' || i.indoption[at - 1] || ' ' || i.indclass[at - 1] order by at)
  from generate_series(1, i.indnkeyatts) at)`;

/** What makes a table slow to live with. */
export const TABLE_LINTS: Lint[] = [
  {
    rule: '0001',
    finds: 'foreign key without an index that begins with its columns',
    why: 'Deleting a row of the other table scans this one, and so does each cascade.',
    query: `
      select f.conrelid::regclass || '.' || f.conname as found
        from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
       where f.contype = 'f' and ${OURS}
         and not exists (
           select from pg_index i
            where i.indrelid = f.conrelid and i.indisvalid and i.indpred is null
              and (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(f.conkey)] @> f.conkey)`,
    planted: 'create table public.planted (id int primary key, workflow_id uuid references runledger.workflows)',
  },
  {
    rule: '0004',
    // Of a log that is written at every change and read by ranges, a key would cost more than it gives.
    finds: 'table without a primary key, or the whole row as its replica identity',
    why: 'Where all tables are published (replicas, warehouses), Postgres refuses to delete from a table that has neither.',
    query: `
      select c.oid::regclass::text as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and c.relreplident <> 'f' and ${OURS}
         and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
    planted: 'create table public.planted (id int)',
  },
  {
    rule: '0005',
    // Nothing has been used in a new database; what can be said of it is which index can never be needed.
    finds: 'index that is the beginning of another one',
    why: 'Each write pays for it and no query needs it.',
    query: `
      with indexes as (
        select i.*, ${INDEX_COLUMNS} as columns, pg_get_expr(i.indpred, i.indrelid) as predicate, c.relam
          from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
         where ${OURS})
      select short.indexrelid::regclass || ' within ' || long.indexrelid::regclass as found
        from indexes short join indexes long using (indrelid, relam)
       where not short.indisunique and short.predicate is not distinct from long.predicate
         and cardinality(long.columns) > cardinality(short.columns)
         and long.columns[1:cardinality(short.columns)] = short.columns`,
    planted: 'create index planted on runledger.workflow_executions (created_by, started_at desc)',
  },
  {
    rule: '0009',
    finds: 'two indexes that are the same but for their names',
    why: 'Each write pays for both.',
    query: `
      select string_agg(x.indexname, ', ') as found from pg_indexes x join pg_namespace n on n.nspname = x.schemaname
       where ${OURS}
       group by x.schemaname, x.tablename, regexp_replace(x.indexdef, '^create (unique )?index \\S+ ', '', 'i')
      having count(*) > 1`,
    planted: 'create index planted on runledger.workflow_executions (temporal_workflow_id, started_at desc, id desc)',
  },
  {
    rule: '0018',
    finds: 'column of a type that an upgrade of Postgres refuses',
    why: 'pg_upgrade stops at columns that hold object ids, such as regproc.',
    query: `
      select c.oid::regclass || '.' || a.attname as found
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where ${OURS} and c.relkind in ('r', 'p', 'm') and a.attnum > 0
         and a.atttypid::regtype::text in ('regcollation', 'regconfig', 'regdictionary', 'regnamespace', 'regoper',
                                           'regoperator', 'regproc', 'regprocedure')`,
    planted: 'create table public.planted (id int primary key, f regprocedure)',
  },
  {
    rule: '0020',
    finds: 'table that wastes more than 20 MB and 70 times its size',
    why: 'Every scan reads the empty pages too.',
    query: `
      select c.oid::regclass::text as found
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
          select ceil(greatest(c.reltuples, 0) * (28 + coalesce(sum(s.avg_width), 0)) / current_setting('block_size')::int) as needed
            from pg_stats s where s.schemaname = n.nspname and s.tablename = c.relname) pages
       where c.relkind = 'r' and ${OURS} and c.relpages > 70 * greatest(needed, 1)
         and (c.relpages - needed) * current_setting('block_size')::int > 20 * 1024 * 1024`,
    planted: `create table public.planted (id int primary key, filling text);
      insert into public.planted select i, repeat('x', 1000) from generate_series(1, 25000) i;
      delete from public.planted where id > 10;
      analyze public.planted`,
  },
  {
    rule: '0021',
    finds: 'foreign key to a column of auth that is unique but not the primary key',
    why: 'The platform may drop such a constraint of its own tables, and then cannot.',
    query: `
      select f.conrelid::regclass || '.' || f.conname as found
        from pg_constraint f join pg_class c on c.oid = f.confrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_index i on i.indexrelid = f.conindid
       where f.contype = 'f' and n.nspname = 'auth' and not i.indisprimary`,
    planted: 'create table public.planted (id int primary key, phone text references auth.users (phone))',
  },
];
