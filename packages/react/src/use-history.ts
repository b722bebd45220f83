import { useCallback } from 'react'
import type { CallOptions, HistoryWire, MeterId } from '@headroom/sdk'
import { useHeadroom, useUsage } from './HeadroomProvider.tsx'
import { useAnswer, type Answer } from './use-answer.ts'

/**
 * What was used in each period, day by day in the running one; of one meter, or of all. Asked for again while the live usage changes,
 * every few seconds at the most.
 */
export function useHistory(meter?: MeterId): Answer<HistoryWire> & { retry: () => void } {
  const { client, workspace } = useHeadroom()
  const { usage, status } = useUsage()
  const ask = useCallback(
    (options: CallOptions) => client.history(workspace, meter === undefined ? {} : { meter }, options),
    [client, workspace, meter],
  )
  const version = usage && [usage.period.start, ...usage.meters.map(({ used, limit }) => `${used}/${limit}`)].join()
  // Not before the usage is known, or known to be away: it would be asked a second time as soon as the figures are there.
  return useAnswer(status === 'loading' ? null : ask, version)
}
