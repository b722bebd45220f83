/** A look at who could become a lead: people of the directory, from a wider circle than the criteria draw, judged by the rules of an import. */
import type { Criteria } from '../campaigns/criteria.ts'
import type { Context } from '../context.ts'
import type { Build } from './build-rows.ts'
import type { JudgedPerson, Qualified } from './build-view.ts'
import { reasonLabels } from '../imports/reasons.ts'
import { searchDirectory, type DirectoryPerson } from '../directory/search.ts'

const lists = ['titles', 'countries', 'industries', 'companySizes'] as const
const names = { titles: 'title', countries: 'country', industries: 'industry', companySizes: 'company size' }

/**
 * Judges the first people whom the criteria find, and the first whom they would find with one list less, so that each list can be seen
 * to filter somebody out. The same sample for the same criteria.
 */
export async function judgeSample(
  context: Context,
  { workspaceId }: Pick<Build, 'workspaceId'>,
  criteria: Criteria,
): Promise<Qualified> {
  const asked = lists.filter((list) => (criteria[list]?.length ?? 0) > 0)
  const circles = [criteria, ...asked.map((list): Criteria => ({ ...criteria, [list]: [] }))]
  const searches = await Promise.all(circles.map((circle) => searchDirectory(context, workspaceId, circle)))
  const people = new Map(
    searches.flatMap(({ preview }) => preview.map((person) => [JSON.stringify([person.name, person.company]), person])),
  )
  const matches = `${sentence(asked.map((list) => names[list]))} ${asked.length > 1 ? 'match' : 'matches'}`
  const qualified: Qualified = { sampled: people.size, passed: [], filtered: [] }
  for (const person of people.values()) {
    const { name, title, company, country, industry, companySize } = person
    const judgement = context.qualifier.judge({ name, title, company, country, industry, companySize }, criteria)
    // Whoever meets the criteria still cannot count without an address.
    if (judgement.qualified && person.email === null) qualified.filtered.push(shown(person, reasonLabels.no_address))
    else if (judgement.qualified) qualified.passed.push(shown(person, asked.length > 0 ? matches : 'Anybody qualifies'))
    else qualified.filtered.push(shown(person, judgement.label))
  }
  return qualified
}

const shown = ({ name, title, company, country }: DirectoryPerson, reason: string): JudgedPerson => ({
  name,
  title,
  company,
  country,
  reason,
})

/** "Title, country and industry". */
function sentence(words: string[]): string {
  const text = new Intl.ListFormat('en', { type: 'conjunction' }).format(words).replace(/, and /, ' and ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
