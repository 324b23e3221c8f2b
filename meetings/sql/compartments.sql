-- Closed items: no act of the management company writes in a closed session, none by who is concerned, and the open
-- rows of a closed item hold nothing but that it exists.

-- The tables of closed compartments; the same as the models that say `closed`.
create or replace function meetings.closed_tables() returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array['meetings_matter', 'meetings_naming', 'meetings_stay', 'meetings_resolution', 'meetings_closedversion',
               'meetings_closedsignature', 'meetings_closedamendment', 'meetings_closedopening', 'meetings_closedpaper',
               'meetings_closedpaperwithdrawal']
$$;

create or replace function meetings.named(of_matter bigint, of_person uuid, as_part text) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.meetings_naming n
    where n.matter_id = of_matter and n.person_id = of_person and n.part = as_part)
$$;

-- Who alone records: whom the chair named last.
create or replace function meetings.recorder(of_matter bigint) returns uuid
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select n.person_id from public.meetings_naming n where n.matter_id = of_matter and n.part = 'recorder'
    order by n.named_at desc, n.id desc limit 1
$$;

-- Whether a sealed file is one of this part: its record, an amended one, a paper, a packet.
create or replace function meetings.file_of_part(of_document bigint, of_matter bigint) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.audit_document d where d.id = of_document and d.kind = 'closed record'
    and d.object_type = 'meetings.matter' and split_part(d.object_id, '/', 1) = of_matter::text)
$$;

create or replace function meetings.guard_closed_row(act public.audit_act, of_table text, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  of_matter bigint := written ->> case of_table when 'meetings_matter' then 'id' else 'matter_id' end;
  place record; chairs boolean := act.office in ('medical_director', 'alternate_chair'); votes record;
begin
  select i.compartment, g.secretary_id into place from public.meetings_matter m
    join public.meetings_agendaitem i on i.id = m.item_id join public.meetings_meeting g on g.id = i.meeting_id
    where m.id = of_matter;
  if place.compartment is null or place.compartment = 'open' then
    raise exception 'meetings: an open item has no closed part' using errcode = 'insufficient_privilege';
  end if;
  if meetings.named(of_matter, act.actor, 'concerned') then
    raise exception 'meetings: who is concerned has no part in a closed item' using errcode = 'insufficient_privilege';
  end if;
  if act.side is distinct from 'PC' and not (place.compartment = 'clinical' and (
      act.office = 'recording_secretary' and place.secretary_id = act.actor
      or of_table = 'meetings_closedopening' and meetings.named(of_matter, act.actor, 'assigned'))) then
    raise exception 'meetings: the management company has no part in a closed item' using errcode = 'insufficient_privilege';
  end if;
  if of_table in ('meetings_matter', 'meetings_naming', 'meetings_stay', 'meetings_closedsignature') and not chairs then
    raise exception 'meetings: % is written by a chair', of_table using errcode = 'insufficient_privilege';
  end if;
  if of_table in ('meetings_resolution', 'meetings_closedversion')
      and meetings.recorder(of_matter) is distinct from act.actor then
    raise exception 'meetings: a closed part is recorded and attested by whom the chair named'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table in ('meetings_closedpaper', 'meetings_closedpaperwithdrawal') and (act.side is distinct from 'PC'
      or not chairs and meetings.recorder(of_matter) is distinct from act.actor) then
    raise exception 'meetings: a paper under a closed item is put by a chair, or on the PC side by its recorder'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'meetings_closedamendment' and meetings.recorder(of_matter) is distinct from act.actor and not (
      chairs and exists (select from public.meetings_stay s join public.meetings_attendance a on a.id = s.attendance_id
        where s.matter_id = of_matter and s.stayed and a.person_id = act.actor)) then
    raise exception 'meetings: a closed record is amended by its recorder or a chair who was in the session'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'meetings_closedopening' and written ->> 'document_id' is not null
      and not meetings.file_of_part((written ->> 'document_id')::bigint, of_matter) then
    raise exception 'meetings: what is taken from a closed part is a file of that part'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'meetings_naming' and written ->> 'part' = 'released' and (
      meetings.named(of_matter, (written ->> 'person_id')::uuid, 'concerned') or not exists (
        select from public.governance_appointment a where a.person_id = (written ->> 'person_id')::uuid
          and a.practice_id = act.practice and a.side = 'PC'
          and a.starts_at <= act.occurred_at and (a.ends_at is null or a.ends_at > act.occurred_at))) then
    raise exception 'meetings: a closed part is released to the PC alone, and never to who is concerned'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'meetings_resolution' then
    select count(*) filter (where v ->> 'choice' = 'for') as for_, count(*) filter (where v ->> 'choice' = 'against') as against,
           count(*) filter (where v ->> 'choice' = 'abstain') as abstain,
           count(*) filter (where v ->> 'choice' in ('for', 'against', 'abstain') and not exists (
             select from public.meetings_stay s join public.meetings_attendance a on a.id = s.attendance_id
               where s.session_id = (written ->> 'session_id')::bigint and s.stayed and a.role = 'member'
                 and s.attendance_id = (v ->> 'attendance')::bigint)) as strangers into votes
      from jsonb_array_elements(written -> 'votes') v;
    if votes.strangers > 0 or (votes.for_, votes.against, votes.abstain) is distinct from (
        (written ->> 'votes_for')::bigint, (written ->> 'votes_against')::bigint, (written ->> 'abstentions')::bigint)
        or written ->> 'result' = 'carried' and votes.for_ < (written ->> 'needed')::bigint then
      raise exception 'meetings: the result of a resolution is what the members in its session voted'
        using errcode = 'insufficient_privilege';
    end if;
  end if;
end $$;

-- An open row of a closed item says that it exists: chairs write it, others only move it on the agenda.
create or replace function meetings.guard_closed_item(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare before jsonb; moved text[] := array['position', 'history_id', 'history_date', 'history_type', 'history_user_id',
  'history_change_reason', 'act_id', 'actor_name', 'office_name', 'request'];
begin
  if written ->> 'compartment' = 'open' or act.office in ('medical_director', 'alternate_chair') then
    return;
  end if;
  select to_jsonb(h) into before from public.meetings_historicalagendaitem h
    where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
    order by h.history_id desc limit 1;
  if before is null or before - moved is distinct from written - moved then
    raise exception 'meetings: a closed item is put and settled by a chair' using errcode = 'insufficient_privilege';
  end if;
end $$;

create or replace function meetings.guard_compartment() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; written jsonb; of_table text := split_part(new.name, '/', 2);
begin
  if new.name not like 'row/meetings\_%' and not (
      new.name like 'after/meetings\_%' and of_table = any(meetings.closed_tables())) then
    return null;
  end if;
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  written := new.body::jsonb;
  if new.name like 'after/%' then
    if act.side is distinct from 'PC' or meetings.named(
        (written ->> case of_table when 'meetings_matter' then 'id' else 'matter_id' end)::bigint, act.actor, 'concerned') then
      raise exception 'meetings: a closed part is scrubbed by the PC, and not by who is concerned'
        using errcode = 'insufficient_privilege';
    end if;
  elsif of_table = any(meetings.closed_tables()) then
    perform meetings.guard_closed_row(act, of_table, written);
  elsif of_table = 'meetings_historicalagendaitem' then
    perform meetings.guard_closed_item(act, written);
  elsif of_table = 'meetings_historicalclosedsession' and act.office not in ('medical_director', 'alternate_chair') then
    raise exception 'meetings: a chair goes into closed session and returns from it' using errcode = 'insufficient_privilege';
  elsif of_table = 'meetings_designated' and act.office <> 'pc_counsel' then
    raise exception 'meetings: the protection of a closed part is designated by the PC''s counsel'
      using errcode = 'insufficient_privilege';
  elsif of_table in ('meetings_historicalmotion', 'meetings_recusal', 'meetings_itemdecision', 'meetings_itemaction',
      'meetings_itempaper')
      and exists (select from public.meetings_agendaitem i
        where i.id = (written ->> 'item_id')::bigint and i.compartment <> 'open') then
    raise exception 'meetings: what is said under a closed item stands in its closed part alone'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- Signed is final: no version after the signature.
create or replace function meetings.guard_closed_version() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.meetings_matter m where m.id = new.matter_id for no key update;
  if exists (select from public.meetings_closedsignature s where s.matter_id = new.matter_id) then
    raise exception 'meetings: the record of this closed part is signed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- A paper goes on version by version until it is withdrawn or its item is settled. Its file is one that its own act
-- recorded, in the compartment of its item: no file of an open paper lies under a closed item.
create or replace function meetings.guard_closed_paper() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare place record; last smallint;
begin
  perform from public.meetings_matter m where m.id = new.matter_id for no key update;
  select i.compartment, i.state, g.practice_id into strict place from public.meetings_matter m
    join public.meetings_agendaitem i on i.id = m.item_id join public.meetings_meeting g on g.id = i.meeting_id
    where m.id = new.matter_id for no key update of i;
  if place.state <> 'open' then
    raise exception 'meetings: the papers of a closed item that is % stay', place.state using errcode = 'check_violation';
  end if;
  if exists (select from public.meetings_closedpaperwithdrawal w
      where w.matter_id = new.matter_id and w.paper = new.paper) then
    raise exception 'meetings: this paper is withdrawn' using errcode = 'check_violation';
  end if;
  select max(p.number) into last from public.meetings_closedpaper p
    where p.matter_id = new.matter_id and p.paper = new.paper;
  if tg_table_name = 'meetings_closedpaper' then
    if new.number <> coalesce(last, 0) + 1 then
      raise exception 'meetings: version % follows version %', coalesce(last, 0) + 1, coalesce(last, 0)
        using errcode = 'check_violation';
    end if;
    if not meetings.file_of_part(new.document_id, new.matter_id) or not exists (
        select from public.audit_document d where d.id = new.document_id and d.act_id = new.act_id
          and d.compartment = place.compartment and d.practice = place.practice_id) then
      raise exception 'meetings: a paper is the file that its own act recorded, in the compartment of its item'
        using errcode = 'check_violation';
    end if;
  elsif last is null then
    raise exception 'meetings: there is no such paper' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- What amends a closed record stands beside a signed one, one after the other.
create or replace function meetings.guard_closed_amendment() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.meetings_matter m where m.id = new.matter_id for no key update;
  if not exists (select from public.meetings_closedsignature s where s.id = new.signature_id and s.matter_id = new.matter_id)
  then
    raise exception 'meetings: only a signed closed record is amended' using errcode = 'check_violation';
  end if;
  if new.number <> 1 + (select count(*) from public.meetings_closedamendment a where a.matter_id = new.matter_id) then
    raise exception 'meetings: amendments are counted one by one' using errcode = 'check_violation';
  end if;
  if new.sha256 <> encode(sha256(convert_to(new.canonical, 'UTF8')), 'hex')
      or new.canonical::jsonb ->> 'text' is distinct from new.text
      or new.canonical::jsonb ->> 'reason' is distinct from new.reason then
    raise exception 'meetings: the hash of an amendment covers its text and its reason' using errcode = 'check_violation';
  end if;
  return new;
end $$;
