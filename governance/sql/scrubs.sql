-- A scrub hides at once and keeps what it took out. A second person confirms it or takes it back; PC counsel, and whoever
-- decides, opens what is kept, each time by an act.

-- What patient data is scrubbed by, confirmed or taken back: a physician's office with a license in force.
create or replace function governance.physician_acts(act public.audit_act) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select act.office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair')
    and governance.licensed(act.actor, act.practice, act.occurred_at)
$$;

create or replace function governance.scrub_decided(scrub uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.audit_confirmation c where c.scrub_id = scrub)
    or exists (select from public.audit_restoration r join public.audit_scrubbing c on c.id = r.scrubbing_id
               where c.act_id = scrub)
$$;

-- Whether anybody beside this person could decide on a scrub: a physician with a license in force, or PC counsel.
create or replace function governance.second_person(of_practice uuid, beside uuid, at timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.governance_appointment a
    where a.practice_id = of_practice and a.person_id <> beside and a.starts_at <= at and (a.ends_at is null or a.ends_at > at)
      and (a.office = 'pc_counsel'
        or a.office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair')
          and governance.licensed(a.person_id, of_practice, at)))
$$;

-- How long whoever scrubbed waits before confirming alone, where the practice has no second person.
create or replace function governance.waits_alone() returns interval
language sql immutable set search_path = pg_catalog, pg_temp as $$ select interval '7 days' $$;

-- What is scrubbed is kept; a document is dropped by its own practice alone.
create or replace function governance.guard_kept_scrub() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_practice uuid;
begin
  select a.practice into of_practice from public.audit_act a where a.id = new.act_id;
  if new.table_name = 'audit_document' and not exists (
      select from public.audit_document d where d.id = new.row_key::bigint and d.practice = of_practice) then
    raise exception 'governance: the document is of another practice than the act' using errcode = 'insufficient_privilege';
  end if;
  perform governance.held(of_practice);
  if not exists (
      select from public.audit_sequestered s where s.scrubbing_id = new.id and s.act_id = new.act_id) then
    raise exception 'governance: what is scrubbed must be sequestered' using errcode = 'check_violation';
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
  return null;
end $$;

create or replace function governance.guard_confirmation() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; scrub public.audit_act%rowtype;
begin
  select a.* into scrub from public.audit_act a where a.id = new.scrub_id;
  perform governance.held(scrub.practice);
  act := governance.act_of(new.act_id, scrub.practice, array['scrub.confirmed'],
    array['pc_counsel', 'medical_director', 'physician', 'supervising_physician', 'alternate_chair'],
    'a scrub is confirmed by a physician or PC counsel');
  if act.office <> 'pc_counsel' and not governance.physician_acts(act) then
    raise exception 'governance: a scrub is confirmed by a physician with a license in force'
      using errcode = 'insufficient_privilege';
  end if;
  if new.practice is distinct from scrub.practice or new.confirmed_at not between act.occurred_at - interval '1 minute' and act.occurred_at
      or not exists (select from public.audit_scrubbing c join public.audit_sequestered s on s.scrubbing_id = c.id
                     where c.act_id = scrub.id) then
    raise exception 'governance: what is confirmed is a scrub of this practice' using errcode = 'check_violation';
  end if;
  if exists (select from public.audit_restoration r join public.audit_scrubbing c on c.id = r.scrubbing_id
             where c.act_id = scrub.id) then
    raise exception 'governance: a scrub that was taken back is not confirmed' using errcode = 'check_violation';
  end if;
  if act.actor = scrub.actor and (governance.second_person(act.practice, act.actor, act.occurred_at)
      or scrub.occurred_at + governance.waits_alone() > act.occurred_at) then
    raise exception 'governance: a scrub is confirmed by a second person, or after seven days where there is none'
      using errcode = 'insufficient_privilege';
  end if;
  if exists (select from public.audit_scrubbing c
             join public.audit_scrubbing earlier on earlier.id < c.id and earlier.act_id <> c.act_id
             join public.audit_sequestered s on s.scrubbing_id = earlier.id
             where c.act_id = scrub.id and not governance.scrub_decided(earlier.act_id)
               and (earlier.table_name = c.table_name and earlier.row_key = c.row_key
                 or exists (select from jsonb_array_elements(earlier.rows) r(row)
                            where c.rows @> jsonb_build_array(r.row)))) then
    raise exception 'governance: an earlier scrub of the same text is decided on first' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace function governance.guard_restoration() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; scrub public.audit_act%rowtype;
begin
  select a.* into scrub from public.audit_scrubbing c join public.audit_act a on a.id = c.act_id
    where c.id = new.scrubbing_id;
  perform governance.held(scrub.practice);
  act := governance.act_of(new.act_id, scrub.practice, array['scrub.restored'],
    array['pc_counsel', 'medical_director', 'physician', 'supervising_physician', 'alternate_chair'],
    'a scrub is taken back by a physician or PC counsel');
  if act.office <> 'pc_counsel' and not governance.physician_acts(act) then
    raise exception 'governance: a scrub is taken back by a physician with a license in force'
      using errcode = 'insufficient_privilege';
  end if;
  if exists (select from public.audit_scrubbing c left join public.audit_restoration r
             on r.scrubbing_id = c.id and r.act_id = new.act_id
             where c.act_id = scrub.id and r.id is null) then
    raise exception 'governance: a scrub is taken back whole' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace function governance.guard_opening() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; of_practice uuid; scrub uuid;
begin
  select s.practice, c.act_id into of_practice, scrub
    from public.audit_sequestered s join public.audit_scrubbing c on c.id = s.scrubbing_id where s.id = new.sequestered_id;
  act := governance.act_of(new.act_id, of_practice, array['sequestered.opened'],
    array['pc_counsel', 'medical_director', 'physician', 'supervising_physician', 'alternate_chair'],
    'what a scrub took out is opened by PC counsel, and by the physicians who decide on it');
  if act.office <> 'pc_counsel' and (not governance.physician_acts(act) or governance.scrub_decided(scrub)) then
    raise exception 'governance: what a scrub took out is opened by PC counsel, and by a physician until it is decided on'
      using errcode = 'insufficient_privilege';
  end if;
  if btrim(act.reason) = '' then
    raise exception 'governance: a sequestered value is opened for a stated reason' using errcode = 'check_violation';
  end if;
  if exists (select from public.audit_destruction d where d.sequestered_id = new.sequestered_id) then
    raise exception 'governance: this value was destroyed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
