-- Minutes on their way: commented on by who was expected, attested by their secretary, amended by motion.

create or replace function meetings.guard_signed_minutes() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if old.state = 'signed' then
    raise exception 'meetings: signed minutes never change; amend them' using errcode = 'insufficient_privilege';
  end if;
  if new.state = 'submitted' and old.state = 'draft' and exists (
      select from public.meetings_comment c join public.meetings_minutesversion v on v.id = c.version_id
      where v.minutes_id = new.id and not exists (select from public.meetings_commentanswer a where a.comment_id = c.id)) then
    raise exception 'meetings: a comment on these minutes is not answered yet' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A comment is on the newest circulated version, while it lies before those who were expected.
create or replace function meetings.guard_comment() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_minutes bigint; found record;
begin
  select v.minutes_id into of_minutes from public.meetings_minutesversion v where v.id = new.version_id;
  select n.state, n.version, n.meeting_id into found from public.meetings_minutes n
    where n.id = of_minutes for no key update;
  if found.state <> 'draft' or not exists (select from public.meetings_minutesversion v
      where v.id = new.version_id and v.number = found.version and v.circulated_until > new.commented_at) then
    raise exception 'meetings: this version lies before nobody for comment' using errcode = 'check_violation';
  end if;
  if new.item_id is not null and not exists (select from public.meetings_agendaitem i
      where i.id = new.item_id and i.meeting_id = found.meeting_id and i.compartment = 'open') then
    raise exception 'meetings: a comment is on an open item of its meeting' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace function meetings.guard_comment_answer() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.meetings_comment c
      join public.meetings_minutesversion v on v.id = c.version_id
      join public.meetings_minutes n on n.id = v.minutes_id and n.state = 'draft'
      where c.id = new.comment_id) then
    raise exception 'meetings: a comment is answered while the minutes are a draft' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- What is attested and signed is the newest version, as it lies before the chair.
create or replace function meetings.guard_submitted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.meetings_minutes n
      join public.meetings_minutesversion v on v.minutes_id = n.id and v.number = n.version
      where n.id = new.minutes_id and n.state = 'submitted' and v.id = new.version_id) then
    raise exception 'meetings: the version that lies before the chair is attested and signed' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A chair may not correct what all have signed for: the body does, by a motion in a later meeting.
create or replace function meetings.guard_amendment() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.meetings_motion m
      join public.meetings_meeting g on g.id = m.meeting_id
      join public.meetings_minutes n on n.id = new.minutes_id
      join public.meetings_meeting o on o.id = n.meeting_id and o.body_id = g.body_id and o.id <> g.id
      join public.meetings_signature s on s.id = n.signature_id
      where m.id = new.motion_id and m.kind = 'main' and m.result = 'carried' and m.decided_at > s.signed_at) then
    raise exception 'meetings: minutes are amended by a motion that carried in a later meeting of their body'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- A motion that carried in the room approves the version that lies before the chair, under the item that asks for it; or
-- the minutes of its own meeting as read, before there is a version.
create or replace function meetings.guard_approval() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare moved record;
begin
  select m.meeting_id, i.minutes_id, g.body_id into moved from public.meetings_motion m
    join public.meetings_agendaitem i on i.id = m.item_id
    join public.meetings_meeting g on g.id = m.meeting_id and g.state = 'in_session'
    where m.id = new.motion_id and m.kind = 'main' and m.result = 'carried';
  if moved.meeting_id is null or new.version_id is null and (moved.meeting_id <> new.meeting_id or moved.minutes_id is not null)
      or new.version_id is not null and not exists (
        select from public.meetings_minutesversion v
          join public.meetings_minutes n on n.id = v.minutes_id and n.version = v.number and n.state = 'submitted'
          join public.meetings_meeting g on g.id = n.meeting_id and g.body_id = moved.body_id
        where v.id = new.version_id and v.sha256 = new.sha256 and n.id = moved.minutes_id and g.id = new.meeting_id) then
    raise exception 'meetings: minutes are approved by a motion that carried on this very version, or in their own meeting'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Where the body approves its minutes, nothing is signed before it has.
create or replace function meetings.guard_approved() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from public.meetings_minutes n
      join public.meetings_meeting g on g.id = n.meeting_id
      join public.governance_body b on b.id = g.body_id and b.minutes_approved_by = 'body'
      where n.id = new.minutes_id and not exists (select from public.meetings_approval a
        where a.version_id = new.version_id or a.version_id is null and a.meeting_id = g.id)) then
    raise exception 'meetings: the body approves this version before it is signed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Who was expected comments; the secretary who recorded the meeting, and nobody else, attests.
create or replace function meetings.guard_minutes_part(act public.audit_act, of_table text, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare of_meeting bigint;
begin
  select n.meeting_id into of_meeting from public.meetings_minutesversion v
    join public.meetings_minutes n on n.id = v.minutes_id
    join public.meetings_meeting g on g.id = n.meeting_id and g.practice_id = act.practice
    where v.id = (written ->> 'version_id')::bigint;
  if of_table = 'meetings_comment' and not exists (select from public.meetings_attendance a
      where a.meeting_id = of_meeting and a.person_id = act.actor) then
    raise exception 'meetings: who was expected at a meeting comments on its minutes' using errcode = 'insufficient_privilege';
  elsif of_table = 'meetings_attestation' and (act.office <> 'recording_secretary' or not exists (
      select from public.meetings_meeting g where g.id = of_meeting and g.secretary_id = act.actor)) then
    raise exception 'meetings: minutes are attested by the secretary who recorded the meeting'
      using errcode = 'insufficient_privilege';
  end if;
end $$;
