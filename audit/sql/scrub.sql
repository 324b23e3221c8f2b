-- The one lawful exception to append-only: a span of text, in a column named for it, gives way to the fixed mark,
-- and the parts that held it give up salt and body; or the bytes of a sealed file are dropped, never its hash.
-- Each is named in audit_scrubbing, which only `audit.scrub` fills.

create or replace function audit.blotted(v jsonb, span text) returns jsonb
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
declare escaped text := to_json(span)::text; said text := v #>> '{}';
begin
  case jsonb_typeof(v)
    when 'object' then
      return coalesce((select jsonb_object_agg(e.key, audit.blotted(e.value, span)) from jsonb_each(v) e), v);
    when 'array' then
      return coalesce((select jsonb_agg(audit.blotted(e.value, span) order by e.n)
                       from jsonb_array_elements(v) with ordinality e(value, n)), v);
    when 'string' then
      -- A text may itself be JSON, as the canonical record of minutes is.
      escaped := substr(escaped, 2, length(escaped) - 2);
      said := replace(said, span, '[scrubbed]');
      return to_jsonb(case when escaped = span then said else replace(said, escaped, '[scrubbed]') end);
    else
      return v;
  end case;
end $$;

-- Whether the new text is the old one with spans blotted out, and nothing else.
create or replace function audit.is_blotted(old_text text, new_text text) returns boolean
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select new_text like '%[scrubbed]%'
    and old_text like replace(replace(replace(replace(new_text, '\', '\\'), '%', '\%'), '_', '\_'), '[scrubbed]', '%')
$$;

-- Whether this transaction scrubs or takes a scrub back: every column that differs is named in audit_scrubbing and is the
-- old text, blotted; or is named in a scrub that audit_restoration takes back, and the old text is the new one, blotted.
create or replace function audit.is_scrub(of_table text, of_key text, old_row jsonb, new_row jsonb) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select old_row <> new_row and not exists (
    select from jsonb_each(new_row) n where n.value is distinct from old_row -> n.key
    and not exists (
      select from public.audit_scrubbing s left join public.audit_restoration r on r.scrubbing_id = s.id
      where ((s.xid = pg_current_xact_id() and s.scrubbed_at >= transaction_timestamp()
              and coalesce(audit.is_blotted(old_row ->> n.key, new_row ->> n.key), false))
          or (r.xid = pg_current_xact_id() and r.restored_at >= transaction_timestamp()
              and coalesce(audit.is_blotted(new_row ->> n.key, old_row ->> n.key), false)))
        and ((s.table_name = of_table and s.row_key = of_key and s.column_name = n.key)
          or (n.key = 'history_change_reason' and s.table_name = 'audit_act' and s.column_name = 'reason'
              and s.row_key = new_row ->> 'act_id'))))
$$;

-- What an act committed to under this name, in hexadecimal; null when its header names no such part.
create or replace function audit.committed_to(of_act uuid, part_name text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select e.header::jsonb #>> array['parts', part_name]
    from public.audit_act a join public.audit_entry e on e.id = a.entry_id where a.id = of_act
$$;

-- In place of audit.refuse where a text may be scrubbed. Arguments: the table as audit_scrubbing names it, and its key.
create or replace function audit.only_scrubbed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if audit.is_scrub(tg_argv[0], to_jsonb(old) ->> tg_argv[1], to_jsonb(old), to_jsonb(new)) then
      return new;
    end if;
  end if;
  raise exception 'audit: % on % is refused: the record is append-only', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create or replace function audit.only_emptied() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if new.salt is null and new.body is null and old.body is not null
        and to_jsonb(new) - 'salt' - 'body' = to_jsonb(old) - 'salt' - 'body'
        and exists (select from public.audit_scrubbing s
                    where s.xid = pg_current_xact_id() and s.scrubbed_at >= transaction_timestamp()
                      and s.parts @> jsonb_build_array(jsonb_build_array(new.act_id, new.name))) then
      return new;
    end if;
    -- A scrub is taken back: the part is filled with what its entry commits to, and with nothing else.
    if old.salt is null and old.body is null
        and to_jsonb(new) - 'salt' - 'body' = to_jsonb(old) - 'salt' - 'body'
        and audit.committed_to(new.act_id, new.name) = encode(sha256(
          convert_to(E'brightline.part/1\n', 'UTF8') || new.salt || convert_to(new.body, 'UTF8')), 'hex')
        and exists (select from public.audit_restoration r join public.audit_scrubbing s on s.id = r.scrubbing_id
                    where r.xid = pg_current_xact_id() and r.restored_at >= transaction_timestamp()
                      and s.parts @> jsonb_build_array(jsonb_build_array(new.act_id, new.name))) then
      return new;
    end if;
  end if;
  raise exception 'audit: % on % is refused: the record is append-only', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- Whether a place is evidence of the line itself: a refused attempt, or what was done under a decision right.
create or replace function audit.is_evidence(place audit.scrubbable, of_key text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare acts uuid[];
begin
  case place.table_name
    when 'audit_act' then
      acts := array[of_key::uuid];
    when 'audit_part' then
      select array_agg(p.act_id) into acts from public.audit_part p where p.id = of_key::bigint;
    when 'audit_scrubbing' then
      select array_agg((p ->> 0)::uuid) into acts
        from public.audit_scrubbing s, jsonb_array_elements(s.parts) p where s.id = of_key::bigint;
    else
      execute format('select array_agg(t.act_id) from public.%I t where t.%I = %L',
                     coalesce(nullif(place.history_table, ''), place.table_name), place.key_column, of_key) into acts;
  end case;
  return exists (select from public.audit_act a where a.id = any(acts) and (a.outcome = 'refused' or a.capacity = 'decides'));
end $$;

-- Whether every text of a value that holds the span keeps a word of three letters beside the marks.
create or replace function audit.keeps_words(v jsonb, span text) returns boolean
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
declare said text := v #>> '{}'; inner_value jsonb;
begin
  case jsonb_typeof(v)
    when 'object' then
      return not exists (select from jsonb_each(v) e where not audit.keeps_words(e.value, span));
    when 'array' then
      return not exists (select from jsonb_array_elements(v) e(value) where not audit.keeps_words(e.value, span));
    when 'string' then
      if audit.blotted(v, span) = v then
        return true;
      end if;
      if said ~ '^\s*[\[{]' then
        begin
          inner_value := said::jsonb;
          return audit.keeps_words(inner_value, span);
        exception when invalid_text_representation then
          null; -- A text that only begins like JSON.
        end;
      end if;
      return (select count(*) from regexp_matches(
        replace(audit.blotted(v, span) #>> '{}', '[scrubbed]', ' '), '[[:alpha:]]{3,}', 'g')) >= 1;
    else
      return true;
  end case;
end $$;

-- Scrubs one place: a text column of a row and of its history, an act's reason with its copies in history, a
-- payload of an act, or the bytes of a sealed file, which lie outside: the note is what makes their absence lawful. Called inside an act before its seal, which must commit to the returned row of audit_scrubbing.
create or replace function audit.scrub(of_act uuid, of_table text, of_key text, of_column text, value text)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  place audit.scrubbable%rowtype; touched jsonb := '[]'; emptied jsonb; found_keys jsonb; kept bigint; rest text := '';
  whole boolean; evidence boolean;
  kind record; target record;
begin
  select s.* into place from audit.scrubbable s where s.table_name = of_table and s.column_name = of_column;
  if place.table_name is null then
    raise exception 'audit: % of % cannot be scrubbed', of_column, of_table using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'audit_document' and of_column = 'bytes' then
    insert into public.audit_scrubbing (act_id, table_name, row_key, column_name, rows, parts, remains, xid, scrubbed_at)
      select of_act, of_table, of_key, of_column, '[]', '[]', '', pg_current_xact_id(), clock_timestamp()
      from public.audit_document d where d.id = of_key::bigint and not exists (
        select from public.audit_scrubbing s
        where s.table_name = of_table and s.row_key = of_key and s.column_name = of_column
          and not exists (select from public.audit_restoration r where r.scrubbing_id = s.id))
      returning id into kept;
    if kept is null then
      raise exception 'audit: document % is not there, or its bytes were dropped before', of_key
        using errcode = 'no_data_found';
    end if;
    return kept;
  end if;
  if length(btrim(value)) < 3 or position(value in '[scrubbed]') > 0 or position('[scrubbed]' in value) > 0 then
    raise exception 'audit: a span to be scrubbed has at least 3 characters and is not the mark'
      using errcode = 'check_violation';
  end if;
  evidence := audit.is_evidence(place, of_key);
  if of_table = 'audit_part' then
    -- A payload has no row of its own: what is left of it stands in the note of the scrub.
    select jsonb_build_array(jsonb_build_array(p.act_id, p.name)), audit.blotted(to_jsonb(p.body), value) #>> '{}',
        not audit.keeps_words(to_jsonb(p.body), value)
      into emptied, rest, whole from public.audit_part p
      where p.id = of_key::bigint and p.name <> 'facts' and p.name not like 'row/%' and p.name not like 'after/%'
        and audit.blotted(to_jsonb(p.body), value) <> to_jsonb(p.body);
  else
    for kind in
        -- of_column of the row itself, of its history, and for an act's reason every history row of that act
        select of_table as name, place.key_column as identity, place.key_column as match, of_column as text
        where place.history_table = ''
        union all
        select place.history_table, 'history_id', place.key_column, of_column where place.history_table <> ''
        union all
        select k.table_name, k.key_column, 'act_id', 'history_change_reason' from audit.kept k
        where of_table = 'audit_act' and k.key_column = 'history_id' loop
      execute format('select coalesce(jsonb_agg(jsonb_build_array(%L, t.%I, %L, %L)), ''[]'') from public.%I t'
                     ' where t.%I = %L and audit.blotted(to_jsonb(t.%I), %L) <> to_jsonb(t.%I)',
                     kind.name, kind.identity, kind.identity, kind.text, kind.name,
                     kind.match, of_key, kind.text, value, kind.text) into found_keys;
      touched := touched || found_keys;
      if evidence and found_keys <> '[]' then
        execute format('select bool_or(not audit.keeps_words(to_jsonb(t.%I), %L)) from public.%I t where t.%I = %L',
                       kind.text, value, kind.name, kind.match, of_key) into whole;
        exit when whole;
      end if;
    end loop;
    select jsonb_agg(jsonb_build_array(p.act_id, p.name) order by p.id) into emptied
      from jsonb_array_elements(touched) r
      join public.audit_part p on p.body is not null and (
        p.name in ('row/' || (r ->> 0) || '/' || (r ->> 1), 'after/' || (r ->> 0) || '/' || (r ->> 1))
        or (r ->> 0 = 'audit_act' and p.name = 'facts' and p.act_id::text = r ->> 1));
    if touched = '[]' then emptied := null; else emptied := coalesce(emptied, '[]'); end if;
  end if;
  if emptied is null then
    raise exception 'audit: % % of % does not hold the span', of_column, of_key, of_table
      using errcode = 'no_data_found';
  end if;

  if evidence and coalesce(whole, false) then
    raise exception 'audit: % of % would lose all its words: of a refused attempt or a decision one stays at least',
      of_column, of_table using errcode = 'check_violation';
  end if;

  insert into public.audit_scrubbing (act_id, table_name, row_key, column_name, rows, parts, remains, xid, scrubbed_at)
    values (of_act, of_table, of_key, of_column,
      (select coalesce(jsonb_agg(jsonb_build_array(r -> 0, r ->> 1)), '[]') from jsonb_array_elements(touched) r),
      emptied, coalesce(rest, ''), pg_current_xact_id(), clock_timestamp())
    returning id into kept;
  for target in select r ->> 0 as name, r ->> 1 as key, r ->> 2 as identity, r ->> 3 as text
                from jsonb_array_elements(touched) r
                union all select of_table, of_key, place.key_column, of_column where place.history_table <> '' loop
    execute format('update public.%I t set %I = (jsonb_populate_record(t, jsonb_build_object(%L,'
                   ' audit.blotted(to_jsonb(t.%I), %L)))).%I'
                   ' where t.%I = %L and audit.blotted(to_jsonb(t.%I), %L) <> to_jsonb(t.%I)',
                   target.name, target.text, target.text, target.text, value, target.text,
                   target.identity, target.key, target.text, value, target.text);
  end loop;
  update public.audit_part p set salt = null, body = null
    from jsonb_array_elements(emptied) e where p.act_id = (e ->> 0)::uuid and p.name = e ->> 1 and p.body is not null;
  return kept;
end $$;

-- Takes back every place of one scrub. `given` are the parts that it emptied, as [act, name, salt in hexadecimal, body];
-- each must be what its entry commits to, so the texts come back exactly as they were sealed. A file's bytes lie outside.
-- Later scrubs of the same rows are taken back first: the older text would bring back what they took out.
create or replace function audit.restore(of_act uuid, of_scrub uuid, given jsonb) returns bigint[]
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare restored bigint[]; part record; place record; key_column text; body jsonb; live jsonb; changed record;
begin
  if not exists (select from public.audit_scrubbing s where s.act_id = of_scrub) then
    raise exception 'audit: act % scrubbed nothing', of_scrub using errcode = 'no_data_found';
  end if;
  if exists (select from public.audit_confirmation c where c.scrub_id = of_scrub)
      or exists (select from public.audit_restoration r join public.audit_scrubbing s on s.id = r.scrubbing_id
                 where s.act_id = of_scrub) then
    raise exception 'audit: the scrub of act % was confirmed or taken back already', of_scrub
      using errcode = 'check_violation';
  end if;
  if exists (select from public.audit_scrubbing s join public.audit_scrubbing later on later.id > s.id
             where s.act_id = of_scrub and later.act_id <> of_scrub
               and (later.table_name = s.table_name and later.row_key = s.row_key
                 or exists (select from jsonb_array_elements(later.rows) r(row) where s.rows @> jsonb_build_array(r.row)))
               and not exists (select from public.audit_restoration r where r.scrubbing_id = later.id)) then
    raise exception 'audit: a later scrub of the same text stands; it is taken back first' using errcode = 'check_violation';
  end if;
  with noted as (
    insert into public.audit_restoration (act_id, scrubbing_id, xid, restored_at)
      select of_act, s.id, pg_current_xact_id(), clock_timestamp() from public.audit_scrubbing s
      where s.act_id = of_scrub order by s.id returning id)
  select array_agg(n.id order by n.id) into restored from noted n;

  update public.audit_part p set salt = decode(g.part ->> 2, 'hex'), body = g.part ->> 3
    from jsonb_array_elements(given) g(part)
    where p.act_id = (g.part ->> 0)::uuid and p.name = g.part ->> 1 and p.body is null;
  if exists (select from public.audit_scrubbing s, jsonb_array_elements(s.parts) e
             join public.audit_part p on p.act_id = (e ->> 0)::uuid and p.name = e ->> 1
             where s.act_id = of_scrub and p.body is null) then
    raise exception 'audit: not every payload that the scrub emptied is given back' using errcode = 'check_violation';
  end if;
  for part in
      select p.act_id, p.name, p.body from public.audit_scrubbing s, jsonb_array_elements(s.parts) e
        join public.audit_part p on p.act_id = (e ->> 0)::uuid and p.name = e ->> 1
      where s.act_id = of_scrub and (p.name = 'facts' or p.name like 'row/%' or p.name like 'after/%')
        -- What a scrub left that was itself taken back is no state of the row any more.
        and not (p.name like 'after/%' and exists (
          select from public.audit_scrubbing o join public.audit_restoration r on r.scrubbing_id = o.id
          where o.act_id = p.act_id))
      order by p.id loop
    body := part.body::jsonb;
    if part.name = 'facts' then
      update public.audit_act a set reason = body ->> 'reason' where a.id = part.act_id and a.reason <> body ->> 'reason';
      continue;
    end if;
    select split_part(part.name, '/', 2) as name, split_part(part.name, '/', 3) as key into place;
    key_column := coalesce((select k.key_column from audit.kept k where k.table_name = place.name), 'id');
    execute format('select to_jsonb(t) from public.%I t where t.%I = %L', place.name, key_column, place.key)
      into strict live;
    for changed in select b.key as name from jsonb_each(body) b where b.value is distinct from live -> b.key loop
      execute format('update public.%I t set %I = (jsonb_populate_record(t, %L::jsonb)).%I where t.%I = %L',
                     place.name, changed.name, body, changed.name, key_column, place.key);
    end loop;
  end loop;
  -- A governed row is as its newest history again.
  for place in select distinct s.table_name as name, s.row_key as key, s.column_name as text, k.history_table as past,
                      k.key_column as key_column
               from public.audit_scrubbing s join audit.scrubbable k
                 on k.table_name = s.table_name and k.column_name = s.column_name
               where s.act_id = of_scrub and k.history_table <> '' loop
    execute format('update public.%1$I t set %2$I = h.%2$I from (select p.%2$I from public.%3$I p where p.%4$I = %5$L'
                   ' order by p.history_id desc limit 1) h where t.%4$I = %5$L and t.%2$I is distinct from h.%2$I',
                   place.name, place.text, place.past, place.key_column, place.key);
  end loop;
  return restored;
end $$;
