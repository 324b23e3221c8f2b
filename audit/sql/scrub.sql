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

-- Whether this transaction scrubs: every column that differs is named in audit_scrubbing and is the old text, blotted.
create or replace function audit.is_scrub(of_table text, of_key text, old_row jsonb, new_row jsonb) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select old_row <> new_row and not exists (
    select from jsonb_each(new_row) n where n.value is distinct from old_row -> n.key
    and not (coalesce(audit.is_blotted(old_row ->> n.key, new_row ->> n.key), false) and exists (
      select from public.audit_scrubbing s
      where s.xid = pg_current_xact_id() and s.scrubbed_at >= transaction_timestamp()
        and ((s.table_name = of_table and s.row_key = of_key and s.column_name = n.key)
          or (n.key = 'history_change_reason' and s.table_name = 'audit_act' and s.column_name = 'reason'
              and s.row_key = new_row ->> 'act_id')))))
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
  end if;
  raise exception 'audit: % on % is refused: the record is append-only', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- Scrubs one place: a text column of a row and of its history, an act's reason with its copies in history, a
-- payload of an act, or the bytes of a sealed file, which lie outside: the note is what makes their absence lawful. Called inside an act before its seal, which must commit to the returned row of audit_scrubbing.
create or replace function audit.scrub(of_act uuid, of_table text, of_key text, of_column text, value text)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  place audit.scrubbable%rowtype; touched jsonb := '[]'; emptied jsonb; found_keys jsonb; kept bigint;
  kind record; target record;
begin
  select s.* into place from audit.scrubbable s where s.table_name = of_table and s.column_name = of_column;
  if place.table_name is null then
    raise exception 'audit: % of % cannot be scrubbed', of_column, of_table using errcode = 'insufficient_privilege';
  end if;
  if of_table = 'audit_document' and of_column = 'bytes' then
    insert into public.audit_scrubbing (act_id, table_name, row_key, column_name, rows, parts, xid, scrubbed_at)
      select of_act, of_table, of_key, of_column, '[]', '[]', pg_current_xact_id(), clock_timestamp()
      from public.audit_document d where d.id = of_key::bigint and not exists (
        select from public.audit_scrubbing s
        where s.table_name = of_table and s.row_key = of_key and s.column_name = of_column)
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
  if of_table = 'audit_part' then
    select jsonb_build_array(jsonb_build_array(p.act_id, p.name)) into emptied from public.audit_part p
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

  insert into public.audit_scrubbing (act_id, table_name, row_key, column_name, rows, parts, xid, scrubbed_at)
    values (of_act, of_table, of_key, of_column,
      (select coalesce(jsonb_agg(jsonb_build_array(r -> 0, r ->> 1)), '[]') from jsonb_array_elements(touched) r),
      emptied, pg_current_xact_id(), clock_timestamp())
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
