import type { Ratio, Section } from './section.ts'

/** What a run measured, in the shape of the JSON. */
export interface Report {
  machine: string
  postgres: Record<string, string>
  rounds: number
  seconds: number
  results: Section['results']
  ratios: Record<string, number | null>
  /** What there was to reach, and whether it was; only ratios with a goal. */
  goals: Record<string, Ratio['goal'] & { met: boolean | null }>
  noisy: string[]
}

export function reportOf(
  about: Pick<Report, 'machine' | 'postgres' | 'rounds' | 'seconds'>,
  sections: Section[],
): Report {
  const ratios = sections.flatMap(({ ratios }) => ratios)
  return {
    ...about,
    results: sections.flatMap(({ results }) => results),
    ratios: Object.fromEntries(ratios.map(({ name, value }) => [name, value])),
    goals: Object.fromEntries(
      ratios.flatMap((ratio) => (ratio.goal ? [[ratio.name, { ...ratio.goal, met: isMet(ratio) }]] : [])),
    ),
    noisy: sections.flatMap(({ noisy }) => noisy),
  }
}

/** Null: nothing was to be reached, or it could not be measured. */
export function isMet({ value, goal }: Ratio): boolean | null {
  if (value === null || goal === null) return null
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}

export function printResults({ results, legend = [] }: Section): void {
  if (results.length === 0) return
  console.table(
    results.map(({ contender, workload, callers, opsPerSecond: { min, median, max }, p50Ms, p99Ms }) => ({
      contender,
      workload,
      callers,
      'ops/s': Math.round(median),
      'min-max': `${Math.round(min)}-${Math.round(max)}`,
      'p50 ms': round(p50Ms),
      'p99 ms': round(p99Ms),
    })),
  )
  for (const line of legend) console.log(line)
}

export function printRatios(sections: Section[]): void {
  const mark = { true: 'met', false: 'NOT MET', null: '' }
  console.table(
    sections.flatMap(({ ratios }) =>
      ratios.map((ratio) => ({
        name: ratio.name,
        value: ratio.value === null ? 'not measured' : round(ratio.value),
        goal: goalInWords(ratio.goal),
        reached: mark[`${isMet(ratio)}`],
        note: ratio.note ?? '',
      })),
    ),
  )
  for (const line of sections.flatMap(({ noisy }) => noisy)) console.log(`noisy: ${line}`)
}

function goalInWords(goal: Ratio['goal']): string {
  if (goal === null) return ''
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
}

const round = (value: number) => Number(value.toPrecision(3))
