import type { Workload } from './load.ts'

/** Who keeps books in the section, each in a database of its own. `three` books every operation on three meters. */
export type Who =
  'typical' | 'oneStatement' | 'rateLimiter' | 'redis' | 'headroom' | 'typicalThree' | 'headroomThree' | 'headroomKeyed'

export interface Turn {
  who: Who
  workload: Omit<Workload, 'seconds'>
  /** Half the time for what no goal speaks of. */
  share: 1 | 0.5
  /** Measures one caller on cold workspaces while all others are at the hot one. */
  beside?: true
}

const spread = 10_000

const turn = (
  who: Who,
  name: string,
  callers: number,
  share: Turn['share'],
  more: Partial<Omit<Workload, 'seconds'>> = {},
): Turn => ({ who, workload: { name, callers, workspaces: 1, ...more }, share })

const many = { workspaces: spread }
const zipf = { workspaces: spread, spread: 'zipf' } as const
const checks = { workspaces: spread, turn: 'checks' } as const

/** The turns of one round, in this order: contenders at the same workload next to each other. The name says where in the ratios. */
export const lineup = {
  typicalHot: turn('typical', 'hot', 64, 1),
  headroomHot: turn('headroom', 'hot', 64, 1),
  oneStatementHot: turn('oneStatement', 'hot', 64, 0.5),
  rateLimiterHot: turn('rateLimiter', 'hot', 64, 0.5),
  redisHot: turn('redis', 'hot', 64, 0.5),
  typicalBest: turn('typical', 'hot, its best', 64, 1),
  headroomHot2000: turn('headroom', 'hot', 2_000, 1),
  redisHot2000: turn('redis', 'hot', 2_000, 1),
  headroomBeside: { ...turn('headroom', 'cold beside hot', 2_000, 0.5), beside: true },

  typicalSpread: turn('typical', 'spread', 64, 1, many),
  headroomSpread: turn('headroom', 'spread', 64, 1, many),
  headroomSpread4000: turn('headroom', 'spread', 4_000, 1, many),
  oneStatementSpread: turn('oneStatement', 'spread', 64, 0.5, many),
  rateLimiterSpread: turn('rateLimiter', 'spread', 64, 0.5, many),
  redisSpread: turn('redis', 'spread', 64, 0.5, many),

  typicalZipf: turn('typical', 'zipf', 64, 0.5, zipf),
  headroomZipf: turn('headroom', 'zipf', 64, 0.5, zipf),
  headroomZipf2000: turn('headroom', 'zipf', 2_000, 0.5, zipf),

  typicalKeyed: turn('typical', 'hot, keyed', 64, 0.5),
  headroomKeyed: turn('headroomKeyed', 'hot, keyed', 64, 0.5),
  headroomKeyed2000: turn('headroomKeyed', 'hot, keyed', 2_000, 0.5),

  typicalThree: turn('typicalThree', 'hot, three meters', 64, 0.5),
  headroomThree: turn('headroomThree', 'hot, three meters', 64, 0.5),
  headroomThree2000: turn('headroomThree', 'hot, three meters', 2_000, 0.5),

  typicalChecks: turn('typical', 'spread, 90 % checks', 64, 0.5, checks),
  headroomChecks: turn('headroom', 'spread, 90 % checks', 64, 0.5, checks),
} satisfies Record<string, Turn>

export type TurnName = keyof typeof lineup
