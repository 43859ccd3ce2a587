import { openListData } from './list-data.ts';
const kind = (process.argv[2] ?? 'postgres-17') as any; const rows = Number(process.argv[3] ?? 100000);
const l = await openListData(kind, rows);
console.log('ready', l.db.url);
for (const r of await l.db.query<any>(`select c.relname, pg_relation_size(c.oid) / ${rows}.0 as bytes from pg_class c join pg_index i on i.indexrelid=c.oid where i.indrelid='public.workflow_executions'::regclass order by 2 desc`)) console.log(r.relname, Number(r.bytes).toFixed(1));
console.log('heap', (await l.db.query<any>(`select pg_relation_size('public.workflow_executions')/${rows}.0 as n`))[0].n);
const buffers = async (sql: string, params: unknown[], role: any = 'service_role') => l.db.as(role, l.ada.id, async (db) => {
  const [r] = await db.query<any>(`explain (analyze, buffers, format json) ${sql}`, params);
  const p = r['QUERY PLAN'][0]; return [p.Plan['Shared Hit Blocks'] + p.Plan['Shared Read Blocks'], p['Execution Time']];
});
const W = (await l.db.query<any>(`select workflow_id id, count(*) from public.workflow_executions group by 1 order by 2 desc`)).map((r:any)=>r.id);
const cases: [string, any, any, any, string?][] = [
 ['none', l.ada.id, null, {}], ['failed', l.ada.id, null, {status:['failed']}], ['several', l.ada.id, null, {status:['failed','timed_out','cancelled']}], ['open', l.ada.id, null, {status:['pending','running']}], ['completed', l.ada.id, null, {status:['completed']}],
 ['hot wf + cancelled', l.ada.id, W[0], {status:['cancelled']}], ['wf + failed', l.ada.id, W[5], {status:['failed']}], ['wf+terminated (none)', l.ada.id, W[0], {status:['terminated']}], ['wf + pending none', l.ada.id, W[0], {status:['pending']}], ['owner failed', null, W[0], {status:['failed']}], ['owner running', null, W[0], {status:['running']}],['owner pending', null, W[0], {status:['pending']}],
 ['tags', l.ada.id, null, {tags:['shop-3']}], ['no tag', l.ada.id, null, {tags:['nope']}], ['all tags', l.ada.id, null, {allTags:['shop-3','day-7']}],
 ['text all', l.ada.id, null, {text:'declined by'}], ['text none', l.ada.id, null, {text:'zebra stripes'}], ['text none, common', l.ada.id, null, {text:'bank was declined'}], ['text rare', l.ada.id, null, {text:'c4ca4238a0'}], ['text short none', l.ada.id, null, {text:'zzz'}],['text punctuation', l.ada.id, null, {text:'...'}],
 ['slow', l.ada.id, null, {minDurationMs: 599000}], ['all slow', l.ada.id, null, {minDurationMs: 2}], ['slow none', l.ada.id, null, {minDurationMs: 9e9}], ['half', l.ada.id, null, {minDurationMs: 300000, tags:['nope']}],
 ['health', l.ada.id, null, {health:['late']}], ['health none', l.ada.id, null, {health:['lost']}], ['owner health', null, W[0], {health:['lost']}],
 ['group', l.ada.id, null, {failureGroup: 'cfcd208495d565ef'}], ['owner group', null, W[0], {failureGroup: 'cfcd208495d565ef'}],
 ['by duration', l.ada.id, null, {}, 'duration'], ['by duration, user+wf', l.ada.id, W[4], {}, 'duration'],['user+wf by duration failed', l.ada.id, W[4], {status:['failed']}, 'duration'],
 ['completed_at tag none', l.ada.id, null, {tags:['nope']}, 'completed_at'], ['completed_at terminated', l.ada.id, W[3], {status:['terminated','failed']}, 'completed_at'],
 ['ids', l.ada.id, null, {ids: Array.from({length:20},(_, i)=>'run-'+i*2)}], ['100 ids', l.ada.id, null, {ids: Array.from({length:100},(_, i)=>'run-'+i*2)}],
 ['small user none', 'user 5', null, {tags:['nope']}],
];
for (const [name, u, w, f, by] of cases) {
  const params = [u, w, JSON.stringify(f), by ?? 'started_at'];
  const b = await buffers('select public.search_executions($1, $2, $3::jsonb, $4)', params);
  const b2 = await buffers('select public.search_executions($1, $2, $3::jsonb, $4)', params);
  const [{r}] = await l.db.query<any>('select public.search_executions($1, $2, $3::jsonb, $4) as r', params) as any;
  const c = await buffers('select public.count_executions($1, $2, $3::jsonb)', params.slice(0,3));
  console.log(name.padEnd(28), 'page', b2[0], b2[1].toFixed(1)+'ms', 'rows', r.rows.length, r.searchedUntil ? 'until '+r.searchedUntil : '', r.next ? 'next':'', 'count', c[0]);
}
await l.db.close(); process.exit(0);
