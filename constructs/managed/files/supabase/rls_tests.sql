-- Row-level security: on for every table of schema public, and no policy lets anybody write what they like.
-- Run it with psql, the address in PG* variables: psql -X -f supabase/rls_tests.sql     Exit codes: 0 it holds, 3 it does not.
\set ON_ERROR_STOP on

do $$
declare
  open_tables text;
  open_policies text;
begin
  select string_agg(format('  %I.%I has no row-level security', n.nspname, c.relname), e'\n' order by c.relname)
    into open_tables
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relrowsecurity;

  -- A policy without a check of its own for new rows uses its condition for them too.
  select string_agg(format('  %I.%I: policy "%s" lets %s %s any row', p.schemaname, p.tablename, p.policyname,
      array_to_string(p.roles, ', '), case p.cmd when 'ALL' then 'write' else lower(p.cmd) end), e'\n' order by p.tablename, p.policyname)
    into open_policies
    from pg_policies p
    where p.schemaname = 'public'
      and p.permissive = 'PERMISSIVE'
      and p.roles && array['public', 'anon']::name[]
      and case p.cmd
        when 'INSERT' then p.with_check = 'true'
        when 'UPDATE' then coalesce(p.with_check, p.qual) = 'true' or p.qual = 'true'
        when 'DELETE' then p.qual = 'true'
        when 'ALL' then coalesce(p.with_check, p.qual) = 'true' or p.qual = 'true'
        else false
      end;

  if open_tables is not null or open_policies is not null then
    raise exception e'row-level security does not hold:\n%', concat_ws(e'\n', open_tables, open_policies)
      using hint = 'alter table ... enable row level security; and give writes a condition, such as auth.uid() = user_id.';
  end if;
end
$$;
