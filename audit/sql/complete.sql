-- Laid once for each governed table, with its names in the place of {table}, {history} and {key}: a statement that names
-- its tables is planned once for a connection, one that is put together anew each time costs more than the act.
--
-- At commit a governed row equals its newest history row, whose act is sealed by this very transaction, names the same
-- actor, and commits to that history row. Whether it says entry, change or removal is as true as the rest, for the
-- rules of other apps go by it.
--
-- What an act plainly changes is told by one look from each side. From the history row: it is the newest, the row
-- equals it, and its act is all that is said above. From the row: as it was left by this statement it equals the newest
-- history row of this transaction's act, which is the newest of all and rightly sealed, or its own look refuses it; a
-- later statement on the row has a look of its own. What is not plain goes on to the close look.
--
-- The plan that a connection keeps must not depend on how long a table was when it was made: each question is asked of
-- an index (`offset 0` says of which), so that what an act costs does not grow with the record.

create or replace function audit.complete_{table}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_bitmapscan = off as $$
declare past jsonb; entered boolean;
begin
  select to_jsonb(h), bool_or(h.history_type = '+') over () into past, entered
    from (select * from public.{history} h where h.act_id = (select a.id from public.audit_act a
      where a.xid = pg_current_xact_id() and a.recorded_at >= transaction_timestamp()) offset 0) h
    where h.{key} = coalesce(new.{key}, old.{key})
    order by h.history_id desc limit 1;
  if tg_op = 'INSERT' and not entered then
    perform audit.mistaken('{table}', (new.{key})::text);
  end if;
  if past is null or tg_op = 'DELETE' or past || to_jsonb(new) <> past then
    perform audit.judge('{table}', '{history}', '{key}', coalesce(new.{key}, old.{key})::text, true, tg_op,
      to_jsonb(old), to_jsonb(new));
  end if;
  return null;
end $$;

create or replace function audit.complete_{history}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_bitmapscan = off as $$
declare live jsonb; written jsonb := to_jsonb(new); later boolean; earlier boolean; sealed boolean;
begin
  select (select to_jsonb(t) from public.{table} t where t.{key} = new.{key}),
    exists (select from (select h.{key} as key from public.{history} h where h.history_id > new.history_id offset 0) l
      where l.key = new.{key}),
    exists (select from (select h.history_id from public.{history} h where h.{key} = new.{key} offset 0) e
      where e.history_id < new.history_id),
    exists (select from public.audit_act a join public.audit_part p on p.act_id = a.id
      where a.id = new.act_id and a.xid = pg_current_xact_id() and a.recorded_at >= transaction_timestamp()
        and a.actor is not distinct from new.history_user_id and a.actor_name = new.actor_name
        and p.name = 'row/{history}/' || new.history_id)
    into live, later, earlier, sealed;
  if new.history_type is distinct from
      (case when not earlier then '+' when live is null and not later then '-' else '~' end) then
    perform audit.mistaken('{table}', (new.{key})::text);
  end if;
  if later or not sealed or live is not null and written || live <> written then
    perform audit.judge('{table}', '{history}', '{key}', (new.{key})::text, false, tg_op, null, written);
  end if;
  return null;
end $$;
