-- The room and the minutes: only who is there votes; what is signed stays.

create schema if not exists meetings;
revoke all on schema meetings from public;

create or replace function meetings.guard_vote() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_item bigint; of_meeting bigint; decided timestamptz;
begin
  select m.item_id, m.meeting_id, m.decided_at into of_item, of_meeting, decided
    from public.meetings_motion m where m.id = new.motion_id for no key update;
  if not exists (select from public.meetings_attendance a where a.id = new.attendance_id and a.meeting_id = of_meeting) then
    raise exception 'meetings: the vote is by someone of another meeting' using errcode = 'check_violation';
  end if;
  if new.choice in ('for', 'against', 'abstain') then
    if not exists (select from public.meetings_presence p where p.attendance_id = new.attendance_id
                   and p.arrived_at <= new.voted_at and (p.left_at is null or p.left_at > new.voted_at)) then
      raise exception 'meetings: a vote by someone not in attendance' using errcode = 'check_violation';
    end if;
    if exists (select from public.meetings_recusal r where r.item_id = of_item and r.attendance_id = new.attendance_id) then
      raise exception 'meetings: a recused member does not vote' using errcode = 'check_violation';
    end if;
  end if;
  return new;
end $$;

create or replace function meetings.guard_signed_minutes() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if old.state = 'signed' then
    raise exception 'meetings: signed minutes never change; amend them' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- The record under signed minutes: argument 0 names the column that leads to the meeting, 1 the table it leads over.
create or replace function meetings.guard_minuted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_meeting bigint; key bigint := (to_jsonb(new) ->> tg_argv[0])::bigint;
begin
  if tg_argv[1] = '' then
    of_meeting := key;
  else
    execute format('select meeting_id from public.%I where id = %L', tg_argv[1], key) into of_meeting;
  end if;
  perform from public.meetings_meeting m where m.id = of_meeting for no key update;
  if exists (select from public.meetings_minutes m where m.meeting_id = of_meeting and m.state = 'signed') then
    raise exception 'meetings: the minutes of this meeting are signed; nothing in it changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Minutes are signed, and amended, by a chair with a license in force at that moment.
create or replace function meetings.guard_signature() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare held record; at timestamptz := (to_jsonb(new) ->> tg_argv[0])::timestamptz;
begin
  select a.office, a.practice_id into held from public.governance_appointment a where a.id = new.appointment_id;
  if held.office not in ('medical_director', 'alternate_chair') or not governance.licensed(new.person_id, held.practice_id, at) then
    raise exception 'meetings: minutes are signed by a chair with a license in force' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
