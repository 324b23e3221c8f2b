-- Legal holds: PC counsel places and lifts them; while one stands, a scrub sequesters what it takes out; PC counsel alone
-- opens what is sequestered; it is destroyed by the act that lifts the last hold, and by no other.

-- The act of PC counsel in which something is done about a hold; refuses any other.
create or replace function governance.counsel_act(of_act uuid, of_practice uuid, verbs text[]) returns public.audit_act
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype;
begin
  select a.* into act from public.audit_act a where a.id = of_act;
  if act.office is distinct from 'pc_counsel' or act.outcome <> 'done' or not act.verb = any(verbs)
      or act.practice is distinct from of_practice then
    raise exception 'governance: legal holds and what they keep are the PC counsel''s' using errcode = 'insufficient_privilege';
  end if;
  return act;
end $$;

-- Whether a hold stands. The practice's row is locked first, so that placing, scrubbing and lifting come one by one.
create or replace function governance.held(of_practice uuid) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.governance_practice p where p.id = of_practice for no key update;
  return exists (select from public.governance_hold h where h.practice_id = of_practice and h.lifted_at is null);
end $$;

create or replace function governance.guard_hold() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare made public.governance_historicalhold%rowtype;
begin
  if tg_op = 'UPDATE' then
    if audit.is_scrub(tg_table_name, new.id::text, to_jsonb(old), to_jsonb(new)) then
      return null;
    end if;
    if old.lifted_at is not null then
      raise exception 'governance: a lifted hold stays as it is' using errcode = 'insufficient_privilege';
    end if;
  end if;
  select h.* into strict made from public.governance_historicalhold h where h.id = new.id
    order by h.history_id desc limit 1;
  perform governance.counsel_act(made.act_id, new.practice_id, array['hold.placed', 'hold.lifted']);
  if tg_op = 'UPDATE' and new.lifted_at is not null and not governance.held(new.practice_id) and exists (
      select from public.audit_sequestered s where s.practice = new.practice_id
      and not exists (select from public.audit_destruction d where d.sequestered_id = s.id)) then
    raise exception 'governance: the last hold is lifted together with the destruction of what it kept'
      using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    perform governance.held(new.practice_id);
  end if;
  return null;
end $$;

-- A scrub under a hold keeps what it takes out; a document is dropped by its own practice alone.
create or replace function governance.guard_held_scrub() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_practice uuid;
begin
  select a.practice into of_practice from public.audit_act a where a.id = new.act_id;
  if new.table_name = 'audit_document' and not exists (
      select from public.audit_document d where d.id = new.row_key::bigint and d.practice = of_practice) then
    raise exception 'governance: the document is of another practice than the act' using errcode = 'insufficient_privilege';
  end if;
  if governance.held(of_practice) and not exists (
      select from public.audit_sequestered s where s.scrubbing_id = new.id and s.act_id = new.act_id) then
    raise exception 'governance: a legal hold stands; what is scrubbed must be sequestered' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace function governance.guard_sequestered() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.audit_scrubbing c join public.audit_act a on a.id = c.act_id
                 where c.id = new.scrubbing_id and c.act_id = new.act_id and a.practice = new.practice) then
    raise exception 'governance: what is sequestered belongs to the scrub of its own act'
      using errcode = 'insufficient_privilege';
  end if;
  if not governance.held(new.practice) then
    raise exception 'governance: nothing is sequestered without a legal hold' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace function governance.guard_opening() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; of_practice uuid;
begin
  select s.practice into of_practice from public.audit_sequestered s where s.id = new.sequestered_id;
  act := governance.counsel_act(new.act_id, of_practice, array['sequestered.opened']);
  if btrim(act.reason) = '' then
    raise exception 'governance: a sequestered value is opened for a stated reason' using errcode = 'check_violation';
  end if;
  if exists (select from public.audit_destruction d where d.sequestered_id = new.sequestered_id) then
    raise exception 'governance: this value was destroyed' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace function governance.guard_destruction() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_practice uuid;
begin
  select s.practice into of_practice from public.audit_sequestered s where s.id = new.sequestered_id;
  perform governance.counsel_act(new.act_id, of_practice, array['hold.lifted']);
  if governance.held(of_practice) then
    raise exception 'governance: a legal hold stands; nothing that it keeps is destroyed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
