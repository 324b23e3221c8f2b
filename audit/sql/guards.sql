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

-- The close look at a governed row and its history, where the look of complete.sql does not find all plain: a row
-- written twice, a scrub, damage. `of_row`: it is asked for a change of the row, else for a new row of its history.
create or replace function audit.judge(of_table text, of_history text, key_column text, key text, of_row boolean,
    op text, was jsonb, written jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare live jsonb; past jsonb; differing text; kept record;
begin
  execute format('select to_jsonb(t) from public.%I t where t.%I = %L', of_table, key_column, key) into live;
  execute format('select to_jsonb(h) from public.%I h where h.%I = %L order by h.history_id desc limit 1',
                 of_history, key_column, key) into past;
  if past is null then
    raise exception 'audit: row % of % has no history', key, of_table using errcode = 'check_violation';
  end if;
  if live is null then
    if past ->> 'history_type' <> '-' then
      raise exception 'audit: row % of % is removed without history', key, of_table using errcode = 'check_violation';
    end if;
  else
    select string_agg(l.key, ', ') into differing from jsonb_each(live) l where l.value is distinct from past -> l.key;
    if differing is not null then
      raise exception 'audit: row % of % differs from its newest history (%)', key, of_table, differing
        using errcode = 'check_violation';
    end if;
  end if;
  if op = 'UPDATE' and audit.is_scrub(of_table, key, was, written) then
    return;  -- A scrub: row and history changed alike, by an act that names them.
  end if;
  for kept in select (past ->> 'act_id')::uuid as act, past ->> 'history_id' as id,
                     (past ->> 'history_user_id')::uuid as actor, past ->> 'actor_name' as actor_name
              union select (written ->> 'act_id')::uuid, written ->> 'history_id',
                     (written ->> 'history_user_id')::uuid, written ->> 'actor_name'
              where not of_row loop
    if not audit.sealed_now(kept.act) then
      raise exception 'audit: row % of % is changed outside an act of this transaction', key, of_table
        using errcode = 'check_violation';
    end if;
    if not exists (select from public.audit_act a where a.id = kept.act
                   and a.actor is not distinct from kept.actor and a.actor_name = kept.actor_name) then
      raise exception 'audit: the history of row % of % names another actor than its act', key, of_table
        using errcode = 'check_violation';
    end if;
    if not exists (select from public.audit_part p where p.act_id = kept.act
                   and p.name = 'row/' || of_history || '/' || kept.id) then
      raise exception 'audit: the act does not commit to the history of row % of %', key, of_table
        using errcode = 'check_violation';
    end if;
  end loop;
end $$;

create or replace function audit.mistaken(of_table text, key text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'audit: the history of row % of % mistakes entry, change or removal', key, of_table
    using errcode = 'check_violation';
end $$;
