import { ratioOf, type Measured } from './figures.ts'
import type { TurnName } from './lineup.ts'
import type { Ratio } from './section.ts'

type Rounds = ReadonlyMap<TurnName, readonly Measured[]>

const speed = ({ opsPerSecond }: Measured) => opsPerSecond
const p50 = ({ p50Ms }: Measured) => p50Ms

/** Which turn is divided by which, by what figure, and what is to be reached. */
const ratios: [name: string, above: TurnName, below: TurnName, goal: number | null, figure?: typeof speed][] = [
  ['hot64VsTypical', 'headroomHot', 'typicalHot', 50],
  ['hot2000VsTypical', 'headroomHot2000', 'typicalBest', 75],
  ['spread64VsTypical', 'headroomSpread', 'typicalSpread', 10],
  ['spread4000VsTypical', 'headroomSpread4000', 'typicalSpread', 25],
  ['hot64P50Typical', 'typicalHot', 'headroomHot', 45, p50],
  ['hot2000VsRedisAlways', 'headroomHot2000', 'redisHot2000', 2],
  ['hot64VsOneStatement', 'headroomHot', 'oneStatementHot', null],
  ['hot64VsRateLimiter', 'headroomHot', 'rateLimiterHot', null],
  ['hot64VsRedisAlways', 'headroomHot', 'redisHot', null],
  ['spread64VsOneStatement', 'headroomSpread', 'oneStatementSpread', null],
  ['spread64VsRateLimiter', 'headroomSpread', 'rateLimiterSpread', null],
  ['spread64VsRedisAlways', 'headroomSpread', 'redisSpread', null],
  ['zipf64VsTypical', 'headroomZipf', 'typicalZipf', null],
  ['zipf2000VsTypical', 'headroomZipf2000', 'typicalZipf', null],
  ['keyed64VsTypical', 'headroomKeyed', 'typicalKeyed', null],
  ['keyed2000VsTypical', 'headroomKeyed2000', 'typicalKeyed', null],
  ['threeMeters64VsTypical', 'headroomThree', 'typicalThree', null],
  ['threeMeters2000VsTypical', 'headroomThree2000', 'typicalThree', null],
  ['checks64VsTypical', 'headroomChecks', 'typicalChecks', null],
]

/** What a goal speaks of. */
export const inGoals: ReadonlySet<TurnName> = new Set(
  ratios.filter(([, , , goal]) => goal !== null).flatMap(([, above, below]) => [above, below]),
)

/** Each the median of the ratios round by round; null where one of the two could not run here. */
export function ratiosOf(rounds: Rounds): Ratio[] {
  return ratios.map(([name, above, below, goal, figure = speed]) => {
    const [over, under] = [rounds.get(above), rounds.get(below)]
    const wanted = { name, goal: goal === null ? null : { atLeast: goal } }
    if (!over || !under) return { ...wanted, value: null, note: 'no redis-server on the PATH' }
    return { ...wanted, value: ratioOf(over, under, figure) }
  })
}
