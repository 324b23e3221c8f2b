-- Quorum and majority, judged from the rows: who is in the room, who disclosed an interest, who voted how, and the rule
-- of the body at that moment. The same rules as meetings.rules.quorum and meetings.rules.tally; a test compares the two.

-- The smallest whole number that is more than half.
create or replace function meetings.majority(number int) returns int
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select number / 2 + 1
$$;

-- Members that make a quorum: as the bylaws set it, else a majority of the authorized number (Corp. Code 307(a)(7)).
create or replace function meetings.quorum_of(authorized int, quorum int) returns int
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(quorum_of.quorum, meetings.majority(authorized))
$$;

-- The least quorum that bylaws may set: a third of the authorized number and two; one of one (307(a)(7)).
create or replace function meetings.bylaws_floor(authorized int) returns int
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case when authorized = 1 then 1 else greatest(2, (authorized + 2) / 3) end
$$;

-- Whether the quorum is there; whether the interested count towards it is the body's rule (310(c)).
create or replace function meetings.quorate(authorized int, quorum int, interested_counts boolean, present int, recused int)
returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when interested_counts then present else present - recused end >= meetings.quorum_of(authorized, quorate.quorum)
$$;

-- Votes in favor that an action needs: a majority of those present with a quorum, of the required quorum after a start
-- with one (307(a)(8)); null where no action is possible.
create or replace function meetings.votes_needed(authorized int, quorum int, interested_counts boolean, present int,
    recused int, quorate_start boolean) returns int
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when present - recused >= need.votes then need.votes end from (select
    case when meetings.quorate(authorized, votes_needed.quorum, interested_counts, present, recused)
           then meetings.majority(case when interested_counts then present else present - recused end)
         when quorate_start then meetings.majority(meetings.quorum_of(authorized, votes_needed.quorum)) end as votes) need
$$;

-- What becomes of a motion with these votes.
create or replace function meetings.outcome(in_favor int, against int, needed int) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when needed is null then 'no action possible' when in_favor >= needed and in_favor > against then 'carried'
              when in_favor = against and against > 0 then 'tied' else 'lost' end
$$;

-- Whether somebody is in the meeting now.
create or replace function meetings.in_the_room(of_attendance bigint) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.meetings_presence p where p.attendance_id = of_attendance and p.left_at is null)
$$;

-- The roll call of a motion names every member once, as the room has them: who is there votes or is recused by a
-- disclosure, who is not there does not vote. What was present and needed, and the result, follow from it.
create or replace function meetings.judge_motion(written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  body public.governance_body%rowtype; quorate_start boolean; roll record; needed int;
  motion bigint := written ->> 'id'; item bigint := written ->> 'item_id';
begin
  select g.quorate_start into quorate_start from public.meetings_meeting g where g.id = (written ->> 'meeting_id')::bigint;
  select b.* into strict body from public.governance_body b
    join public.meetings_meeting g on g.body_id = b.id where g.id = (written ->> 'meeting_id')::bigint;
  select count(*) filter (where s.there)::int as present, count(*) filter (where s.there and s.away)::int as recused,
         count(*) filter (where case
           when s.there and s.away then s.choice is distinct from 'recused'
           when s.there then s.choice is null or s.choice not in ('for', 'against', 'abstain')
           else s.choice in ('for', 'against', 'abstain') or s.choice = 'recused' and not s.away end) as wrong
    into roll from (
      select meetings.in_the_room(a.id) as there, v.choice, exists (select from public.meetings_recusal r
          where r.attendance_id = a.id and r.item_id = item) as away
        from public.meetings_attendance a
          left join public.meetings_vote v on v.attendance_id = a.id and v.motion_id = motion
        where a.meeting_id = (written ->> 'meeting_id')::bigint and a.role = 'member') s;
  if roll.wrong > 0 or exists (select from public.meetings_vote v join public.meetings_attendance a on a.id = v.attendance_id
      where v.motion_id = motion and (a.role <> 'member' or a.meeting_id <> (written ->> 'meeting_id')::bigint)) then
    raise exception 'meetings: the roll call of a motion is not that of the members in the room'
      using errcode = 'insufficient_privilege';
  end if;
  needed := meetings.votes_needed(body.authorized, body.quorum, body.interested_counts, roll.present, roll.recused, quorate_start);
  if (written ->> 'present')::int is distinct from roll.present or (written ->> 'needed')::int is distinct from needed
      or written ->> 'result' <> meetings.outcome((written ->> 'votes_for')::int, (written ->> 'votes_against')::int, needed)
  then
    raise exception 'meetings: the result of a motion is what quorum and majority of its body make it: % present, % needed',
      roll.present, coalesce(needed::text, 'no action possible') using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The same of a resolution in closed session: who stayed is who is there. Who left and is concerned counts nowhere.
create or replace function meetings.judge_resolution(written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare body public.governance_body%rowtype; quorate_start boolean; there bigint[]; voted bigint[]; needed int;
begin
  select g.quorate_start into strict quorate_start from public.meetings_closedsession c
    join public.meetings_agendaitem i on i.id = c.item_id join public.meetings_matter m on m.item_id = i.id
    join public.meetings_meeting g on g.id = i.meeting_id
    where c.id = (written ->> 'session_id')::bigint and m.id = (written ->> 'matter_id')::bigint and c.ended_at is null
      and g.state = 'in_session';
  select b.* into strict body from public.meetings_closedsession c
    join public.meetings_agendaitem i on i.id = c.item_id join public.meetings_meeting g on g.id = i.meeting_id
    join public.governance_body b on b.id = g.body_id where c.id = (written ->> 'session_id')::bigint;
  select array_agg(a.id order by a.id) into there from public.meetings_stay s
    join public.meetings_attendance a on a.id = s.attendance_id and a.role = 'member'
    where s.session_id = (written ->> 'session_id')::bigint and s.stayed;
  select array_agg((v ->> 'attendance')::bigint order by (v ->> 'attendance')::bigint) into voted
    from jsonb_array_elements(written -> 'votes') v where v ->> 'choice' in ('for', 'against', 'abstain');
  needed := meetings.votes_needed(body.authorized, body.quorum, body.interested_counts, coalesce(cardinality(there), 0), 0, quorate_start);
  if voted is distinct from there or (written ->> 'needed')::int is distinct from needed
      or written ->> 'result' <> meetings.outcome((written ->> 'votes_for')::int, (written ->> 'votes_against')::int, needed)
  then
    raise exception 'meetings: the result of a resolution is what quorum and majority of its body make it: % needed',
      coalesce(needed::text, 'no action possible') using errcode = 'insufficient_privilege';
  end if;
exception when no_data_found then
  raise exception 'meetings: a resolution is voted on in its own closed session, while it runs'
    using errcode = 'insufficient_privilege';
end $$;

-- Whether a meeting started with a quorum, and when it lost it, as the room has it when the act is sealed: a start once
-- quorate stays so, and business begins when the quorum is there.
create or replace function meetings.judge_quorum(written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare before record; body public.governance_body%rowtype; met boolean;
begin
  if written ->> 'state' <> 'in_session' then
    return;
  end if;
  select h.quorate_start, h.quorum_lost_at into before from public.meetings_historicalmeeting h
    where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
    order by h.history_id desc limit 1;
  if ((written ->> 'quorate_start')::boolean, (written ->> 'quorum_lost_at')::timestamptz)
      is not distinct from (before.quorate_start, before.quorum_lost_at) then
    return;
  end if;
  select b.* into strict body from public.governance_body b where b.id = (written ->> 'body_id')::bigint;
  select meetings.quorate(body.authorized, body.quorum, body.interested_counts, count(*)::int, 0) into met
    from public.meetings_attendance a
    where a.meeting_id = (written ->> 'id')::bigint and a.role = 'member' and meetings.in_the_room(a.id);
  if (written ->> 'quorate_start')::boolean is distinct from (met or coalesce(before.quorate_start, false))
      or (written ->> 'quorum_lost_at' is not null) <> (coalesce(before.quorate_start, false) and not met) then
    raise exception 'meetings: whether a quorum is there is what the room and the rule of the body say'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- A member of a meeting holds the seat of its body; everybody is expected on the own side, under the own name.
create or replace function meetings.judge_seat(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if written ->> 'history_type' = '+' and not exists (
      select from public.meetings_meeting g join public.governance_body b on b.id = g.body_id
        join public.governance_appointment a on a.practice_id = g.practice_id
          and a.person_id = (written ->> 'person_id')::uuid and a.side = written ->> 'side'
          and a.starts_at <= act.occurred_at and (a.ends_at is null or a.ends_at > act.occurred_at)
      where g.id = (written ->> 'meeting_id')::bigint and (written ->> 'role' <> 'member' or a.office = case b.kind
        when 'board' then 'pc_director' when 'committee' then 'committee_member' when 'advisory' then 'physician' end)) then
    raise exception 'meetings: a seat in a meeting is that of an office in force' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The rule by which a body is quorate keeps within the law, and never changes while the body meets by it.
create or replace function meetings.judge_rule(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare before record; kind text := written ->> 'kind';
begin
  select h.authorized, h.quorum, h.interested_counts into before from public.governance_historicalbody h
    where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
    order by h.history_id desc limit 1;
  if (before.authorized, before.quorum, before.interested_counts) is not distinct from ((written ->> 'authorized')::int,
      (written ->> 'quorum')::int, (written ->> 'interested_counts')::boolean) then
    return;
  end if;
  if kind <> 'advisory' and (written ->> 'quorum')::int < meetings.bylaws_floor((written ->> 'authorized')::int)
      or kind = 'committee' and (written ->> 'authorized')::int < 2 then
    raise exception 'meetings: bylaws set no smaller quorum than a third of the seats and two' using errcode = 'check_violation';
  end if;
  if before.authorized is not null and (
      exists (select from public.meetings_meeting g where g.body_id = (written ->> 'id')::bigint and g.state = 'in_session')
      or kind = 'board' and before.authorized <> (written ->> 'authorized')::int and act."right" <> 'DR-33') then
    raise exception 'meetings: the rule of a body changes between its meetings, the number of directors under DR-33'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Who releases, opens, cancels or adjourns is a chair with a license in force, for a meeting counts by it.
create or replace function meetings.judge_chair(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare before text;
begin
  select h.state into before from public.meetings_historicalmeeting h
    where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
    order by h.history_id desc limit 1;
  if before is not null and before <> written ->> 'state' and not governance.licensed(act.actor, act.practice, act.occurred_at) then
    raise exception 'meetings: a meeting becomes % by a chair with a license in force', written ->> 'state'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- One look at each row that an act writes of these; the meeting's row is locked first, so that nobody comes or goes.
create or replace function meetings.guard_tally() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; written jsonb := new.body::jsonb; of_table text := split_part(new.name, '/', 2); before text;
begin
  if of_table = 'governance_historicalbody' then
    select a.* into strict act from public.audit_act a where a.id = new.act_id;
    perform from public.governance_body b where b.id = (written ->> 'id')::bigint for no key update;
    perform meetings.judge_rule(act, written);
  elsif of_table = 'meetings_historicalattendance' then
    select a.* into strict act from public.audit_act a where a.id = new.act_id;
    perform meetings.judge_seat(act, written);
  elsif of_table = 'meetings_historicalmeeting' then
    select a.* into strict act from public.audit_act a where a.id = new.act_id;
    perform meetings.judge_chair(act, written);
    perform meetings.judge_quorum(written);
  elsif of_table = 'meetings_resolution' then
    perform from public.meetings_meeting g join public.meetings_agendaitem i on i.meeting_id = g.id
      join public.meetings_matter m on m.item_id = i.id where m.id = (written ->> 'matter_id')::bigint
      for no key update of g;
    perform meetings.judge_resolution(written);
  elsif written ->> 'result' not in ('', 'withdrawn') then
    perform from public.meetings_meeting g where g.id = (written ->> 'meeting_id')::bigint for no key update;
    perform from public.governance_body b join public.meetings_meeting g on g.body_id = b.id
      where g.id = (written ->> 'meeting_id')::bigint for share of b;
    select h.result into before from public.meetings_historicalmotion h
      where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
      order by h.history_id desc limit 1;
    if coalesce(before, '') = '' then
      perform meetings.judge_motion(written);
    end if;
  end if;
  return null;
end $$;
