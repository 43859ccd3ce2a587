/* Of the rows of one part that are one execution, the first is taken. Within a Temporal workflow id, in the order of
   the rows: one without a run waits for its run, so nothing may follow it, and it may follow nothing that is open.
   Callers: import_some. */
-- for: service_role
create function runledger_private.settle_rivals(p_items runledger_private.import_item[])
returns runledger_private.import_item[]
language sql immutable
set search_path = ''
as $$
  with item as (
    select i as whole, i.at, i.result, (i.e).id, (i.e).temporal_namespace as ns, (i.e).temporal_workflow_id as wid,
           (i.e).temporal_run_id as run, runledger_private.is_open((i.e).status) as is_open,
           (i.e).created_by || ' ' || (i.e).workflow_id as owners
      from unnest(p_items) i),
  ids as (
    select item.*, first_value(at) over w as first_at, first_value(owners) over w as first_owners
      from item where result is null window w as (partition by id order by at)),
  runs as (
    select ids.*, first_value(at) over (partition by ns, wid, run order by at) as first_of_run,
           min(at) filter (where run is null) over (partition by ns, wid) as first_waiting
      from ids where wid is not null and at = first_at),
  opens as (
    select runs.*, min(at) filter (where run is not null and is_open and at = first_of_run)
                     over (partition by ns, wid) as first_open from runs),
  waiting as (
    select opens.*, case when first_waiting < coalesce(first_open, 2147483647) then first_waiting end as waits_from
      from opens),
  rivals as (
    select at, case when run is null then coalesce(waits_from, first_open)
                    when waits_from < at then waits_from else first_of_run end as rival from waiting
     where case when run is null then at is distinct from waits_from
                else at <> first_of_run or at > waits_from end)
  select array_agg(case
           when d.first_at < d.at and d.first_owners = d.owners then row(d.at, (d.whole).key, (d.whole).status, 'known',
             null, null, d.id, (d.whole).name, (d.whole).e)::runledger_private.import_item
           when d.first_at < d.at then row(d.at, (d.whole).key, (d.whole).status, 'refused',
             'its id is that of an execution of another user or workflow', d.id::text, d.id, (d.whole).name,
             (d.whole).e)::runledger_private.import_item
           when r.at is not null then row(i.at, (i.whole).key, (i.whole).status, 'refused',
             'its Temporal run is recorded already, as another execution', o.id::text, i.id, (i.whole).name,
             (i.whole).e)::runledger_private.import_item
           else i.whole end order by i.at)
    from item i
    left join ids d on d.at = i.at
    left join rivals r on r.at = i.at
    left join item o on o.at = r.rival;
$$;
