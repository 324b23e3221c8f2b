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
