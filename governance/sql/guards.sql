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
    if new.practice is null or exists (select from public.audit_act a where a.practice = new.practice
                                       and a.outcome = 'done' and a.id <> new.id) then
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
  if new.flag = 'back-entry' and not exists (
      select from public.governance_appointment a where a.person_id = new.actor and a.practice_id = new.practice
      and a.starts_at <= new.recorded_at and (a.ends_at is null or a.ends_at > new.recorded_at)) then
    raise exception 'governance: who enters the past holds an office today' using errcode = 'insufficient_privilege';
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

-- The right under which an office is filled; the same table as governance.offices.APPOINTED_UNDER.
create or replace function governance.appointed_under(office text) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case office
    when 'medical_director' then 'DR-31' when 'alternate_chair' then 'DR-31' when 'committee_member' then 'DR-31'
    when 'pc_shareholder' then 'DR-32'
    when 'pc_director' then 'DR-33' when 'pc_officer' then 'DR-33' when 'pc_counsel' then 'DR-33' when 'auditor' then 'DR-33'
    when 'physician' then 'DR-07' when 'supervising_physician' then 'DR-12'
    when 'recording_secretary' then 'DR-36' when 'mso_operations' then 'DR-36' when 'mso_executive' then 'DR-36'
    when 'administrator' then 'DR-36' when 'mso_counsel' then 'DR-40' end
$$;

-- What an act may write, read from the very rows that it commits to:
-- a refusal nothing; a system act sealed documents only; nobody a row of another practice, or in another's office;
-- the frame (practice, bodies, catalogue, appointments) only by a decision under the right named for it, or at founding.
create or replace function governance.guard_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act public.audit_act%rowtype; written jsonb; of_table text := split_part(new.name, '/', 2); created boolean;
begin
  if new.name not like 'row/%' then
    return null;
  end if;
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  if act.outcome = 'refused' or (act.capacity = 'system' and of_table <> 'audit_document') then
    raise exception 'governance: this act may not write %', new.name using errcode = 'insufficient_privilege';
  end if;
  written := new.body::jsonb;
  created := coalesce(written ->> 'history_type', '+') = '+';
  if written ? 'practice_id' and (written ->> 'practice_id')::uuid is distinct from act.practice then
    raise exception 'governance: % is of another practice than its act', new.name using errcode = 'insufficient_privilege';
  end if;
  if written ? 'appointment_id' and created and (written ->> 'appointment_id')::bigint is distinct from act.appointment then
    raise exception 'governance: % names another office than its act', new.name using errcode = 'insufficient_privilege';
  end if;
  if act.capacity = 'founding' then
    return null;
  end if;
  if of_table = 'governance_historicalappointment' and (act.capacity <> 'decides'
      or act."right" is distinct from governance.appointed_under(written ->> 'office')) then
    raise exception 'governance: the office of % is filled by a decision under %', written ->> 'office',
      governance.appointed_under(written ->> 'office') using errcode = 'insufficient_privilege';
  end if;
  if of_table in ('governance_historicalpractice', 'governance_historicalbody', 'governance_historicalsite',
      'governance_historicalcatalogueversion', 'governance_decisionright')
      and (act.capacity <> 'decides' or act.side <> 'PC') then
    raise exception 'governance: % is changed by a decision of the PC', of_table using errcode = 'insufficient_privilege';
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
