-- Rules that look at other rows. Each locks the proposal's or practice's row first, so that no second writer races it.

create schema if not exists decisions;
revoke all on schema decisions from public;

create or replace function decisions.guard_determination() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_practice uuid; current_revision int; written_at timestamptz;
begin
  select p.practice_id, p.revision into of_practice, current_revision
    from public.decisions_proposal p where p.id = new.proposal_id for no key update;
  if new.revision_number <> current_revision then
    raise exception 'decisions: revision % is not the current revision', new.revision_number using errcode = 'check_violation';
  end if;
  select r.made_at into written_at from public.decisions_revision r
    where r.proposal_id = new.proposal_id and r.number = new.revision_number;
  if new.decided_at < written_at then
    raise exception 'decisions: revision % was not written yet at that moment', new.revision_number
      using errcode = 'check_violation';
  end if;
  if exists (select from public.decisions_revision r where r.proposal_id = new.proposal_id
             and r.person_id = new.person_id and r.side <> 'PC') then
    raise exception 'decisions: what was proposed in an office of the other side is determined by somebody else'
      using errcode = 'check_violation';
  end if;
  if new.person_id = new.proposer_id then
    perform from public.governance_practice p where p.id = of_practice for no key update;
    if governance.physicians(of_practice, new.decided_at) <> 1 then
      raise exception 'decisions: the proposer does not decide on his own proposal' using errcode = 'check_violation';
    end if;
  end if;
  return new;
end $$;

create or replace function decisions.guard_go_live() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare settled int; approved timestamptz; standing text;
begin
  select p.state into standing from public.decisions_proposal p where p.id = new.proposal_id for no key update;
  select count(*) into settled from public.decisions_gatecheck c
    where c.proposal_id = new.proposal_id and c.revision_number = new.revision_number
      and c.requirement in ('protocol', 'supervision', 'credentialing', 'equipment', 'public_claims', 'training');
  if settled <> 6 then
    raise exception 'decisions: the gate is closed: % of 6 requirements are met or waived', settled
      using errcode = 'check_violation';
  end if;
  if standing <> 'approved' then
    raise exception 'decisions: this proposal is not approved, it is %', standing using errcode = 'check_violation';
  end if;
  select d.decided_at into approved from public.decisions_determination d
    where d.proposal_id = new.proposal_id and d.revision_number = new.revision_number and d.outcome = 'approved';
  if new.live_at < approved then
    raise exception 'decisions: revision % was not approved yet at that moment', new.revision_number
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A proposal goes on: no revision is taken back or left out, and what has ended stays ended.
create or replace function decisions.guard_proposal() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.revision not between old.revision and old.revision + 1 then
    raise exception 'decisions: revision % follows revision %', old.revision + 1, old.revision using errcode = 'check_violation';
  end if;
  if old.state in ('live', 'refused', 'withdrawn')
      and not audit.is_scrub('decisions_proposal', new.id::text, to_jsonb(old), to_jsonb(new)) then
    raise exception 'decisions: this proposal is % and stays so', old.state using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A paper goes on version by version, each the file recorded by its own act, until it is withdrawn. Under a proposal it
-- is replaced and withdrawn by the side that put it, and rests as the proposal's text does once that is determined.
create or replace function decisions.guard_paper() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_proposal bigint; of_practice uuid; standing text; last record;
begin
  select p.proposal_id, p.practice_id into of_proposal, of_practice
    from public.decisions_paper p where p.id = new.paper_id for no key update;
  if exists (select from public.decisions_paperwithdrawal w where w.paper_id = new.paper_id) then
    raise exception 'decisions: this paper is withdrawn' using errcode = 'check_violation';
  end if;
  select v.number, v.side, v.made_at into last
    from public.decisions_paperversion v where v.paper_id = new.paper_id order by v.number desc limit 1;
  if new.made_at < last.made_at then
    raise exception 'decisions: a paper changes after its last version' using errcode = 'check_violation';
  end if;
  if of_proposal is not null then
    select p.state into standing from public.decisions_proposal p where p.id = of_proposal for no key update;
    if standing not in ('draft', 'submitted', 'returned') then
      raise exception 'decisions: the papers of a proposal that is % stay', standing using errcode = 'check_violation';
    end if;
    if new.side <> last.side then
      raise exception 'decisions: a paper is changed by the side that put it' using errcode = 'check_violation';
    end if;
  end if;
  if tg_table_name = 'decisions_paperversion' then
    if new.number <> coalesce(last.number, 0) + 1 then
      raise exception 'decisions: version % follows version %', coalesce(last.number, 0) + 1, coalesce(last.number, 0)
        using errcode = 'check_violation';
    end if;
    if not exists (select from public.audit_document d where d.id = new.document_id and d.act_id = new.act_id
                   and d.kind = 'paper' and d.compartment = 'open' and d.practice = of_practice) then
      raise exception 'decisions: a version is the file that its own act recorded' using errcode = 'check_violation';
    end if;
  elsif last is null then
    raise exception 'decisions: this paper has no version' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A proposal's state is what was determined about its current revision: approved, returned and refused follow a
-- determination, live follows a go-live, and without one it lies before the physicians or is no more.
create or replace function decisions.guard_state(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare outcome text; state text := written ->> 'state'; key bigint := written ->> 'id';
begin
  select d.outcome into outcome from public.decisions_determination d
    where d.proposal_id = key and d.revision_number = (written ->> 'revision')::int;
  if (case
      when state = 'withdrawn' then true
      when state = 'live' then exists (select from public.decisions_golive g where g.proposal_id = key and g.act_id = act.id)
      when outcome is not null then state = outcome
      when state = 'returned' then written ->> 'from_item_id' is not null and (written ->> 'revision')::int = 1
        and act.capacity = 'decides' and act.side = 'PC'
      else state in ('draft', 'submitted') end) then
    return;
  end if;
  raise exception 'decisions: nothing determined makes this proposal %', state using errcode = 'insufficient_privilege';
end $$;

-- A service line at a site moves by the go-live of its own approved proposal, or by a decision of the physicians:
-- approved and resumed under DR-21, stopped under DR-23, retired under DR-21.
create or replace function decisions.guard_scope(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare state text := written ->> 'state'; before text; of_kind text; wanted text;
begin
  select p.kind into of_kind from public.decisions_proposal p
    where p.id = (written ->> 'proposal_id')::bigint and p.service_id = (written ->> 'service_id')::bigint
      and p.site_id = (written ->> 'site_id')::bigint and p.practice_id = (written ->> 'practice_id')::uuid;
  if of_kind is null then
    raise exception 'decisions: this service line at this site is not what its proposal proposes'
      using errcode = 'insufficient_privilege';
  end if;
  if exists (select from public.decisions_golive g
             where g.id = (written ->> 'go_live_id')::bigint and g.act_id = act.id) then
    if state <> (case of_kind when 'retired service' then 'retired' else 'live' end) then
      raise exception 'decisions: this go-live does not make the service line %', state using errcode = 'insufficient_privilege';
    end if;
    return;
  end if;
  select h.state into before from public.decisions_historicalauthorization h
    where h.id = (written ->> 'id')::bigint and h.history_id < (written ->> 'history_id')::bigint
    order by h.history_id desc limit 1;
  wanted := case state when 'suspended' then 'DR-23' else 'DR-21' end;
  if act.capacity <> 'decides' or act."right" <> wanted
      or state = 'live' and before is distinct from 'suspended'
      or state = 'approved' and not exists (select from public.decisions_determination d
        where d.act_id = act.id and d.proposal_id = (written ->> 'proposal_id')::bigint and d.outcome = 'approved') then
    raise exception 'decisions: a service line becomes % by a go-live or a decision under %', state, wanted
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- One of several directors or shareholders appoints as the body decided: the reason cites a decision of the body itself
-- that names the person and has carried no such change of this office before. Whether the actor is the only member is
-- judged as it was before this change: who is elected does not count yet, and who is to go counts still.
create or replace function decisions.guard_appointment(act public.audit_act, written jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if act.office in ('pc_director', 'pc_shareholder', 'committee_member')
      and (act.office <> 'pc_shareholder'
        and (act.office <> 'pc_director' or exists (
          select from public.governance_body b where b.practice_id = act.practice and b.kind = 'board' and b.authorized > 1))
        or written ->> 'history_type' <> '+' and written ->> 'office' = act.office
          and (written ->> 'person_id')::uuid <> act.actor
        or exists (
          select from public.governance_appointment a
          where a.practice_id = act.practice and a.office = act.office and a.person_id <> act.actor
            and a.starts_at <= act.occurred_at and (a.ends_at is null or a.ends_at > act.occurred_at)
            and (a.id <> (written ->> 'id')::bigint or written ->> 'history_type' <> '+')))
      and not exists (
        select from public.decisions_decision d join public.governance_decisionright r on r.id = d.right_id
          join public.governance_person p on p.id = (written ->> 'person_id')::uuid,
          lateral (select '\mD-' || d.year || '-' || lpad(d.number::text, greatest(3, length(d.number::text)), '0') || '\M'
                   as cited) code
        where d.practice_id = act.practice and r.code = act."right" and d.body_name <> ''
          and d.body_name not like '% (one member)' and d.decided_at <= act.occurred_at
          and position(upper(p.name) in upper(d.title || ' ' || d.text)) > 0
          and act.reason ~ code.cited
          and not exists (select from public.governance_historicalappointment h join public.audit_act o on o.id = h.act_id
                          where h.person_id = p.id and h.office = written ->> 'office' and h.practice_id = act.practice
                            and h.history_type = written ->> 'history_type' and o.id <> act.id and o.reason ~ code.cited)) then
    raise exception 'decisions: one of several appoints as the body decided, and the reason cites that decision'
      using errcode = 'insufficient_privilege';
  end if;
end $$;

-- A decision is written by an act that decides this very right; so is what only the holder of a right may write.
create or replace function decisions.guard_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act public.audit_act%rowtype; written jsonb; of_table text := split_part(new.name, '/', 2); code text; created boolean;
begin
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  written := new.body::jsonb;
  created := coalesce(written ->> 'history_type', '+') = '+';
  if of_table in ('decisions_decision', 'decisions_determination', 'decisions_scopeevent',
                  'decisions_historicaloperationalitem') and act.capacity <> 'decides' then
    raise exception 'decisions: % is written by an act that decides', of_table using errcode = 'insufficient_privilege';
  end if;
  if of_table in ('decisions_decision', 'decisions_historicaloperationalitem') and created then
    select r.code into code from public.governance_decisionright r where r.id = (written ->> 'right_id')::bigint
      and r.catalogue_id = governance.catalogue_at(act.practice, act.occurred_at);
    code := coalesce(code, 'the right of another version of the catalogue');
  elsif of_table = 'decisions_determination' then
    select r.code into code from public.decisions_proposal p join public.governance_decisionright r on r.id = p.right_id
      where p.id = (written ->> 'proposal_id')::bigint;
  elsif of_table = 'decisions_historicaloperationalitem' then
    code := 'DR-22';
  elsif of_table = 'decisions_scopeevent' then
    code := case written ->> 'kind' when 'stopped' then 'DR-23' else 'DR-21' end;
  elsif of_table = 'decisions_actionreview' and written ->> 'kind' in ('effective', 'ineffective')
      or of_table = 'decisions_historicalcorrectiveaction' and written ->> 'state' in ('closed', 'reopened') then
    code := 'DR-19';
  end if;
  if code is not null and (act.capacity <> 'decides' or code <> act."right") then
    raise exception 'decisions: the act decides %, the row says %', act."right", code using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'decisions_historicalcorrectiveaction' and written ->> 'state' = 'closed'
      and (written ->> 'owner_id')::uuid = act.actor then
    raise exception 'decisions: who owns an action does not close it' using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'governance_historicalappointment' then
    perform decisions.guard_appointment(act, written);
  elsif of_table = 'decisions_historicalproposal' then
    perform decisions.guard_state(act, written);
  elsif of_table = 'decisions_historicalauthorization' then
    perform decisions.guard_scope(act, written);
  end if;
  if of_table = 'decisions_gatecheck' and written ->> 'state' <> 'met' and (act.side <> 'PC'
        or not governance.licensed(act.actor, act.practice, act.occurred_at))
      or of_table like 'decisions\_paper%' and act.office = 'recording_secretary' and exists (
        select from public.decisions_paper p where p.proposal_id is not null
          and p.id = (written ->> case of_table when 'decisions_paper' then 'id' else 'paper_id' end)::bigint)
      or of_table = 'decisions_historicalcorrectiveaction' and act.office = 'recording_secretary'
        and written ->> 'state' <> 'open' then
    raise exception 'decisions: % is not written from this office', of_table using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- A catalogue is adopted by one director of several only as the board decided: the resolution cites that decision,
-- which the body took itself, since counsel cleared this version, and which carries no other adoption.
create or replace function decisions.guard_adoption() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype;
begin
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  if act.office in ('pc_director', 'pc_shareholder', 'committee_member')
      and not governance.sole(act.practice, act.office, act.occurred_at)
      and not exists (
        select from public.decisions_decision d join public.governance_decisionright r on r.id = d.right_id,
          lateral (select '\mD-' || d.year || '-' || lpad(d.number::text, greatest(3, length(d.number::text)), '0') || '\M'
                   as cited) code
        where d.practice_id = act.practice and r.code = act."right" and d.body_name <> ''
          and d.body_name not like '% (one member)' and d.decided_at <= act.occurred_at
          and d.decided_at >= (select max(w.reviewed_at) from public.governance_cataloguereview w
                               where w.version_id = new.version_id and w.outcome = 'cleared')
          and not exists (select from public.governance_catalogueadoption o
                            join public.governance_catalogueversion v on v.id = o.version_id
                          where v.practice_id = act.practice and o.id <> new.id and o.resolution ~ code.cited)
          and new.resolution ~ code.cited) then
    raise exception 'decisions: a catalogue is adopted as its body decided, and the resolution cites that decision'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- Nobody has an own matter judged by a delegate: what the delegator proposed, or wrote in an office of the other side,
-- and the action that the delegator owns.
create or replace function decisions.guard_delegated_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare behind uuid;
begin
  select d.delegator_id into behind from public.governance_delegation d where d.id = new.delegation_id;
  if exists (
      select from public.decisions_determination d where d.act_id = new.act_id and (d.proposer_id = behind or exists (
        select from public.decisions_revision r
        where r.proposal_id = d.proposal_id and r.person_id = behind and r.side <> 'PC')))
      or exists (select from public.decisions_historicalcorrectiveaction c
        where c.act_id = new.act_id and c.state = 'closed' and c.owner_id = behind) then
    raise exception 'decisions: nobody has an own matter judged by a delegate' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
