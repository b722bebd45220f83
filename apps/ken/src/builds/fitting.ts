/** Criteria that find somebody: made of words the directory knows, and no narrower than it has people for. */
import type { Criteria } from '../campaigns/criteria.ts'
import type { Context } from '../context.ts'
import type { Build } from './build-rows.ts'
import { StepFailed } from './builder.ts'
import { searchDirectory, type DirectoryOptions, type DirectorySearch } from '../directory/search.ts'

/** From the one that can best be done without to the one that says most about a person. */
const criterions = ['companySizes', 'industries', 'countries', 'titles'] as const
export type Criterion = (typeof criterions)[number]

const mostWords = 20

/** The words of these criteria that the directory knows, in its own spelling, each once. */
export function known(
  { titles, countries, industries, companySizes = [] }: Criteria,
  options: DirectoryOptions,
): Criteria {
  const fit = (words: string[], known: { value: string }[]) => {
    const asked = new Set(words.map((word) => word.toLowerCase()))
    return known.flatMap(({ value }) => (asked.has(value.toLowerCase()) ? [value] : [])).slice(0, mostWords)
  }
  return {
    titles: fit(titles, options.titles),
    countries: fit(countries, options.countries),
    industries: fit(industries, options.industries),
    companySizes: fit(companySizes, options.companySizes),
  }
}

/** The part of the whole that these criteria ask for: a list that has nothing in common with the whole's gives way to it. */
export function within(part: Criteria, whole: Criteria): Criteria {
  const narrow = (mine: string[], all: string[]) => {
    if (all.length === 0) return mine
    const common = mine.filter((word) => all.includes(word))
    return common.length > 0 ? common : all
  }
  return {
    titles: narrow(part.titles, whole.titles),
    countries: narrow(part.countries, whole.countries),
    industries: narrow(part.industries, whole.industries),
    companySizes: narrow(part.companySizes ?? [], whole.companySizes ?? []),
  }
}

/** The same criteria, with one list after the other left out until somebody is found. */
export async function findable(
  context: Context,
  { workspaceId }: Pick<Build, 'workspaceId'>,
  asked: Criteria,
): Promise<{ criteria: Criteria; search: DirectorySearch }> {
  let criteria = asked
  for (const criterion of [...criterions, null]) {
    const search = await searchDirectory(context, workspaceId, criteria)
    if (search.found > 0) return { criteria, search }
    if (criterion) criteria = { ...criteria, [criterion]: [] }
  }
  throw new StepFailed('The Leads Database has nobody in it yet. Try this step again in a minute.')
}
