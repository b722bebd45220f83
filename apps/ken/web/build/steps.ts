/** The eight steps of a build in their order, each with what stands there. */
import type { Build, BuildStepName } from './api.ts'

export interface BuildStep {
  name: BuildStepName
  label: string
  /** What the step is for, in one sentence. */
  lead: string
  /** What the builder does there. */
  working: string
}

export const buildSteps: readonly BuildStep[] = [
  {
    name: 'files',
    label: 'Files',
    lead: 'Give Ken something to read: a price list, a case study, notes from a call. Without files it works from your answers.',
    working: 'Ken is reading the files.',
  },
  {
    name: 'research',
    label: 'Research',
    lead: 'What Ken has understood about your company and what you offer.',
    working: 'Ken is reading your answers and files, and notes what matters for this campaign.',
  },
  {
    name: 'planning',
    label: 'Planning',
    lead: 'The goal of the campaign and the way there. Change what you would do differently.',
    working: 'Ken is turning the research into a plan.',
  },
  {
    name: 'ideal_customer',
    label: 'Ideal customer',
    lead: 'Whom Ken looks for in the leads database, and how many.',
    working: 'Ken is choosing the filters for your ideal customer.',
  },
  {
    name: 'qualify',
    label: 'Qualify',
    lead: 'A sample of the people found: who would count as a lead, who would not, and why.',
    working: 'Ken is judging a sample of the people found, one by one.',
  },
  {
    name: 'segment',
    label: 'Segment',
    lead: 'Groups of people who care about the same thing.',
    working: 'Ken is grouping the people who passed.',
  },
  {
    name: 'strategy',
    label: 'Strategy',
    lead: 'The angle and the tone of the mails.',
    working: 'Ken is choosing the angle and the tone.',
  },
  {
    name: 'email_copy',
    label: 'Email copy',
    lead: 'Four mails, each sent when nobody has answered the one before. Edit them until you are satisfied.',
    working: 'Ken is writing the four mails.',
  },
]

export const indexOf = (name: BuildStepName): number => buildSteps.findIndex((step) => step.name === name)

export const stepOf = (name: BuildStepName): BuildStep => buildSteps[indexOf(name)]!

export const stepAfter = (name: BuildStepName): BuildStep | null => buildSteps[indexOf(name) + 1] ?? null

/** Whether anything stands at this step: the builder has been there, and what it did was not dropped since. */
export function stands(build: Build, name: BuildStepName): boolean {
  if (name === 'files') return true
  if (name === 'ideal_customer') return build.criteria !== null
  if (name === 'segment') return build.segments !== null
  if (name === 'email_copy') return build.sequence !== null
  return build[name] !== null
}
