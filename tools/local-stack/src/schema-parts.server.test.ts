import { expect, test } from 'vitest';
import { schemaParts } from './schema-parts.ts';
import { createTestDatabase } from './test-database.ts';

const schemas = ['private', 'public'];

const prepared = `
create schema private;
create table public.t (id uuid primary key, name text not null default 'x', n int check (n > 0));
create index t_name on public.t (name);
create view public.v with (security_invoker = true) as select id from public.t;
create function public.f(a int) returns int language sql set search_path = '' as 'select a';
create function private.touch() returns trigger language plpgsql set search_path = '' as 'begin return new; end';
create trigger touch before update on public.t for each row execute function private.touch();
alter table public.t enable row level security;
create policy own on public.t for select to authenticated using (true);
revoke all on public.t from anon;
revoke execute on function public.f from public, anon;
`;

const changes = {
  'a column': 'alter table public.t add c int',
  'a type': 'alter table public.t alter n type bigint',
  'a default': `alter table public.t alter name set default 'y'`,
  nullability: 'alter table public.t alter name drop not null',
  'a check': 'alter table public.t drop constraint t_n_check, add constraint t_n_check check (n > 1)',
  'an index': 'drop index public.t_name; create index t_name on public.t (name) where n = 1',
  'a storage parameter': 'alter table public.t set (fillfactor = 80)',
  'the body of a function': `create or replace function public.f(a int) returns int language sql set search_path = '' as 'select a + 1'`,
  'the search path of a function': 'alter function public.f reset search_path',
  'the security of a function': 'alter function public.f security definer',
  'an option of a view': 'alter view public.v set (security_invoker = false)',
  'a trigger': 'drop trigger touch on public.t',
  'a disabled trigger': 'alter table public.t disable trigger touch',
  'a trigger on auth.users':
    'create trigger t after insert on auth.users for each row execute function private.touch()',
  'row-level security': 'alter table public.t disable row level security',
  'a policy': 'alter policy own on public.t using (false)',
  'the role of a policy': 'alter policy own on public.t to anon',
  'a grant on a table': 'grant select on public.t to anon',
  'a grant on a column': 'grant select (id) on public.t to anon',
  'a grant on a function': 'grant execute on function public.f to public',
  'a grant on a schema': 'grant usage on schema private to anon',
  'a default privilege': 'alter default privileges in schema public revoke all on tables from anon',
  'a comment': `comment on column public.t.n is 'how many'`,
};

/** All definitions, as one text. */
const textOf = async (db: Parameters<typeof schemaParts>[0]) =>
  [...(await schemaParts(db, schemas)).values()].join('\n');

test('the parts are the same for the same schema, and show every kind of change', async () => {
  await using db = await createTestDatabase('postgres-17');
  await using other = await createTestDatabase('postgres-17');
  await db.exec(prepared);
  await other.exec(prepared);
  const before = await textOf(db);
  expect(await textOf(other)).toBe(before);
  expect(before).toContain('create policy own on public.t as permissive for select to authenticated');

  const unseen: string[] = [];
  for (const [what, sql] of Object.entries(changes)) {
    const rollBack = new Error('undo');
    await db
      .transaction(async (session) => {
        await session.exec(sql);
        const after = await textOf({ transaction: (fn) => fn(session) });
        if (after === before) unseen.push(what);
        throw rollBack;
      })
      .catch((error: unknown) => {
        if (error !== rollBack) throw error;
      });
  }
  expect(unseen).toEqual([]);
  expect(await textOf(db)).toBe(before);
});
