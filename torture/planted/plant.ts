import type { Replacement } from '../bundle.ts'

/** A mistake that somebody could make: small, and each breaks a promise. */
export interface Plant {
  name: string
  /** What it breaks. */
  breaks: string
  replacements: readonly Replacement[]
}

export const plant = (name: string, breaks: string, file: string, before: string, after: string): Plant => ({
  name,
  breaks,
  replacements: [{ file, before, after }],
})
