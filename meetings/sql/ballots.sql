-- Votes: by an own act of the member, or recorded by chair or secretary for who cast none. Only who is there votes.

-- The newest amendment of a motion that carried: with it the motion names the text that is voted on.
create or replace function meetings.reading_of(of_motion bigint) returns bigint
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select a.id from public.meetings_motion a where a.amends_id = of_motion and a.result = 'carried'
    order by a.number desc limit 1
$$;

-- The newest ballot of a member on a motion as it reads now.
create or replace function meetings.ballot_of(of_motion bigint, of_attendance bigint) returns bigint
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select b.id from public.meetings_ballot b
    where b.motion_id = of_motion and b.attendance_id = of_attendance
      and b.amended_by_id is not distinct from meetings.reading_of(of_motion)
    order by b.id desc limit 1
$$;

-- Whether the roll call of a motion lacks somebody who voted on it by an own act.
create or replace function meetings.left_out(of_motion bigint) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from public.meetings_ballot b
    where b.motion_id = of_motion and b.id = meetings.ballot_of(b.motion_id, b.attendance_id)
      and not exists (select from public.meetings_vote v where v.motion_id = of_motion and v.ballot_id = b.id))
$$;

create or replace function meetings.in_attendance(of_attendance bigint, at timestamptz) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.meetings_presence p
    where p.attendance_id = of_attendance and p.arrived_at <= at and (p.left_at is null or p.left_at > at))
$$;

-- A ballot is cast in open session, by a member who is there and not recused, on the motion that is voted on next.
create or replace function meetings.guard_ballot() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare on_motion record;
begin
  select m.item_id, m.meeting_id, m.decided_at into on_motion
    from public.meetings_motion m where m.id = new.motion_id for no key update;
  if on_motion.decided_at is not null
      or exists (select from public.meetings_motion a where a.amends_id = new.motion_id and a.decided_at is null) then
    raise exception 'meetings: this motion does not wait for votes' using errcode = 'check_violation';
  end if;
  if new.amended_by_id is distinct from meetings.reading_of(new.motion_id) then
    raise exception 'meetings: a ballot is cast on the motion as it reads' using errcode = 'check_violation';
  end if;
  if not exists (select from public.meetings_meeting g where g.id = on_motion.meeting_id and g.state = 'in_session')
      or exists (select from public.meetings_closedsession c join public.meetings_agendaitem i on i.id = c.item_id
                 where i.meeting_id = on_motion.meeting_id and c.ended_at is null)
      or exists (select from public.meetings_agendaitem i
                 where i.id = on_motion.item_id and (i.compartment <> 'open' or i.state <> 'open')) then
    raise exception 'meetings: a ballot is cast in open session, under an item that is open' using errcode = 'check_violation';
  end if;
  if not exists (select from public.meetings_attendance a
                 where a.id = new.attendance_id and a.meeting_id = on_motion.meeting_id and a.role = 'member')
      or not meetings.in_attendance(new.attendance_id, new.cast_at) then
    raise exception 'meetings: a ballot by someone not in attendance' using errcode = 'check_violation';
  end if;
  if exists (select from public.meetings_recusal r
             where r.item_id = on_motion.item_id and r.attendance_id = new.attendance_id) then
    raise exception 'meetings: a recused member casts no ballot' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- It is cast by the member alone, in the seat of the body, with a license in force, and never entered afterwards.
create or replace function meetings.guard_ballot_part(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if act.flag = 'back-entry' or not governance.licensed(act.actor, act.practice, act.occurred_at) or not exists (
      select from public.meetings_attendance a
        join public.meetings_meeting g on g.id = a.meeting_id
        join public.governance_body b on b.id = g.body_id
      where a.id = (written ->> 'attendance_id')::bigint and a.person_id = act.actor and g.practice_id = act.practice
        and act.office = case b.kind when 'board' then 'pc_director' when 'committee' then 'committee_member'
                                     when 'advisory' then 'physician' end) then
    raise exception 'meetings: a ballot is cast by the member alone, at that moment, with a license in force'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- A vote is by who is there and not recused; who cast a ballot votes as that says, whoever records it.
create or replace function meetings.guard_vote() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare on_motion record; there boolean; away boolean; said text;
begin
  select m.item_id, m.meeting_id into on_motion
    from public.meetings_motion m where m.id = new.motion_id for no key update;
  if not exists (select from public.meetings_attendance a
                 where a.id = new.attendance_id and a.meeting_id = on_motion.meeting_id) then
    raise exception 'meetings: the vote is by someone of another meeting' using errcode = 'check_violation';
  end if;
  there := meetings.in_attendance(new.attendance_id, new.voted_at);
  away := exists (select from public.meetings_recusal r
                  where r.item_id = on_motion.item_id and r.attendance_id = new.attendance_id);
  if new.choice in ('for', 'against', 'abstain') then
    if not there then
      raise exception 'meetings: a vote by someone not in attendance' using errcode = 'check_violation';
    end if;
    if away then
      raise exception 'meetings: a recused member does not vote' using errcode = 'check_violation';
    end if;
  end if;
  if new.ballot_id is distinct from meetings.ballot_of(new.motion_id, new.attendance_id) then
    raise exception 'meetings: a vote names the newest ballot of its member' using errcode = 'check_violation';
  end if;
  select b.choice into said from public.meetings_ballot b where b.id = new.ballot_id;
  if there and not away and said <> new.choice then
    raise exception 'meetings: a member who voted by an own act is recorded as voting so' using errcode = 'check_violation';
  end if;
  return new;
end $$;
