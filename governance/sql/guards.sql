-- The line itself, in the database: an act is accepted only from an office in force, and an act that decides only
-- from an office that the catalogue names for that right, with a license in force where the right is the PC's.

create schema if not exists governance;
revoke all on schema governance from public;

create or replace function governance.exercises(office text) returns text[]
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case office
    when 'pc_shareholder' then array['shareholders']
    when 'pc_director' then array['board']
    when 'committee_member' then array['committee']
    when 'medical_director' then array['medical_director', 'physician']
    when 'physician' then array['physician']
    when 'supervising_physician' then array['physician', 'supervising_physician']
    when 'mso_operations' then array['mso']
    when 'mso_executive' then array['mso']
    else array[]::text[] end
$$;

create or replace function governance.licensed(of_person uuid, of_practice uuid, at timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  -- The latest verification on or before that day rules; by the clock alone, no job needed.
  select exists (
    select from public.governance_practice p
      cross join lateral (select (at at time zone p.time_zone)::date as today) d
      join public.governance_license l on l.person_id = of_person and l.physician
      cross join lateral (
        select v.status, v.expires_on, v.verified_on from public.governance_verification v
        where v.license_id = l.id and v.verified_on <= d.today order by v.verified_on desc, v.id desc limit 1) latest
    where p.id = of_practice and latest.status = 'active' and latest.expires_on >= d.today
      and latest.verified_on + p.license_limit_days >= d.today)
$$;

create or replace function governance.guard_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare held record; wanted record; demonstration boolean;
begin
  select p.demonstration into demonstration from public.governance_practice p where p.id = new.practice;
  if new.practice is not null and demonstration is null then
    raise exception 'governance: there is no such practice' using errcode = 'insufficient_privilege';
  end if;
  if new.flag = 'demonstration' and not coalesce(demonstration, false) then
    raise exception 'governance: the demonstration flag is for a demonstration practice' using errcode = 'check_violation';
  end if;
  if new.capacity = 'founding' then
    if exists (select from public.audit_act a where a.practice is not distinct from new.practice
               and a.outcome = 'done' and a.id <> new.id and new.practice is not null) then
      raise exception 'governance: this practice is founded already' using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if new.capacity = 'system' then
    if new.actor is not null or new."right" <> '' or new.appointment is not null then
      raise exception 'governance: a system act has no actor, office or right' using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if new.outcome = 'refused' then
    return null;
  end if;
  select a.office, a.side into held from public.governance_appointment a
    where a.id = new.appointment and a.person_id = new.actor and a.practice_id = new.practice
      and a.starts_at <= new.occurred_at and (a.ends_at is null or a.ends_at > new.occurred_at)
    for share;
  if held is null or held.office <> new.office or held.side <> new.side then
    raise exception 'governance: no such appointment is in force for this act' using errcode = 'insufficient_privilege';
  end if;
  if new.capacity = 'decides' then
    select r.holder, r.exercised_by into wanted from public.governance_decisionright r
      where r.code = new."right" and r.catalogue_id = (
        select c.id from public.governance_catalogueversion c
        where c.practice_id = new.practice and c.effective_from <= new.occurred_at
        order by c.effective_from desc limit 1);
    if wanted is null then
      raise exception 'governance: the catalogue in force has no right %', new."right" using errcode = 'insufficient_privilege';
    end if;
    if wanted.holder <> held.side then
      raise exception 'governance: % is held by the %', new."right", wanted.holder using errcode = 'insufficient_privilege';
    end if;
    if not governance.exercises(held.office) && wanted.exercised_by::text[] then
      raise exception 'governance: % is not exercised by this office', new."right" using errcode = 'insufficient_privilege';
    end if;
    if wanted.holder = 'PC' and not governance.licensed(new.actor, new.practice, new.occurred_at) then
      raise exception 'governance: no physician''s license is in force' using errcode = 'insufficient_privilege';
    end if;
  end if;
  return null;
end $$;

-- A system act seals documents and nothing else; a refusal writes nothing at all.
create or replace function governance.guard_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.name like 'row/%' and exists (
      select from public.audit_act a where a.id = new.act_id
      and (a.outcome = 'refused' or (a.capacity = 'system' and new.name not like 'row/audit_document/%'))) then
    raise exception 'governance: this act may not write %', new.name using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- The sole physician: a proposer decides on his own proposal only where the practice has exactly one physician.
create or replace function governance.physicians(of_practice uuid, at timestamptz) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select count(distinct a.person_id) from public.governance_appointment a
  where a.practice_id = of_practice
    and a.office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair')
    and a.starts_at <= at and (a.ends_at is null or a.ends_at > at)
$$;
