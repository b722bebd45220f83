/** How many contacts a build may ask for, and what says so. Advice: the import reserves, and decides. */
import { count } from '../numbers.ts'

/** As many people as one list takes. */
export const mostPeople = 50_000

export interface TargetCap {
  most: number
  why: 'estimate' | 'available' | 'list'
}

/** The smallest of what the filters bring, the leads left and the longest list; null while one is not known. `available` null: unlimited. */
export function capOf(estimate: number | undefined, available: number | null | undefined): TargetCap | null {
  if (estimate === undefined || available === undefined) return null
  if (available !== null && available < Math.min(estimate, mostPeople)) return { most: available, why: 'available' }
  return estimate <= mostPeople ? { most: estimate, why: 'estimate' } : { most: mostPeople, why: 'list' }
}

/** Why it is no more than that. */
export function capInWords({ most, why }: TargetCap): string {
  if (why === 'available') {
    return most === 0
      ? 'No leads are left: the build can be finished, and its campaign imports when there are some.'
      : `Up to ${count(most)}: that is what is left of your leads.`
  }
  if (why === 'list') return `Up to ${count(most)}: as many as one list takes.`
  return most === 0
    ? 'Nobody of these could still count. Change the filters to find people.'
    : `Up to ${count(most)}: so many of the people found could still count.`
}

/** What a number becomes: a whole one from 1 up to the cap. Where nothing can be found now the number waits for better days. */
export function withinCap(typed: number, cap: TargetCap | null): number {
  const most = cap === null || cap.most === 0 ? mostPeople : cap.most
  return Math.max(1, Math.min(Math.round(typed), most))
}
