-- Trigger functions: append-only tables, complete history.

create or replace function audit.refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'audit: % on % is refused: the record is append-only', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create or replace function audit.advance() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'UPDATE' or new.size <> old.size + 1 or new.log_id <> old.log_id then
    raise exception 'audit: a log''s head advances by one' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Argument: the key. It is the sequence's own: a key far ahead would stay the newest, whatever happens afterwards.
create or replace function audit.not_sealed_yet() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare sequence text := pg_get_serial_sequence(format('%I.%I', tg_table_schema, tg_table_name), tg_argv[0]);
begin
  if sequence is not null
      and (to_jsonb(new) ->> tg_argv[0])::bigint > coalesce(pg_sequence_last_value(sequence::regclass), 0) then
    raise exception 'audit: the key of a row of % comes from its sequence', tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  if exists (select from public.audit_act a where a.id = new.act_id) then
    raise exception 'audit: act % is sealed already', new.act_id using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Arguments: the columns that may change; whatever a row is beside them, it stays.
create or replace function audit.stays() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare changed text; changing text[] := coalesce(tg_argv, '{}');
begin
  if to_jsonb(new) - changing = to_jsonb(old) - changing then
    return new;
  end if;
  select string_agg(n.key, ', ') into changed from jsonb_each(to_jsonb(new)) n
    where n.value is distinct from to_jsonb(old) -> n.key and n.key <> all(changing);
  if changed is not null and not audit.is_scrub(tg_table_name, to_jsonb(new) ->> 'id', to_jsonb(old), to_jsonb(new)) then
    raise exception 'audit: % of % never changes', changed, tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Recorded rows: at commit the act is sealed by this very transaction and commits to this row.
create or replace function audit.complete_record() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare key text := to_jsonb(new) ->> tg_argv[0];
begin
  if exists (select from public.audit_act a join public.audit_part p on p.act_id = a.id
             where a.id = new.act_id and a.xid = pg_current_xact_id() and a.recorded_at >= transaction_timestamp()
             and p.name = 'row/' || tg_table_name || '/' || key) then
    return null;
  end if;
  if not audit.sealed_now(new.act_id) then
    raise exception 'audit: row % of % is written outside an act of this transaction', key, tg_table_name
      using errcode = 'check_violation';
  end if;
  raise exception 'audit: the act does not commit to row % of %', key, tg_table_name using errcode = 'check_violation';
end $$;

-- Governed rows and their history: at commit the row equals its newest history row, whose act is sealed by this
-- very transaction, names the same actor, and commits to that history row.
-- Whether it says entry, change or removal is as true as the rest, for the rules of other apps go by it.
-- Arguments: the table, its history table, its primary key.
--
-- What an act plainly changes is told by one look from each side. From the history row: it is the newest, the row
-- equals it, and its act is all that is said above. From the row: it equals the newest history row of this
-- transaction's act, which is the newest of all and rightly sealed, or its own look refuses it. What is not plain
-- (a row written twice, a scrub, damage) goes on to the whole comparison.
create or replace function audit.complete() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  key text := coalesce(to_jsonb(new), to_jsonb(old)) ->> tg_argv[2];
  live jsonb; past jsonb; later boolean; earlier boolean; entered boolean; differing text; kept record;
begin
  if tg_table_name = tg_argv[1] then
    past := to_jsonb(new);
    -- `offset 0` has an index read from its own end: the key's from this row on, however long the row's history is.
    execute format('select (select to_jsonb(t) from public.%I t where t.%I = %L), exists (select from'
                   ' (select h.%I as key from public.%I h where h.history_id > %L offset 0) l where l.key = %L),'
                   ' exists (select from (select h.history_id from public.%I h where h.%I = %L offset 0) e'
                   ' where e.history_id < %L)',
                   tg_argv[0], tg_argv[2], key, tg_argv[2], tg_argv[1], past ->> 'history_id', key,
                   tg_argv[1], tg_argv[2], key, past ->> 'history_id') into live, later, earlier;
    if past ->> 'history_type' is distinct from
        (case when not earlier then '+' when live is null and not later then '-' else '~' end) then
      raise exception 'audit: the history of row % of % mistakes entry, change or removal', key, tg_argv[0]
        using errcode = 'check_violation';
    end if;
    if not later and (live is null or past || live = past)
        and exists (select from public.audit_act a join public.audit_part p on p.act_id = a.id
          where a.id = (past ->> 'act_id')::uuid
            and a.xid = pg_current_xact_id() and a.recorded_at >= transaction_timestamp()
            and a.actor is not distinct from (past ->> 'history_user_id')::uuid and a.actor_name = past ->> 'actor_name'
            and p.name = 'row/' || tg_argv[1] || '/' || (past ->> 'history_id')) then
      return null;
    end if;
  else
    execute format('select (select to_jsonb(t) from public.%I t where t.%I = %L), to_jsonb(h) from public.%I h'
                   ' where h.%I = %L and h.act_id = (select a.id from public.audit_act a where'
                   ' a.xid = pg_current_xact_id() and a.recorded_at >= transaction_timestamp())'
                   ' order by h.history_id desc limit 1',
                   tg_argv[0], tg_argv[2], key, tg_argv[1], tg_argv[2], key) into live, past;
    if tg_op = 'INSERT' and past is not null then
      execute format('select exists (select from public.%I h where h.%I = %L and h.act_id = %L and h.history_type = ''+'')',
                     tg_argv[1], tg_argv[2], key, past ->> 'act_id') into entered;
      if not entered then
        raise exception 'audit: the history of row % of % mistakes entry, change or removal', key, tg_argv[0]
          using errcode = 'check_violation';
      end if;
    end if;
    if (case when live is null then past ->> 'history_type' = '-' else past || live = past end) then
      return null;
    end if;
  end if;

  execute format('select to_jsonb(t) from public.%I t where t.%I = %L', tg_argv[0], tg_argv[2], key) into live;
  execute format('select to_jsonb(h) from public.%I h where h.%I = %L order by h.history_id desc limit 1',
                 tg_argv[1], tg_argv[2], key) into past;
  if past is null then
    raise exception 'audit: row % of % has no history', key, tg_argv[0] using errcode = 'check_violation';
  end if;
  if live is null then
    if past ->> 'history_type' <> '-' then
      raise exception 'audit: row % of % is removed without history', key, tg_argv[0] using errcode = 'check_violation';
    end if;
  else
    select string_agg(l.key, ', ') into differing from jsonb_each(live) l where l.value is distinct from past -> l.key;
    if differing is not null then
      raise exception 'audit: row % of % differs from its newest history (%)', key, tg_argv[0], differing
        using errcode = 'check_violation';
    end if;
  end if;
  if tg_op = 'UPDATE' and audit.is_scrub(tg_argv[0], key, to_jsonb(old), to_jsonb(new)) then
    return null;  -- A scrub: row and history changed alike, by an act that names them.
  end if;
  for kept in select (past ->> 'act_id')::uuid as act, past ->> 'history_id' as id,
                     (past ->> 'history_user_id')::uuid as actor, past ->> 'actor_name' as actor_name
              union select (to_jsonb(new) ->> 'act_id')::uuid, to_jsonb(new) ->> 'history_id',
                     (to_jsonb(new) ->> 'history_user_id')::uuid, to_jsonb(new) ->> 'actor_name'
              where tg_table_name = tg_argv[1] loop
    if not audit.sealed_now(kept.act) then
      raise exception 'audit: row % of % is changed outside an act of this transaction', key, tg_argv[0]
        using errcode = 'check_violation';
    end if;
    if not exists (select from public.audit_act a where a.id = kept.act
                   and a.actor is not distinct from kept.actor and a.actor_name = kept.actor_name) then
      raise exception 'audit: the history of row % of % names another actor than its act', key, tg_argv[0]
        using errcode = 'check_violation';
    end if;
    if not exists (select from public.audit_part p where p.act_id = kept.act
                   and p.name = 'row/' || tg_argv[1] || '/' || kept.id) then
      raise exception 'audit: the act does not commit to the history of row % of %', key, tg_argv[0]
        using errcode = 'check_violation';
    end if;
  end loop;
  return null;
end $$;
