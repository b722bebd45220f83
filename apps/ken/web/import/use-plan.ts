import { useEffect, useState } from 'react'
import type { VerdictWire } from '@headroom/sdk'
import { useUsage } from '@headroom/react'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Plan } from '../api.ts'
import { planQuery, queryClient } from '../queries.ts'

/** As many rows as a file may have. */
export const most = 50_000

export interface ImportPlanning {
  plan: UseQueryResult<Plan>
  /** The number cannot be. */
  wrong: boolean
  /** The answer is for an earlier number. */
  asking: boolean
  /** What the server says when it does not fit. */
  short: VerdictWire | null
  /** It cannot be started like this. */
  stopped: boolean
  /** The same for what is typed now, waited for: a press before the answer is neither lost nor ahead of the block. */
  mayStart: () => Promise<boolean>
}

/** What an import of so many would come to, asked when typing has paused and when the balance changes. */
export function usePlan(uploadId: string, target: number | null): ImportPlanning {
  const wrong = target !== null && !(Number.isInteger(target) && target >= 1 && target <= most)
  const settled = useSettled(wrong ? null : target)
  const { usage } = useUsage()
  const available = usage?.meters.find(({ meter }) => meter === 'leads')?.available
  const plan = useQuery(planQuery(uploadId, settled, available))
  const asking = !wrong && plan.data !== undefined && plan.data.target !== target
  const isFor = (now: Plan | undefined) => now !== undefined && !isStopped(now)
  return {
    plan,
    wrong,
    asking,
    short: wrong || plan.data === undefined ? null : shortOf(plan.data),
    stopped: wrong || plan.data === undefined || (!asking && isStopped(plan.data)),
    async mayStart() {
      if (wrong) return false
      return isFor(asking ? await queryClient.fetchQuery(planQuery(uploadId, target, available)) : plan.data)
    },
  }
}

/** An import that counts nobody always fits. */
const shortOf = ({ estimate, verdict }: Plan): VerdictWire | null => (estimate > 0 && !verdict.allowed ? verdict : null)

/** Without a number of one's own an import takes what is left; a number that is more than what is left has to be lowered first. */
function isStopped(plan: Plan): boolean {
  const short = shortOf(plan)
  return short !== null && (plan.target !== null || plan.available === 0 || short.reason !== 'limit_reached')
}

/** The number once typing has paused, so that half a number is never asked about. */
function useSettled(value: number | null): number | null {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 250)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
