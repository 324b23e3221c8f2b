-- The ledger's functions. They belong to the owner; the application may execute `audit.seal` and nothing else here.
-- Canonical form: RFC 8785 for the header's profile (ASCII keys, strings, integers below 2^53). Tree: RFC 6962.

create schema if not exists audit;
revoke all on schema audit from public;

create or replace function audit.canonical(v jsonb) returns text
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
begin
  -- Called once for each object and array, not for each value in it: a call costs more than what it does.
  case jsonb_typeof(v)
    when 'object' then
      return '{' || coalesce((
        select string_agg(to_json(key)::text || ':' || case when jsonb_typeof(value) in ('object', 'array')
          then audit.canonical(value) else value::text end, ',' order by key collate "C")
        from jsonb_each(v)), '') || '}';
    when 'array' then
      return '[' || coalesce((
        select string_agg(case when jsonb_typeof(value) in ('object', 'array')
          then audit.canonical(value) else value::text end, ',' order by n)
        from jsonb_array_elements(v) with ordinality e(value, n)), '') || ']';
    else
      return v::text;
  end case;
end $$;

create or replace function audit.timestamp_text(t timestamptz) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

create or replace function audit.sealed_now(act uuid) returns boolean
language sql stable strict set search_path = pg_catalog, pg_temp as $$
  -- Transaction ids repeat after a restore; the clock tells such a pair apart.
  select exists (select from public.audit_act a where a.id = act
                 and a.xid = pg_current_xact_id() and a.recorded_at >= transaction_timestamp())
$$;

-- The log's number; a log that is not there yet is opened under the name of the installation, or that given.
create or replace function audit.open_log(of_kind text, of_practice uuid, named text default null) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare found_log bigint;
begin
  if of_practice is null then
    select id into found_log from public.audit_log where kind = of_kind and practice is null;
  else
    select id into found_log from public.audit_log where kind = of_kind and practice = of_practice;
  end if;
  if found_log is not null then
    return found_log;
  end if;
  named := coalesce(named, (select s.value from audit.setting s where s.name = 'origin'));
  insert into public.audit_log (kind, practice, origin, opened_at)
  values (of_kind, of_practice, named || '/' || of_kind || '/' || gen_random_uuid(), clock_timestamp())
  on conflict do nothing returning id into found_log;
  if found_log is null then
    select id into strict found_log from public.audit_log
    where kind = of_kind and practice is not distinct from of_practice;
  else
    insert into public.audit_head (log_id, size, root, frontier, last_at)
    values (found_log, 0, sha256(''::bytea), ''::bytea, '-infinity');
  end if;
  return found_log;
end $$;

-- Appends one leaf. The header is finished here, under the head's lock: number and time are the log's own.
-- Its fields are written in the order of RFC 8785: sorting them anew each time cost more than the hashing.
-- `parts`: the commitments, canonical already.
create or replace function audit.append(in_log bigint, header jsonb, parts json default null,
    out index bigint, out entry bigint, out recorded_at timestamptz)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  head record; header_text text; leaf bytea; node bytea; rest bigint; subtrees bytea; kept int; tree_root bytea;
begin
  select h.size, h.frontier, h.last_at, l.origin into strict head
    from public.audit_head h join public.audit_log l on l.id = h.log_id where h.log_id = in_log for no key update of h;
  recorded_at := clock_timestamp();
  index := head.size;
  if header - '{access,actor,capacity,flag,grant,id,note,object,occurred,office,outcome,practice}'::text[]
      - '{request,right,side,verb,via}'::text[] <> '{}' then
    raise exception 'audit: a header knows not all of these fields: %', header using errcode = 'check_violation';
  end if;
  header_text := json_strip_nulls(json_build_object(
    'access', audit.canonical(header -> 'access')::json, 'actor', header -> 'actor',
    'at', audit.timestamp_text(recorded_at), 'capacity', header -> 'capacity',
    'clock', case when recorded_at < head.last_at then 'stepped back' end, 'flag', header -> 'flag',
    'grant', header -> 'grant', 'id', header -> 'id', 'index', index, 'log', head.origin, 'note', header -> 'note',
    'object', case when header ? 'object' then json_build_object(
      'id', header #> '{object,id}', 'type', header #> '{object,type}') end,
    'occurred', header -> 'occurred', 'office', header -> 'office', 'outcome', header -> 'outcome', 'parts', parts,
    'practice', header -> 'practice', 'request', header -> 'request', 'right', header -> 'right',
    'side', header -> 'side', 'v', 1, 'verb', header -> 'verb', 'via', header -> 'via'));
  leaf := sha256('\x00'::bytea || convert_to(header_text, 'UTF8'));
  node := leaf; rest := head.size; subtrees := head.frontier; kept := length(subtrees) / 32;
  while rest & 1 = 1 loop
    node := sha256('\x01'::bytea || substr(subtrees, kept * 32 - 31, 32) || node);
    kept := kept - 1; rest := rest >> 1;
  end loop;
  subtrees := substr(subtrees, 1, kept * 32) || node;
  tree_root := node;
  for i in reverse kept..1 loop
    tree_root := sha256('\x01'::bytea || substr(subtrees, i * 32 - 31, 32) || tree_root);
  end loop;
  insert into public.audit_entry (log_id, index, header, leaf) values (in_log, index, header_text, leaf)
    returning id into entry;
  update public.audit_head set size = index + 1, root = tree_root, frontier = subtrees,
    last_at = greatest(head.last_at, recorded_at) where log_id = in_log;
end $$;

-- Stores one act with its parts and its entry: the last statement of the act's transaction.
create or replace function audit.seal(act jsonb, out log bigint, out index bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  act_id uuid := act ->> 'id'; practice uuid := act ->> 'practice';
  occurred timestamptz := act ->> 'occurred_at'; flag text := coalesce(act ->> 'flag', '');
  parts jsonb := coalesce(act -> 'parts', '{}'); names text[]; salts bytea[]; commitments json;
  touched record; body text; position record; key_column text;
begin
  if exists (select from public.audit_act a where a.xid = pg_current_xact_id()
             and a.recorded_at >= transaction_timestamp()) then
    raise exception 'audit: this transaction has sealed its act already' using errcode = 'insufficient_privilege';
  end if;
  if parts <> '{}' then
    if exists (select from jsonb_object_keys(parts) given(name)
               where given.name = 'facts' or given.name like 'row/%' or given.name like 'after/%') then
      raise exception 'audit: facts and rows are read by the seal, never handed to it'
        using errcode = 'insufficient_privilege';
    end if;
  end if;
  if occurred is not null and flag not in ('demonstration', 'back-entry') then
    raise exception 'audit: a claimed time needs the demonstration or back-entry flag' using errcode = 'check_violation';
  end if;
  if occurred is not null and occurred > clock_timestamp() then
    raise exception 'audit: an act cannot have occurred in the future' using errcode = 'check_violation';
  end if;

  parts := parts || jsonb_build_object('facts', '{' || concat_ws(',',  -- canonical: in the order of the keys
      '"actor_name":' || to_json(act ->> 'actor_name')::text, '"office_name":' || to_json(act ->> 'office_name')::text,
      '"reason":' || to_json(act ->> 'reason')::text) || '}');
  for touched in select row ->> 0 as table_name, row ->> 1 as key, (
        select kind.key_column from audit.kept kind where kind.table_name = row ->> 0) as key_column
      from jsonb_array_elements(act -> 'rows') r(row) loop
    if touched.key_column is null then
      raise exception 'audit: % holds no record', touched.table_name using errcode = 'insufficient_privilege';
    end if;
    execute format('select to_jsonb(t)::text from public.%I t where t.%I = %L and t.act_id = %L',
                   touched.table_name, touched.key_column, touched.key, act_id) into body;
    if body is null then
      raise exception 'audit: row % of % is not of this act', touched.key, touched.table_name
        using errcode = 'insufficient_privilege';
    end if;
    parts := parts || jsonb_build_object('row/' || touched.table_name || '/' || touched.key, body);
  end loop;
  -- What a scrub left of each row: the act commits to it in place of the parts that were emptied.
  for touched in select distinct row ->> 0 as table_name, row ->> 1 as key
                 from public.audit_scrubbing s, jsonb_array_elements(s.rows) r(row) where s.act_id = (act ->> 'id')::uuid loop
    key_column := coalesce((select kind.key_column from audit.kept kind where kind.table_name = touched.table_name), 'id');
    execute format('select to_jsonb(t)::text from public.%I t where t.%I = %L',
                   touched.table_name, key_column, touched.key) into strict body;
    parts := parts || jsonb_build_object('after/' || touched.table_name || '/' || touched.key, body);
  end loop;
  with salted as materialized (
    select key as name, value as body, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
      || uuid_send(gen_random_uuid())) as salt from jsonb_each_text(parts))
  select array_agg(s.name), array_agg(s.salt), '{' || string_agg(to_json(s.name)::text || ':"' || encode(sha256(
      convert_to(E'brightline.part/1\n', 'UTF8') || s.salt || convert_to(s.body, 'UTF8')), 'hex') || '"', ','
      order by s.name collate "C") || '}'
    into names, salts, commitments from salted s;

  log := audit.open_log(case when practice is null then 'installation' else 'practice' end, practice);
  position := audit.append(log, jsonb_strip_nulls(jsonb_build_object(
      'id', act_id, 'practice', practice, 'verb', act ->> 'verb', 'outcome', act ->> 'outcome',
      'capacity', act ->> 'capacity', 'actor', act ->> 'actor', 'office', nullif(act ->> 'office', ''),
      'side', nullif(act ->> 'side', ''), 'grant', act ->> 'appointment', 'right', nullif(act ->> 'right', ''),
      'object', case when act ->> 'object_type' <> '' then
          jsonb_build_object('type', act ->> 'object_type', 'id', act ->> 'object_id') end,
      'occurred', audit.timestamp_text(occurred), 'request', act ->> 'request', 'via', act ->> 'via',
      'flag', nullif(flag, ''))), commitments);
  index := position.index;
  insert into public.audit_act (id, entry_id, practice, verb, outcome, capacity, actor, actor_name, office, office_name,
      side, appointment, "right", object_type, object_id, reason, occurred_at, recorded_at, xid, request, via, flag)
    values (act_id, position.entry, practice, act ->> 'verb', act ->> 'outcome', act ->> 'capacity',
      (act ->> 'actor')::uuid, act ->> 'actor_name', act ->> 'office', act ->> 'office_name', act ->> 'side',
      (act ->> 'appointment')::bigint, act ->> 'right', act ->> 'object_type', act ->> 'object_id', act ->> 'reason',
      coalesce(occurred, position.recorded_at), position.recorded_at, pg_current_xact_id(),
      act ->> 'request', act ->> 'via', flag);
  insert into public.audit_part (act_id, name, salt, body)
    select act_id, p.name, p.salt, parts ->> p.name from unnest(names, salts) p(name, salt);
end $$;

-- Whether a note is one of this log at this size, in the form of a signed checkpoint: origin, size and root, an empty
-- line, and signatures. The root is that of the head, or, where the log went on meanwhile, that of the leaves up to there.
create or replace function audit.is_checkpoint(of_log bigint, of_size bigint, signed_note text) returns boolean
language plpgsql stable strict set search_path = pg_catalog, pg_temp as $$
declare stated text[]; head record; leaves bytea;
begin
  stated := regexp_match(signed_note,
    '^([^\n]+)\n([1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n\n(?:\u2014 [^ \n]+ [A-Za-z0-9+/]+={0,2}\n)+$');
  select l.origin, h.size, h.root into head from public.audit_log l join public.audit_head h on h.log_id = l.id
    where l.id = of_log;
  if stated is null or head.origin is distinct from stated[1] or stated[2] <> of_size::text or of_size > head.size then
    return false;
  end if;
  if of_size = head.size then
    return decode(stated[3], 'base64') = head.root;
  end if;
  select string_agg(e.leaf, ''::bytea order by e.index) into leaves from public.audit_entry e
    where e.log_id = of_log and e.index < of_size;
  return length(leaves) = of_size * 32 and decode(stated[3], 'base64') = audit.tree_root(leaves);
end $$;

-- Called by the checkpointer alone: keeps a signed note and enters it into the site log. Whether the signature is true,
-- only who holds the public key can tell: verify_ledger and every pack do. Form, size and root are proven here.
create or replace function audit.keep_checkpoint(of_log bigint, of_size bigint, signed_note text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare kept bigint; site bigint;
begin
  if exists (select from public.audit_checkpoint c where c.log_id = of_log and c.size = of_size) then
    return false;
  end if;
  if audit.is_checkpoint(of_log, of_size, signed_note) is not true then
    raise exception 'audit: this is no checkpoint of log % over % entries', of_log, of_size
      using errcode = 'check_violation';
  end if;
  insert into public.audit_checkpoint (log_id, size, note, made_at)
  values (of_log, of_size, signed_note, clock_timestamp()) on conflict do nothing returning id into kept;
  if kept is null then return false; end if;
  if (select kind from public.audit_log where id = of_log) <> 'site' then
    site := audit.open_log('site', null);
    perform audit.append(site, jsonb_build_object('verb', 'checkpoint', 'note', signed_note));
  end if;
  return true;
end $$;
