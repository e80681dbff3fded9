-- What programs can rely on, one object a line: kind, object, detail, and the statement that takes it away; separated by tabs.
with own as (
  select oid, nspname from pg_namespace
  where nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'auth', 'extensions') and nspname !~ '^pg_(temp|toast)'
), relation as (
  select c.oid, c.relkind, format('%I.%I', own.nspname, c.relname) as name
  from pg_class c join own on own.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm')
)
select line from (
  select concat_ws(e'\t', 'table', name, '', format('drop table %s;', name)) from relation where relkind in ('r', 'p')
  union all
  select concat_ws(e'\t', 'view', name, '',
    format('drop %s %s;', case relkind when 'm' then 'materialized view' else 'view' end, name))
  from relation where relkind in ('v', 'm')
  union all
  select concat_ws(e'\t', 'column', name, format('%I %s', attname, format_type(atttypid, atttypmod)),
    format('alter table %s drop column %I;', name, attname))
  from relation join pg_attribute on attrelid = relation.oid
  where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm')
  union all
  select concat_ws(e'\t', 'function', format('%I.%I(%s)', own.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), '',
    format('drop function %I.%I(%s);', own.nspname, p.proname, pg_get_function_identity_arguments(p.oid)))
  from pg_proc p join own on own.oid = p.pronamespace
  where p.prokind in ('f', 'p')
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all
  select concat_ws(e'\t', 'type', format('%I.%I', own.nspname, t.typname), '', format('drop type %I.%I;', own.nspname, t.typname))
  from pg_type t join own on own.oid = t.typnamespace
  where t.typtype = 'e'
  union all
  select concat_ws(e'\t', 'value', format('%I.%I', own.nspname, t.typname), e.enumlabel,
    format('-- %s of %I.%I stays: a value of an enum cannot be taken away', quote_literal(e.enumlabel), own.nspname, t.typname))
  from pg_enum e join pg_type t on t.oid = e.enumtypid join own on own.oid = t.typnamespace
) as lines (line)
order by line collate "C";
