-- The catalogue of decision rights: anybody in office proposes a version, the PC's counsel reviews it, the PC adopts it
-- under the right that the catalogue in force names; and what the law reserves to physicians stays with the PC.

-- The version that rules on a moment. One that is only proposed has no beginning and rules never.
create or replace function governance.catalogue_at(of_practice uuid, at timestamptz) returns bigint
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select c.id from public.governance_catalogueversion c
  where c.practice_id = of_practice and c.effective_from <= at order by c.effective_from desc limit 1
$$;

create or replace function governance.guard_version() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype;
begin
  if tg_op = 'UPDATE' and audit.is_scrub(tg_table_name, new.id::text, to_jsonb(old), to_jsonb(new)) then
    return null;
  end if;
  select a.* into strict act from public.audit_act a where a.id = (
    select h.act_id from public.governance_historicalcatalogueversion h where h.id = new.id
    order by h.history_id desc limit 1);
  if tg_op = 'INSERT' then
    if act.capacity = 'founding' and new.state = 'starter' then
      return null;
    end if;
    if act.capacity <> 'takes part' or new.state <> 'proposed' or new.proposed_by_id is distinct from act.actor
        or new.proposed_at not between act.occurred_at - interval '5 minutes' and act.occurred_at + interval '5 minutes'
        or not exists (select from public.governance_catalogueversion b
                       where b.id = new.base_id and b.practice_id = new.practice_id and b.effective_from is not null) then
      raise exception 'governance: a version of the catalogue begins as a proposal in its proposer''s name'
        using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if new.state = 'adopted' and old.state in ('starter', 'proposed')
      and (old.effective_from is null or new.effective_from = old.effective_from)
      and exists (select from public.governance_catalogueadoption a
                  where a.version_id = new.id and a.act_id = act.id and a.effective_from = new.effective_from) then
    return null;
  end if;
  if new.state = 'set aside' and old.state = 'proposed' and new.closing_reason <> '' and (
      act.actor = new.proposed_by_id or act.capacity = 'decides' and act.side = 'PC' and act."right" = (
        select c.amended_under from public.governance_catalogueversion c
        where c.id = governance.catalogue_at(new.practice_id, act.occurred_at))) then
    return null;
  end if;
  raise exception 'governance: a version of the catalogue comes into force by its adoption, once, and stays'
    using errcode = 'insufficient_privilege';
end $$;

-- The rights of a version are written with it, by the act that submits it, and never afterwards.
create or replace function governance.guard_right() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.governance_historicalcatalogueversion h
                 where h.id = new.catalogue_id and h.history_type = '+' and h.act_id = new.act_id) then
    raise exception 'governance: the rights of a version of the catalogue are written with it'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

create or replace function governance.guard_review() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (
      select from public.audit_act a join public.governance_catalogueversion v on v.practice_id = a.practice
      where a.id = new.act_id and a.office = 'pc_counsel' and a.outcome = 'done' and a.actor = new.person_id
        and v.id = new.version_id and v.state in ('starter', 'proposed')) then
    raise exception 'governance: a catalogue not yet adopted is reviewed by the PC''s counsel'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- The adoption: who, under which right, after which review; and the line.
create or replace function governance.guard_adoption() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act public.audit_act%rowtype; version public.governance_catalogueversion%rowtype;
  ruling public.governance_catalogueversion%rowtype; latest public.governance_catalogueversion%rowtype; moved text;
begin
  select v.* into strict version from public.governance_catalogueversion v where v.id = new.version_id;
  perform from public.governance_practice p where p.id = version.practice_id for no key update;
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  perform governance.guard_now(act, 'the adoption of a catalogue');
  select c.* into ruling from public.governance_catalogueversion c
    where c.id = governance.catalogue_at(version.practice_id, act.occurred_at);
  select c.* into latest from public.governance_catalogueversion c
    where c.practice_id = version.practice_id and c.effective_from is not null
      and (c.id <> version.id or version.base_id is null) order by c.effective_from desc limit 1;
  if act.practice is distinct from version.practice_id or act.capacity <> 'decides' or act.side <> 'PC'
      or act."right" <> ruling.amended_under or act.actor <> new.person_id
      or not exists (select from public.governance_decisionright r
                     where r.id = new.right_id and r.code = act."right" and r.catalogue_id = ruling.id) then
    raise exception 'governance: a catalogue is adopted by a decision of the PC under %', ruling.amended_under
      using errcode = 'insufficient_privilege';
  end if;
  if (select r.outcome from public.governance_cataloguereview r where r.version_id = version.id
      order by r.reviewed_at desc, r.id desc limit 1) is distinct from 'cleared' then
    raise exception 'governance: counsel has not cleared this version of the catalogue'
      using errcode = 'insufficient_privilege';
  end if;
  if new.proposer_id is distinct from version.proposed_by_id
      or new.sole_physician <> coalesce(new.person_id = new.proposer_id, false)
      or new.person_id = new.proposer_id and (governance.physicians(version.practice_id, act.occurred_at) <> 1 or exists (
        select from public.governance_historicalcatalogueversion h join public.audit_act a on a.id = h.act_id
        where h.id = version.id and h.history_type = '+' and a.side = 'MSO')) then
    raise exception 'governance: who proposed a version of the catalogue does not adopt it'
      using errcode = 'insufficient_privilege';
  end if;
  if version.base_id is null then
    if latest.id <> version.id then
      raise exception 'governance: a later version of the catalogue rules already' using errcode = 'insufficient_privilege';
    end if;
  elsif version.base_id <> latest.id or new.effective_from <= latest.effective_from
      or new.effective_from <= act.occurred_at then
    raise exception 'governance: a version of the catalogue follows the latest one, and begins after its adoption'
      using errcode = 'insufficient_privilege';
  end if;
  select string_agg(o.code, ', ' order by o.code) into moved from public.governance_decisionright o
    where o.catalogue_id = latest.id and o.reserved and not exists (
      select from public.governance_decisionright n where n.catalogue_id = version.id and n.code = o.code
        and n.holder = 'PC' and n.reserved and n.name = o.name);
  if moved is not null then
    raise exception 'governance: the law reserves % to physicians; no version takes it across the line', moved
      using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from public.governance_decisionright r where r.catalogue_id = version.id
                 and r.code = version.amended_under and r.holder = 'PC') then
    raise exception 'governance: the right under which a catalogue is adopted is the PC''s'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
