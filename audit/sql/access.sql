-- The access log. A page view inserts two rows and waits for nobody; the checkpointer seals what waits, in batches.

-- The root of a tree with these leaf hashes, 32 bytes each: level by level, an odd last node moves up. RFC 9162.
create or replace function audit.tree_root(leaves bytea) returns bytea
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
declare level bytea := leaves;
begin
  while length(level) > 32 loop
    select string_agg(case when 64 * i + 64 <= length(level) then sha256('\x01'::bytea || substr(level, 64 * i + 1, 64))
                      else substr(level, 64 * i + 1, 32) end, ''::bytea order by i) into level
    from generate_series(0, (length(level) - 1) / 64) i;
  end loop;
  return level;
end $$;

-- Notes one access by the database's clock.
create or replace function audit.note_access(event jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare of_practice uuid := event ->> 'practice'; noted bigint;
begin
  if of_practice is not null and not exists (select from public.audit_log l where l.practice = of_practice) then
    raise exception 'audit: there is no log of practice %', of_practice using errcode = 'insufficient_privilege';
  end if;
  insert into public.audit_accessevent (at, practice, actor, account, kind, path, object, status, request, fields, length,
      address)
    values (clock_timestamp(), of_practice, (event ->> 'actor')::uuid, (event ->> 'account')::bigint, event ->> 'kind',
      event ->> 'path', event ->> 'object', (event ->> 'status')::smallint, event ->> 'request', event ->> 'fields',
      (event ->> 'length')::int, event ->> 'address')
    returning id into noted;
  insert into audit.unsealed (access) values (noted);
end $$;

-- Seals the waiting rows of one log as one entry; how many, or null when nothing waits. Called by the checkpointer
-- alone, until it answers null: one transaction a log, so that it never holds one head while it waits for another.
create or replace function audit.seal_access() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare of_practice uuid; of_log bigint; taken bigint[]; leaves bytea; sealed bigint;
begin
  select e.practice into of_practice from audit.unsealed u join public.audit_accessevent e on e.id = u.access
    order by u.access limit 1;
  if not found then return null; end if;
  -- A row that commits late simply waits for the next batch: membership is the list, not a range of numbers.
  with chosen as (
    delete from audit.unsealed where access in (
      select u.access from audit.unsealed u join public.audit_accessevent e on e.id = u.access
      where e.practice is not distinct from of_practice order by u.access limit 5000)
    returning access)
  select array_agg(access order by access) into taken from chosen;
  if taken is null then return 0; end if;
  select string_agg(sha256('\x00'::bytea || convert_to(audit.canonical(jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', e.id, 'at', audit.timestamp_text(e.at), 'practice', e.practice, 'actor', e.actor,
      'account', e.account, 'kind', e.kind, 'path', e.path, 'object', e.object, 'status', e.status,
      'request', e.request, 'fields', e.fields, 'length', e.length, 'address', e.address))), 'UTF8')),
      ''::bytea order by e.id), count(*) into leaves, sealed
    from public.audit_accessevent e where e.id = any (taken);
  if of_practice is null then
    of_log := audit.open_log('installation', null);
  else
    select l.id into strict of_log from public.audit_log l where l.practice = of_practice;
  end if;
  insert into public.audit_accessbatch (entry_id, ids, leaves)
    select a.entry, taken, leaves from audit.append(of_log, jsonb_strip_nulls(jsonb_build_object(
      'id', gen_random_uuid(), 'practice', of_practice, 'verb', 'access.sealed', 'capacity', 'system',
      'via', 'checkpointer', 'access', jsonb_build_object('count', sealed, 'first', taken[1],
      'last', taken[cardinality(taken)], 'root', encode(audit.tree_root(leaves), 'hex')))), '{}') a;
  return sealed;
end $$;
