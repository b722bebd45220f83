import { useUsage } from '@headroom/react'
import type { VerdictWire } from '@headroom/sdk'
import { useQuery } from '@tanstack/react-query'
import { counted } from '../numbers.ts'
import { buildCheckQuery } from './queries.ts'

/** Whether a build may be started or resumed now, live: another build or a purchase changes it at once. Advice: the start decides. */
export function useAiCredits(): { left: string | null; block: VerdictWire | null; error: Error | null } {
  const { usage } = useUsage()
  const available = usage?.meters.find(({ meter }) => meter === 'ai_campaigns')?.available
  const { data, error } = useQuery(buildCheckQuery(available))
  return {
    left: data === undefined ? null : aiCreditsLeft(data.available),
    block: data === undefined || data.verdict.allowed ? null : data.verdict,
    error: data === undefined ? error : null,
  }
}

const aiCreditsLeft = (available: number | null) =>
  available === null ? 'Unlimited AI credits' : `${counted(available, 'AI credit')} left`
