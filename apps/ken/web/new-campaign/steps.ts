/** The steps of a new campaign, and which of them can be opened now. */
import type { Source } from '../api.ts'

export const steps = ['criteria', 'source', 'contacts', 'target', 'review'] as const
export type Step = (typeof steps)[number]

/** What each step is called; the third is called after the source that was chosen. */
export function stepName(step: Step, source: Source | null): string {
  switch (step) {
    case 'criteria':
      return 'Name and criteria'
    case 'source':
      return 'Data source'
    case 'contacts':
      return source === null ? 'Contacts' : source === 'csv' ? 'CSV Upload' : 'Leads Database'
    case 'target':
      return 'How many'
    case 'review':
      return 'Review'
  }
}

export interface Progress {
  name: string
  source: Source | null
  /** A file or a list is chosen, with somebody in it who can be imported. */
  hasContacts: boolean
  /** What was asked for fits what is left. */
  fits: boolean
}

/** Each step needs what the ones before it bring. */
export function isOpen(step: Step, { name, source, hasContacts, fits }: Progress): boolean {
  const needs = [true, name.trim() !== '', source !== null, hasContacts, fits]
  return needs.slice(0, steps.indexOf(step) + 1).every(Boolean)
}
