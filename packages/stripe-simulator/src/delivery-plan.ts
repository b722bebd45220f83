import type { WebhookSettings } from './settings.ts'

export interface PlannedDelivery {
  event: string
  state: 'waiting' | 'dropped'
  /** Real time, in ms: a test clock may stand still. */
  dueAt: number
  /** The same by the clock, in ms: a test clock may jump. Whichever comes first. */
  dueByClock: number
}

const shuffleWithinMs = 2_000

/** When an event that happened at this instant of the clock is sent, how often, and whether at all. */
export function planDeliveries(event: string, settings: WebhookSettings, clockMs: number): PlannedDelivery[] {
  const state = Math.random() < settings.drop ? 'dropped' : 'waiting'
  return Array.from({ length: 1 + settings.duplicate }, () => {
    const waitMs = settings.delayMs + (settings.reorder ? Math.floor(Math.random() * shuffleWithinMs) : 0)
    return { event, state, dueAt: Date.now() + waitMs, dueByClock: clockMs + waitMs }
  })
}
