/** What a run is to come through: "sometimes" states, counted. A run that never reaches one has not tested it. */

export const stateNames = [
  'a refusal at the limit',
  'a limit reached exactly',
  'a partial reservation that got less',
  'a part committed without a key',
  'a keyless call whose outcome was unknown and that had happened',
  'a keyless call whose outcome was unknown and that had not happened',
  'an answer that was lost and asked for again',
  'an answer repeated byte for byte',
  'a key sent with another body',
  'a reservation id sent with another body',
  'a reservation asked for again',
  'commit and release at the same moment',
  'an ending after the ending',
  'a reservation extended',
  'a reservation that expired with a part used',
  'a late commit that still fitted',
  'a commit in a period after its own',
  'a hold across the end of its period',
  'work at the very start of a period',
  'use recorded above the limit',
  'an unlimited meter used',
  'a batch with a refusal in it',
  'a month end clamped to a shorter month',
  'whole periods missed',
  'a plan raised within its period',
  'a plan lowered at the end of its period',
  'an interval changed, the period begun anew',
  'a purchase granted',
  'a purchase declined, expired or failed',
  'a slow payment that arrived',
  'a refund',
  'a refund of what was spent',
  'a dispute lost',
  'a dispute won',
  'a subscription begun',
  'a subscription renewed',
  'an event delivered twice',
  'an event lost',
  'a workspace written by both servers',
  'a server that died at a crash point',
  'nothing happened, and said so',
] as const

export type StateName = (typeof stateNames)[number]

export class States {
  readonly counts = new Map<StateName, number>(stateNames.map((name) => [name, 0]))

  reach(name: StateName, times = 1): void {
    this.counts.set(name, this.counts.get(name)! + times)
  }

  get unreached(): StateName[] {
    return stateNames.filter((name) => this.counts.get(name) === 0)
  }
}
