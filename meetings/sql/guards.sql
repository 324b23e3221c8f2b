-- The room and the minutes: only who is there votes; what is signed stays.

create schema if not exists meetings;
revoke all on schema meetings from public;

-- Notice is waived by the member alone, and answered for the time for which the meeting is called.
create or replace function meetings.guard_notice_answer() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.meetings_attendance a
      join public.meetings_meeting m on m.id = a.meeting_id
      join public.governance_appointment o on o.id = new.appointment_id and o.practice_id = m.practice_id
      where a.id = new.attendance_id and m.starts_at = new.starts_at and m.state <> 'canceled'
        and (new.said = 'protests' or a.person_id = new.person_id)) then
    raise exception 'meetings: notice is waived by the member alone, for the time for which the meeting is called'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- A paper is found by whoever finds the meeting, so none lies under what is closed.
create or replace function meetings.guard_item_paper() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from public.meetings_agendaitem i where i.id = new.item_id and i.compartment = 'open') then
    raise exception 'meetings: no paper lies under a closed item' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- The record under signed minutes: argument 0 names the column that leads to the meeting, 1 the table it leads over.
create or replace function meetings.guard_minuted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_meeting bigint; key bigint := (to_jsonb(new) ->> tg_argv[0])::bigint;
begin
  if tg_op = 'UPDATE' then
    if audit.is_scrub(tg_table_name, to_jsonb(new) ->> 'id', to_jsonb(old), to_jsonb(new)) then
      return new;
    end if;
  end if;
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

-- A meeting entered afterwards was held before the practice began here, is no other meeting's double, and stays as it
-- is once it is confirmed or withdrawn.
create or replace function meetings.guard_past_meeting() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare began date; held date;
begin
  if tg_op = 'UPDATE' then
    if old.state <> 'entered' and not audit.is_scrub('meetings_pastmeeting', new.id::text, to_jsonb(old), to_jsonb(new)) then
      raise exception 'meetings: a meeting entered afterwards stays once it is %', old.state
        using errcode = 'insufficient_privilege';
    end if;
    return new;
  end if;
  perform from public.governance_body b where b.id = new.body_id for no key update;
  select (p.founded_at at time zone p.time_zone)::date, (new.held_at at time zone p.time_zone)::date into began, held
    from public.governance_practice p where p.id = new.practice_id;
  if new.state <> 'entered' or held >= began or exists (
      select from public.meetings_meeting m where m.body_id = new.body_id and m.opened_at = new.held_at) then
    raise exception 'meetings: only a meeting held before the practice began here is entered afterwards'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- A row's number as its code shows it: three digits, or more.
create or replace function meetings.code(prefix text, year int, number int) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select prefix || '-' || year || '-' || lpad(number::text, greatest(3, length(number::text)), '0')
$$;

-- The motions of minutes' facts, those under items and those of procedure; drafts of old know no procedure.
create or replace function meetings.motions_told(facts jsonb) returns setof jsonb
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select m from jsonb_array_elements(facts -> 'items') i, jsonb_array_elements(i -> 'motions') m
  union all select m from jsonb_array_elements(facts -> 'procedure') m
$$;

-- What the facts of minutes say of a meeting, a line for each: its times, who was there, motions, votes, outcomes.
create or replace function meetings.told(facts jsonb) returns text[]
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select array_agg(line order by line) from (
    select concat_ws(' ', 'meeting', (facts ->> 'opened_at')::timestamptz, (facts ->> 'adjourned_at')::timestamptz)
    union all select concat_ws(' ', 'seat', s ->> 'name', s ->> 'role', s ->> 'standing')
      from jsonb_array_elements(facts -> 'attendance') s
    union all select concat_ws(' ', 'stay', s ->> 'name', t ->> 'mode', (t ->> 'arrived')::timestamptz,
        nullif(t ->> 'left', '')::timestamptz)
      from jsonb_array_elements(facts -> 'attendance') s, jsonb_array_elements(s -> 'stays') t
    union all select concat_ws(' ', 'recusal', r ->> 'name')
      from jsonb_array_elements(facts -> 'items') i, jsonb_array_elements(i -> 'recusals') r
    union all select concat_ws(' ', 'item', i ->> 'state', i ->> 'title') from jsonb_array_elements(facts -> 'items') i
    union all select concat_ws(' ', 'motion', m ->> 'number', m ->> 'for', m ->> 'against', m ->> 'abstaining',
        m ->> 'needed', m ->> 'text', nullif(m ->> 'kind', 'main'), m ->> 'amends', nullif(m ->> 'as_amended', ''))
      from meetings.motions_told(facts) m
    union all select concat_ws(' ', 'vote', m ->> 'number', v ->> 'name', v ->> 'vote', v -> 'ballot' ->> 'choice',
        (v -> 'ballot' ->> 'at')::timestamptz)
      from meetings.motions_told(facts) m, jsonb_array_elements(m -> 'votes') v
    union all select concat_ws(' ', 'agenda', c ->> 'motion', c ->> 'change', c ->> 'before', c ->> 'after', i ->> 'title')
      from jsonb_array_elements(facts -> 'items') i, jsonb_array_elements(i -> 'agenda_changes') c
    union all select concat_ws(' ', 'decision', d ->> 'code', d ->> 'motion')
      from jsonb_array_elements(facts -> 'items') i, jsonb_array_elements(i -> 'decisions') d
    union all select concat_ws(' ', 'action', a ->> 'code')
      from jsonb_array_elements(facts -> 'items') i, jsonb_array_elements(i -> 'actions') a
    union all select concat_ws(' ', 'file', i ->> 'number', f ->> 'version', f ->> 'sha256')
      from jsonb_array_elements(facts -> 'items') i, jsonb_array_elements(i -> 'files') f
  ) as lines (line)
$$;

-- The versions of papers that lay under the items of a meeting when it was adjourned, with the item's place in it.
create or replace function meetings.papers_before(of_meeting bigint) returns table (place bigint, version bigint)
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select i.place, (select v.id from public.decisions_paperversion v
      where v.paper_id = p.id and v.made_at <= coalesce(i.adjourned_at, now()) order by v.number desc limit 1)
    from (select row_number() over (order by a.position) as place, a.id, a.proposal_id, g.adjourned_at
      from public.meetings_agendaitem a join public.meetings_meeting g on g.id = a.meeting_id where g.id = of_meeting) i
    join public.decisions_paper p on p.proposal_id = i.proposal_id
      or exists (select from public.meetings_itempaper o where o.item_id = i.id and o.paper_id = p.id)
    where not exists (select from public.decisions_paperwithdrawal w
      where w.paper_id = p.id and w.made_at <= coalesce(i.adjourned_at, now()))
$$;

-- The same lines from the tables.
create or replace function meetings.recorded(of_meeting bigint) returns text[]
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select array_agg(line order by line) from (
    select concat_ws(' ', 'meeting', date_trunc('second', g.opened_at), date_trunc('second', g.adjourned_at))
      from public.meetings_meeting g where g.id = of_meeting
    union all select concat_ws(' ', 'seat', s.name, s.role, s.standing)
      from public.meetings_attendance s where s.meeting_id = of_meeting
    union all select concat_ws(' ', 'stay', s.name, t.mode, date_trunc('second', t.arrived_at),
        date_trunc('second', t.left_at))
      from public.meetings_attendance s join public.meetings_presence t on t.attendance_id = s.id
      where s.meeting_id = of_meeting
    union all select concat_ws(' ', 'recusal', s.name)
      from public.meetings_attendance s join public.meetings_recusal r on r.attendance_id = s.id
      where s.meeting_id = of_meeting
    union all select concat_ws(' ', 'item', i.state, i.title)
      from public.meetings_agendaitem i where i.meeting_id = of_meeting and i.state <> 'withdrawn'
    union all select concat_ws(' ', 'motion', m.number, m.votes_for, m.votes_against, m.abstentions, m.needed, m.text,
        nullif(m.kind, 'main'), a.number, nullif(m.as_amended, ''))
      from public.meetings_motion m left join public.meetings_motion a on a.id = m.amends_id
      where m.meeting_id = of_meeting
    union all select concat_ws(' ', 'agenda', m.number, c.change, c.place_before, c.place_after, i.title)
      from public.meetings_agendachange c join public.meetings_motion m on m.id = c.motion_id
        join public.meetings_agendaitem i on i.id = c.item_id
      where m.meeting_id = of_meeting
    union all select concat_ws(' ', 'vote', m.number, s.name, v.choice, b.choice, date_trunc('second', b.cast_at))
      from public.meetings_motion m join public.meetings_vote v on v.motion_id = m.id
        join public.meetings_attendance s on s.id = v.attendance_id left join public.meetings_ballot b on b.id = v.ballot_id
      where m.meeting_id = of_meeting
    union all select concat_ws(' ', 'decision', meetings.code('D', d.year, d.number), m.number)
      from public.meetings_agendaitem i join public.meetings_itemdecision o on o.item_id = i.id
        join public.decisions_decision d on d.id = o.decision_id left join public.meetings_motion m on m.id = o.motion_id
      where i.meeting_id = of_meeting
    union all select concat_ws(' ', 'action', meetings.code('CA', c.year, c.number))
      from public.meetings_agendaitem i join public.meetings_itemaction o on o.item_id = i.id
        join public.decisions_correctiveaction c on c.id = o.corrective_action_id
      where i.meeting_id = of_meeting
    union all select concat_ws(' ', 'file', i.place, v.number, d.sha256)
      from meetings.papers_before(of_meeting) i join public.decisions_paperversion v on v.id = i.version
        join public.audit_document d on d.id = v.document_id
  ) as lines (line)
$$;

-- What is signed says what the tables hold.
create or replace function meetings.guard_facts() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare said text[]; held text[];
begin
  select meetings.told(v.facts), meetings.recorded(n.meeting_id) into said, held
    from public.meetings_minutesversion v join public.meetings_minutes n on n.id = v.minutes_id where v.id = new.version_id;
  if said is distinct from held then
    raise exception 'meetings: the facts of these minutes are not the record of the meeting: %',
      (select string_agg(line, '; ') from (
        (select unnest(said) except select unnest(held)) union (select unnest(held) except select unnest(said))
      ) as other (line)) using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- What was voted on stays as the votes were counted.
create or replace function meetings.guard_decided_motion() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if old.decided_at is not null
      and not audit.is_scrub('meetings_motion', new.id::text, to_jsonb(old), to_jsonb(new)) then
    raise exception 'meetings: motion % is voted on already', old.number using errcode = 'insufficient_privilege';
  end if;
  if old.decided_at is null and new.decided_at is not null
      and exists (select from public.meetings_motion a where a.amends_id = new.id and a.decided_at is null) then
    raise exception 'meetings: an amendment of motion % is voted on first', old.number using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- What the chair reads is what the hash covers.
create or replace function meetings.guard_version() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.sha256 <> encode(sha256(convert_to(new.canonical, 'UTF8')), 'hex')
      or new.canonical::jsonb ->> 'text' is distinct from new.text
      or new.canonical::jsonb -> 'facts' is distinct from new.facts then
    raise exception 'meetings: the hash of a version covers its text and its facts' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- Directors, shareholders and committee members decide as a body: on a motion that carried in its meeting, under the item
-- that the decision is tied to, or that has the proposal of the determination before it; or by unanimous written consent
-- (consents.sql). A sole member decides alone.
create or replace function meetings.guard_body(act public.audit_act, of_table text, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if governance.sole(act.practice, act.office, act.occurred_at)
      or of_table = 'decisions_decision' and meetings.in_writing(act, written) or exists (
      select from public.meetings_motion m
        join public.meetings_agendaitem i on i.id = m.item_id
        join public.meetings_meeting g on g.id = m.meeting_id and g.practice_id = act.practice and g.state = 'in_session'
        join public.governance_body b on b.id = g.body_id
          and b.kind = case act.office when 'pc_director' then 'board' when 'committee_member' then 'committee' end
      where m.result = 'carried' and case of_table
        when 'decisions_decision' then exists (select from public.meetings_itemdecision d
          where d.decision_id = (written ->> 'id')::bigint and d.motion_id = m.id and d.act_id = act.id)
        else i.proposal_id = (written ->> 'proposal_id')::bigint
          and i.revision_number = (written ->> 'revision_number')::int end) then
    return;
  end if;
  raise exception 'meetings: a body decides by a motion that carried in its meeting, or by unanimous written consent' using errcode = 'insufficient_privilege';
end $$;

-- The record of a room is kept by chair and recording secretary; the chair alone opens, adjourns, releases and signs.
-- A decision is tied to an item by the act that takes it, and to a motion only where that item's motion carried.
create or replace function meetings.guard_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act public.audit_act%rowtype; written jsonb; of_table text := split_part(new.name, '/', 2); before record; votes record;
  chairs boolean; claimed timestamptz;
begin
  if of_table in ('decisions_decision', 'decisions_determination') then
    select a.* into strict act from public.audit_act a where a.id = new.act_id;
    if act.office in ('pc_director', 'pc_shareholder', 'committee_member') then
      perform meetings.guard_body(act, of_table, new.body::jsonb);
    end if;
    return null;
  end if;
  if new.name not like 'row/meetings\_%' then
    return null;
  end if;
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  written := new.body::jsonb;
  chairs := act.office in ('medical_director', 'alternate_chair');
  if of_table = 'meetings_itemdecision' then
    if not exists (select from public.decisions_decision d where d.id = (written ->> 'decision_id')::bigint and d.act_id = act.id)
        or written ->> 'motion_id' is not null and not exists (
          select from public.meetings_motion m where m.id = (written ->> 'motion_id')::bigint
            and m.item_id = (written ->> 'item_id')::bigint and m.result = 'carried') then
      raise exception 'meetings: a decision is tied to its item by its own act, on a motion of the item that carried'
        using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if of_table = 'meetings_agendachange' then
    if not exists (select from public.meetings_motion m
        join public.meetings_agendaitem i on i.id = (written ->> 'item_id')::bigint and i.meeting_id = m.meeting_id
        where m.id = (written ->> 'motion_id')::bigint and m.kind = 'agenda' and m.result = 'carried') then
      raise exception 'meetings: the agenda is amended by a motion that carried in its meeting'
        using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if of_table = 'meetings_ballot' then
    perform meetings.guard_ballot_part(act, written);
    return null;
  end if;
  if of_table in ('meetings_historicalwrittenconsent', 'meetings_consentanswer') then
    perform meetings.guard_consent_part(act, of_table, written);
    return null;
  end if;
  if of_table = 'meetings_historicalreply' then
    if not exists (select from public.meetings_attendance a join public.meetings_meeting g on g.id = a.meeting_id
                   where a.id = (written ->> 'attendance_id')::bigint and a.person_id = act.actor
                     and g.starts_at = (written ->> 'starts_at')::timestamptz) then
      raise exception 'meetings: each answers the invitation alone, for the time to which it invites' using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if of_table = 'meetings_noticeanswer' then
    if not exists (select from public.meetings_attendance a where a.id = (written ->> 'attendance_id')::bigint
                   and a.person_id = act.actor)
        and (written ->> 'said' <> 'protests' or not chairs and act.office <> 'recording_secretary') then
      raise exception 'meetings: each member waives notice alone' using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if of_table = 'meetings_historicalseries' then
    if act.capacity <> 'decides' or act."right" <> 'DR-30' then
      raise exception 'meetings: a series is set by a decision under DR-30' using errcode = 'insufficient_privilege';
    end if;
    if exists (select from public.meetings_series s where s.body_id = (written ->> 'body_id')::bigint
               and s.id < (written ->> 'id')::bigint) and (written ->> 'starts_on')::date <= (
        select (act.occurred_at at time zone p.time_zone)::date from public.governance_practice p
        where p.id = act.practice) then
      raise exception 'meetings: a changed rule begins after the day on which it is decided'
        using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if of_table = any(meetings.closed_tables()) or of_table = 'meetings_designated' then
    return null;  -- judged by `guard_compartment`
  end if;
  if of_table = 'meetings_historicalproposeditem' then
    if written ->> 'state' in ('accepted', 'declined') and not chairs
        or written ->> 'state' = 'withdrawn' and (written ->> 'person_id')::uuid is distinct from act.actor then
      raise exception 'meetings: a chair answers what is proposed for the agenda; who proposed it withdraws it'
        using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if of_table in ('meetings_comment', 'meetings_attestation') then
    perform meetings.guard_minutes_part(act, of_table, written);
    return null;
  end if;
  if not chairs and (act.office <> 'recording_secretary'
                     or of_table in ('meetings_signature', 'meetings_amendment', 'meetings_agendarelease')) then
    raise exception 'meetings: % is not written from this office', of_table using errcode = 'insufficient_privilege';
  end if;
  if of_table in ('meetings_pastattendance', 'meetings_pastresult') and not exists (
      select from public.meetings_historicalpastmeeting h
      where h.id = (written ->> 'past_id')::bigint and h.history_type = '+' and h.act_id = act.id) then
    raise exception 'meetings: what minutes of the past say is entered with their meeting'
      using errcode = 'insufficient_privilege';
  elsif of_table = 'meetings_historicalpastmeeting' and written ->> 'state' = 'confirmed' and (
      act.capacity <> 'decides' or act."right" <> 'DR-30' or act.office <> 'medical_director') then
    raise exception 'meetings: a meeting entered afterwards is confirmed by the Medical Director'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'meetings_historicalmeeting' then
    select h.state, h.chair_id, h.starts_at into before from public.meetings_historicalmeeting h
      where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
      order by h.history_id desc limit 1;
    if before.state is null and (written ->> 'special')::int > 0 and not chairs then
      raise exception 'meetings: a special meeting is called by a chair' using errcode = 'insufficient_privilege';
    end if;
    if before.state is not null and (written ->> 'starts_at')::timestamptz is distinct from before.starts_at
        and not chairs then
      raise exception 'meetings: a meeting is moved by a chair' using errcode = 'insufficient_privilege';
    end if;
    if written ->> 'state' is distinct from before.state and not chairs
          and (written ->> 'state' <> 'planned' or before.state is not null)
        or (written ->> 'chair_id')::bigint is distinct from before.chair_id
          and (written ->> 'chair_id')::bigint is distinct from act.appointment then
      raise exception 'meetings: a meeting is released, opened and adjourned by a chair, in his own office'
        using errcode = 'insufficient_privilege';
    end if;
  elsif of_table = 'meetings_historicalagendaitem' then
    select h.topic, h.title, h.purpose, h.right_id, g.state into before from public.meetings_historicalagendaitem h
      join public.meetings_meeting g on g.id = h.meeting_id
      where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
      order by h.history_id desc limit 1;
    if before.state not in ('planned', 'agenda_released') and (before.topic, before.title, before.purpose,
        before.right_id) is distinct from (written ->> 'topic', written ->> 'title', written ->> 'purpose',
        (written ->> 'right_id')::bigint) then
      raise exception 'meetings: an item is edited before its meeting' using errcode = 'insufficient_privilege';
    end if;
  elsif of_table = 'meetings_historicalmotion' and written ->> 'result' <> '' then
    select count(*) filter (where v.choice = 'for') as for_, count(*) filter (where v.choice = 'against') as against,
           count(*) filter (where v.choice = 'abstain') as abstain into votes
      from public.meetings_vote v where v.motion_id = (written ->> 'id')::bigint;
    if (votes.for_, votes.against, votes.abstain) is distinct from ((written ->> 'votes_for')::bigint,
        (written ->> 'votes_against')::bigint, (written ->> 'abstentions')::bigint) then
      raise exception 'meetings: the result of a motion is what its votes count' using errcode = 'insufficient_privilege';
    end if;
    if written ->> 'result' <> 'withdrawn' and meetings.left_out((written ->> 'id')::bigint) then
      raise exception 'meetings: whoever voted by an own act is in the roll call' using errcode = 'insufficient_privilege';
    end if;
  elsif of_table = 'meetings_historicalpresence' then
    claimed := coalesce(written ->> 'left_at', written ->> 'arrived_at');
    if claimed > act.occurred_at + interval '5 minutes' or claimed < act.occurred_at - interval '5 minutes' and not exists (
        select from public.meetings_attendance s join public.meetings_meeting g on g.id = s.meeting_id
          where s.id = (written ->> 'attendance_id')::bigint and g.opened_at <= claimed and not exists (
            select from public.meetings_motion m
              where m.meeting_id = g.id and m.decided_at > claimed and m.result <> 'withdrawn')
            and not exists (select from public.meetings_ballot b where b.attendance_id = s.id and b.cast_at >= claimed)) then
      raise exception 'meetings: who comes or goes does so at the moment of the act, or in the meeting since its last vote'
        using errcode = 'insufficient_privilege';
    end if;
  end if;
  return null;
end $$;
