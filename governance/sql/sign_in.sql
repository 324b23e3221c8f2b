-- A sign-in is no governed row: its password, factors and addresses are changed by whoever the application's login obeys.
-- So the database itself notes each such change in the installation's log, whatever page, command or statement made it.

create or replace function governance.note_sign_in() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  was jsonb := coalesce(to_jsonb(old), '{}'); is_now jsonb := coalesce(to_jsonb(new), '{}'); changed text[] := '{}';
  of_account bigint; noted bigint; told text;
begin
  of_account := case tg_table_name when 'governance_account' then coalesce(is_now ->> 'id', was ->> 'id')
    else coalesce(is_now ->> 'user_id', was ->> 'user_id') end;
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into changed from jsonb_each(is_now) n
      where n.value is distinct from was -> n.key and n.key <> all(array['last_login', 'last_used_at', 'extra_data']);
    if changed is null then
      return null;
    end if;
  end if;
  told := concat_ws(' ', tg_table_name, coalesce(is_now ->> 'type', was ->> 'type', is_now ->> 'provider', was ->> 'provider'),
    case tg_op when 'INSERT' then 'added' when 'DELETE' then 'removed' else 'changed: ' || array_to_string(changed, ', ') end,
    'by', session_user);
  insert into public.audit_accessevent (at, practice, actor, account, kind, path, object, status, request, fields, length,
      address)
    values (clock_timestamp(), null, (select p.id from public.governance_person p where p.account_id = of_account),
      of_account, 'sign-in changed', '', told, null, '', '', null, '')
    returning id into noted;
  insert into audit.unsealed (access) values (noted);
  return null;
end $$;
