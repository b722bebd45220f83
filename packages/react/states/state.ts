import type { ReactNode } from 'react'

/** One state of one part: rendered by a test, drawn for the docs, and shown on the page of states. */
export interface State {
  /** Names its picture. */
  name: string
  title: string
  /** When it is shown and what it says, in a sentence. */
  when: string
  node: ReactNode
  /** What can be read in it. */
  texts: readonly string[]
  /** What must not stand there. */
  absent?: readonly string[]
  /** A button that is pressed first. */
  press?: string
  /** What is typed into the only field first. */
  type?: string
  /** Looks it is also drawn in, beside 1280 px in light. */
  also?: readonly ('dark' | '390')[]
}

/** The states of one part. */
export interface StatesOf {
  part: string
  states: readonly State[]
}
