-- Legal holds: each side's counsel places and lifts its own; while one of either side stands, nothing sequestered is
-- destroyed. Lifting destroys nothing: disposal is a later act of PC counsel.

-- The act in which one of these offices does one of these things; refuses any other. `said` tells whose matter it is.
create or replace function governance.act_of(of_act uuid, of_practice uuid, verbs text[], offices text[], said text)
returns public.audit_act
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype;
begin
  select a.* into act from public.audit_act a where a.id = of_act;
  if act.outcome is distinct from 'done' or not act.verb = any(verbs) or not act.office = any(offices)
      or act.practice is distinct from of_practice or act.flag = 'back-entry' then
    raise exception 'governance: %', said using errcode = 'insufficient_privilege';
  end if;
  return act;
end $$;

-- Whether a hold stands. The practice's row is locked first, so that placing, scrubbing, lifting and disposal come one by
-- one.
create or replace function governance.held(of_practice uuid) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.governance_practice p where p.id = of_practice for no key update;
  return exists (select from public.governance_hold h where h.practice_id = of_practice and h.lifted_at is null);
end $$;

create or replace function governance.counsel_of(side text) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case side when 'PC' then 'pc_counsel' when 'MSO' then 'mso_counsel' end
$$;

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
  perform governance.act_of(made.act_id, new.practice_id, array['hold.placed', 'hold.lifted'],
    array[governance.counsel_of(new.side)], 'a legal hold is placed and lifted by counsel of its own side');
  if new.side = 'MSO' and new.object_type not in ('', 'decisions.operationalitem') then
    raise exception 'governance: the management company holds its own records alone' using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'INSERT' then
    perform governance.held(new.practice_id);
  end if;
  return null;
end $$;

-- Whoever holds an office of the hold's side acknowledges it, alone and while it stands.
create or replace function governance.guard_acknowledgement() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; hold public.governance_hold%rowtype;
begin
  select h.* into hold from public.governance_hold h where h.id = new.hold_id for no key update;
  select a.* into act from public.audit_act a where a.id = new.act_id;
  if act.verb is distinct from 'hold.acknowledged' or act.outcome <> 'done' or act.actor is distinct from new.person_id
      or act.practice is distinct from hold.practice_id or act.side is distinct from hold.side or act.flag = 'back-entry' then
    raise exception 'governance: a hold is acknowledged by somebody of its side, for oneself alone'
      using errcode = 'insufficient_privilege';
  end if;
  if hold.lifted_at is not null then
    raise exception 'governance: a lifted hold is not acknowledged' using errcode = 'check_violation';
  end if;
  return null;
end $$;

-- How long what was scrubbed is kept at least, after its scrub was decided on and after the last hold was lifted.
create or replace function governance.kept_for() returns interval
language sql immutable set search_path = pg_catalog, pg_temp as $$ select interval '30 days' $$;

create or replace function governance.guard_destruction() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; of_practice uuid; scrub uuid; settled timestamptz;
begin
  select s.practice, c.act_id into of_practice, scrub
    from public.audit_sequestered s join public.audit_scrubbing c on c.id = s.scrubbing_id where s.id = new.sequestered_id;
  act := governance.act_of(new.act_id, of_practice, array['sequestered.disposed'], array['pc_counsel'],
    'what scrubs took out is disposed of by PC counsel');
  if governance.held(of_practice) then
    raise exception 'governance: a legal hold stands; nothing is destroyed' using errcode = 'check_violation';
  end if;
  if exists (select from public.audit_scrubbing c join public.audit_sequestered s on s.scrubbing_id = c.id
             where s.practice = of_practice and not governance.scrub_decided(c.act_id)) then
    raise exception 'governance: a scrub waits for a second person; nothing is destroyed' using errcode = 'check_violation';
  end if;
  select max(w.at) into settled from (
    select c.confirmed_at as at from public.audit_confirmation c where c.scrub_id = scrub
    union all select r.restored_at from public.audit_restoration r join public.audit_scrubbing c on c.id = r.scrubbing_id
      where c.act_id = scrub
    union all select h.lifted_at from public.governance_hold h where h.practice_id = of_practice) w;
  if settled is null or settled + governance.kept_for() > act.occurred_at then
    raise exception 'governance: what was scrubbed is kept for 30 days after it was decided on and after the last hold'
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
