-- Rules that look at other rows. Each locks the proposal's or practice's row first, so that no second writer races it.

create schema if not exists decisions;
revoke all on schema decisions from public;

create or replace function decisions.guard_determination() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_practice uuid; current_revision int;
begin
  select p.practice_id, p.revision into of_practice, current_revision
    from public.decisions_proposal p where p.id = new.proposal_id for no key update;
  if new.revision_number <> current_revision then
    raise exception 'decisions: revision % is not the current revision', new.revision_number using errcode = 'check_violation';
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
declare settled int;
begin
  perform from public.decisions_proposal p where p.id = new.proposal_id for no key update;
  select count(*) into settled from public.decisions_gatecheck c
    where c.proposal_id = new.proposal_id and c.revision_number = new.revision_number
      and c.requirement in ('protocol', 'supervision', 'credentialing', 'equipment', 'public_claims', 'training');
  if settled <> 6 then
    raise exception 'decisions: the gate is closed: % of 6 requirements are met or waived', settled
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A decision is written by an act that decides this very right; so is what only the holder of a right may write.
create or replace function decisions.guard_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act public.audit_act%rowtype; written jsonb; of_table text := split_part(new.name, '/', 2); code text;
begin
  if of_table not in ('decisions_decision', 'decisions_determination', 'decisions_scopeevent',
                      'decisions_historicaloperationalitem') then
    return null;
  end if;
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  written := new.body::jsonb;
  if act.capacity <> 'decides' then
    raise exception 'decisions: % is written by an act that decides', of_table using errcode = 'insufficient_privilege';
  end if;
  if written ? 'right_id' and coalesce(written ->> 'history_type', '+') = '+' then
    select r.code into code from public.governance_decisionright r where r.id = (written ->> 'right_id')::bigint;
    if code is distinct from act."right" then
      raise exception 'decisions: the act decides %, the row says %', act."right", code
        using errcode = 'insufficient_privilege';
    end if;
  end if;
  return null;
end $$;
