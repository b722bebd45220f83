import type pg from 'pg'

/**
 * The schema `headroom` as text, read from the catalogs of the database itself: tables, columns, constraints, indexes, storage
 * options, privileges. The same on every PostgreSQL from 15 on, so what is left out is what versions name differently
 * (NOT NULL as a constraint, the privilege MAINTAIN).
 */
export async function schemaText(client: pg.ClientBase): Promise<string> {
  const others = await client.query<{ what: string }>(otherObjects)
  const { rows } =
    await client.query<Record<'name' | 'options' | 'columns' | 'constraints' | 'indexes' | 'rights', string>>(tables)
  const blocks = rows.map(({ name, options, columns, constraints, indexes, rights }) =>
    [`table ${name}`, options, columns, constraints, indexes, rights].filter((part) => part).join('\n'),
  )
  const rest = others.rows.map(({ what }) => what)
  return [...blocks, ...(rest.length > 0 ? [rest.join('\n')] : [])].join('\n\n') + '\n'
}

/** One line each; names are padded so that the eye finds the types. */
const tables = `
select c.relname::text as name,
       (select string_agg('  with ' || option, e'\\n' order by option) from unnest(c.reloptions) option) as options,
       (select string_agg('  ' || rpad(a.attname, 15) || format_type(a.atttypid, a.atttypmod)
                          || case when l.collname is not null and l.collname <> 'default' then ' collate "' || l.collname || '"' else '' end
                          || case when a.attnotnull then ' not null' else '' end
                          || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
                          || case when a.attidentity <> '' then ' identity' else '' end, e'\\n' order by a.attnum)
          from pg_attribute a
          left join pg_collation l on l.oid = a.attcollation
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       (select string_agg('  constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid), e'\\n' order by k.contype <> 'p', k.conname)
          from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n') as constraints,
       (select string_agg('  index ' || replace(pg_get_indexdef(i.indexrelid), ' headroom.', ' '), e'\\n' order by i.indexrelid::regclass::text)
          from pg_index i where i.indrelid = c.oid and not i.indisprimary) as indexes,
       (select string_agg('  grant ' || rights || ' to ' || grantee, e'\\n' order by grantee)
          from (select string_agg(lower(privilege_type), ', ' order by privilege_type) as rights, grantee::regrole::text as grantee
                  from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))
                 where privilege_type <> 'MAINTAIN'
                 group by grantee) g) as rights
  from pg_class c
 where c.relnamespace = 'headroom'::regnamespace and c.relkind in ('r', 'p')
 order by c.relname`

/** Whatever else lives in the schema: there should be nothing. */
const otherObjects = `
select what from (
  select 'relation ' || relname || ' of kind ' || relkind::text as what from pg_class
   where relnamespace = 'headroom'::regnamespace and relkind not in ('r', 'p', 'i')
  union all
  select 'function ' || proname from pg_proc where pronamespace = 'headroom'::regnamespace
  union all
  select 'type ' || typname from pg_type where typnamespace = 'headroom'::regnamespace and typtype in ('e', 'd', 'r')
  union all
  select 'trigger ' || tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'headroom'::regnamespace and not tgisinternal
) others
 order by what`
