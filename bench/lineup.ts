import type { Workload } from './load.ts'

/** Who keeps books in the section, each in a database of its own. `three` books every operation on three meters. */
export type Who =
  'typical' | 'oneStatement' | 'rateLimiter' | 'redis' | 'headroom' | 'typicalThree' | 'headroomThree' | 'headroomKeyed'

export interface Turn {
  who: Who
  workload: Omit<Workload, 'seconds'>
  /** Measures one caller on cold workspaces while all others are at the hot one. */
  beside?: true
}

const spread = 10_000

const turn = (who: Who, name: string, callers: number, more: Partial<Workload> = {}): Turn => ({
  who,
  workload: { name, callers, workspaces: 1, ...more },
})

const many = { workspaces: spread }
const zipf = { workspaces: spread, spread: 'zipf' } as const
const checks = { workspaces: spread, turn: 'checks' } as const

/** The turns of one round, in this order: contenders at the same workload next to each other. The name says where in the ratios. */
export const lineup = {
  typicalHot: turn('typical', 'hot', 64),
  headroomHot: turn('headroom', 'hot', 64),
  oneStatementHot: turn('oneStatement', 'hot', 64),
  rateLimiterHot: turn('rateLimiter', 'hot', 64),
  redisHot: turn('redis', 'hot', 64),
  typicalBest: turn('typical', 'hot, its best', 64),
  headroomHot2000: turn('headroom', 'hot', 2_000),
  redisHot2000: turn('redis', 'hot', 2_000),
  headroomBeside: { ...turn('headroom', 'cold beside hot', 2_000), beside: true },

  typicalSpread: turn('typical', 'spread', 64, many),
  headroomSpread: turn('headroom', 'spread', 64, many),
  headroomSpread4000: turn('headroom', 'spread', 4_000, many),
  oneStatementSpread: turn('oneStatement', 'spread', 64, many),
  rateLimiterSpread: turn('rateLimiter', 'spread', 64, many),
  redisSpread: turn('redis', 'spread', 64, many),

  typicalZipf: turn('typical', 'zipf', 64, zipf),
  headroomZipf: turn('headroom', 'zipf', 64, zipf),
  headroomZipf2000: turn('headroom', 'zipf', 2_000, zipf),

  typicalKeyed: turn('typical', 'hot, keyed', 64),
  headroomKeyed: turn('headroomKeyed', 'hot, keyed', 64),
  headroomKeyed2000: turn('headroomKeyed', 'hot, keyed', 2_000),

  typicalThree: turn('typicalThree', 'hot, three meters', 64),
  headroomThree: turn('headroomThree', 'hot, three meters', 64),
  headroomThree2000: turn('headroomThree', 'hot, three meters', 2_000),

  typicalChecks: turn('typical', 'spread, 90 % checks', 64, checks),
  headroomChecks: turn('headroom', 'spread, 90 % checks', 64, checks),
} satisfies Record<string, Turn>

export type TurnName = keyof typeof lineup
