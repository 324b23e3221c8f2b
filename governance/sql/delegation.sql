-- Delegation: from a physician to a physician, of a right that the delegator holds by an own office, for a period.
-- Directors and shareholders have no proxies (Corporations Code 307, 13406), so what they decide is not delegated.

-- Whether a person exercises a right of the PC through an own physician's office, license in force, at a moment.
create or replace function governance.holds_right(of_person uuid, of_practice uuid, of_code text, at timestamptz)
returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select governance.licensed(of_person, of_practice, at) and exists (
    select from public.governance_decisionright r
      join public.governance_appointment a on a.person_id = of_person and a.practice_id = of_practice
        and a.starts_at <= at and (a.ends_at is null or a.ends_at > at)
    where r.catalogue_id = governance.catalogue_at(of_practice, at) and r.code = of_code and r.holder = 'PC'
      and a.office in ('medical_director', 'physician', 'supervising_physician')
      and governance.exercises(a.office) && r.exercised_by::text[])
$$;

create or replace function governance.physician_in_office(of_person uuid, of_practice uuid, at timestamptz)
returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  select governance.licensed(of_person, of_practice, at) and exists (
    select from public.governance_appointment a where a.person_id = of_person and a.practice_id = of_practice
      and a.office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair')
      and a.starts_at <= at and (a.ends_at is null or a.ends_at > at))
$$;

-- Whether an act says that it was done as a delegate, and truly so: by a delegation in force from who holds the right.
create or replace function governance.delegated(act public.audit_act) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare of_delegator uuid;
begin
  select d.delegator_id into of_delegator
    from public.governance_delegatedact x join public.governance_delegation d on d.id = x.delegation_id
    where x.act_id = act.id and d.practice_id = act.practice and d.delegate_id = act.actor and d.code = act."right"
      and d.starts_at <= act.occurred_at and d.ends_at > act.occurred_at
      and act.office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair')
    for share of d;
  perform from public.governance_appointment a where a.person_id = of_delegator and a.practice_id = act.practice for share;
  return coalesce(governance.holds_right(of_delegator, act.practice, act."right", act.occurred_at), false);
end $$;

create or replace function governance.guard_delegated_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype;
begin
  select a.* into strict act from public.audit_act a where a.id = new.act_id;
  if act.capacity <> 'decides' or act.outcome <> 'done' or not governance.delegated(act)
      or (select count(*) from public.governance_delegatedact x where x.act_id = act.id) <> 1 then
    raise exception 'governance: no delegation is in force for this act' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

create or replace function governance.guard_delegation() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare act public.audit_act%rowtype; earliest timestamptz;
begin
  if tg_op = 'UPDATE' and audit.is_scrub(tg_table_name, new.id::text, to_jsonb(old), to_jsonb(new)) then
    return null;
  end if;
  select a.* into strict act from public.audit_act a where a.id = (
    select h.act_id from public.governance_historicaldelegation h where h.id = new.id
    order by h.history_id desc limit 1);
  perform governance.guard_now(act, 'a delegation');
  earliest := act.occurred_at - interval '5 minutes';
  if tg_op = 'UPDATE' then
    if old.ended_by_id is not null or act.actor not in (new.delegator_id, new.delegate_id)
        or new.ended_by_id is distinct from act.actor or new.ends_at > old.ends_at or new.ends_at < earliest then
      raise exception 'governance: a delegation is ended early by either physician, once, and never lengthened'
        using errcode = 'insufficient_privilege';
    end if;
    return null;
  end if;
  if act.actor is distinct from new.delegator_id or new.starts_at < earliest or new.ended_by_id is not null
      or not governance.holds_right(new.delegator_id, new.practice_id, new.code, act.occurred_at) then
    raise exception 'governance: a physician delegates a right held by an own office, from now on'
      using errcode = 'insufficient_privilege';
  end if;
  if not governance.physician_in_office(new.delegate_id, new.practice_id, act.occurred_at) then
    raise exception 'governance: a right is delegated to a physician in office here' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
