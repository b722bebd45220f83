/** What the pages of "Create with AI" ask Ken: shapes and one function per request. */
import type { VerdictWire } from '@headroom/sdk'
import type { Criteria } from '../api.ts'
import { ask, at, post, put, remove } from '../ask.ts'
import type { SequenceStep } from '../sending/api.ts'

export type BuildStepName =
  'files' | 'research' | 'planning' | 'ideal_customer' | 'qualify' | 'segment' | 'strategy' | 'email_copy'

export interface Brief {
  company: string
  website: string
  offer: string
  audience: string
  goal: string
}

export interface BuildFile {
  id: string
  name: string
  bytes: number
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

export interface Segment {
  name: string
  description: string
  /** Whom of the directory it takes. */
  criteria: Criteria
  people: number
}

export interface Strategy {
  angle: string
  tone: string
  points: string[]
}

export interface Build {
  id: string
  name: string
  state: 'active' | 'draft' | 'completed'
  /** Where it stands: the step that is being made, or that waits for a person to be content with it. */
  step: BuildStepName
  /** The step the builder makes right now; null in a draft, also where a step was under way: it goes on when resumed. */
  working: BuildStepName | null
  brief: Brief
  files: BuildFile[]
  research: { summary: string; facts: string[] } | null
  planning: Planning | null
  criteria: Criteria | null
  target: number | null
  qualify: { sampled: number; passed: JudgedPerson[]; filtered: JudgedPerson[] } | null
  segments: Segment[] | null
  strategy: Strategy | null
  sequence: SequenceStep[] | null
  /** `lost`: completed without a credit. `until`: when the hold ends unless somebody works on the build. */
  credit: { state: 'reserved' | 'returned' | 'spent' | 'lost'; reservation: string | null; until: string | null }
  /** `step_failed`: redo the step. `credit_ended`: resume it. The others are of a completed build. */
  notice: { kind: 'step_failed' | 'credit_ended' | 'credit_lost' | 'no_list'; text: string } | null
  campaignId: string | null
  builder: string
  revision: number
  createdAt: string
  updatedAt: string
  ownerId: string
}

export type BuildSummary = Pick<Build, 'id' | 'name' | 'state' | 'step' | 'updatedAt' | 'campaignId'>

/** What a person may put in the place of what the builder proposed. */
export interface BuildEdits {
  name?: string
  brief?: Brief
  planning?: Planning
  criteria?: Criteria
  target?: number
  segments?: Segment[]
  strategy?: Strategy
  sequence?: SequenceStep[]
}

const path = (id: string) => `/api/builds/${at(id)}`

export const buildsApi = {
  list: () => ask<{ builds: BuildSummary[] }>('/api/builds'),
  check: () => ask<{ available: number | null; verdict: VerdictWire }>('/api/builds/check'),
  start: (name: string, brief: Brief) => post<Build>('/api/builds', { name, brief }),
  show: (id: string) => ask<Build>(path(id)),
  events: (id: string) => `${path(id)}/events`,
  addFile: (id: string, file: File) =>
    ask<Build>(`${path(id)}/files`, {
      method: 'POST',
      text: { body: file, type: 'text/plain' },
      headers: { 'X-File-Name': encodeURIComponent(file.name) },
    }),
  removeFile: (id: string, item: string) => remove(`${path(id)}/files/${at(item)}`),
  next: (id: string, from: BuildStepName) => post<Build>(`${path(id)}/next`, { from }),
  redo: (id: string, step: BuildStepName) => post<Build>(`${path(id)}/redo`, { step }),
  edit: (id: string, edits: BuildEdits) => put<Build>(path(id), edits),
  leave: (id: string) => post<Build>(`${path(id)}/leave`),
  resume: (id: string) => post<Build>(`${path(id)}/resume`),
  complete: (id: string) => post<{ build: Build; campaignId: string }>(`${path(id)}/complete`),
  discard: (id: string) => remove(path(id)),
}
