/**
 * Who of the Leads Database a campaign is for. The same judge decides here as in an import, asked once for each value there is, so whoever
 * is found by the campaign's criteria qualifies for them. Then only numbers are compared, and an index alone answers how many there are.
 */
import type { Criteria } from '../campaigns/criteria.ts'
import type { Context } from '../context.ts'
import { transaction, type Queryable } from '../database.ts'
import type { Field } from '../imports/headers.ts'
import type { Qualifier } from '../imports/qualifier.ts'
import { columnOf, directoryState, type DirectoryState } from './prepare.ts'
import { criterions, type Criterion } from './values.ts'

export interface DirectoryPerson {
  name: string
  title: string
  company: string
  country: string
  industry: string
  companySize: string
  /** Masked: "a…@firm.example". Null where no address is known. */
  email: string | null
}

export interface DirectorySearch {
  ready: boolean
  /** Everyone who fits. */
  found: number
  /** Of them, those with a known address. */
  usable: number
  /** Of those, the ones not counted in this period yet: no import can count more. */
  estimate: number
  preview: DirectoryPerson[]
}

export interface DirectoryOption {
  value: string
  /** How many are found when this is asked for and nothing else. */
  people: number
}

export type DirectoryOptions = DirectoryState & Record<Criterion, DirectoryOption[]>

const previewPeople = 10

/** What can be asked for, and how many there are of each; while the directory is being made, how far it is. */
export async function directoryOptions(context: Context): Promise<DirectoryOptions> {
  const state = await directoryState(context)
  const known = await readValues(context.database)
  const options = (criterion: Criterion) =>
    known[criterion].map(({ value }) => ({
      value,
      people: known[criterion]
        .filter((other) => judgeValue(context.qualifier, criterion, other.value, [value]))
        .reduce((sum, { people }) => sum + people, 0),
    }))
  return {
    ...state,
    titles: options('titles'),
    countries: options('countries'),
    industries: options('industries'),
    companySizes: options('companySizes'),
  }
}

/** How many fit these criteria and the first ten of them, with masked addresses. While the directory is not ready nobody is found. */
export async function searchDirectory(
  context: Context,
  workspaceId: string,
  criteria: Criteria,
): Promise<DirectorySearch> {
  const { ready } = await directoryState(context)
  const nobody = { ready, found: 0, usable: 0, estimate: 0, preview: [] }
  if (!ready) return nobody
  // Without Headroom the period is not known; what can be said then is how many there are in all.
  const periodStart = await context.headroom.usage(workspaceId).then(
    ({ period }) => period.start,
    () => null,
  )
  const filter = await filterOf(context, criteria)
  if (filter === null) return nobody
  return transaction(context.database, async (connection) => {
    await connection.query(indexesOnly)
    const { rows } = await connection.query<{ found: number; usable: number }>(countPeople(filter), filter.values)
    const { found, usable } = rows[0]!
    const counted = await connection.query<{ people: number }>(countCounted(filter), [
      ...filter.values,
      workspaceId,
      periodStart,
    ])
    const preview = await connection.query<DirectoryPerson>(selectPreview(filter), filter.values)
    return { ready, found, usable, estimate: usable - counted.rows[0]!.people, preview: preview.rows }
  })
}

/** Conditions on `p`, the people or their counts, and the values of their parameters. */
export interface Filter {
  where: string
  values: number[][]
}

/** The criteria as numbers; null where one of them names nothing that is there, so that nobody can be found. */
export async function filterOf({ database, qualifier }: Context, criteria: Criteria): Promise<Filter | null> {
  const known = await readValues(database)
  const filter: Filter = { where: 'true', values: [] }
  for (const criterion of criterions) {
    const wanted = criteria[criterion] ?? []
    if (wanted.length === 0) continue
    const fitting = known[criterion].filter(({ value }) => judgeValue(qualifier, criterion, value, wanted))
    if (fitting.length === 0) return null
    filter.values.push(fitting.map(({ id }) => id))
    filter.where += ` and p.${columnOf[criterion]} = any($${filter.values.length}::smallint[])`
  }
  return filter
}

const fieldOf: Record<Criterion, Field> = {
  titles: 'title',
  countries: 'country',
  industries: 'industry',
  companySizes: 'companySize',
}

/** Whether somebody of this value, of whom nothing else is asked, would qualify. */
function judgeValue(qualifier: Qualifier, criterion: Criterion, value: string, wanted: string[]): boolean {
  const contact = { [fieldOf[criterion]]: value }
  return qualifier.judge(contact, { titles: [], countries: [], industries: [], [criterion]: wanted }).qualified
}

type Known = Record<Criterion, { id: number; value: string; people: number }[]>

async function readValues(database: Queryable): Promise<Known> {
  const { rows } = await database.query<{ criterion: Criterion; id: number; value: string; people: number }>(
    'select criterion, id, value, people from ken.directory_values order by criterion, id',
  )
  const of = (criterion: Criterion) => rows.filter((row) => row.criterion === criterion)
  return {
    titles: of('titles'),
    countries: of('countries'),
    industries: of('industries'),
    companySizes: of('companySizes').toReversed(),
  }
}

/** A broad search would be planned as a scan of a whole table, by several processes; reading its index through takes half as long. */
export const indexesOnly = 'set local enable_seqscan = off; set local max_parallel_workers_per_gather = 0'

/** How many there are, by combinations of the four criteria. */
export const countPeople = ({ where }: Filter) => `
  select coalesce(sum(p.people), 0)::integer as found, coalesce(sum(p.with_address), 0)::integer as usable
    from ken.directory_counts p where ${where}`

/** Those whose address this workspace has counted in the period that begins then. */
export const countCounted = ({ where, values }: Filter) => `
  select count(*)::integer as people
    from ken.counted d
    join ken.directory_people p on p.email_hash = d.email_hash collate "C"
   where d.workspace_id = $${values.length + 1} and d.period_start = $${values.length + 2}::timestamptz and ${where}`

/** The values of a person by their names. */
export const joinValues = `
    join ken.directory_values t on t.criterion = 'titles' and t.id = p.title
    join ken.directory_values c on c.criterion = 'countries' and c.id = p.country
    join ken.directory_values i on i.criterion = 'industries' and i.id = p.industry
    join ken.directory_values s on s.criterion = 'companySizes' and s.id = p.company_size`

export const selectPreview = ({ where }: Filter) => `
  select p.first_name || ' ' || p.last_name as name, t.value as title, p.company, c.value as country, i.value as industry,
         s.value as "companySize", left(p.email, 1) || '…' || substr(p.email, strpos(p.email, '@')) as email
    from (select * from ken.directory_people p where ${where} order by p.id limit ${previewPeople}) p ${joinValues}
   order by p.id`
