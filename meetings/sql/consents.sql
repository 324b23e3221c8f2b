-- Written consent: every member of the body signs this very text in time, or nothing is decided.

-- The office that has a seat in a body; the same table as meetings.services.consents.OFFICE_OF.
create or replace function meetings.seat_of(body text) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case body when 'board' then 'pc_director' when 'committee' then 'committee_member'
                   when 'shareholders' then 'pc_shareholder' end
$$;

-- Whether all who hold a seat of the body at that moment have consented to the text of this consent.
create or replace function meetings.unanimous(of_consent bigint, at timestamptz) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select count(*) > 0 and bool_and(exists (
      select from public.meetings_consentanswer n
      where n.consent_id = c.id and n.person_id = a.person_id and n.answer = 'consents' and n.sha256 = c.sha256))
    from public.meetings_writtenconsent c
      join public.governance_appointment a on a.practice_id = c.practice_id and a.office = meetings.seat_of(c.body)
        and a.starts_at <= at and (a.ends_at is null or a.ends_at > at)
    where c.id = of_consent
$$;

create or replace function meetings.guard_answer() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare asked record; held record;
begin
  select c.state, c.ends_at, c.sha256, c.body, c.practice_id into asked
    from public.meetings_writtenconsent c where c.id = new.consent_id for no key update;
  select a.office, a.practice_id into held from public.governance_appointment a where a.id = new.appointment_id;
  if asked.state <> 'open' or new.signed_at > asked.ends_at then
    raise exception 'meetings: this written consent lies before nobody any more' using errcode = 'check_violation';
  end if;
  if new.sha256 <> asked.sha256 then
    raise exception 'meetings: a member signs the text that lies before all' using errcode = 'check_violation';
  end if;
  if held.practice_id <> asked.practice_id or held.office <> meetings.seat_of(asked.body)
      or not governance.licensed(new.person_id, held.practice_id, new.signed_at) then
    raise exception 'meetings: a written consent is signed by a member of the body with a license in force'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create or replace function meetings.guard_consent() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if old.state <> 'open'
      and not audit.is_scrub('meetings_writtenconsent', new.id::text, to_jsonb(old), to_jsonb(new)) then
    raise exception 'meetings: this written consent is % and stays so', old.state using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Whether this decision is what all members of the actor's body consented to in writing, by this very act.
create or replace function meetings.in_writing(act public.audit_act, decision jsonb) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from public.meetings_writtenconsent c
    where c.decision_id = (decision ->> 'id')::bigint and c.state = 'adopted' and c.practice_id = act.practice
      and meetings.seat_of(c.body) = act.office and c.ends_at >= act.occurred_at
      and (c.title, c.text, c.rationale) = (decision ->> 'title', decision ->> 'text', decision ->> 'rationale')
      and exists (select from public.meetings_consentanswer n where n.consent_id = c.id and n.act_id = act.id)
      and meetings.unanimous(c.id, act.occurred_at))
$$;

-- A consent is put, signed and closed by a member of its body, deciding its right; who put it takes it back, who declines
-- declines, and it is adopted with the decision that the act takes.
create or replace function meetings.guard_consent_part(act public.audit_act, of_table text, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare asked record; put record; state text := written ->> 'state';
begin
  select c.id, c.body, c.practice_id, c.right_id, c.person_id into asked from public.meetings_writtenconsent c
    where c.id = coalesce(written ->> 'consent_id', written ->> 'id')::bigint;
  if act.capacity <> 'decides' or asked.practice_id <> act.practice or act.office <> meetings.seat_of(asked.body)
      or act."right" <> (select r.code from public.governance_decisionright r where r.id = asked.right_id) then
    raise exception 'meetings: a written consent is kept by the members of its body, under its right'
      using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'meetings_historicalwrittenconsent' and (
      state = 'withdrawn' and asked.person_id <> act.actor
      or state = 'declined' and not exists (select from public.meetings_consentanswer n
        where n.consent_id = asked.id and n.act_id = act.id and n.answer = 'declines')
      or state = 'adopted' and not exists (select from public.decisions_decision d
        where d.id = (written ->> 'decision_id')::bigint and d.act_id = act.id)) then
    raise exception 'meetings: nothing makes this written consent %', state using errcode = 'insufficient_privilege';
  end if;
end $$;
