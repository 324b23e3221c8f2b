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
  -- The latest verification on or before that day rules; by the clock alone, no job needed. A practice goes by what it
  -- verified itself: what an act of another practice says of the same license gives and takes nothing here.
  select exists (
    select from public.governance_practice p
      cross join lateral (select (at at time zone p.time_zone)::date as today) d
      join public.governance_license l on l.person_id = of_person and l.physician
      cross join lateral (
        select v.status, v.expires_on, v.verified_on from public.governance_verification v
          join public.audit_act a on a.id = v.act_id and a.practice = of_practice
        where v.license_id = l.id and v.verified_on <= d.today order by v.verified_on desc, v.id desc limit 1) latest
    where p.id = of_practice and latest.status = 'active' and latest.expires_on >= d.today
      and latest.verified_on + p.license_limit_days >= d.today)
$$;

-- The name of an office; the same table as governance.choices.Office.
create or replace function governance.office_name(office text) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case office
    when 'pc_shareholder' then 'PC shareholder' when 'pc_director' then 'PC director' when 'pc_officer' then 'PC officer'
    when 'committee_member' then 'Committee member' when 'medical_director' then 'Medical Director'
    when 'physician' then 'Physician' when 'supervising_physician' then 'Supervising physician'
    when 'alternate_chair' then 'Alternate chair' when 'recording_secretary' then 'Recording secretary'
    when 'mso_operations' then 'MSO operations' when 'mso_executive' then 'MSO executive'
    when 'pc_counsel' then 'PC counsel' when 'mso_counsel' then 'MSO counsel' when 'auditor' then 'Auditor'
    when 'administrator' then 'Practice administrator'
    when 'pc_administrator' then 'Practice administrator of the PC' end
$$;

-- What an office sees; the same table as governance.offices.GRANTS.
create or replace function governance.sees(office text) returns text[]
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case
    when office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair', 'pc_shareholder',
                    'pc_director') then array['see_practice', 'see_confidential', 'audit_practice']
    when office = 'committee_member' then array['see_practice', 'see_confidential']
    when office = 'pc_counsel' then array['see_practice', 'see_confidential', 'see_privileged', 'audit_practice']
    when office in ('mso_counsel', 'auditor') then array['see_practice', 'audit_practice']
    when office in ('administrator', 'pc_administrator') then array['administer_practice']
    else array['see_practice'] end
$$;

-- The names in an act are those of its actor and office.
create or replace function governance.guard_names(act public.audit_act) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare named text;
begin
  select p.name || case when p.credentials <> '' then ', ' || p.credentials else '' end into named
    from public.governance_person p where p.id = act.actor;
  if act.actor_name is distinct from named
      or act.office_name is distinct from coalesce(governance.office_name(nullif(act.office, '')), '') then
    raise exception 'governance: the act names its actor or office otherwise than they are'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- A refusal is evidence against somebody: it names an office that this person holds, or none and then no side. It is
-- written after what was attempted was rolled back, so an office that ended in these moments counts.
create or replace function governance.guard_refusal(act public.audit_act) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  perform governance.guard_names(act);
  if act.capacity not in ('decides', 'takes part') or act.practice is null
      or act.appointment is null and act.office || act.side <> ''
      or act.appointment is not null and not exists (select from public.governance_appointment a
        where a.id = act.appointment and a.person_id = act.actor and a.practice_id = act.practice
          and a.office = act.office and a.side = act.side and a.starts_at <= act.occurred_at
          and (a.ends_at is null or a.ends_at > act.occurred_at - interval '5 minutes')) then
    raise exception 'governance: a refusal names an office that its person holds' using errcode = 'insufficient_privilege';
  end if;
end $$;

create or replace function governance.guard_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare held record; wanted record; demonstration boolean;
begin
  if new.outcome not in ('done', 'refused') or new.capacity not in ('decides', 'takes part', 'system', 'founding') then
    raise exception 'governance: an act is done or refused, in a capacity that there is' using errcode = 'check_violation';
  end if;
  select p.demonstration into demonstration from public.governance_practice p where p.id = new.practice;
  if new.practice is not null and demonstration is null then
    raise exception 'governance: there is no such practice' using errcode = 'insufficient_privilege';
  end if;
  if new.flag = 'demonstration' and not coalesce(demonstration, false) then
    raise exception 'governance: the demonstration flag is for a demonstration practice' using errcode = 'check_violation';
  end if;
  if new.outcome = 'refused' then
    perform governance.guard_refusal(new);
    return null;
  end if;
  if new.capacity = 'founding' then
    if new.practice is null or exists (select from public.audit_act a where a.practice = new.practice
                                       and a.outcome = 'done' and a.id <> new.id) then
      raise exception 'governance: this practice is founded already' using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if new.capacity = 'system' then
    if new.actor is not null or new."right" <> '' or new.appointment is not null
        or new.actor_name || new.office || new.office_name || new.side <> '' then
      raise exception 'governance: a system act has no actor, office or right' using errcode = 'insufficient_privilege';
    end if;
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
    if not governance.exercises(held.office) && wanted.exercised_by::text[]
        and not governance.delegated(new) then
      raise exception 'governance: % is not exercised by this office', new."right" using errcode = 'insufficient_privilege';
    end if;
    if wanted.holder = 'PC' and not governance.licensed(new.actor, new.practice, new.occurred_at) then
      raise exception 'governance: no physician''s license is in force' using errcode = 'insufficient_privilege';
    end if;
  end if;
  perform governance.guard_names(new);
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
    when 'administrator' then 'DR-36' when 'pc_administrator' then 'DR-33' when 'mso_counsel' then 'DR-40' end
$$;

-- Whether a person is of a practice: it appointed them, or invited them.
create or replace function governance.known(of_person uuid, of_practice uuid) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.governance_appointment a where a.person_id = of_person and a.practice_id = of_practice)
    or exists (select from public.governance_invitation i where i.person_id = of_person and i.practice_id = of_practice)
$$;

-- A row refers to nothing of another practice. Which column leads where is read from the models (governance.declared).
create or replace function governance.guard_references(act public.audit_act, written jsonb, of_table text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare strange text;
begin
  select string_agg(r.key, ', ') into strange from jsonb_each_text(governance.references_of(of_table)) r
    where written ->> r.key is not null and case r.value
      when 'governance_person' then not governance.known((written ->> r.key)::uuid, act.practice)
      else governance.belongs_to(r.value, written ->> r.key) is distinct from act.practice end;
  if strange is not null or of_table = 'audit_document' and (written ->> 'practice')::uuid is distinct from act.practice then
    raise exception 'governance: % refers to another practice than its act (%)', of_table, coalesce(strange, 'practice')
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The history of a governed row before the one that this act wrote last.
create or replace function governance.stood(of_table text, written jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare stood jsonb;
begin
  execute format('select to_jsonb(h) from public.%I h where h.id = %L and h.act_id <> %L order by h.history_id desc limit 1',
    of_table, written ->> 'id', written ->> 'act_id') into stood;
  return stood;
end $$;

-- The columns in which a record says when something was done: a moment is that of the act, unless its table declares that
-- it is claimed for what was before or comes after, or that a guard of its own judges it. A transaction and the two
-- clocks get five minutes. What a governed row said already, it goes on saying.
create or replace function governance.judge_moments(act public.audit_act, written jsonb, of_table text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare said record; stood jsonb; leeway constant interval := interval '5 minutes';
begin
  if written ? 'history_type' and (written ->> 'history_date')::timestamptz
      not between act.recorded_at - leeway and act.recorded_at + leeway then
    raise exception 'governance: history_date of % is not the moment of its act', of_table
      using errcode = 'insufficient_privilege';
  end if;
  for said in
    select m.key, m.value as kind, (written ->> m.key)::timestamptz as at from jsonb_each_text(governance.moments(of_table)) m
      where m.value not in ('judged', 'planned') and written ->> m.key is not null
  loop
    if said.kind <> 'ahead' and said.at > act.occurred_at + leeway
        or said.kind <> 'past' and said.at < act.occurred_at - leeway then
      if written ? 'history_type' then
        stood := coalesce(stood, governance.stood(of_table, written), '{}');
        continue when (stood ->> said.key)::timestamptz = said.at;
      end if;
      raise exception 'governance: % of % is not the moment of its act', said.key, of_table
        using errcode = 'insufficient_privilege';
    end if;
  end loop;
end $$;

-- Authority comes and goes by the PC's entry. Staff of the MSO look licenses up at the board (DR-09: primary-source
-- verification only), so their entry may repeat what stands, an active license in force, and nothing else.
create or replace function governance.guard_verification(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare today date; day date := written ->> 'verified_on';
begin
  select (act.occurred_at at time zone p.time_zone)::date into today
    from public.governance_practice p where p.id = act.practice;
  if day > today then
    raise exception 'governance: a license is verified today or earlier' using errcode = 'insufficient_privilege';
  end if;
  if act.side = 'PC' or act.capacity = 'founding' then
    return;
  end if;
  if not exists (
      select from public.governance_practice p cross join lateral (
        select v.status, v.expires_on, v.verified_on from public.governance_verification v
          join public.audit_act a on a.id = v.act_id and a.practice = act.practice
        where v.license_id = (written ->> 'license_id')::bigint and v.id < (written ->> 'id')::bigint
          and v.verified_on <= today order by v.verified_on desc, v.id desc limit 1) latest
      where p.id = act.practice and written ->> 'status' = 'active' and latest.status = 'active'
        and latest.expires_on = (written ->> 'expires_on')::date and latest.expires_on >= today
        and latest.verified_on + p.license_limit_days >= today and day >= latest.verified_on) then
    raise exception 'governance: what gives or takes a license''s force is entered by the PC'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- What makes rules is measured against the moment of its act, so that moment is now, not one claimed afterwards.
create or replace function governance.guard_now(act public.audit_act, made text) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if act.flag = 'back-entry' then
    raise exception 'governance: % is never entered for the past', made using errcode = 'insufficient_privilege';
  end if;
end $$;

-- An appointment is written from now on, and ends from now on: the past keeps its offices.
create or replace function governance.guard_appointment(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare earliest timestamptz := act.occurred_at - interval '5 minutes';
begin
  perform governance.guard_now(act, 'an appointment');
  if act.capacity <> 'decides' or act."right" is distinct from governance.appointed_under(written ->> 'office') then
    raise exception 'governance: the office of % is filled by a decision under %', written ->> 'office',
      governance.appointed_under(written ->> 'office') using errcode = 'insufficient_privilege';
  end if;
  if written ->> 'history_type' = '+' and (written ->> 'starts_at')::timestamptz < earliest
      or (written ->> 'ends_at')::timestamptz < earliest then
    raise exception 'governance: an appointment neither begins nor ends in the past' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The MSO's administrator makes the rules of access stricter only, against what stood, or the default before any stood.
create or replace function governance.guard_stricter(of_practice uuid, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare stood public.governance_historicalaccessrules%rowtype;
begin
  select h.* into stood from public.governance_historicalaccessrules h
    where h.practice_id = of_practice and h.history_id < (written ->> 'history_id')::bigint
    order by h.history_id desc limit 1;
  if stood.history_id is null then
    select not p.demonstration, 30, 7, true, 7
      into stood.second_factor, stood.idle_minutes, stood.invitation_days, stood.reminders, stood.reminder_days
      from public.governance_practice p where p.id = of_practice;
  end if;
  if stood.second_factor and not (written ->> 'second_factor')::boolean
      or (written ->> 'idle_minutes')::integer > stood.idle_minutes
      or (written ->> 'invitation_days')::integer > stood.invitation_days
      or stood.reminders and not (written ->> 'reminders')::boolean
      or (written ->> 'reminder_days')::integer < stood.reminder_days then
    raise exception 'governance: the rules of access are made looser by the PC''s administrator'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- What an act may write, read from the very rows that it commits to:
-- a refusal nothing; a system act sealed documents only; nobody a row that refers to
-- another practice, or in another's office, name or time; permissions as the appointments have them; licenses only as `guard_verification` says;
-- the frame (practice, bodies, sites, appointments) only by a decision under the right named for it, or at founding.
create or replace function governance.guard_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act public.audit_act%rowtype; written jsonb; of_table text := split_part(new.name, '/', 2); created boolean;
  covered boolean;
begin
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  if act.outcome = 'refused' or (act.capacity = 'system' and of_table <> 'audit_document') then
    raise exception 'governance: this act may not write %', new.name using errcode = 'insufficient_privilege';
  end if;
  written := new.body::jsonb;
  created := coalesce(written ->> 'history_type', '+') = '+';
  perform governance.guard_references(act, written, of_table);
  if written ? 'appointment_id' and created and (written ->> 'appointment_id')::bigint is distinct from act.appointment then
    raise exception 'governance: % names another office than its act', new.name using errcode = 'insufficient_privilege';
  end if;
  if written ->> 'office_name' <> act.office_name or written ->> 'printed_name' <> act.actor_name then
    raise exception 'governance: % names its actor otherwise than its act', new.name using errcode = 'insufficient_privilege';
  end if;
  perform governance.judge_moments(act, written, of_table);
  if of_table = 'governance_verification' then
    perform governance.guard_verification(act, written);
  end if;
  if of_table = 'governance_historicalpracticegrant' then
    select exists (
      select from public.governance_appointment a join public.governance_person p on p.id = a.person_id
      where p.account_id = (written ->> 'user_id')::bigint and a.practice_id = act.practice
        and (a.ends_at is null or a.ends_at > act.occurred_at
          + case written ->> 'history_type' when '+' then -interval '5 minutes' else interval '5 minutes' end)
        and (select q.codename from public.auth_permission q where q.id = (written ->> 'permission_id')::bigint)
          = any(governance.sees(a.office))) into covered;
    if covered <> (written ->> 'history_type' = '+') then
      raise exception 'governance: permissions follow the appointments' using errcode = 'insufficient_privilege';
    end if;
  end if;
  if act.capacity = 'founding' then
    return null;
  end if;
  if of_table = 'governance_historicallicense' and act.side <> 'PC' then
    raise exception 'governance: a license is entered by the PC' using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'governance_historicalappointment' then
    perform governance.guard_appointment(act, written);
  end if;
  if of_table = 'governance_historicalaccessrules' and act.office not in ('administrator', 'pc_administrator') then
    raise exception 'governance: the rules of access are kept by a practice administrator'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'governance_historicalaccessrules' and act.office <> 'pc_administrator' then
    perform governance.guard_stricter(act.practice, written);
  end if;
  if of_table in ('governance_historicalpractice', 'governance_historicalbody', 'governance_historicalsite')
      and (act.capacity <> 'decides' or act.side <> 'PC') then
    raise exception 'governance: % is changed by a decision of the PC', of_table using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'governance_historicalbody' and act."right" not in ('DR-30', 'DR-33') then
    raise exception 'governance: the rule of a body is decided under DR-30 or DR-33' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- The last word, after the rules of each table: an office writes what is declared for it, and what nobody declared, nobody
-- writes. A founding writes the frame, and the system what `guard_part` leaves it.
create or replace function governance.guard_writer() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act record;
begin
  select a.office, a.capacity into strict act from public.audit_act a where a.id = new.act_id;
  if act.capacity not in ('founding', 'system')
      and not act.office = any(coalesce(governance.writers(split_part(new.name, '/', 2)), '{}')) then
    raise exception 'governance: % is not written from this office', split_part(new.name, '/', 2)
      using errcode = 'insufficient_privilege';
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

-- Whether an office that decides only as one of a body is held by its only member: no other in office, no seat of the
-- board vacant. A committee of one is none.
create or replace function governance.sole(of_practice uuid, office text, at timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sole.office in ('pc_director', 'pc_shareholder')
    and (select count(distinct a.person_id) from public.governance_appointment a
         where a.practice_id = of_practice and a.office = sole.office
           and a.starts_at <= at and (a.ends_at is null or a.ends_at > at)) = 1
    and (sole.office = 'pc_shareholder' or not exists (
      select from public.governance_body b where b.practice_id = of_practice and b.kind = 'board' and b.authorized > 1))
$$;

-- Patient data is scrubbed by a physician with a license in force, in the own practice's record alone.
create or replace function governance.guard_scrubbing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype;
begin
  select a.* into act from public.audit_act a where a.id = new.act_id;
  if act.verb is distinct from 'text.scrubbed' or act.outcome <> 'done'
      or not governance.physician_acts(act) then
    raise exception 'governance: text is scrubbed by a physician with a license in force'
      using errcode = 'insufficient_privilege';
  end if;
  if exists (select from jsonb_array_elements(new.parts) p left join public.audit_act a on a.id = (p ->> 0)::uuid
             where a.practice is distinct from act.practice) then
    raise exception 'governance: the text is of another practice than its act' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
