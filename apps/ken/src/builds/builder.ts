/**
 * Who does the thinking in a build: a port with a method for each step that is not a person's. What comes back is words; people are
 * found, counted and judged by Ken.
 */
import type { DirectoryOptions } from '../directory/search.ts'
import type { Brief, BuildView, Planning, Research, Strategy } from './build-view.ts'
import type { SequenceStep } from '../sending/sequence.ts'
import type { IdealCustomer, ProposedSegment } from './words.ts'

/** All that is known when a step is made; what comes after the step is null. */
export interface SoFar extends Pick<
  BuildView,
  'name' | 'research' | 'planning' | 'criteria' | 'target' | 'qualify' | 'segments' | 'strategy'
> {
  brief: Brief
  /** What a person has attached, as plain text. */
  files: { name: string; text: string }[]
}

/** Every method may take long: it ends early, rejecting, when the signal aborts. StepFailed is for what a person has to be told. */
export interface CampaignBuilder {
  /** "offline", or the model's name. */
  name: string
  research(soFar: SoFar, signal: AbortSignal): Promise<Research>
  planning(soFar: SoFar, signal: AbortSignal): Promise<Planning>
  /** `options` are the words the directory knows: other words find nobody. */
  idealCustomer(soFar: SoFar, options: DirectoryOptions, signal: AbortSignal): Promise<IdealCustomer>
  segment(soFar: SoFar, options: DirectoryOptions, signal: AbortSignal): Promise<ProposedSegment[]>
  strategy(soFar: SoFar, signal: AbortSignal): Promise<Strategy>
  /** Four mails for days 0, 3, 6 and 9, unless there is a reason for others. */
  emailCopy(soFar: SoFar, signal: AbortSignal): Promise<SequenceStep[]>
}

/** The step could not be made, and trying the same again at once would not help; the message is for the person who waits for it. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
}
