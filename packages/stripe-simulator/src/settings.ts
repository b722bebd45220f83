/** What the control calls have set, for every process: kept in the gate's row. */
export interface Settings {
  webhooks: WebhookSettings
  faults: FaultSettings
}

export interface WebhookSettings {
  /** Extra deliveries of each event, 0-5. */
  duplicate: number
  delayMs: number
  /** Each delivery is held back by up to 2 s of its own. */
  reorder: boolean
  /** The share of events that is never sent, 0-1. */
  drop: number
  /** Nothing is sent until it is false again. */
  paused: boolean
}

export interface FaultSettings {
  latencyMs: number
  status: number | null
  hang: boolean
  reset: boolean
  malformed: boolean
}

export const calm: Settings = {
  webhooks: { duplicate: 0, delayMs: 0, reorder: false, drop: 0, paused: false },
  faults: { latencyMs: 0, status: null, hang: false, reset: false, malformed: false },
}

/** What the row holds is what was ever set; the rest is calm. */
export function settingsOf(stored: Partial<Settings>): Settings {
  return { webhooks: { ...calm.webhooks, ...stored.webhooks }, faults: { ...calm.faults, ...stored.faults } }
}
