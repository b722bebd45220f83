/** A build as its page shows it, and the words of its eight steps. */
import type { Criteria } from '../campaigns/criteria.ts'
import type { SequenceStep } from '../sending/sequence.ts'

/** The eight steps in their order; the first is a person's, "qualify" is done by rules, the others by the builder. */
export const stepNames = [
  'files',
  'research',
  'planning',
  'ideal_customer',
  'qualify',
  'segment',
  'strategy',
  'email_copy',
] as const

export type BuildStepName = (typeof stepNames)[number]

export interface Brief {
  company: string
  website: string
  offer: string
  audience: string
  goal: string
}

export interface Research {
  summary: string
  facts: string[]
}

export interface Planning {
  goal: string
  points: string[]
}

export interface JudgedPerson {
  name: string
  title: string
  company: string
  country: string
  reason: string
}

export interface Qualified {
  sampled: number
  passed: JudgedPerson[]
  filtered: JudgedPerson[]
}

export interface Segment {
  name: string
  description: string
  /** Whom of the directory it takes; within the build's criteria. */
  criteria: Criteria
  /** How many people of the directory that is. Counted by Ken, whoever proposed the segment. */
  people: number
}

export interface Strategy {
  angle: string
  tone: string
  points: string[]
}

export interface BuildView {
  id: string
  name: string
  /** A draft holds no credit; an active build holds one until it is left, completed, or nobody looks at it for 15 minutes. */
  state: 'active' | 'draft' | 'completed'
  /** Where it stands: the step that is being made, or that waits for a person to be content with it. */
  step: BuildStepName
  /** The step the builder makes right now; null also while the build is a draft (a step that was under way goes on when it is resumed). */
  working: BuildStepName | null
  brief: Brief
  files: { id: string; name: string; bytes: number }[]
  research: Research | null
  planning: Planning | null
  /** With the target: what "ideal customer" brought. */
  criteria: Criteria | null
  target: number | null
  qualify: Qualified | null
  segments: Segment[] | null
  strategy: Strategy | null
  sequence: SequenceStep[] | null
  /**
   * `lost`: it was completed without a credit. `reservation`: what holds the credit, or spent it. `until`: when the hold ends unless
   * somebody works on the build or looks at it.
   */
  credit: { state: 'reserved' | 'returned' | 'spent' | 'lost'; reservation: string | null; until: string | null }
  /** `step_failed`: redo the step. `credit_ended`: resume it. `credit_lost`, `no_list`: of a completed build. */
  notice: { kind: 'step_failed' | 'credit_ended' | 'credit_lost' | 'no_list'; text: string } | null
  campaignId: string | null
  /** "offline", or the model that does the work. */
  builder: string
  revision: number
  createdAt: string
  updatedAt: string
  ownerId: string
}

export type BuildSummary = Pick<BuildView, 'id' | 'name' | 'state' | 'step' | 'updatedAt' | 'campaignId'>
