-- What was pruned goes on counting.

/* Two histograms in one. Callers: prune_counted. */
-- for: service_role
create function runledger_private.add_histograms(a_buckets smallint[], a_counts integer[], b_buckets smallint[],
  b_counts integer[],
  out buckets smallint[], out counts integer[])
language sql immutable parallel safe
set search_path = ''
as $$
  select array_agg(x.bucket order by x.bucket), array_agg(x.n order by x.bucket)
    from (select u.bucket, sum(u.n)::int as n
            from (select * from unnest(a_buckets, a_counts) a (bucket, n)
                  union all select * from unnest(b_buckets, b_counts) b (bucket, n)) u
           where u.bucket is not null group by 1) x;
$$;
