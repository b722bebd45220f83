/** How many contacts a build may ask for, and what says so. Advice: the import reserves, and decides. */
import { count } from '../numbers.ts'

/** As many people as one list takes. */
const listMost = 50_000

export interface TargetCap {
  most: number
  why: 'estimate' | 'available' | 'list'
}

/** The smallest of what these filters bring, the leads left and the longest list; null while nothing is known. `available` null: unlimited. */
export function capOf(estimate: number | undefined, available: number | null | undefined): TargetCap | null {
  if (estimate === undefined || available === undefined) return null
  if (available !== null && available < Math.min(estimate, listMost)) return { most: available, why: 'available' }
  return estimate <= listMost ? { most: estimate, why: 'estimate' } : { most: listMost, why: 'list' }
}

/** Why it is no more than that. */
export function capInWords({ most, why }: TargetCap): string {
  if (why === 'available') return `Up to ${count(most)}: that is what is left of your leads.`
  if (why === 'estimate') return `Up to ${count(most)}: so many of the people found could still count.`
  return `Up to ${count(most)}: as many as one list takes.`
}

/** What a typed number becomes: at least 1 and at most the cap; null means as many as the cap allows. */
export function withinCap(typed: number | null, cap: TargetCap | null): number | null {
  if (typed === null) return null
  return Math.max(1, Math.min(Math.round(typed), cap?.most ?? listMost))
}
